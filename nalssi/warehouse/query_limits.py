"""Limits on the time and the memory of a user's query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import TIMEOUT_MAX, Timer
from time import monotonic

GRACE_S = 5
"""The number of seconds that an interrupted query may take to stop."""

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([MGT])i?B", re.IGNORECASE)
_MEGABYTES = {"M": 1, "G": 1e3, "T": 1e6}
_MIN_MEMORY_MB = 64  # with less memory, DuckDB cannot open the warehouse


@dataclass
class TimeLimit:
    """The time that a query may take, in seconds from its first step to its last row.

    The time for printing rows counts too, because a query with an endless result would otherwise
    run forever.

    `give_up` is called if the query still runs GRACE_S seconds after the limit. It should end the
    process: some functions, such as `repeat` of gigabytes, cannot be interrupted, and neither can a
    write to a pipe that nobody reads.
    """

    seconds: float
    give_up: Callable[[], object] | None = None
    ends: float | None = None
    """The time on the monotonic clock at which the limit ends; None before the first step."""

    @property
    def left(self) -> float:
        """The seconds until the limit ends. The first access starts the clock."""
        now = monotonic()
        if self.ends is None:
            self.ends = now + self.seconds
        return max(0.0, self.ends - now)

    @property
    def message(self) -> str:
        """The message of the error that is raised at the limit, in one line."""
        return f"the query took longer than {self.seconds:g} seconds (--timeout allows more)"

    @contextmanager
    def giving_up(self) -> Iterator[None]:
        """Call `give_up` if the block still runs GRACE_S after the limit."""
        if self.give_up is None:
            yield
            return
        timer = Timer(min(self.left + GRACE_S, TIMEOUT_MAX), self.give_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def check_memory(size: str) -> None:
    """Raise ValueError unless `size` is a size such as `2GB`, of at least 64 MB."""
    match = _SIZE.fullmatch(size)
    if not match or float(match[1]) * _MEGABYTES[match[2].upper()] < _MIN_MEMORY_MB:
        raise ValueError(
            f"{size!r} is not a size of memory: expected one such as 500MB or 2GB, at least"
            f" {_MIN_MEMORY_MB}MB"
        )
