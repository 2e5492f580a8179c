"""The writer's lock: only one process writes to a warehouse at a time.

The lock is the operating system's lock on a file (`flock` on POSIX), so the system releases it when
the process ends, even if it is killed. The content of the file (process, host, start) is only for
the message that a waiting process prints.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nalssi.common.errors import naming_file
from nalssi.common.process.workarounds import without_module

log = logging.getLogger(__name__)


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path` for the block. Wait for a process that holds it, with a warning."""
    with without_module("portalocker.redis"):
        import portalocker
        from portalocker import LockFlags

    with path.open("a+", encoding="utf-8") as file:
        try:
            portalocker.lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
        except portalocker.AlreadyLocked:
            log.warning("waiting for another writer of %s: %s", path.parent, _holder(path))
            portalocker.lock(file, LockFlags.EXCLUSIVE)
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        }
        with naming_file(path):
            file.truncate(0)
            file.write(json.dumps(holder))
            file.flush()
        try:
            yield
        finally:
            with naming_file(path):
                file.truncate(0)


@dataclass(frozen=True)
class LockState:
    """The state of a lock file, as another process sees it."""

    held: bool = False
    """Whether a process holds the lock now."""
    holder: str | None = None
    """The process that holds the lock, or that ended without releasing it, in words for users."""

    @property
    def abandoned(self) -> bool:
        """Whether the last process that held the lock was killed, or the machine lost power.

        A process that ends in any other way empties the file.
        """
        return not self.held and self.holder is not None


def lock_state(path: Path) -> LockState:
    """Return the state of a lock file. Nothing is written, and no process waits for this call.

    If this user may not read the lock file, the result is the state of a free lock.
    """
    try:
        if not path.read_bytes():  # the usual case, in which the library of locks is not imported
            return LockState()
    except FileNotFoundError:
        return LockState()
    except PermissionError:
        if sys.platform != "win32":
            return LockState()
        # Windows refuses to read a file that another process has locked.
        return LockState(held=True, holder=_holder(path))
    try:
        with shared_lock(path) as free:
            content = path.read_bytes().strip() if free else b""
            return LockState(not free, _holder(path) if content or not free else None)
    except FileNotFoundError:
        return LockState()


@contextmanager
def shared_lock(path: Path) -> Iterator[bool]:
    """Hold the lock file `path` for reading, so that writers wait until the block ends.

    Yields True if the lock is held, False if a writer has it; this function never waits. Nothing is
    written. Raises FileNotFoundError if the warehouse was never written.
    """
    import portalocker
    from portalocker import LockFlags

    with path.open(encoding="utf-8") as file:
        try:
            portalocker.lock(file, LockFlags.SHARED | LockFlags.NON_BLOCKING)
        except portalocker.AlreadyLocked:
            yield False
            return
        try:
            yield True
        finally:
            portalocker.unlock(file)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):  # the holder has not yet written the file
        return "one that has just started"
    except PermissionError:  # Windows refuses to read a file that another process has locked
        return "another process"
    return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
