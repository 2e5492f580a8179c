"""Format the results of the studies as Markdown tables, and write them into documentation pages.

A page has a marker `<!-- measured: NAME -->` before each table and `<!-- end -->` after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tools.marked_text import replace_marked

DOCS = Path(__file__).resolve().parent.parent / "docs"


def markdown_table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return a Markdown table with this header and these rows, without a line break at the end."""
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def replace_table(page: Path, name: str, table: str) -> None:
    """Replace the table after the marker `name` in a page.

    Raises ValueError unless the page has the marker exactly once, and if the new table has fewer
    columns: a study without the files of official hours lacks those of these hours.
    """

    def replace(before: str) -> str:
        if _columns(table) < _columns(before):
            raise ValueError(f"{page}: the new table {name} lacks columns; name all files of hours")
        return f"{table}\n"

    text = page.read_text(encoding="utf-8")
    page.write_text(replace_marked(text, f"measured: {name}", replace), encoding="utf-8")


def _columns(table: str) -> int:
    return table.partition("\n")[0].count("|")
