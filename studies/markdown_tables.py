"""Format the results of the studies as Markdown tables, and write them into documentation pages.

A page has a marker `<!-- measured: NAME -->` before each table and `<!-- end -->` after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

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
    text = page.read_text(encoding="utf-8")
    marked = re.compile(rf"(?<=<!-- measured: {name} -->\n).*?\n?(?=<!-- end -->)", re.DOTALL)
    before = marked.findall(text)
    if len(before) != 1:
        raise ValueError(f"{page}: {len(before)} places for the table {name}")
    if _columns(table) < _columns(before[0]):
        raise ValueError(f"{page}: the new table {name} lacks columns; name all files of hours")
    page.write_text(marked.sub(lambda _: f"{table}\n", text), encoding="utf-8")


def _columns(table: str) -> int:
    return table.partition("\n")[0].count("|")
