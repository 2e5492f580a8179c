"""Decoding the bodies of many records together gives the content of decoding each alone."""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest

from nalssi.sources.readers.warc import coded_bodies
from nalssi.sources.readers.warc.coded_bodies import MAX_BODY_BYTES, CodedBody, decode_bodies
from nalssi.sources.readers.warc.gzip_buffers import BUFFER_BYTES

TEXTS = [b"<html>%d" % n + b"x" * (37 * n) for n in range(20)]
GOOD = gzip.compress(b"good")


def stored(content: bytes) -> bytes:
    """Return the head of a gzip member, and of the stored block of `content` (RFC 1951 §3.2.4)."""
    size = len(content)
    return gzip.compress(b"")[:10] + b"\x01%b%b" % (
        size.to_bytes(2, "little"),
        (size ^ 0xFFFF).to_bytes(2, "little"),
    )


def bodies(*data: bytes, coding: str = "gzip") -> list[CodedBody]:
    """Return bodies in a coding, numbered from 0."""
    return [CodedBody(number, one, [], [coding]) for number, one in enumerate(data)]


def contents(coded: list[CodedBody]) -> dict[int, bytes]:
    """Decode bodies; return their contents by number, without the digits after them."""
    content, bounds, numbers = decode_bodies(coded)
    found = {}
    for number, (begin, end) in zip(numbers, pairwise(bounds), strict=True):
        separator = gzip.decompress(coded_bodies._SEPARATOR)
        found[number] = bytes(content[begin:end]).removesuffix(separator)
    return found


def test_bodies_are_decoded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded_bodies, "decode_body", None)  # it decodes one body
    assert contents(bodies(*map(gzip.compress, TEXTS))) == dict(enumerate(TEXTS))
    assert contents([]) == {}


@pytest.mark.parametrize(
    ("odd", "content"),
    [
        pytest.param(GOOD + gzip.compress(b"more"), b"goodmore", id="two members"),
        pytest.param(GOOD + gzip.compress(b""), b"good", id="an empty member after it"),
        pytest.param(gzip.compress(b""), b"", id="an empty member"),
        pytest.param(GOOD + b"garbage", b"good", id="bytes after it"),
        pytest.param(GOOD + bytes(9), b"good", id="zeros after it"),
        pytest.param(GOOD + bytes(2), b"good", id="two zeros after it"),
        pytest.param(GOOD[:-1], None, id="cut"),
        pytest.param(GOOD[:4], None, id="cut in its head"),
        pytest.param(GOOD[:-4] + b"\x05\0\0\0", None, id="a wrong size"),
        pytest.param(GOOD[:-8] + bytes(4) + GOOD[-4:], None, id="a wrong checksum"),
        pytest.param(b"<html>", b"<html>", id="text"),
        pytest.param(gzip.compress(bytes(MAX_BODY_BYTES + 1)), None, id="large"),
    ],
)
def test_an_odd_body_changes_no_other(odd: bytes, content: bytes | None) -> None:
    coded = bodies(*map(gzip.compress, TEXTS[:10]), odd, *map(gzip.compress, TEXTS[10:]))
    expected = dict(enumerate([*TEXTS[:10], content, *TEXTS[10:]]))
    assert contents(coded) == {n: text for n, text in expected.items() if text is not None}


@pytest.mark.parametrize("is_known", [False, True])
def test_a_member_goes_on_in_the_next_body_only_if_the_separator_is_known(is_known: bool) -> None:
    """A body that is cut is found, even if the next one continues it with the right sizes."""
    separator = coded_bodies._SEPARATOR
    if not is_known:
        separator = gzip.compress(b"0" * coded_bodies._SEPARATOR_BYTES, mtime=0)
        separator += bytes(len(coded_bodies._SEPARATOR) - len(separator))
    size = 4 + len(separator) + 4
    claimed = (size - coded_bodies._SEPARATOR_BYTES).to_bytes(4, "little")
    hidden = claimed + separator + GOOD[:4]
    first = stored(hidden) + claimed
    ends = zlib.crc32(hidden).to_bytes(4, "little") + size.to_bytes(4, "little")
    found = contents(bodies(first, GOOD[:4] + ends + GOOD, GOOD))
    assert set(found) == ({0, 1, 2} if is_known else {2})


def test_bodies_in_other_codings_are_decoded_too() -> None:
    chunked = b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"
    coded = [
        CodedBody(0, GOOD, [], ["gzip"]),
        CodedBody(1, zlib.compress(b"deflated"), [], ["deflate"]),
        CodedBody(2, chunked, ["chunked"], []),
        CodedBody(3, gzip.compress(GOOD), [], ["gzip", "gzip"]),
        CodedBody(4, b"\0\xff", [], ["br"]),
    ]
    assert contents(coded) == {0: b"good", 1: b"deflated", 2: b"<html>", 3: b"good"}


def test_bodies_that_do_not_fit_into_the_buffer_are_missing() -> None:
    text = b"x" * (BUFFER_BYTES // 5)
    found = contents(bodies(*[gzip.compress(text)] * 7))
    assert found == dict.fromkeys(range(4), text)
