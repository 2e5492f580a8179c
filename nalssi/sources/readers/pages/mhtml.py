"""MHTML: a page saved by a browser in one file, as a mail (RFC 2557).

Chrome and Edge write `.mhtml`, Internet Explorer and Word `.mht`, add-ons for Firefox either.
Mails that hold HTML are read in the same way. The parts are divided here, and their headers
and encodings are read by the standard library's `email`: its own parser of whole messages goes
line by line, and takes hours for a header of some MiB of semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

from nalssi.sources.readers.pages.embedded_page import Wrapped
from nalssi.sources.readers.pages.saved_page_address import saved_address
from nalssi.sources.unsupported_formats import NotReadError

MAX_HEADERS = 16 * 2**10
"""Bytes of the headers of a part."""
MAX_MAIL_HEADERS = 64 * 2**10
"""Bytes of the headers of the file; mails list every server on their way."""
MAX_DEPTH = 5
"""Parts inside parts."""

_HEADERS_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")
_UTC_UNKNOWN_PLACE = "-0000"  # RFC 5322: the time is UTC; Chrome writes it
_FORM = "MHTML"


def read_mhtml(raw: bytes) -> list[Wrapped]:
    """The HTML parts of an MHTML file or a mail, the page itself first, then its frames.

    The page has the address of `Snapshot-Content-Location` or else of its own
    `Content-Location`, and the file's `Date` as its time of capture. A mail without HTML gives its
    plain texts. Raises NotReadError if there is neither.
    """
    whole, body = _divided(raw.lstrip(b"\xef\xbb\xbf\r\n"), MAX_MAIL_HEADERS)
    parts = list(_parts(whole, body, 0))
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    texts = [part for part in parts if part.get_content_type() == "text/plain"]
    if not (pages or texts):
        raise NotReadError("MHTML without an HTML part", _FORM)
    main = _main(whole, pages or texts)
    captured_at = _date(whole["Date"])
    rest = [part for part in pages or texts if part is not main]
    return [
        Wrapped(
            "html" if pages else "text",
            _content(part),
            _address(part, whole if part is main else None),
            "" if part is main else f"part={number}",
            part.get_content_charset(),
            captured_at,
        )
        for number, part in enumerate([main, *rest], 1)
    ]


def _divided(raw: bytes, most: int) -> tuple[Message, bytes]:
    """Headers and body of a message or a part."""
    end = _HEADERS_END.search(raw, 0, most + 4)
    if end is None and len(raw) > most:
        raise NotReadError(f"headers of more than {most >> 10} KiB", _FORM)
    at, behind = end.span() if end else (len(raw), len(raw))
    return BytesHeaderParser().parsebytes(raw[:at] + b"\n\n"), raw[behind:]


def _parts(headers: Message, body: bytes, depth: int) -> Iterator[Message]:
    """All parts that hold no other parts; each with its headers and its encoded body."""
    boundary = headers.get_boundary()
    if headers.get_content_maintype() != "multipart" or not boundary:
        headers.set_payload(body.decode("ascii", "surrogateescape"))
        yield headers
        return
    if depth == MAX_DEPTH:
        raise NotReadError(f"parts inside parts, more than {MAX_DEPTH} deep", _FORM)
    delimiter = re.escape(boundary.encode("utf-8", "surrogateescape"))
    lines = re.compile(rb"(?:\A|\r?\n)--" + delimiter + rb"(--)?+[ \t]*+(?=\r?\n|\Z)")
    begin = None
    for line in lines.finditer(body):
        if begin is not None:
            yield from _part(body[begin : line.start()], depth)
        begin = line.end()
        if line[1]:  # the last delimiter
            return
    if begin is not None:  # cut off: what there is of the last part
        yield from _part(body[begin:], depth)


def _part(raw: bytes, depth: int) -> Iterator[Message]:
    headers, body = _divided(raw.removeprefix(b"\r").removeprefix(b"\n"), MAX_HEADERS)
    yield from _parts(headers, body, depth + 1)


def _main(whole: Message, pages: list[Message]) -> Message:
    """The page itself among its frames: as `start` says, by the address, or the first one."""
    start = whole.get_param("start")
    address = whole["Snapshot-Content-Location"]
    for page in pages:
        if start and _plain(page["Content-ID"]) == _plain(str(start)):
            return page
    for page in pages:
        if address and _plain(page["Content-Location"]) == _plain(address):
            return page
    return pages[0]


def _address(part: Message, whole: Message | None) -> str | None:
    said = [part["Content-Location"]]
    if whole is not None:
        said = [whole["Snapshot-Content-Location"], *said, whole["Content-Location"]]
    found = (saved_address(_plain(address)) for address in said if address)
    return next((address for address in found if address), None)


def _plain(value: object) -> str:
    """A header's value without the blanks of folding and the brackets of ids."""
    return "".join(str(value or "").split()).strip("<>")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _date(value: object) -> datetime | None:
    """A date with an offset as an instant; None for one without, or for none."""
    text = str(value or "").strip()
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) if text.endswith(_UTC_UNKNOWN_PLACE) else None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):  # no date, no such day
        return None
