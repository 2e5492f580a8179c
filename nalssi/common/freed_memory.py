"""Keep freed memory in the process, instead of giving it back to the system again and again."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

KEPT_BYTES: Final = 2**24
"""Freed blocks up to this size, and twice as many bytes in all, are kept for later use."""


@lru_cache(1)
def keep_freed_memory() -> None:
    """Let the C library keep freed memory for the next allocations of this process.

    glibc returns free memory at the end of its heap to the system, at first from 128 kB on. The
    tree of an HTML page has more, so that each page got new memory, which takes as long as parsing
    (71 page faults a page of 36 kB). When a large block has been freed, glibc keeps as much memory:
    mallopt(3), M_MMAP_THRESHOLD. The block is not touched, so it takes no memory itself. Other C
    libraries are not affected.
    """
    bytes(KEPT_BYTES)
