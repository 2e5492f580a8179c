"""Check the disk of a warehouse: free space and inodes, against what a run needs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

from nalssi.doctor.findings import Finding
from nalssi.warehouse import Warehouse

RESERVE = 200_000_000
"""The number of bytes that a run needs beside the second copy of the database: for parts, pages and
pictures."""
SPARE_INODES = 2_000
"""The number of new files that a run may create: those of a gallery of some years."""
ADVICE = "free space on the disk: `nalssi status` shows the parts; staged/ may be emptied"


def check_disk_space(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding about the free space, and another if there are too few inodes.

    The free space is `ok` if it is enough for a run, which writes its changes to the database and
    publishes a second copy of it. Inodes are not checked on Windows.
    """
    database = max(map(_size, (warehouse.database, warehouse.published)))
    needed, free = 2 * database + RESERVE, shutil.disk_usage(warehouse.folder).free
    shown = f"{_megabytes(free)} free, a run may need {_megabytes(needed)}"
    if free < database:
        yield Finding("disk", "error", f"{shown}: it cannot publish", ADVICE)
    elif free < needed:
        yield Finding("disk", "warning", shown, ADVICE)
    else:
        yield Finding("disk", "ok", shown)
    if sys.platform != "win32":
        system = os.statvfs(warehouse.folder)
        if system.f_files:  # some file systems have no such limit
            yield from _check_inodes(system.f_favail)


def _check_inodes(left: int) -> Iterator[Finding]:
    """Yield a finding if the file system has too few inodes left."""
    if left < SPARE_INODES:
        yield Finding(
            "disk",
            "error" if left < SPARE_INODES // 20 else "warning",
            f"the file system has room for {left:,} more files",
            "remove files, or move the warehouse to a file system with more inodes",
        )


def _size(path: os.PathLike[str]) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116  # of any path
    except FileNotFoundError:
        return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
