"""Decompress gzip and zstd streams piece by piece, in bounded memory.

Source files, official-hours files and HTTP bodies are decompressed here. Each caller chooses its
own size limit and error message. The readers of web archives need the position of every compressed
member, so they have decoders of their own (`nalssi.sources.readers.warc`).
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Generator, Iterable, Iterator
from typing import BinaryIO

import zstandard

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_MAX_WINDOW = 2**27
"""The largest zstd window that is accepted, in bytes: the window of `zstd --long`."""
PIECE_BYTES = 2**20
"""The largest piece that `gunzip` yields by default, in bytes."""

DECOMPRESSION_ERRORS = (EOFError, zlib.error, zstandard.ZstdError)
"""The exceptions that are raised when damaged or truncated data are decompressed."""
READ_ERRORS = (OSError, *DECOMPRESSION_ERRORS)
"""The exceptions that opening, reading and decompressing a file can raise."""

_GZIP_BLOCK = 2**16  # compressed bytes that are read at a time
_ZSTD_BLOCK = 2**10  # few, because zstd data can expand 30,000 times


class DecompressedSizeError(ValueError):
    """The decompressed data is larger than the caller allows."""


def gunzip(
    file: BinaryIO, *, piece_bytes: int = PIECE_BYTES, ignore_trailing_data: bool = False
) -> Iterator[bytes]:
    """Yield the content of all gzip members in `file`, in pieces of at most `piece_bytes`.

    Some pieces may be empty. Zero padding after a member is skipped. Other data after a member
    raises zlib.error; if `ignore_trailing_data` is set, the content ends there instead, as in
    browsers. Raises EOFError if the data ends within a member, zlib.error if it is damaged.
    """
    rest = _after_padding(b"", file)
    first = True
    while rest and (first or not ignore_trailing_data or rest.startswith(GZIP_MAGIC)):
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            yield member.decompress(rest, piece_bytes)
            rest = member.unconsumed_tail
            if not member.eof and not rest and not (rest := file.read(_GZIP_BLOCK)):
                raise EOFError("cut off in the middle (gzip)")
        rest = _after_padding(member.unused_data, file)
        first = False


def _after_padding(rest: bytes, file: BinaryIO) -> bytes:
    """Skip the zero padding after a gzip member, and return the compressed bytes that follow it.

    `rest` are bytes that were already read from `file`. The result has at least as many bytes as
    GZIP_MAGIC (two), or fewer at the end of the file.
    """
    rest = rest.lstrip(b"\0")
    while len(rest) < len(GZIP_MAGIC) and (block := file.read(_GZIP_BLOCK)):
        rest = (rest + block).lstrip(b"\0")
    return rest


def unzstd(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of all zstd frames in `file`, in pieces, some of which may be empty.

    Raises EOFError if the data ends within a frame, ZstdError if it is damaged.
    """
    decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW)
    rest = b""
    while block := rest or file.read(_ZSTD_BLOCK):
        frame = decompressor.decompressobj()
        while not frame.eof:
            yield frame.decompress(block)
            if not frame.eof and not (block := file.read(_ZSTD_BLOCK)):
                raise EOFError("cut off in the middle (zstd)")
        rest = frame.unused_data


def join_within(pieces: Iterable[bytes], limit: int) -> bytes:
    """Join pieces of data. Raises DecompressedSizeError if they have more than `limit` bytes."""
    joined: list[bytes] = []
    size = 0
    for piece in pieces:
        joined.append(piece)
        size += len(piece)
        if size > limit:
            raise DecompressedSizeError(f"more than {limit:,} bytes")
    return b"".join(joined)


class PieceStream(io.RawIOBase):
    """A readable binary stream over an iterator of pieces, such as `gunzip` yields.

    Usage::

        text = io.TextIOWrapper(io.BufferedReader(PieceStream(gunzip(file))), "utf-8")
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Copy the next bytes to `buffer`, at most one piece. Returns how many; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        """Close the stream and the generator of its pieces, which then closes its file."""
        if isinstance(self._pieces, Generator):
            self._pieces.close()
        super().close()
