"""Heads of records and of HTTP messages: the fast way to read them and the general one agree."""

from __future__ import annotations

import itertools

import pytest

from nalssi.sources.readers.warc.header_fields import CommonHead, Fields, end_of_head

NAMES = (b"warc-type", b"content-length", b"warc-truncated")
COMMON = CommonHead(rb"WARC/\d\.\d\r?\n", *NAMES)

LINES = (
    b"WARC-Type: response",
    b"warc-type:resource \t",
    b"WARC-TYPE : conversion",
    b"WARC-Type-Of: nothing",
    b"Content-Length:\t12",
    b" 34",
    b"X-Note: WARC-Type: metadata",
    b"no colon",
    b"\x0bWARC-Truncated: length",
    b"WARC-Truncated:",
    b"\rWARC-Truncated: time",
)


def _read_both_ways(head: bytes) -> bool:
    """Whether the head has the common form; the fields and the end are compared if it has."""
    data = head + b"behind it\r\n\r\n"
    found = COMMON.read(data, 0, len(data))
    if found is None:
        return False
    fields, end = found
    assert end == end_of_head(data)
    general = Fields(data[:end])
    for name in (*NAMES, b"x-note"):
        assert (name in fields) == (name in general), name
        assert fields.get(name) == general.get(name), name
    return True


@pytest.mark.parametrize("ends", [(b"\r\n", b"\r\n"), (b"\n", b"\n"), (b"\n", b"\r\n")])
def test_common_head_and_fields_find_the_same_values(ends: tuple[bytes, bytes]) -> None:
    common = 0
    for size in range(4):
        for lines in itertools.permutations(LINES, size):
            pairs = zip((b"WARC/1.0", *lines), itertools.cycle(ends), strict=False)
            head = b"".join(line + end for line, end in pairs) + ends[0]
            common += _read_both_ways(head)
    assert common > 100


@pytest.mark.parametrize(
    "lines",
    [
        b"WARC-Type: response\r\nWARC-Type: resource\r\n",
        b"WARC-Type: response\r\nwarc-type: response\r\n",
        b"WARC-Type: resp\r\n onse\r\n",
        b"WARC-Type : response\r\n",
        b"WARC-Type: response",
    ],
    ids=["twice", "twice-in-other-case", "continued", "blank-before-colon", "without-an-end"],
)
def test_common_head_does_not_read_rare_forms(lines: bytes) -> None:
    data = b"WARC/1.0\r\n" + lines + b"\r\n"
    assert COMMON.read(data, 0, len(data)) is None


def test_a_head_must_end_within_the_limit() -> None:
    data = b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"
    assert COMMON.read(data, 0, len(data)) is not None
    assert COMMON.read(data, 0, len(data) - 1) is None
