"""Things in the making: under a name of their own until they are whole, then renamed into place.

Whoever looks at the place meanwhile sees the old or the new, never half of it. The name tells
which process makes the thing, so that what a killed process left can be told from what a living
one works on, and is removed by the next one that comes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".being-made"
_ABANDONED_S = 24 * 3600


def temporary_path(folder: Path) -> Path:
    """A new name in `folder` for what this process is about to make."""
    return folder / f"{_PREFIX}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def atomic_write(path: Path, folder: Path | None = None) -> Iterator[Path]:
    """A name in `folder` (default: beside `path`) for a file that becomes `path` in one step.

    Where the block fails nothing is left, and an OSError names the file.
    """
    partial = temporary_path(folder or path.parent)
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        # A write to a full disk names no file, and nobody knows this one under its passing name.
        named = map(str, (error.filename or partial, error.filename2))
        if error.errno and str(partial) in named:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        # Also where it has been put in place: renaming one link of a file to another is no-op.
        partial.unlink(missing_ok=True)


def remove_stale_temporary_files(folder: Path) -> None:
    """Remove what killed runs have left: of dead processes here, a day old from elsewhere."""
    for left in folder.glob(f"{_PREFIX}-*"):  # none, where there is no folder
        host, pid, _ = left.name.removeprefix(f"{_PREFIX}-").rsplit("-", 2)
        try:
            old = time.time() - left.stat().st_mtime > _ABANDONED_S
        except FileNotFoundError:  # its owner has just put it in place
            continue
        if not (old or (host == socket.gethostname() and not _alive(int(pid)))):
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
