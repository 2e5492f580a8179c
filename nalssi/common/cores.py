"""How many processor cores this process may use."""

from __future__ import annotations

import os
import sys


def usable_cores() -> int:
    """Cores that this process may use: on Linux those of its affinity mask, elsewhere all."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
