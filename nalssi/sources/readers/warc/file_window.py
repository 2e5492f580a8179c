"""Access to the bytes of a file by position, in bounded memory."""

from __future__ import annotations

from typing import BinaryIO

from nalssi.sources.open_input import size_of

BLOCK_BYTES = 2**18
"""The number of bytes that are read at a time: they stay in the processor's cache."""


class FileWindow:
    """Reads a file by position, mostly forwards, and holds one block of it in memory.

    Usage::

        window = FileWindow(file)
        window.view(0, 4)       # the first four bytes, fewer if the file is shorter
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._block = b""
        self._view = memoryview(b"")
        self._start = 0

    def view(self, offset: int, size: int) -> memoryview:
        """Return `size` bytes from `offset` on, fewer at the end of the file. Raises OSError."""
        begin = offset - self._start
        if begin < 0 or begin + size > len(self._block):
            self._read(offset, max(size, BLOCK_BYTES))
            begin = 0
        return self._view[begin : begin + size]

    def size(self) -> int:
        """Return the current length of the file in bytes."""
        return size_of(self._file)

    def _read(self, offset: int, size: int) -> None:
        begin = offset - self._start
        kept = self._block[begin:] if 0 <= begin <= len(self._block) else b""
        if not kept:
            self._file.seek(offset)
        else:
            self._file.seek(offset + len(kept))
        self._block = kept + self._file.read(size - len(kept))
        self._view = memoryview(self._block)
        self._start = offset
