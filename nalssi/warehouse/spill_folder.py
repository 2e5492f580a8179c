"""A private, temporary folder for queries larger than memory.

The folder's name is random and its mode is 0700, so other users of the machine can neither create
it in advance nor read it. The process that creates the folder holds a lock on it. A folder without
a lock was left by a killed process, and the next query removes it. This works on POSIX only,
because Windows cannot lock a folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

assert sys.platform != "win32"  # mypy then skips the rest of this module for Windows

_PREFIX = "nalssi-spill-"


@contextmanager
def spill_folder() -> Iterator[Path | None]:
    """Create a folder among the system's temporary files, and remove it when the block ends.

    Yields None if this process cannot write to any folder for temporary files.
    """
    try:
        parent = Path(tempfile.gettempdir())
        _remove_abandoned(parent)
        folder, lock = _locked_folder(parent)
    except OSError:
        yield None
        return
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked_folder(parent: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:  # another process removed it before it was locked
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # it was removed, or belongs to another user
            continue
        try:
            if os.fstat(lock).st_uid == os.getuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:  # its process is alive
            pass
        finally:
            os.close(lock)
