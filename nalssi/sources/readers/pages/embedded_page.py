"""Files that wrap pages or text: MHTML, Safari's webarchives, .docx and .xlsx.

All are read whole, within `MAX_PAGE`, and with the standard library: `email`, `plistlib`,
`zipfile` and expat. Libraries for office files read styles and formulas too, which no ticker
needs, and hold a whole unpacked document in memory; these readers bound what they unpack.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from nalssi.sources.partition import Kind


class Wrapped(NamedTuple):
    """A page or text inside a file."""

    kind: Kind
    raw: bytes
    address: str | None = None
    """The http(s) address that it was saved from."""
    part: str = ""
    """Where it is in the file, if the file holds several."""
    charset: str | None = None
    captured_at: datetime | None = None


def unwrap(kind: Kind, raw: bytes) -> Sequence[Wrapped]:
    """The pages and texts in a file of one of the kinds in `WRAPPED`, the main one first.

    Raises NotReadError if there is none, or if the file is damaged or beyond a limit.
    """
    # Imported where they are used: most inputs have none of them.
    match kind:
        case "mhtml":
            from nalssi.sources.readers.pages.mhtml import read_mhtml

            return read_mhtml(raw)
        case "webarchive":
            from nalssi.sources.readers.pages.webarchive import read_webarchive

            return read_webarchive(raw)
        case "docx":
            from nalssi.sources.readers.pages.office import read_docx

            return read_docx(raw)
        case "xlsx":
            from nalssi.sources.readers.pages.office import read_xlsx

            return read_xlsx(raw)
        case _:
            raise ValueError(f"{kind} wraps nothing")


def check(kind: Kind, path: str) -> None:
    """Look whether an office file holds a document at all; raises NotReadError if not."""
    if kind in ("docx", "xlsx"):
        from nalssi.sources.readers.pages.office import check_package

        check_package(kind, path)
