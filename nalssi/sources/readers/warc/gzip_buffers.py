"""Decompress gzip members, one after another, into a buffer that is used again.

One call decompresses many members. It releases Python's lock once, because threads that take the
lock for each member wait for each other. New memory for each call would take a tenth of the time.
"""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Final, cast

from isal import isal_zlib

BUFFER_BYTES: Final = 2**22
"""The size of a buffer: memory is bounded, and the content fits in the processor's cache."""

_ERRORS = (OSError, EOFError, cast(type[Exception], isal_zlib.error))
_thread = threading.local()


def buffer_of_thread(use: str) -> bytearray:
    """Return the buffer of BUFFER_BYTES that this thread has for a `use`, such as `runs`.

    Its content is overwritten when the thread uses it again.
    """
    buffers: dict[str, bytearray] = _thread.__dict__
    if use not in buffers:
        buffers[use] = bytearray(BUFFER_BYTES)
    return buffers[use]


def decompress_all(data: bytes, content: memoryview) -> bool:
    """Decompress the gzip members in `data` into `content`.

    Returns whether the members are whole and fill `content` exactly. If not, ignore `content`.
    """
    reader = isal_zlib._GzipReader(BytesIO(data), len(data))
    filled = 0
    try:
        while filled < len(content) and (count := reader.readinto(content[filled:])):
            filled += count
        return filled == len(content) and not reader.readinto(bytearray(1))
    except _ERRORS:
        return False
