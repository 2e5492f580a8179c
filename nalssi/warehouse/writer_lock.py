"""The writer's lock: one writer at a time, and the next one knows whom it waits for.

The lock is the operating system's lock on a file of the folder (`flock` on POSIX), so the system
frees it when its holder dies, however it dies. The file's text (process, host, since when) is only
for the message.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, waiting (and saying so, once) for whoever has it."""
    # Imported here, because readers do not need it, and it takes 0.2 s: it imports redis.
    import portalocker
    from portalocker import LockFlags

    with path.open("a+", encoding="utf-8") as file:
        try:
            portalocker.lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
        except portalocker.AlreadyLocked:
            log.warning("waiting for another writer of %s: %s", path.parent, _holder(path))
            portalocker.lock(file, LockFlags.EXCLUSIVE)
        file.truncate(0)
        json.dump(
            {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "since": datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
            },
            file,
        )
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # between taking the lock and writing the name
        return "one that has just begun"
    except PermissionError:  # Windows refuses to read a file that another process has locked
        return "another process"
    return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
