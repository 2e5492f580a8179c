"""Gzip and zstd streams: several members, padding, trailing data, damage and limits."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

import pytest
import zstandard

from nalssi.common.decompression import (
    DecompressedSizeError,
    PieceStream,
    gunzip,
    join_within,
    unzstd,
)

FIRST, SECOND = b"first " * 50_000, b"second " * 50_000
MEMBERS = gzip.compress(FIRST) + gzip.compress(SECOND)


@pytest.mark.parametrize("padding", [0, 5, 200_000])
def test_all_gzip_members_are_read_and_padding_is_skipped(padding: int) -> None:
    padded = gzip.compress(FIRST) + bytes(padding) + gzip.compress(SECOND) + bytes(padding)
    assert b"".join(gunzip(io.BytesIO(padded))) == FIRST + SECOND


@pytest.mark.parametrize("length", range(2**16 - 3, 2**16 + 3))
def test_a_member_may_begin_anywhere_in_a_block(length: int) -> None:
    """`length` is the length of the first member. Its end is near the end of the first block."""
    stored = zlib.compressobj(0, wbits=31)
    first = stored.compress(bytes(length - 28)) + stored.flush()
    assert abs(len(first) - 2**16) < 8
    whole = first + gzip.compress(SECOND)
    for lenient in (False, True):
        pieces = gunzip(io.BytesIO(whole), ignore_trailing_data=lenient)
        assert b"".join(pieces) == bytes(length - 28) + SECOND


def test_pieces_are_no_larger_than_asked_for() -> None:
    assert max(map(len, gunzip(io.BytesIO(MEMBERS), piece_bytes=1000))) <= 1000


def test_trailing_data_is_an_error_unless_it_is_ignored() -> None:
    trailed = MEMBERS + b"garbage"
    with pytest.raises(zlib.error):
        list(gunzip(io.BytesIO(trailed)))
    pieces = gunzip(io.BytesIO(trailed), ignore_trailing_data=True)
    assert b"".join(pieces) == FIRST + SECOND


def test_cut_off_data_gives_its_beginning_and_then_an_error() -> None:
    for pieces in (
        gunzip(io.BytesIO(MEMBERS[:-20])),
        unzstd(io.BytesIO(zstandard.compress(FIRST + SECOND)[:-6])),
    ):
        read: list[bytes] = []
        with pytest.raises(EOFError, match="cut off in the middle"):
            read.extend(pieces)
        assert len(b"".join(read)) > 0
        assert (FIRST + SECOND).startswith(b"".join(read))


def test_all_zstd_frames_are_read() -> None:
    frames = zstandard.compress(FIRST) + zstandard.compress(SECOND)
    assert b"".join(unzstd(io.BytesIO(frames))) == FIRST + SECOND


def test_a_limit_is_exceeded_by_one_byte() -> None:
    assert join_within([b"ab", b"c"], 3) == b"abc"
    with pytest.raises(DecompressedSizeError, match="more than 2 bytes"):
        join_within([b"ab", b"c"], 2)


def test_a_piece_stream_reads_as_a_file_and_closes_its_generator() -> None:
    closed = []

    def pieces() -> Iterator[bytes]:
        try:
            yield b"one\n"
            yield b""
            yield b"two\nthree"
        finally:
            closed.append(True)

    stream = io.BufferedReader(PieceStream(pieces()))
    assert stream.readline() == b"one\n"
    assert stream.read(2) == b"tw"
    stream.close()
    assert closed
    with io.TextIOWrapper(io.BufferedReader(PieceStream(pieces())), "ascii") as text:
        assert text.read() == "one\ntwo\nthree"
