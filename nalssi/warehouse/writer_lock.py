"""The writer's lock: one writer at a time, and the next one knows whom it waits for.

The lock is `flock` on a file of the folder, so the kernel frees it when its holder dies,
however it dies. What the file says (process, host, since when) is only for the message.
"""

from __future__ import annotations

import fcntl
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
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("waiting for another writer of %s: %s", path.parent, _holder(path))
            fcntl.flock(file, fcntl.LOCK_EX)
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
    return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
