"""Find the members of a web archive that only have to be counted.

Most records are pages of the most common form without a temperature unit. `plain_pages` finds them
among the members of a run, with one or two regular expressions a member. All other members are
divided into records and read as usual, so this module changes only the speed, not the result.
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
_PLAIN_KINDS = (("html", False), ("text", False))


def _once(group: int, name: bytes, value: bytes) -> bytes:
    """Return a pattern for a field that occurs only once, with its value as group `group`."""
    return b"%b:(?(%d)(?!))[ \\t]*+%b[ \\t]*+\\r\\n" % (name, group, value)


_OTHER = rb"\S.*+\n"  # a line that does not continue another one
# Names as nearly all programs write them: a search that ignores case takes twice as long.
_RECORD_HEAD = re.compile(
    rb"WARC/1\.[01]\r\n(?:WARC-(?:%b|(?!(?i:type|truncated|segment-number)\s*+:)%b)"
    rb"|Content-(?:%b|%b)|(?!(?i:warc|content)-)%b)*+\r\n(?(1)|(?!))(?(2)|(?!))(?(3)|(?!))"
    % (
        _once(1, b"Type", b"(response|resource|conversion)"),
        _OTHER,
        _once(2, b"Type", rb"([^\s,;]++)[^\r\n,]*+"),
        _once(3, b"Length", rb"(\d{1,9})"),
        _OTHER,
    )
)
_HTTP_TYPE, _CODING, _TRANSFER = 1, 2, 3
_HTTP_HEAD = re.compile(
    rb"HTTP/\S+ [2-9]\d\d\b.*+\n(?i:%b|%b|%b|%b)*+\r\n(?(1)|(?!))"
    % (
        _once(_HTTP_TYPE, b"content-type", rb"([^\s,;]++)[^\r\n,]*+"),
        _once(_CODING, b"content-encoding", rb"([^\r\n]*?)"),
        _once(_TRANSFER, b"transfer-encoding", rb"([^\r\n]*?)"),
        rb"(?!(?:content-(?:type|encoding)|transfer-encoding)\s*+:)" + _OTHER,
    )
)


def plain_pages(content: bytearray, bounds: Sequence[int]) -> list[bool]:
    """Return, for each gzip member of a run, whether its page only has to be counted, not read.

    Such a member is one record with a whole page, HTML or text, that prints no temperature unit.
    `content` are the decompressed members, one after another; member n is bytes `bounds[n]` to
    `bounds[n + 1]`.
    """
    members = list(pairwise(bounds))
    decoded = _DecodedBodies()
    are_usual = [_is_usual(content, start, end, decoded) for start, end in members]
    if not decoded:
        searched = buffer_series(content, bounds)
    else:
        bodies = [
            decoded.get(start) or (bytes(memoryview(content)[start:end]) if is_usual else None)
            for is_usual, (start, end) in zip(are_usual, members, strict=True)
        ]
        searched = pl.Series(bodies, dtype=pl.Binary)
    hits = utf8_may_hold_ticker(searched)
    return [hit is False and is_usual for hit, is_usual in zip(hits, are_usual, strict=True)]


class _DecodedBodies(dict[int, bytes]):
    """The decoded bodies of those records of a run whose bodies had codings, such as gzip.

    A key is the position at which the record begins in the content of the run.
    """

    def __init__(self) -> None:
        super().__init__()
        self._room = RUN_CONTENT_BYTES

    def add(self, start: int, coded: bytes, http: re.Match[bytes]) -> bool:
        """Decode a body and add it. Returns False if it is damaged, large, UTF-16 or KMA's feed.

        `start` is the position of its record, `coded` the body as it is stored, `http` the match of
        its HTTP head.
        """
        transfer, content = (tokens(http[name] or b"") for name in (_TRANSFER, _CODING))
        try:
            body = decode_body(coded, transfer, content, min(self._room, MEMBER_BYTES))
        except CodingError:
            return False
        self[start] = body
        self._room -= len(body)
        return _begins_as_page(body, 0, len(body))


def _is_usual(content: bytearray, start: int, end: int, decoded: _DecodedBodies) -> bool:
    """Whether the member in bytes `start` to `end` of a run is one record with a usual page.

    A usual page is whole, is HTML or text, and does not begin as UTF-16 or KMA's feed. `content` is
    the content of the run. If the body has codings, it is decoded and added to `decoded`.
    """
    head = _RECORD_HEAD.match(content, start, end)
    if head is None:
        return False
    record_type, content_type, length = head.groups()
    begin = head.end()
    if begin + int(length) + len(_LAST) != end or not content.endswith(_LAST, start, end):
        return False
    http = None
    if record_type == b"response":
        http = _HTTP_HEAD.match(content, begin, end)
        if http is None or content_type.lower() != b"application/http":
            return False
        content_type, begin = http[_HTTP_TYPE], http.end()
    if page_kind(content_type) not in _PLAIN_KINDS:
        return False
    if http is not None and (http[_CODING] or http[_TRANSFER]):
        coded = bytes(memoryview(content)[begin : end - len(_LAST)])
        return decoded.add(start, coded, http)
    return _begins_as_page(content, begin, end)


def _begins_as_page(content: bytes | bytearray, begin: int, end: int) -> bool:
    """Whether bytes `begin` to `end` of `content` begin neither as UTF-16 nor as KMA's feed."""
    if content.find(b"\0", begin, min(begin + HEAD_BYTES, end)) >= 0:
        return False
    return content[begin : begin + 1].isalnum() or not is_feed(content, begin)
