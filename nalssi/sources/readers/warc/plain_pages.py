"""Find the members of a web archive that only have to be counted.

Most records are pages of the most common form without a temperature unit. `plain_pages` finds them
among the members of a run, with one or two regular expressions a member. All other members are
divided into records and read as usual, so this module decides nothing but speed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES, is_feed
from nalssi.sources.readers.ticker_prefilter import utf8_may_hold_ticker
from nalssi.sources.readers.warc.buffer_series import buffer_series
from nalssi.sources.readers.warc.content_types import page_kind

_LAST = b"\r\n\r\n"  # after the block of a record


def _once(group: int, name: bytes, value: bytes) -> bytes:
    """Return a pattern for a field whose value is captured, and which occurs only once."""
    return b"%b:(?(%d)(?!))[ \\t]*+%b[ \\t]*+\\r\\n" % (name, group, value)


def _other_than(*names: bytes) -> bytes:
    return b"(?!(?:%b)[ \\t]*+:)[^\\s:]++:[^\\r\\n]*+\\r\\n" % b"|".join(names)


_TYPE, _CONTENT_TYPE, _LENGTH = 1, 2, 3
_RECORD_HEAD = re.compile(
    rb"WARC/1\.[01]\r\n(?i:%b|%b|%b|%b)*+\r\n(?(1)|(?!))(?(2)|(?!))(?(3)|(?!))"
    % (
        _once(_TYPE, b"warc-type", b"(response|resource|conversion)"),
        _once(_CONTENT_TYPE, b"content-type", rb"([^\s,;]++)[^\r\n,]*+"),
        _once(_LENGTH, b"content-length", rb"(\d{1,9})"),
        _other_than(
            *(b"warc-type", b"content-type", b"content-length"),
            *(b"warc-segment-number", b"warc-truncated"),
        ),
    )
)
_HTTP_HEAD = re.compile(
    rb"HTTP/\S+ [2-9]\d\d\b[^\r\n]*+\r\n(?i:%b|%b)*+\r\n(?(1)|(?!))"
    % (
        _once(1, b"content-type", rb"([^\s,;]++)[^\r\n,]*+"),
        _other_than(b"content-type", b"content-encoding", b"transfer-encoding"),
    )
)


def plain_pages(content: bytearray, bounds: Sequence[int]) -> list[bool]:
    """Return for each member of a run whether it has only to be counted.

    Such a member is one record with a whole page. The page is HTML or text without codings and
    prints no temperature unit. `bounds` are the positions of the members in `content`.
    """
    hits = utf8_may_hold_ticker(buffer_series(content, bounds))
    return [
        hit is False and _is_plain(content, start, end)
        for hit, (start, end) in zip(hits, pairwise(bounds), strict=True)
    ]


def _is_plain(content: bytearray, start: int, end: int) -> bool:
    """Whether the member in bytes `start` to `end` is one record with a usual page."""
    head = _RECORD_HEAD.match(content, start, end)
    if head is None or head.end() + int(head[_LENGTH]) + len(_LAST) != end:
        return False
    if not content.endswith(_LAST, start, end):
        return False
    record_type, content_type, body = head[_TYPE].lower(), head[_CONTENT_TYPE].lower(), head.end()
    if content_type == b"application/http":
        http = _HTTP_HEAD.match(content, body, end)
        if http is None or record_type != b"response":
            return False
        content_type, body = http[1].lower(), http.end()
    elif record_type == b"response":
        return False
    return (
        page_kind(content_type) in (("html", False), ("text", False))
        and content.find(b"\0", body, min(body + HEAD_BYTES, end)) < 0
        and not is_feed(content, body)
    )
