"""The folder that queries larger than memory spill into: private, and removed afterwards.

Its name is random and its mode 0700, so other users of the machine cannot prepare or read it. A
lock on the folder says that its process is alive; the next query removes folders without one,
which a killed process has left. POSIX only: Windows cannot lock a folder.
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
    """A new folder in the system's folder for temporary files, for as long as the block runs.

    None where the system has no folder for temporary files that this process may write to.
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
        except FileNotFoundError:  # another process found it before it had its lock
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _remove_abandoned(parent: Path) -> None:
    for left in parent.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # removed meanwhile, or not ours
            continue
        try:
            if os.fstat(lock).st_uid == os.getuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:  # its process is alive
            pass
        finally:
            os.close(lock)
