"""How much time and memory a user's query may take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import TIMEOUT_MAX, Timer
from time import monotonic

GRACE_S = 5  # how long an interrupted query may take to stop

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([MGT])i?B", re.IGNORECASE)
_MEGABYTES = {"M": 1, "G": 1e3, "T": 1e6}
_LEAST_MEMORY_MB = 64  # less, and DuckDB cannot even open the warehouse


@dataclass
class TimeLimit:
    """How long a query may last, in seconds since its first step, whoever is at work meanwhile.

    The time in which its rows are printed, or wait for somebody to read them, is counted too: a
    query that gives rows without end would else never end.

    `give_up` is called when the query has not ended GRACE_S after that: some functions, such as
    `repeat` of gigabytes, cannot be interrupted, nor can writing to a pipe that nobody reads.
    """

    seconds: float
    give_up: Callable[[], object] | None = None
    ends: float | None = None
    """When it is reached, on the monotonic clock; None before the first step."""

    @property
    def left(self) -> float:
        """Seconds that the query may still last; the first look starts the clock."""
        now = monotonic()
        if self.ends is None:
            self.ends = now + self.seconds
        return max(0.0, self.ends - now)

    @property
    def message(self) -> str:
        """The error in one line."""
        return f"the query took longer than {self.seconds:g} seconds (--timeout allows more)"

    @contextmanager
    def giving_up(self) -> Iterator[None]:
        """Call `give_up` if the block has not ended GRACE_S after the limit is reached."""
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
    """Raise ValueError unless `size` is a size that DuckDB understands, and can work with."""
    found = _SIZE.fullmatch(size)
    if not found or float(found[1]) * _MEGABYTES[found[2].upper()] < _LEAST_MEMORY_MB:
        raise ValueError(
            f"{size!r} is no size of memory: expected one such as 500MB or 2GB, at least"
            f" {_LEAST_MEMORY_MB}MB"
        )
