"""Find the earlier snapshot that a snapshot is compared with.

Only like hours are compared: the difference between afternoon and night is the course of a day, not
a change of the weather. The earlier snapshot must be one, two or three days older, give or take one
hour. The clock times of both snapshots are used without their minutes. The view `hourly_changes`
compares stations by the same rule. If there is no such snapshot, a `NoComparison` says why, and no
change is shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Generic, TypeVar

from nalssi.common.snapshot_time import SnapshotTime
from nalssi.locale.locales import Locale

MAX_DAYS: Final = 3
"""The greatest number of days between two snapshots that are compared."""
TOLERANCE_HOURS: Final = 1
"""The greatest difference between two hours of the day that count as the same hour."""

T = TypeVar("T")


class NoComparison(StrEnum):
    """The reason why a snapshot is compared with no earlier one.

    The values are the keys of `ChartPhrases.no_change`, which has the reasons in each language.
    """

    DAY_UNKNOWN = "day_unknown"
    HOUR_UNKNOWN = "hour_unknown"
    NO_LIKE_HOUR = "no_like_hour"
    NO_COMMON_STATION = "no_common_station"

    @property
    def text(self) -> str:
        """The reason in English, for logs and errors."""
        return _TEXTS[self]


_TEXTS: Final = {
    NoComparison.DAY_UNKNOWN: "the day is unknown",
    NoComparison.HOUR_UNKNOWN: "the hour is unknown",
    NoComparison.NO_LIKE_HOUR: "no list of the same hour in the three days before",
    NoComparison.NO_COMMON_STATION: (
        "no common station with a list of the same hour in the three days before"
    ),
}


def days_apart(later: datetime, earlier: datetime) -> int | None:
    """Return the number of days from `earlier` to `later`, from 1 to MAX_DAYS.

    Return None if the number is any other, or if the hours of the day differ by more than
    TOLERANCE_HOURS.
    """
    days = round(_hours_apart(later, earlier) / 24)
    if 1 <= days <= MAX_DAYS and _hours_off(later, earlier) <= TOLERANCE_HOURS:
        return days
    return None


def _hours_apart(later: datetime, earlier: datetime) -> int:
    """Return the number of hours from `earlier` to `later`. Minutes of both are cut off first."""
    return int(later.timestamp() // 3600 - earlier.timestamp() // 3600)


def _hours_off(later: datetime, earlier: datetime) -> int:
    """Return the difference between the hours of the day of two instants, from 0 to 12 hours."""
    hours = _hours_apart(later, earlier) % 24
    return min(hours, 24 - hours)


@dataclass(frozen=True)
class _Entry(Generic[T]):
    """A snapshot with its clock time and the stations that have a usable reading in it.

    `is_captured` is True if the clock time is that of the capture, and False for a known hour.
    """

    clock_at: datetime
    is_captured: bool
    stations: AbstractSet[int]
    snapshot: T


@dataclass
class PreviousSnapshots(Generic[T]):
    """The snapshots that a later snapshot can be compared with. Add them in order of time.

    T is the type in which the caller represents a snapshot. This class only stores these objects
    and returns them.
    """

    _entries: deque[_Entry[T]] = field(default_factory=deque)

    def add(self, time: SnapshotTime, stations: AbstractSet[int], snapshot: T) -> None:
        """Add a snapshot with its time and the stations that have a usable reading in it.

        A snapshot without a clock time is not added: nothing can be compared with it.
        """
        if time.clock_at is None:
            return
        self._entries.append(_Entry(time.clock_at, time.is_captured, stations, snapshot))
        while time.clock_at - self._entries[0].clock_at > timedelta(days=MAX_DAYS + 1):
            self._entries.popleft()

    def find(self, time: SnapshotTime, stations: AbstractSet[int]) -> T | NoComparison:
        """Return the earlier snapshot to compare a new snapshot with, or why there is none.

        `time` is the time of the new snapshot, and `stations` are those that have a usable reading
        in it. Of several earlier snapshots, the one with the fewest days between is returned, then
        the one with the nearest hour of the day, then one with a proven hour, then the newest one.
        """
        if time.day is None:
            return NoComparison.DAY_UNKNOWN
        if time.clock_at is None:
            return NoComparison.HOUR_UNKNOWN
        best: tuple[int, int, bool] | None = None
        found: T | NoComparison = NoComparison.NO_LIKE_HOUR
        for entry in reversed(self._entries):
            days = days_apart(time.clock_at, entry.clock_at)
            if days is None:
                continue
            if stations.isdisjoint(entry.stations):
                if best is None:
                    found = NoComparison.NO_COMMON_STATION
                continue
            rank = (days, _hours_off(time.clock_at, entry.clock_at), entry.is_captured)
            if best is None or rank < best:
                best, found = rank, entry.snapshot
        return found


def days_between(time: SnapshotTime, earlier: SnapshotTime) -> int:
    """Return the number of days between two snapshots of like hours, from 1 to 3.

    `time` and `earlier` are the times of the later and of the earlier snapshot. Raises ValueError
    if `days_apart` is None for them, or a clock time is unknown.
    """
    days = time.clock_at and earlier.clock_at and days_apart(time.clock_at, earlier.clock_at)
    if not days:
        raise ValueError("the snapshots are not of like hours, one to three days apart")
    return days


def change_since(locale: Locale, time: SnapshotTime, earlier: SnapshotTime) -> str:
    """Return a text such as `than at the same hour yesterday`, for two snapshots.

    `time` and `earlier` are the times of the later and of the earlier snapshot. Raises ValueError
    as `days_between` does.
    """
    days = days_between(time, earlier)
    if days == 1:
        return locale.charts.since_yesterday
    return locale.charts.since_days.format(days=days)


def earlier_hour(locale: Locale, time: SnapshotTime, earlier: SnapshotTime) -> str:
    """Return a text for the hour of the earlier snapshot, such as `the same hour yesterday`.

    `time` and `earlier` are the times of the later and of the earlier snapshot. Raises ValueError
    as `days_between` does.
    """
    days = days_between(time, earlier)
    phrases = locale.headlines
    phrase = phrases.same_hour_yesterday if days == 1 else phrases.same_hour_days_before
    return phrase.format(days=days)


def change_title(locale: Locale, time: SnapshotTime, earlier: SnapshotTime) -> str:
    """Return a title such as `Change since the same hour yesterday`, for two snapshots.

    `time` and `earlier` are the times of the later and of the earlier snapshot. Raises ValueError
    as `days_between` does.
    """
    return locale.charts.change_title.format(time=earlier_hour(locale, time, earlier))
