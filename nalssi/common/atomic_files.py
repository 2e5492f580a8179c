"""Atomic writes: write to a temporary name, then rename.

Readers see the old file or the new one, never a partial one. The temporary name has the host and
the process id, so that the next run can remove what a killed process has left.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".being-made"
_MAX_AGE_S = 24 * 3600
"""Age at which any file is stale: a process of another host cannot be checked from here."""


def temporary_path(folder: Path) -> Path:
    """Return a new temporary path in `folder`. The file is not created."""
    return folder / f"{_PREFIX}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def atomic_write(path: Path, folder: Path | None = None) -> Iterator[Path]:
    """Yield a temporary path, and rename the file there to `path` when the block succeeds.

    The temporary path is in `folder`, by default the folder of `path`; both must be on one file
    system. If the block fails, the temporary file is removed. An OSError that names the temporary
    file, or no file, is raised again with the name of `path`.
    """
    temporary = temporary_path(folder or path.parent)
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        # An error of a full disk names no file, and the temporary name means nothing to a user.
        named = map(str, (error.filename or temporary, error.filename2))
        if error.errno and str(temporary) in named:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        # The file can still exist after `replace`, which does nothing for two links to one file.
        temporary.unlink(missing_ok=True)


def complete_lines(file: Path) -> bytes:
    """Return the content of a file to which lines are added, without an incomplete last line.

    A process that was killed while it added a line leaves a part of it.
    """
    content = file.read_bytes()
    return content[: content.rfind(b"\n") + 1]


def remove_incomplete_line(file: Path) -> None:
    """Remove an incomplete last line of `file`, so that the next line is not joined to it.

    Does nothing if the file does not exist.
    """
    if file.exists() and file.stat().st_size > (end := len(complete_lines(file))):
        os.truncate(file, end)


def remove_stale_temporary_files(folder: Path) -> None:
    """Remove temporary files and folders that killed processes have left in `folder`.

    `stale_temporary_files` says which. Does nothing if the folder does not exist.
    """
    for path in stale_temporary_files(folder):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def stale_temporary_files(folder: Path) -> Iterator[Path]:
    """Yield the temporary files and folders in `folder` that are stale.

    A file of a process on this host is stale when that process has ended (not on Windows, where
    this is not checked). Any file is stale a day after its last change, because the processes of
    other hosts cannot be checked.
    """
    for path in folder.glob(f"{_PREFIX}-*"):
        host, pid, _ = path.name.removeprefix(f"{_PREFIX}-").rsplit("-", 2)
        try:
            too_old = time.time() - path.stat().st_mtime > _MAX_AGE_S
        except FileNotFoundError:  # its process has just renamed it
            continue
        if too_old or (host == socket.gethostname() and not _is_running(int(pid))):
            yield path


def _is_running(pid: int) -> bool:
    """Whether this host runs a process with this id. Always true on Windows.

    So a temporary file on Windows is removed only by its age.
    """
    if sys.platform == "win32":
        return True  # os.kill would end the process
    try:
        os.kill(pid, 0)  # signal 0 only checks whether the process exists
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
