"""The type of the pages that readers of page files return (MHTML, webarchives, Word, Excel).

Such a file is read whole, up to `ReadLimits.page_bytes`, with the standard library: `email`,
`plistlib`, `zipfile` and expat. Libraries for office files also read styles and formulas, and hold
the whole unpacked document in memory without a limit.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from nalssi.sources.formats import Kind


class EmbeddedPage(NamedTuple):
    """A page or a text inside a file, such as an HTML part of an MHTML file."""

    kind: Kind
    """The format of `raw`: `html` or `text`; for office files `docx` or `xlsx`, which are text."""
    raw: bytes
    address: str | None = None
    """The http(s) address from which the page was saved, if the file states it."""
    part: str = ""
    """The position of the page in the file, such as `part=2`; empty for the main page."""
    charset: str | None = None
    """The charset that the file names for the page. None: it names none."""
    captured_at: datetime | None = None
    """The time (UTC) when the page was saved, if the file states it."""
