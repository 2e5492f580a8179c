"""Queues of requests, one for each host: one request at a time, and pauses in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LONGEST_WAIT_S = 120.0
"""The longest pause in seconds that a run waits. After a longer `Retry-After`, a later run fetches
the pages of the host; a longer `Crawl-delay` counts as this pause."""


class PauseTooLongError(Exception):
    """A host asks for a longer pause than a run waits for. The message states the pause."""


@dataclass
class _Host:
    """A host's queue: the pause between requests in seconds, and the time at which it is over.

    `free_at` is a time of the clock of `HostQueues`. A thread holds `lock` while it sends a
    request.
    """

    delay_s: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0


class HostQueues:
    """The order of requests to each host, shared by the threads of a run.

    `delay_s` is the pause between two requests to a host, in seconds.
    """

    def __init__(
        self,
        delay_s: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delay_s = delay_s
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait until a request may be sent to the host `name`. Hold its queue during the block.

        Send the request in the `with` block. Raises PauseTooLongError if the wait would be longer
        than `LONGEST_WAIT_S`.
        """
        host = self._host(name)
        with host.lock:
            wait = host.free_at - self._clock()
            if wait > LONGEST_WAIT_S:
                raise PauseTooLongError(f"{name} asks for a pause of {wait:,.0f} s")
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                host.free_at = max(host.free_at, self._clock() + host.delay_s)

    def pause(self, name: str, seconds: float) -> None:
        """Send no request to the host `name` for some seconds: the host asked for a pause."""
        host = self._host(name)
        host.free_at = max(host.free_at, self._clock() + seconds)

    def slow_down(self, name: str, seconds: float) -> None:
        """Pause longer between requests to the host `name`, because its robots.txt asks for it.

        The pause becomes `seconds`, but at most LONGEST_WAIT_S. It is never made shorter.
        """
        host = self._host(name)
        host.delay_s = max(host.delay_s, min(seconds, LONGEST_WAIT_S))
        host.free_at = max(host.free_at, self._clock() + host.delay_s)

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host(self._delay_s))
