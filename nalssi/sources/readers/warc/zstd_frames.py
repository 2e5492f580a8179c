"""Decode zstd frames one by one, with the dictionary that a WARC file carries.

A frame's block headers say where it ends (RFC 8878 §3.1.1), so the end is known even if the
content is damaged, and how much the blocks can hold at most, so memory is bounded.

A `.warc.zst` file may begin with a skippable frame 0x184D2A5D that holds the dictionary of all
frames behind it, itself packed with zstd or not
(https://iipc.github.io/warc-specifications/specifications/warc-zstd/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import zstandard

MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.S)
MAX_WINDOW = 2**27
"""The largest window that is decoded: `zstd --long` packs with it."""

_DICTIONARY = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY = 2**26
_BLOCK = 2**17  # what a block holds at most
_BLOCKS = 8  # decoded at a time
_ID_BYTES = (0, 1, 2, 4)


class Frames:
    """The frames of a file; `view` gives its bytes by position and size."""

    def __init__(self, view: Callable[[int, int], memoryview]) -> None:
        self._view = view
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)

    def decoded(self, begin: int) -> Iterator[tuple[bytes, int | None]]:
        """The content of the frame at `begin`, in pieces; with the last one, the frame's end.

        Raises ZstdError if it is damaged, EOFError if the file ends within it.
        """
        frame = self._decompressor.decompressobj()
        for start, end, last in self._stretches(begin):
            data = frame.decompress(self._exactly(start, end - start))
            if not last:
                yield data, None
            elif frame.eof and not frame.unused_data:
                yield data, end
            else:
                raise zstandard.ZstdError("the frame does not end where its blocks do")

    def skip(self, begin: int, use: bool = True) -> int:
        """The end of the skippable frame at `begin`; `use` it if it is a dictionary."""
        head = self._exactly(begin, 8)
        size = int.from_bytes(head[4:], "little")
        end = begin + 8 + size
        if size:
            self._exactly(end - 1, 1)
        if use and head[:4] == _DICTIONARY:
            self._learn(begin + 8, size)
        return end

    def head(self, begin: int) -> bytes:
        """The content of the frame's first block, as far as it decodes."""
        try:
            start, end, _ = next(self._stretches(begin, blocks=1))
            return self._decompressor.decompressobj().decompress(self._view(start, end - start))
        except (EOFError, zstandard.ZstdError):
            return b""

    def _learn(self, begin: int, size: int) -> None:
        if size > _MAX_DICTIONARY:
            raise zstandard.ZstdError(f"a dictionary of {size:,} bytes")
        content = bytes(self._exactly(begin, size))
        if content.startswith(MAGIC):
            plain = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
            with plain.stream_reader(content) as reader:
                content = reader.read(_MAX_DICTIONARY + 1)
            if len(content) > _MAX_DICTIONARY:
                raise zstandard.ZstdError("the dictionary unpacks beyond 64 MiB")
        self._decompressor = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(content), max_window_size=MAX_WINDOW
        )

    def _stretches(self, begin: int, blocks: int = _BLOCKS) -> Iterator[tuple[int, int, bool]]:
        """The frame at `begin` cut after every few blocks: start, end, whether it is the last."""
        descriptor = self._exactly(begin + 4, 1)[0]
        single, checksum = descriptor >> 5 & 1, descriptor >> 2 & 1
        size_bytes = (single, 2, 4, 8)[descriptor >> 6]
        at = begin + 5 + (not single) + _ID_BYTES[descriptor & 3] + size_bytes
        start, held, last = begin, 0, False
        while not last:
            header = int.from_bytes(self._exactly(at, 3), "little")
            last, form, size = bool(header & 1), header >> 1 & 3, header >> 3
            if form == 3 or size > _BLOCK:
                raise zstandard.ZstdError("no block begins where one has to")
            at += 3 + (1 if form == 1 else size)
            held += 1
            if held == blocks and not last:
                yield start, at, False
                start, held = at, 0
        yield start, at + 4 * checksum, True

    def _exactly(self, offset: int, size: int) -> memoryview:
        found = self._view(offset, size)
        if len(found) < size:
            raise EOFError
        return found
