"""Write the lists of source formats in `docs/sources.md`: those that are read, and the others."""

from __future__ import annotations

import re

from nalssi.common.paths import CHECKOUT
from nalssi.sources.formats import FORMATS
from nalssi.sources.unsupported_formats import NAMES
from tools.marked_text import replace_marked

PAGE = CHECKOUT / "docs" / "sources.md"

_HEAD = ("format", "`--kind`", "usual names", "what is read")
_TABLE = re.compile(r"(?<=\n)\| format \|.*\n(?:\|.*\n)+")


def formats_table() -> str:
    """Return the registry of source formats as a Markdown table."""
    rows = [
        _HEAD,
        ("---",) * len(_HEAD),
        *((f.title, f"`{f.kind}`", f.usual_names, f.what_is_read) for f in FORMATS.values()),
    ]
    lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(lines).replace("| --- | --- | --- | --- |", "|---|---|---|---|") + "\n"


def updated_page(text: str) -> str:
    """Return the text of `docs/sources.md` with its lists of formats replaced.

    Raises ValueError if the text has no table of formats, or no list of those that are not read.
    """
    updated, tables = _TABLE.subn(lambda _: formats_table(), text)
    if tables != 1:
        raise ValueError(f"{PAGE.name} has {tables} tables of formats instead of one")
    return replace_marked(updated, "unsupported", lambda _: f"{', '.join(NAMES)}.\n")
