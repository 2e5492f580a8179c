"""Read files whose content may be compressed with gzip or zstd."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from nalssi.common.decompression import (
    GZIP_MAGIC,
    PIECE_BYTES,
    READ_ERRORS,
    ZSTD_MAGIC,
    ZSTD_MAX_WINDOW,
    gunzip,
    unzstd,
)
from nalssi.sources.open_input import open_input
from nalssi.sources.problems import UnreadableError
from nalssi.sources.readers.pages.markup_detection import HEAD_BYTES
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS
from nalssi.sources.readers.warc.zstd_frames import SKIPPABLE


class DecompressedFile:
    """A file that is decompressed while it is read, if it is compressed with gzip or zstd.

    If the file is damaged or cut off, `read` first returns everything before the damage. The next
    call raises the error (one of READ_ERRORS).
    """

    def __init__(
        self, path: str | Path, piece_bytes: int = PIECE_BYTES, etag: str | None = None
    ) -> None:
        self._file = open_input(path, etag)
        magic = self._file.read(4)
        self._file.seek(0)
        self._pieces: Iterator[bytes]
        if magic.startswith(GZIP_MAGIC):
            self._pieces = gunzip(self._file, piece_bytes=piece_bytes)
        elif magic == ZSTD_MAGIC:
            self._pieces = unzstd(self._file)
        else:
            self._pieces = _blocks(self._file, piece_bytes)
        self._failure: Exception | None = None

    def __enter__(self) -> DecompressedFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """Return at least `size` bytes, and up to one piece more.

        The result is shorter only at the end of the content or before damage. Raises one of
        READ_ERRORS if the next bytes are damaged.
        """
        pieces, length = [], 0
        while length < size and self._failure is None:
            try:
                piece = next(self._pieces, None)
            except READ_ERRORS as error:
                self._failure = error
                break
            if piece is None:
                break
            pieces.append(piece)
            length += len(piece)
        if self._failure is not None and not pieces:
            raise self._failure
        return b"".join(pieces)

    def consumed(self) -> int:
        """Return the number of bytes read from disk, before decompression."""
        return self._file.tell()


def _blocks(file: BinaryIO, size: int) -> Iterator[bytes]:
    while block := file.read(size):
        yield block


def read_whole(
    path: str | Path, limit: int = DEFAULT_LIMITS.page_bytes, etag: str | None = None
) -> bytes:
    """Return the whole content of a page file, decompressed.

    `etag` is the entity tag that a remote object must have. Raises UnreadableError if the content
    has more than `limit` bytes, and one of READ_ERRORS if the file is damaged.
    """
    with DecompressedFile(path, etag=etag) as content:
        raw = content.read(limit + 1)
        content.read(1)  # raises if the rest is damaged
    if len(raw) > limit:
        cause = f"larger than {limit >> 20} MiB: keep many pages as JSONL or Parquet"
        raise UnreadableError(cause, "large file")
    return raw


def read_head(path: str | Path) -> bytes:
    """Return the first bytes of a file, after decompression, at most HEAD_BYTES.

    They are fewer if the file, or its first gzip member or zstd frame, is shorter. Raises one of
    READ_ERRORS if the file cannot be read or these bytes are damaged. After a zstd skippable frame,
    damage makes the result shorter instead.
    """
    with open_input(path) as file:
        start = file.read(8 * HEAD_BYTES)
    if start.startswith(GZIP_MAGIC):
        return zlib.decompressobj(wbits=31).decompress(start, HEAD_BYTES)
    if SKIPPABLE.match(start):
        return _head_after_skippable_frames(path)
    if start.startswith(ZSTD_MAGIC):
        decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW)
        return decompressor.stream_reader(start).read(HEAD_BYTES)
    return start[:HEAD_BYTES]


def _head_after_skippable_frames(path: str | Path) -> bytes:
    # A skippable frame may be the dictionary of a web archive, so its decoder is needed.
    from nalssi.sources.readers.warc.archive_members import first_bytes

    with open_input(path) as file:
        return first_bytes(file, HEAD_BYTES)
