"""The number of processor cores that this process may use."""

from __future__ import annotations

import os
import sys


def usable_cores() -> int:
    """Return the number of processor cores that this process may use.

    On Linux this is the number of cores in its affinity mask, elsewhere of all cores.
    """
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
