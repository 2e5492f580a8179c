"""Find the members of a web archive that only have to be counted.

Most records are pages of the most common form without a temperature unit. `plain_pages` finds them
among the members of a run, with one or two regular expressions a member. All other members are
divided into records and read as usual, so this module changes only the speed, not the result.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES, is_feed
from nalssi.sources.readers.ticker_prefilter import utf8_may_hold_ticker
from nalssi.sources.readers.warc.buffer_series import buffer_series
from nalssi.sources.readers.warc.coded_bodies import CodedBody, decode_bodies
from nalssi.sources.readers.warc.content_types import page_kind
from nalssi.sources.readers.warc.header_fields import tokens

_LAST = b"\r\n\r\n"  # after the block of a record
_PLAIN_KINDS = (("html", False), ("text", False))
_FEED_STARTS = b"<" + BOM_UTF8[:1] + b" \t\n\v\f\r"  # the first bytes that KMA's feed may have


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

    Such a member is one record with a whole page, HTML or text in UTF-8, that prints no temperature
    unit. `content` are the decompressed members, one after another; member n is bytes `bounds[n]`
    to `bounds[n + 1]`.
    """
    coded: list[CodedBody] = []
    are_usual = [
        _is_usual(content, start, end, number, coded)
        for number, (start, end) in enumerate(pairwise(bounds))
    ]
    are_plain = _without_unit(content, bounds, are_usual, have_coded=bool(coded))
    for number in _plain_bodies(coded):
        are_plain[number] = True
    return are_plain


def _without_unit(
    content: bytearray, bounds: Sequence[int], are_usual: list[bool], *, have_coded: bool
) -> list[bool]:
    """Return for each member whether it is a usual page without a temperature unit.

    `have_coded` says whether some members have coded bodies, whose bytes are not searched.
    """
    if not any(are_usual):
        return are_usual
    if have_coded:
        members = [
            bytes(memoryview(content)[start:end]) if is_usual else None
            for is_usual, (start, end) in zip(are_usual, pairwise(bounds), strict=True)
        ]
        searched = pl.Series(members, dtype=pl.Binary)
    else:
        searched = buffer_series(content, bounds)
    hits = utf8_may_hold_ticker(searched)
    return [hit is False and is_usual for hit, is_usual in zip(hits, are_usual, strict=True)]


def _plain_bodies(coded: Sequence[CodedBody]) -> list[int]:
    """Decode bodies, and return the numbers of those whose page only has to be counted.

    Bodies that are damaged, too large for `decode_bodies`, not UTF-8 or KMA's feed are not among
    them.
    """
    if not coded:
        return []
    content, bounds, numbers = decode_bodies(coded)
    hits = utf8_may_hold_ticker(buffer_series(content, bounds))
    return [
        number
        for number, hit, (begin, end) in zip(numbers, hits, pairwise(bounds), strict=True)
        if hit is False and _begins_as_page(content, begin, end)
    ]


def _is_usual(
    content: bytearray, start: int, end: int, number: int, coded: list[CodedBody]
) -> bool:
    """Whether the member in bytes `start` to `end` of a run is one record with a usual page.

    A usual page is whole, is HTML or text, and does not begin as UTF-16 or KMA's feed. `content` is
    the content of the run. If the body has codings, it is added to `coded` with the `number` of the
    member, and the result is False.
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
        body = bytes(memoryview(content)[begin : end - len(_LAST)])
        codings = (tokens(http[name] or b"") for name in (_TRANSFER, _CODING))
        coded.append(CodedBody(number, body, *codings))
        return False
    return _begins_as_page(content, begin, end)


def _begins_as_page(content: bytes | bytearray, begin: int, end: int) -> bool:
    """Whether bytes `begin` to `end` of `content` begin neither as UTF-16 nor as KMA's feed."""
    if content.find(b"\0", begin, min(begin + HEAD_BYTES, end)) >= 0:
        return False
    return content[begin : begin + 1] not in _FEED_STARTS or not is_feed(content, begin)
