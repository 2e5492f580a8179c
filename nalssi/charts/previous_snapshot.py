"""Which snapshot another is compared with: one of the last earlier day that shares a station.

Where a day has several, as when pages are captured every hour, it is the one nearest in hour of
the day: three in the afternoon against three in the afternoon, for between afternoon and midnight
lies the course of a day and no change of the weather. Where hours are not known, it is the last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

from nalssi.common.korea_time import KST

LONGEST: Final = timedelta(days=366)
"""How old the other may be: beyond a year it is another weather, and need not be remembered."""

T = TypeVar("T")


@dataclass(frozen=True)
class _Met(Generic[T]):
    day: date
    hour: int | None
    stations: AbstractSet[int]
    what: T


@dataclass
class Earlier(Generic[T]):
    """Snapshots met so far; they are to be added in order of time."""

    _met: deque[_Met[T]] = field(default_factory=deque)

    def add(self, day: date, at: datetime | None, stations: AbstractSet[int], what: T) -> None:
        """Remember a snapshot, `what`, of a day and perhaps an hour, with its usable stations."""
        self._met.append(_Met(day, _hour(at), stations, what))
        while day - self._met[0].day > LONGEST:
            self._met.popleft()

    def find(self, day: date, at: datetime | None, stations: AbstractSet[int]) -> T | None:
        """The one that a snapshot of these stations is compared with, if there is any."""
        hour = _hour(at)
        nearest: _Met[T] | None = None
        for other in reversed(self._met):
            if nearest and other.day < nearest.day:
                break
            if not timedelta() < day - other.day <= LONGEST or stations.isdisjoint(other.stations):
                continue
            if nearest is None or _apart(hour, other.hour) < _apart(hour, nearest.hour):
                nearest = other
        return nearest.what if nearest else None


def _hour(at: datetime | None) -> int | None:
    return at.astimezone(KST).hour if at else None


def _apart(hour: int | None, other: int | None) -> int:
    """Hours between; an unknown hour is farther than any known one."""
    return 24 if hour is None or other is None else abs(hour - other)
