"""Read MHTML: a page that a browser saved in one file, in the form of a mail (RFC 2557).

Chrome and Edge write `.mhtml`, Internet Explorer and Word write `.mht`, and add-ons for Firefox
write either. Mails that contain HTML are read in the same way. This module divides a message into
its parts. The standard library's `email` reads the headers and encodings of the parts, but not
whole messages: it would take hours for a header of some MiB of semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.embedded_page import EmbeddedPage
from nalssi.sources.readers.pages.saved_page_address import saved_address
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits

MAX_HEADERS = 16 * 2**10
"""The longest headers of a part, in bytes."""
MAX_MAIL_HEADERS = 64 * 2**10
"""The longest headers of the file, in bytes: mails list every server that passed them on."""
MAX_DEPTH = 5
"""The largest number of multipart parts inside each other, the message itself included."""

_HEADERS_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")
_UTC_WITHOUT_ZONE = "-0000"  # RFC 5322: UTC, time zone of the author unknown; Chrome writes it
_FORMAT = "MHTML"


def read_mhtml(raw: bytes, _limits: ReadLimits = DEFAULT_LIMITS) -> list[EmbeddedPage]:
    """Return the HTML parts of an MHTML file or a mail: the page itself, then its frames.

    A mail without HTML gives its plain texts. The address of the page is the first public http(s)
    address of these: the file's `Snapshot-Content-Location`, the part's `Content-Location`, the
    file's `Content-Location`. The address of a frame is its `Content-Location`. The capture time of
    all parts is the file's `Date`. `_limits` is not used; other formats need it.

    Raises UnreadableError if there is neither HTML nor text, if headers are too long, or if parts
    are nested too deeply.
    """
    whole, body = _split_headers(raw.lstrip(b"\xef\xbb\xbf\r\n"), MAX_MAIL_HEADERS)
    parts = list(_parts(whole, body, 0))
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    texts = [part for part in parts if part.get_content_type() == "text/plain"]
    if not (pages or texts):
        raise UnreadableError("MHTML without an HTML part", _FORMAT)
    main = _main(whole, pages or texts)
    captured_at = _date(whole["Date"])
    rest = [part for part in pages or texts if part is not main]
    return [
        EmbeddedPage(
            "html" if pages else "text",
            _content(part),
            _address(part, whole if part is main else None),
            "" if part is main else f"part={number}",
            part.get_content_charset(),
            captured_at,
        )
        for number, part in enumerate([main, *rest], 1)
    ]


def _split_headers(raw: bytes, limit: int) -> tuple[Message, bytes]:
    """Return the headers and the body of a message, or of a part of a message.

    Raises UnreadableError if the headers have more than `limit` bytes.
    """
    end = _HEADERS_END.search(raw, 0, limit + 4)
    if end is None and len(raw) > limit:
        raise UnreadableError(f"headers of more than {limit >> 10} KiB", _FORMAT)
    headers_end, body_start = end.span() if end else (len(raw), len(raw))
    return BytesHeaderParser().parsebytes(raw[:headers_end] + b"\n\n"), raw[body_start:]


def _parts(headers: Message, body: bytes, depth: int) -> Iterator[Message]:
    """Yield the innermost parts of a message, each with its headers and its encoded body.

    `depth` is the number of parts that contain this one. Raises UnreadableError if parts are nested
    more than MAX_DEPTH deep, or if the headers of a part have more than MAX_HEADERS bytes.
    """
    boundary = headers.get_boundary()
    if headers.get_content_maintype() != "multipart" or not boundary:
        headers.set_payload(body.decode("ascii", "surrogateescape"))
        yield headers
        return
    if depth == MAX_DEPTH:
        raise UnreadableError(f"parts inside parts, more than {MAX_DEPTH} deep", _FORMAT)
    delimiter = re.escape(boundary.encode("utf-8", "surrogateescape"))
    lines = re.compile(rb"(?:\A|\r?\n)--" + delimiter + rb"(--)?+[ \t]*+(?=\r?\n|\Z)")
    begin = None
    for line in lines.finditer(body):
        if begin is not None:
            yield from _part(body[begin : line.start()], depth)
        begin = line.end()
        if line[1]:  # the last delimiter
            return
    if begin is not None:  # the file is cut off: use the beginning of the last part
        yield from _part(body[begin:], depth)


def _part(raw: bytes, depth: int) -> Iterator[Message]:
    headers, body = _split_headers(raw.removeprefix(b"\r").removeprefix(b"\n"), MAX_HEADERS)
    yield from _parts(headers, body, depth + 1)


def _main(whole: Message, pages: list[Message]) -> Message:
    """Return the main page of an MHTML file; the other pages are its frames.

    The parameter `start` or the file's address names it; otherwise it is the first page.
    """
    start = whole.get_param("start")
    address = whole["Snapshot-Content-Location"]
    for page in pages:
        if start and _unfolded(page["Content-ID"]) == _unfolded(str(start)):
            return page
    for page in pages:
        if address and _unfolded(page["Content-Location"]) == _unfolded(address):
            return page
    return pages[0]


def _address(part: Message, whole: Message | None) -> str | None:
    """Return the address of a part, or None.

    If `part` is the main page, `whole` is the message, whose headers may also state the address.
    """
    named = [part["Content-Location"]]
    if whole is not None:
        named = [whole["Snapshot-Content-Location"], *named, whole["Content-Location"]]
    addresses = (saved_address(_unfolded(address)) for address in named if address)
    return next((address for address in addresses if address), None)


def _unfolded(value: object) -> str:
    """Return a header's value without folding white space and without angle brackets."""
    return "".join(str(value or "").split()).strip("<>")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _date(value: object) -> datetime | None:
    """Parse a mail date with an offset as a UTC time; None for any other value.

    The offset `-0000` stands for UTC.
    """
    text = str(value or "").strip()
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) if text.endswith(_UTC_WITHOUT_ZONE) else None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):  # not a date, or an impossible one
        return None
