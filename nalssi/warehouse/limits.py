"""How much time and memory a user's query may take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer

GRACE_S = 5  # how long an interrupted query may take to stop

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([MGT])i?B", re.IGNORECASE)
_MEGABYTES = {"M": 1, "G": 1e3, "T": 1e6}
_LEAST_MEMORY_MB = 64  # less, and DuckDB cannot even open the warehouse


@dataclass
class TimeLimit:
    """How long DuckDB may work on a query, in seconds; the time between its steps is not counted.

    `give_up` is called when the query does not stop within GRACE_S of being interrupted: some
    functions, such as `repeat` of gigabytes, cannot be interrupted.
    """

    seconds: float
    give_up: Callable[[], object] | None = None
    spent: float = 0.0

    @property
    def left(self) -> float:
        """Seconds that DuckDB may still work."""
        return max(0.0, self.seconds - self.spent)

    @property
    def message(self) -> str:
        """The error in one line."""
        return f"the query took longer than {self.seconds:g} seconds (--timeout allows more)"

    @contextmanager
    def giving_up(self) -> Iterator[None]:
        """Call `give_up` if the block, which waits for the query to stop, takes too long."""
        if self.give_up is None:
            yield
            return
        timer = Timer(GRACE_S, self.give_up)
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
