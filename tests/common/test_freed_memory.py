"""Freed memory stays in the process: blocks that follow freed ones need no new pages."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

COUNT_PAGE_FAULTS = """
import resource
from nalssi.common.freed_memory import keep_freed_memory
keep_freed_memory()
blocks = [b"x" * 2**20 for _ in range(8)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    del blocks
    blocks = [b"x" * 2**20 for _ in range(8)]
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
TURNS = 20
PAGES_OF_BLOCKS = 8 * 256


@pytest.mark.process
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it depends on the C library")
def test_memory_that_was_freed_is_used_again() -> None:
    # Dask sets such a variable for its workers, and then glibc keeps less.
    environment = {name: v for name, v in os.environ.items() if not name.startswith("MALLOC_")}
    faults = subprocess.check_output([sys.executable, "-c", COUNT_PAGE_FAULTS], env=environment)
    # With new memory in each turn there are `TURNS * PAGES_OF_BLOCKS`. A system that is short of
    # memory takes pages back, so that some of them are faults although the memory was kept.
    assert int(faults) < TURNS * PAGES_OF_BLOCKS / 2
