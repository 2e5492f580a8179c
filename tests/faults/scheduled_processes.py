"""Processes that stop at every failpoint and go on when a schedule says so.

Only one of them runs at a time, so a schedule of one seed is the same each time. A process that
waits for a lock tries to take it whenever it is told to go on.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from .failpoints import Failpoint, watch
from .watched_runs import FORKS, redirect

Stop = Callable[[str], None]
"""Stops this process at a point with a name until the schedule lets it go on."""


class Scheduled:
    """A process that stops at points of its work and waits there, or that has ended."""

    def __init__(
        self, name: str, work: Callable[..., None], folder: Path, log: Path, *arguments: Any
    ) -> None:
        self.name = name
        self.work, self.folder, self.log, self.arguments = work, folder, log, arguments
        self.seen: list[Any] = []
        """The values that `work` has sent with `tell`."""
        self._process: ForkServerProcess
        self._pipe: Connection
        self.at = ""
        self.start()

    def start(self) -> None:
        """Start the process. It stops before it does any work."""
        self.log.mkdir(parents=True, exist_ok=True)
        self._pipe, other = FORKS.Pipe()
        self._process = FORKS.Process(
            target=_scheduled,
            args=(self.work, self.folder, self.log, other, self.arguments),
            daemon=True,  # it ends with the tests, if one fails
        )
        self._process.start()
        other.close()
        self._listen()

    @property
    def ended(self) -> bool:
        return self.at == "ended"

    def go_on(self) -> None:
        """Let the process run until it stops at the next point or ends."""
        self._pipe.send("go on")
        self._listen()

    def kill(self) -> None:
        """Kill the process at the point at which it waits, as a user or the system may."""
        self._process.kill()
        self._process.join()
        self.at = "ended"

    def _listen(self) -> None:
        while True:
            try:
                kind, value = self._pipe.recv()
            except EOFError:
                self._process.join()
                error = (self.log / "error").read_text()
                assert self._process.exitcode == 0, f"{self.name}: {error}"
                self.at = "ended"
                return
            if kind == "at":
                self.at = value
                return
            self.seen.append(value)


def run_schedule(
    seed: int, processes: list[Scheduled], step: Callable[[Scheduled, random.Random], None]
) -> int:
    """Let the processes go on in a random order until all have ended. Return the number of steps.

    `step` lets the process go on, and checks what happens.
    """
    chance = random.Random(seed)
    steps = 0
    while waiting := [process for process in processes if not process.ended]:
        step(chance.choice(waiting), chance)
        steps += 1
    return steps


def _scheduled(
    work: Callable[..., None],
    folder: Path,
    log: Path,
    pipe: Connection,
    arguments: tuple[Any, ...],
) -> None:
    import portalocker
    from portalocker import LockFlags

    redirect(log / "error")

    def stop(name: str) -> None:
        pipe.send(("at", name))
        pipe.recv()

    def tell(value: Any) -> None:
        pipe.send(("seen", value))

    def reached(point: Failpoint) -> None:
        stop(f"{point.operation} in {point.place.split(' < ')[0]}")

    lock = portalocker.lock

    def patient_lock(file: Any, flags: LockFlags) -> None:
        while not flags & LockFlags.NON_BLOCKING:
            with contextlib.suppress(portalocker.AlreadyLocked):
                lock(file, flags | LockFlags.NON_BLOCKING)
                return
            stop("waits for the lock")
        lock(file, flags)

    portalocker.lock = patient_lock
    stop("start")
    watch([folder], log / "trace", reached=reached)
    work(folder, stop, tell, *arguments)
    pipe.close()
