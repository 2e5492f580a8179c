"""One record of a web archive (ISO 28500): its place, its head and its block."""

from __future__ import annotations

import re
from typing import NamedTuple

from nalssi.sources.readers.warc.header_fields import CommonHead, Fields

MAX_HEAD = 2**16
"""The longest head of a record or of an HTTP message, in bytes."""
VERSION = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
"""The first line of a record."""

_LENGTH = re.compile(rb"\n[Cc]ontent-[Ll]ength:[ \t]*(\d{1,18})[ \t]*\r\n")
_BEHIND = re.compile(rb"\r\n\r\n(?=WARC/1\.\d+\r\n)")
_COMMON = CommonHead(
    VERSION.pattern,
    b"warc-type",
    b"content-type",
    b"content-length",
    b"warc-segment-number",
    b"warc-truncated",
)


class Place(NamedTuple):
    """Where a record begins: at a byte of the file, or of what the member there unpacks to."""

    offset: int
    within: int = 0

    def __str__(self) -> str:
        inside = f" (byte {self.within:,} of what is packed there)" if self.within else ""
        return f"record at byte {self.offset:,}{inside}"


class Record(NamedTuple):
    """A record: its block begins at byte `start` of `data` and has `length` bytes.

    Of a block longer than the limit, `data` holds only the beginning.
    """

    place: Place
    fields: Fields
    data: bytes
    start: int
    length: int

    @property
    def end(self) -> int:
        """The end of the block in `data`."""
        return min(self.start + self.length, len(self.data))

    @property
    def whole(self) -> bool:
        """Whether `data` holds all of it."""
        return self.start + self.length <= len(self.data)


class Loss(NamedTuple):
    """Something of an archive that could not be read."""

    place: Place
    cause: str


def common_head(data: bytes) -> tuple[Fields, int] | None:
    """The head with which `data` begins and the position behind it; None if its form is rare."""
    return _COMMON.read(data, 0, MAX_HEAD)


def length_of(found: Fields) -> int | None:
    """The number of bytes of the block that the head names; None if it names none."""
    value = found.get(b"content-length").partition(b",")[0].strip()
    return int(value) if value.isdigit() and len(value) < 19 else None


def held_record(data: bytearray, start: int, end: int) -> int | None:
    """Where a record begins within the block from `start` to `end` of `data`, if one stands exactly
    where the HTTP message in the block ends by its own Content-Length: the block is too long.
    """
    if not data.startswith(b"HTTP/", start):
        return None
    body = data.find(b"\r\n\r\n", start, min(end, start + MAX_HEAD)) + 4
    said = _LENGTH.search(data, start, body - 2) if body > 3 else None
    if said is None or (over := body + int(said[1])) >= end:
        return None  # nearly always
    if not (behind := _BEHIND.match(data, over, end)):
        return None
    head = behind.end()
    closed = data.find(b"\r\n\r\n", head, end)
    return head if closed >= 0 else None
