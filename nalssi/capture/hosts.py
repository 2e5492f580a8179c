"""One request at a time to a host, with a pause between, and the pauses that hosts ask for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

PATIENCE_S = 120.0
"""The longest pause that a run waits for. Who asks for a longer one is left to a later run."""

_LONGEST_PAUSE = timedelta(days=1)


class NotNowError(Exception):
    """A host wants to be left alone for longer than a run waits; the message says how long."""


@dataclass
class _Host:
    delay_s: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0


class Hosts:
    """Whose turn it is; shared by the threads of a run."""

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
        """Wait until a request may be sent to the host, and keep others waiting while it lasts."""
        host = self._host(name)
        with host.lock:
            wait = host.free_at - self._clock()
            if wait > PATIENCE_S:
                raise NotNowError(f"{name} asks to be left alone for {wait:,.0f} s")
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                host.free_at = max(host.free_at, self._clock() + host.delay_s)

    def pause(self, name: str, seconds: float) -> None:
        """Send nothing to the host for so long: it asked for that."""
        host = self._host(name)
        host.free_at = max(host.free_at, self._clock() + seconds)

    def slow_down(self, name: str, seconds: float) -> None:
        """Leave at least so long between requests to the host, as its robots.txt asks."""
        host = self._host(name)
        host.delay_s = max(host.delay_s, min(seconds, PATIENCE_S))
        host.free_at = max(host.free_at, self._clock() + host.delay_s)

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host(self._delay_s))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The pause that a `Retry-After` asks for, in either of its forms; at most a day."""
    if not value:
        return None
    value = value.strip()
    if not value.isascii():  # digits of other scripts are none
        return None
    if value.isdecimal():
        seconds = int(value[:10])
        return min(timedelta(seconds=seconds), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(value)
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(timedelta(0), min(until - now, _LONGEST_PAUSE))
    except (ValueError, OverflowError):
        return None
