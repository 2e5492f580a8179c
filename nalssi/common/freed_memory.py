"""Keep freed memory in the process for later use, instead of returning it to the system."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

KEPT_BYTES: Final = 2**24
"""The size in bytes of the largest freed block that is kept. Twice this many bytes are kept in
all."""


@lru_cache(1)
def keep_freed_memory() -> None:
    """Let the C library keep freed memory for the next allocations of this process.

    glibc returns free memory at the end of its heap to the system, at first if it is more than
    128 kB. The tree of an HTML page is larger, so each page got new memory from the system, which
    takes as long as parsing (71 page faults for a page of 36 kB). After a large block has been
    freed, glibc keeps free memory up to twice its size: mallopt(3), M_MMAP_THRESHOLD. So this
    function allocates and frees a block of KEPT_BYTES. Nothing writes to the block, so it takes no
    memory. Other C libraries are not affected.
    """
    bytes(KEPT_BYTES)
