"""Find the earlier snapshot that a snapshot is compared with.

It is a snapshot of the newest earlier day that has a station in common. If that day has several
snapshots, the one with the nearest hour of the day is used: the difference between afternoon and
midnight is the course of a day, not a change of the weather. If hours are unknown, the newest
snapshot of the day is used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

from nalssi.common.korea_time import KST

MAX_AGE: Final = timedelta(days=366)
"""The greatest difference in days between two snapshots that are compared."""

T = TypeVar("T")


@dataclass(frozen=True)
class _Entry(Generic[T]):
    day: date
    hour: int | None
    stations: AbstractSet[int]
    snapshot: T


@dataclass
class PreviousSnapshots(Generic[T]):
    """The snapshots that a later snapshot can be compared with. Add them in order of time."""

    _entries: deque[_Entry[T]] = field(default_factory=deque)

    def add(self, day: date, at: datetime | None, stations: AbstractSet[int], snapshot: T) -> None:
        """Add a snapshot with its day, its hour `at` (None if unknown), and its stations.

        `stations` are the stations that have a usable reading in the snapshot.
        """
        self._entries.append(_Entry(day, _hour(at), stations, snapshot))
        while day - self._entries[0].day > MAX_AGE:
            self._entries.popleft()

    def find(self, day: date, at: datetime | None, stations: AbstractSet[int]) -> T | None:
        """Return the earlier snapshot to compare a new snapshot with, or None if there is none.

        `day`, `at` and `stations` describe the new snapshot, as for `add`.
        """
        hour = _hour(at)
        nearest: _Entry[T] | None = None
        for other in reversed(self._entries):
            if nearest and other.day < nearest.day:
                break
            age = day - other.day
            if not timedelta() < age <= MAX_AGE or stations.isdisjoint(other.stations):
                continue
            if nearest is None or _hours_between(hour, other.hour) < _hours_between(
                hour, nearest.hour
            ):
                nearest = other
        return nearest.snapshot if nearest else None


def _hour(at: datetime | None) -> int | None:
    return at.astimezone(KST).hour if at else None


def _hours_between(hour: int | None, other: int | None) -> int:
    """Return the difference between two hours of the day, or 24 if one of them is unknown."""
    return 24 if hour is None or other is None else abs(hour - other)
