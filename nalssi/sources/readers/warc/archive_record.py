"""A record of a web archive (ISO 28500): its position, its fields and its block."""

from __future__ import annotations

import re
from typing import NamedTuple

from nalssi.sources.readers.warc.header_fields import CommonHead, Fields

RECORD_MAGIC = b"WARC/"
"""The first bytes of a record."""
MAX_HEAD_BYTES = 2**16
"""The longest head of a record or of an HTTP message."""
VERSION = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
"""The first line of a record."""

_CONTENT_LENGTH = re.compile(rb"\n[Cc]ontent-[Ll]ength:[ \t]*(\d{1,18})[ \t]*\r\n")
_NEXT_VERSION = re.compile(rb"\r\n\r\n(?=WARC/1\.\d+\r\n)")
_COMMON_HEAD = CommonHead(
    VERSION.pattern,
    b"warc-type",
    b"content-type",
    b"content-length",
    b"warc-segment-number",
    b"warc-truncated",
)


class RecordPosition(NamedTuple):
    """Where a record begins."""

    offset: int
    """The byte of the file at which the record, or the member that contains it, begins."""
    within: int = 0
    """The byte of the member's decompressed content."""

    def __str__(self) -> str:
        within = f" (byte {self.within:,} after decompression)" if self.within else ""
        return f"record at byte {self.offset:,}{within}"


class Record(NamedTuple):
    """A record. Its block begins at byte `start` of `data` and has `length` bytes.

    If the block is longer than the limit, `data` contains only its beginning.
    """

    position: RecordPosition
    fields: Fields
    data: bytes
    start: int
    length: int

    @property
    def end(self) -> int:
        """The end of the block in `data`."""
        return min(self.start + self.length, len(self.data))

    @property
    def is_whole(self) -> bool:
        """Whether `data` contains the whole block."""
        return self.start + self.length <= len(self.data)


class Loss(NamedTuple):
    """A part of an archive that could not be read, and why."""

    position: RecordPosition
    cause: str


def common_head(data: bytes) -> tuple[Fields, int] | None:
    """The fields of the head at the beginning of `data`, and the position after the head.

    None if the head has a rare form, which `Fields` can read.
    """
    return _COMMON_HEAD.read(data, 0, MAX_HEAD_BYTES)


def length_of(fields: Fields) -> int | None:
    """The Content-Length in bytes, or None if there is none."""
    value = fields.get(b"content-length").partition(b",")[0].strip()
    return int(value) if value.isdigit() and len(value) < 19 else None


def swallowed_record(data: bytearray, start: int, end: int) -> int | None:
    """The position of a record within the block from `start` to `end` of `data`, or None.

    A wrong length in a record's head makes its block contain the next record. That record is found
    if it begins exactly where the HTTP message in the block ends by its own Content-Length.
    """
    if not data.startswith(b"HTTP/", start):
        return None
    body = data.find(b"\r\n\r\n", start, min(end, start + MAX_HEAD_BYTES)) + 4
    length = _CONTENT_LENGTH.search(data, start, body - 2) if body > 3 else None
    if length is None or (message_end := body + int(length[1])) >= end:
        return None  # in nearly all blocks
    if not (version := _NEXT_VERSION.match(data, message_end, end)):
        return None
    head = version.end()
    closed = data.find(b"\r\n\r\n", head, end)
    return head if closed >= 0 else None
