"""Find the members of a web archive that only have to be counted.

Most records are pages of the most common form without a temperature unit. `plain_pages` finds them
among the members of a run, with one or two regular expressions a member. All other members are
divided into records and read as usual, so this module decides nothing but speed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES, is_feed
from nalssi.sources.readers.ticker_prefilter import utf8_may_hold_ticker
from nalssi.sources.readers.warc.buffer_series import buffer_series
from nalssi.sources.readers.warc.content_types import page_kind
from nalssi.sources.readers.warc.gzip_runs import MEMBER_BYTES, RUN_CONTENT_BYTES
from nalssi.sources.readers.warc.header_fields import tokens
from nalssi.sources.readers.warc.http_codings import CodingError, decode_body

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
    rb"HTTP/\S+ [2-9]\d\d\b[^\r\n]*+\r\n(?i:%b|%b|%b|%b)*+\r\n(?(1)|(?!))"
    % (
        _once(1, b"content-type", rb"([^\s,;]++)[^\r\n,]*+"),
        _once(2, b"content-encoding", rb"([^\r\n]*?)"),
        _once(3, b"transfer-encoding", rb"([^\r\n]*?)"),
        _other_than(b"content-type", b"content-encoding", b"transfer-encoding"),
    )
)


def plain_pages(content: bytearray, bounds: Sequence[int]) -> list[bool]:
    """Return for each member of a run whether it has only to be counted.

    Such a member is one record with a whole page. The page is HTML or text and prints no
    temperature unit. `bounds` are the positions of the members in `content`.
    """
    bodies: list[bytes | bool] = []
    room = RUN_CONTENT_BYTES
    for start, end in pairwise(bounds):
        bodies.append(body := _usual_page(content, start, end, min(room, MEMBER_BYTES)))
        room -= len(body) if isinstance(body, bytes) else 0
    if room == RUN_CONTENT_BYTES:  # no page has a coding
        found = buffer_series(content, bounds)
    else:
        views = (content[start:end] for start, end in pairwise(bounds))
        found = pl.Series(
            [
                bytes(member) if body is True else body or None
                for body, member in zip(bodies, views, strict=True)
            ],
            dtype=pl.Binary,
        )
    hits = utf8_may_hold_ticker(found)
    return [hit is False and body is not False for hit, body in zip(hits, bodies, strict=True)]


def _usual_page(content: bytearray, start: int, end: int, limit: int) -> bytes | bool:
    """Return whether the member in bytes `start` to `end` is one record with a usual page.

    If the page has codings, its decoded body is returned, unless that is larger than `limit`.
    """
    head = _RECORD_HEAD.match(content, start, end)
    if head is None or head.end() + int(head[_LENGTH]) + len(_LAST) != end:
        return False
    if not content.endswith(_LAST, start, end):
        return False
    record_type, content_type, begin = head[_TYPE].lower(), head[_CONTENT_TYPE].lower(), head.end()
    http = None
    if content_type == b"application/http":
        http = _HTTP_HEAD.match(content, begin, end)
        if http is None or record_type != b"response":
            return False
        content_type, begin = http[1].lower(), http.end()
    elif record_type == b"response":
        return False
    if page_kind(content_type) not in (("html", False), ("text", False)):
        return False
    if http is None or not (http[2] or http[3]):
        return _begins_as_page(content, begin, end)
    coded = bytes(memoryview(content)[begin : end - len(_LAST)])
    try:
        body = decode_body(coded, tokens(http[3] or b""), tokens(http[2] or b""), limit)
    except CodingError:
        return False
    return body if _begins_as_page(body, 0, len(body)) else False


def _begins_as_page(content: bytes | bytearray, begin: int, end: int) -> bool:
    """Whether bytes `begin` to `end` of `content` begin neither as UTF-16 nor as KMA's feed."""
    wide = content.find(b"\0", begin, min(begin + HEAD_BYTES, end)) >= 0
    return not wide and not is_feed(content, begin)
