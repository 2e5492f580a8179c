"""A record of a web archive (ISO 28500): its position, its fields and its block."""

from __future__ import annotations

import re
from typing import NamedTuple

from nalssi.sources.readers.warc.header_fields import CommonHead, Fields

RECORD_MAGIC = b"WARC/"
"""The first bytes of a record."""
MAX_HEAD_BYTES = 2**16
"""The size in bytes of the longest head of a record or of an HTTP message."""
VERSION = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
"""The pattern of the first line of a record."""

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
    """The position of a record in a web archive."""

    offset: int
    """The byte of the file at which the record, or the member that contains it, begins."""
    within: int = 0
    """The byte of the member's decompressed content at which the record begins."""

    def __str__(self) -> str:
        within = f" (byte {self.within:,} after decompression)" if self.within else ""
        return f"record at byte {self.offset:,}{within}"


class Record(NamedTuple):
    """A record of a web archive. Its block is the `length` bytes of `data` from byte `start` on.

    If the block is longer than the size limit, `data` contains only the beginning of the block.
    """

    position: RecordPosition
    fields: Fields
    data: bytes
    start: int
    length: int

    @property
    def end(self) -> int:
        """The position of the block's end in `data`, or the length of `data` if it is shorter."""
        return min(self.start + self.length, len(self.data))

    @property
    def is_whole(self) -> bool:
        """Whether `data` contains the whole block. A block above the size limit is cut."""
        return self.start + self.length <= len(self.data)


class Loss(NamedTuple):
    """A part of a web archive that could not be read, and the cause."""

    position: RecordPosition
    cause: str


def common_head(data: bytes) -> tuple[Fields, int] | None:
    """Return the fields of the record head with which `data` begins, and the position after it.

    Returns None if the head has a rare form, which `Fields` can read.
    """
    return _COMMON_HEAD.read(data, 0, MAX_HEAD_BYTES)


def length_of(fields: Fields) -> int | None:
    """Return the Content-Length in bytes, or None if there is no valid one.

    If the field is repeated, the first value counts.
    """
    value = fields.get(b"content-length").partition(b",")[0].strip()
    return int(value) if value.isdigit() and len(value) < 19 else None


def swallowed_record(data: bytearray, start: int, end: int) -> int | None:
    """Return the position of a record inside another record's block, or None if there is none.

    The block is bytes `start` to `end` of `data`. If the length in a record's head is too large,
    the block also covers the next record. That record is found if it begins exactly where the HTTP
    message in the block ends by its own Content-Length.
    """
    if not data.startswith(b"HTTP/", start):
        return None
    body = data.find(b"\r\n\r\n", start, min(end, start + MAX_HEAD_BYTES)) + 4
    length = _CONTENT_LENGTH.search(data, start, body - 2) if body > 3 else None
    if length is None or (message_end := body + int(length[1])) >= end:
        return None  # as for nearly all blocks
    if not (version := _NEXT_VERSION.match(data, message_end, end)):
        return None
    head = version.end()
    closed = data.find(b"\r\n\r\n", head, end)
    return head if closed >= 0 else None
