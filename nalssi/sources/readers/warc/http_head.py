"""Find the head of the HTTP message that a WARC record contains."""

from __future__ import annotations

import re

from nalssi.sources.formats import Kind
from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES, markup_kind
from nalssi.sources.readers.warc.archive_record import MAX_HEAD_BYTES, Record
from nalssi.sources.readers.warc.header_fields import CommonHead, Fields, end_of_head

TRANSFER, CONTENT = b"transfer-encoding", b"content-encoding"
"""The header fields that state the codings of a body."""
_COMMON_RESPONSE = CommonHead(rb"HTTP/\S+ [2-9]\d\d\b.*+\n", b"content-type", TRANSFER, CONTENT)
_STATUS = re.compile(rb"(?i:HTTP)/|ICY ")
_INTERIM_STATUS = re.compile(rb"(?i:HTTP)/\S+ 1\d\d\b")
_FIELD = re.compile(rb"[!#-'*+.0-9A-Z^-z|~-]+[ \t]*:")


def http_head(record: Record) -> tuple[Fields, int]:
    """Return the fields of the HTTP message in a record, and the position of its body.

    The position is a byte of `record.data`. A record without an HTTP head has no fields, and its
    body is its block. A head may lack the status line. Interim responses (1xx) are ignored. If a
    short record ends within its head, the body is empty. Raises UnreadableError if the record
    begins with neither a head nor a page, or if its head is longer than MAX_HEAD_BYTES.
    """
    data, start, limit = record.data, record.start, record.end
    if common := _COMMON_RESPONSE.read(data, start, min(limit, start + MAX_HEAD_BYTES)):
        return common
    status_line = b""
    if not _STATUS.match(data, start, limit):
        if not _FIELD.match(data, start, limit):
            if start < limit and body_kind(data, start, limit) is None:
                raise UnreadableError("skipped: it begins with no status line of HTTP")
            return Fields(b""), start
        status_line = b"\n"  # `Fields` ignores the first line
    while (end := end_of_head(data, start, min(limit, start + MAX_HEAD_BYTES))) >= 0:
        if not (_STATUS.match(data, end, limit) and _INTERIM_STATUS.match(data, start)):
            return Fields(status_line + data[start:end]), end
        start = end
    if limit - start > MAX_HEAD_BYTES:
        raise UnreadableError("skipped: its HTTP head does not end")
    return Fields(status_line + data[start:limit]), limit


def body_kind(data: bytes, start: int, end: int) -> Kind | None:
    """Return the format of the body `data[start:end]` by its content: `html`, `xml` or None.

    `xml` is KMA's feed.
    """
    return markup_kind(data[start : min(end, start + HEAD_BYTES)])
