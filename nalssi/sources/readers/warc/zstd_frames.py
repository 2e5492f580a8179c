"""Decompress zstd frames one by one, with the dictionary that a WARC file may contain.

The block headers of a frame state where it ends (RFC 8878 §3.1.1), so its end is known even if its
content is damaged. They also limit how much each block can contain, so memory is bounded.

A `.warc.zst` file may begin with a skippable frame 0x184D2A5D. It contains the dictionary for all
later frames, compressed or not
(https://iipc.github.io/warc-specifications/specifications/warc-zstd/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import zstandard

from nalssi.common.decompression import ZSTD_MAGIC, ZSTD_MAX_WINDOW

SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.S)
"""The magic bytes of skippable frames, which contain no data of the file itself."""

_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY_BYTES = 2**26
_MAX_BLOCK = 2**17  # bytes that a block contains at most
_BLOCKS = 8  # decompressed at a time
_ID_BYTES = (0, 1, 2, 4)


class ZstdFrames:
    """Decompresses the zstd frames of a file. `view(offset, size)` returns bytes of the file."""

    def __init__(self, view: Callable[[int, int], memoryview]) -> None:
        self._view = view
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW)

    def decoded(self, begin: int) -> Iterator[tuple[bytes, int | None]]:
        """Decompress the frame at byte `begin`: yield its pieces, the last with the frame's end.

        The end is the position after the frame; other pieces have None instead. Raises ZstdError if
        the frame is damaged, EOFError if the file ends within it.
        """
        frame = self._decompressor.decompressobj()
        for start, end, last in self._block_runs(begin):
            data = frame.decompress(self._bytes_at(start, end - start))
            if not last:
                yield data, None
            elif frame.eof and not frame.unused_data:
                yield data, end
            else:
                raise zstandard.ZstdError("the frame does not end where its blocks do")

    def skip(self, begin: int, use_dictionary: bool = True) -> int:
        """Return the position after the skippable frame at byte `begin`.

        If the frame contains a dictionary and `use_dictionary` is set, later frames are
        decompressed with it. Raises EOFError if the file ends within the frame, and ZstdError if
        the dictionary is damaged or too large.
        """
        head = self._bytes_at(begin, 8)
        size = int.from_bytes(head[4:], "little")
        end = begin + 8 + size
        if size:
            self._bytes_at(end - 1, 1)
        if use_dictionary and head[:4] == _DICTIONARY_MAGIC:
            self._load_dictionary(begin + 8, size)
        return end

    def head(self, begin: int) -> bytes:
        """Return the content of the first block of the frame at byte `begin`.

        It is empty if the block is damaged or cut off.
        """
        try:
            start, end, _ = next(self._block_runs(begin, blocks=1))
            return self._decompressor.decompressobj().decompress(self._view(start, end - start))
        except (EOFError, zstandard.ZstdError):
            return b""

    def _load_dictionary(self, begin: int, size: int) -> None:
        if size > _MAX_DICTIONARY_BYTES:
            raise zstandard.ZstdError(f"a dictionary of {size:,} bytes")
        content = bytes(self._bytes_at(begin, size))
        if content.startswith(ZSTD_MAGIC):
            decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_MAX_WINDOW)
            with decompressor.stream_reader(content) as reader:
                content = reader.read(_MAX_DICTIONARY_BYTES + 1)
            if len(content) > _MAX_DICTIONARY_BYTES:
                raise zstandard.ZstdError("the dictionary has more than 64 MiB")
        self._decompressor = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(content), max_window_size=ZSTD_MAX_WINDOW
        )

    def _block_runs(self, begin: int, blocks: int = _BLOCKS) -> Iterator[tuple[int, int, bool]]:
        """Divide the frame at byte `begin` into runs of at most `blocks` blocks.

        Yields the start and the end of each run, and whether it is the last run. Raises ZstdError
        if a block header is damaged, EOFError if the file ends within the frame.
        """
        descriptor = self._bytes_at(begin + 4, 1)[0]
        single, checksum = descriptor >> 5 & 1, descriptor >> 2 & 1
        size_bytes = (single, 2, 4, 8)[descriptor >> 6]
        at = begin + 5 + (not single) + _ID_BYTES[descriptor & 3] + size_bytes
        start, held, last = begin, 0, False
        while not last:
            header = int.from_bytes(self._bytes_at(at, 3), "little")
            last, form, size = bool(header & 1), header >> 1 & 3, header >> 3
            if form == 3 or size > _MAX_BLOCK:
                raise zstandard.ZstdError("no block begins where one has to")
            at += 3 + (1 if form == 1 else size)
            held += 1
            if held == blocks and not last:
                yield start, at, False
                start, held = at, 0
        yield start, at + 4 * checksum, True

    def _bytes_at(self, offset: int, size: int) -> memoryview:
        """Return `size` bytes of the file from `offset` on. Raises EOFError if some are missing."""
        found = self._view(offset, size)
        if len(found) < size:
            raise EOFError
        return found
