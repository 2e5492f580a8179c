"""The hours nearest to a list of temperatures.

The distance of a list to an hour is the mean absolute difference over the stations that both have,
each difference counted up to CAP_C: a station that is far off (another sensor, a misprint) cannot
outweigh the others. Arrays are lists by stations, in tenths of a degree (see `archive`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nalssi.common.korea_time import KST_HOURS
from nalssi.timing.official_hours import (
    NO_READING,
    NO_VALUE,
    OfficialHours,
    Rows,
    Tenths,
)

Degrees = npt.NDArray[np.float32]

CAP_C = 3.0
CAP = np.int16(CAP_C * 10)
MIN_STATIONS = 8
"""Common stations below which a list is not compared with an hour."""
LATE_HOURS = 3
"""A list may be older than its date by this much: sites are late at midnight, too."""
DAYS_BEFORE = 60
"""How far back a frozen feed is looked for; they stand for weeks."""
SHORTLIST = 8
"""Hours kept for each list: the nearest, and what could be mistaken for it."""

LISTS_AT_ONCE = 64  # with HOURS_AT_ONCE: differences that fit a core's second-level cache
HOURS_AT_ONCE = 1024
SPAN_HOURS = 8 * HOURS_AT_ONCE
GROUP = 32
WINDOWS_AT_ONCE = 1024  # lists × 27 hours × 105 stations × 2 bytes: 6 MB


@dataclass(frozen=True)
class Shortlist:
    """For each list the nearest hours, nearest first: all arrays are lists by SHORTLIST.

    `rows` of the archive, `missing` where there are fewer hours; `distance_c`, infinite there;
    `stations` compared. `compared`: to how many hours each list could be compared at all.
    `present`: how many of the hours looked at have any official value.
    """

    rows: Rows
    distance_c: Degrees
    stations: npt.NDArray[np.int16]
    compared: npt.NDArray[np.int32]
    present: npt.NDArray[np.int32]

    def part(self, lists: slice) -> Shortlist:
        """The shortlist of some of the lists."""
        return Shortlist(**{name: array[lists] for name, array in vars(self).items()})


def nearest_of_date(
    lists: Tenths, days: npt.NDArray[np.integer], archive: OfficialHours
) -> Shortlist:
    """The nearest among the hours of each list's day (days since 1970), and the LATE_HOURS before.

    An hour that only the next day begins with is none of them.
    """
    offsets = np.arange(-LATE_HOURS, 24) - KST_HOURS
    parts = [_nothing(0, archive)]
    for start in range(0, len(lists), WINDOWS_AT_ONCE):
        block = lists[start : start + WINDOWS_AT_ONCE]
        window = days[start : start + WINDOWS_AT_ONCE, None].astype(np.int64) * 24 + offsets
        rows = archive.row_of(window)
        used = np.flatnonzero((block != NO_READING).any(axis=0))
        there = archive.tenths[rows[:, :, None], used]
        difference = np.minimum(np.abs(block[:, None, used] - there), CAP)
        common = (block[:, None, used] != NO_READING) & (there != NO_VALUE)
        stations = common.sum(axis=2, dtype=np.int16)
        total = (difference * common).sum(axis=2, dtype=np.int32)
        distance = _mean(total, stations)
        present = (rows != archive.missing).sum(axis=1, dtype=np.int32)
        parts.append(_shorten(rows, distance, stations, present))
    return _stack(parts)


def nearest_before_date(
    lists: Tenths, days: npt.NDArray[np.integer], archive: OfficialHours
) -> Shortlist:
    """The nearest among the hours of the DAYS_BEFORE before those of `nearest_of_date`.

    What a frozen feed shows is among them. Quick when lists come in the order of their days.
    """
    end = days.astype(np.int64) * 24 - KST_HOURS - LATE_HOURS
    return _nearest(lists, archive, end - 24 * DAYS_BEFORE, end)


def nearest_of_all(lists: Tenths, archive: OfficialHours) -> Shortlist:
    """The nearest among all hours of the archive."""
    first, last = (archive.hours[0], archive.hours[-1]) if archive.missing else (0, 0)
    begin, end = np.full(len(lists), first), np.full(len(lists), last + 1)
    return _nearest(lists, archive, begin, end)


def _nearest(
    lists: Tenths,
    archive: OfficialHours,
    begin: npt.NDArray[np.integer],
    end: npt.NDArray[np.integer],
) -> Shortlist:
    """The nearest among the hours from `begin` to before `end`, for each list its own."""
    hours_first = np.ascontiguousarray(archive.tenths[: archive.missing].T)
    has_value = (hours_first != NO_VALUE).astype(np.float32)
    bounds = np.searchsorted(archive.hours, np.stack([begin, end]))
    parts = [_nothing(0, archive)]
    for start in range(0, len(lists), LISTS_AT_ONCE):
        block = lists[start : start + LISTS_AT_ONCE]
        inside = bounds[:, start : start + LISTS_AT_ONCE]
        best = _nothing(len(block), archive)
        for first in range(inside[0].min(), inside[1].max(), SPAN_HOURS):
            span = slice(first, min(first + SPAN_HOURS, inside[1].max()))
            found = _compare(block, hours_first[:, span], has_value[:, span], inside - first)
            best = _merge(best, found, first)
        parts.append(best)
    return _stack(parts)


def _compare(
    block: Tenths, hours: Tenths, has_value: Degrees, inside: npt.NDArray[np.integer]
) -> Shortlist:
    """The nearest of a run of hours (stations by hours), for each list those `inside` bounds."""
    has_reading = block != NO_READING
    used = np.flatnonzero(has_reading.any(axis=0))
    total = np.zeros((len(block), hours.shape[1]), dtype=np.int16)
    for start in range(0, hours.shape[1], HOURS_AT_ONCE):
        span = slice(start, start + HOURS_AT_ONCE)
        for column in used:
            difference = block[:, column, None] - hours[None, column, span]
            np.abs(difference, out=difference)
            np.minimum(difference, CAP, out=difference)
            total[:, span] += difference
    stations = (has_reading[:, used].astype(np.float32) @ has_value[used]).astype(np.int16)
    # Where either has no value the difference was CAP; that is no difference.
    total -= CAP * (np.int16(len(used)) - stations)
    places = np.arange(hours.shape[1], dtype=np.int32)
    begin, end = np.clip(inside, 0, len(places)).astype(np.int32)
    if begin.any() or (end < len(places)).any():
        stations[(places < begin[:, None]) | (places >= end[:, None])] = 0
    rows = np.broadcast_to(places, total.shape)
    present = np.maximum(end - begin, 0)
    return _shorten(rows, _mean(total, stations), stations, present)


def _mean(total: npt.NDArray[np.integer], stations: npt.NDArray[np.int16]) -> Degrees:
    """Mean difference in °C, infinite where too few stations are common."""
    enough = stations >= MIN_STATIONS
    mean = total.astype(np.float32) / (np.maximum(stations, 1).astype(np.float32) * 10)
    return np.where(enough, mean, np.float32(np.inf))


def _shorten(
    rows: Rows, distance: Degrees, stations: npt.NDArray[np.int16], present: npt.NDArray[np.int32]
) -> Shortlist:
    """The SHORTLIST nearest of these hours; of hours equally near, the earlier first."""
    compared = np.isfinite(distance).sum(axis=1, dtype=np.int32)
    if distance.shape[1] > SHORTLIST:
        rows, distance, stations = _take(_smallest(distance), rows, distance, stations)
    order = np.lexsort((rows, distance), axis=1)
    rows, distance, stations = _take(order, rows, distance, stations)
    return Shortlist(rows, distance, stations, compared, present)


def _smallest(distance: Degrees) -> npt.NDArray[np.intp]:
    """Where the SHORTLIST smallest of each row are, in any order.

    They lie in the SHORTLIST groups with the smallest minima. A minimum of each group is one quick
    pass; a partition of everything would take most of the time of the whole search.
    """
    lists, width = distance.shape
    whole = width - width % GROUP
    if whole // GROUP <= SHORTLIST:
        return np.argpartition(distance, SHORTLIST - 1, axis=1)[:, :SHORTLIST]
    minima = distance[:, :whole].reshape(lists, -1, GROUP).min(axis=2)
    groups = np.argpartition(minima, SHORTLIST - 1, axis=1)[:, :SHORTLIST]
    inside = (groups[:, :, None] * GROUP + np.arange(GROUP)).reshape(lists, -1)
    rest = np.broadcast_to(np.arange(whole, width), (lists, width - whole))
    places = np.hstack([inside, rest])
    near = np.argpartition(np.take_along_axis(distance, places, axis=1), SHORTLIST - 1, axis=1)
    return np.take_along_axis(places, near[:, :SHORTLIST], axis=1)


def _take(
    order: npt.NDArray[np.intp], rows: Rows, distance: Degrees, stations: npt.NDArray[np.int16]
) -> tuple[Rows, Degrees, npt.NDArray[np.int16]]:
    return (
        np.take_along_axis(rows, order, axis=1),
        np.take_along_axis(distance, order, axis=1),
        np.take_along_axis(stations, order, axis=1),
    )


def _merge(one: Shortlist, other: Shortlist, first_row: int) -> Shortlist:
    """The nearest of two shortlists of the same lists; rows of the other begin at `first_row`."""
    merged = _shorten(
        np.hstack([one.rows, other.rows + np.int32(first_row)]),
        np.hstack([one.distance_c, other.distance_c]),
        np.hstack([one.stations, other.stations]),
        one.present + other.present,
    )
    return replace(merged, compared=one.compared + other.compared)


def _nothing(lists: int, archive: OfficialHours) -> Shortlist:
    shape = (lists, SHORTLIST)
    return Shortlist(
        np.full(shape, archive.missing, dtype=np.int32),
        np.full(shape, np.inf, dtype=np.float32),
        np.zeros(shape, dtype=np.int16),
        np.zeros(lists, dtype=np.int32),
        np.zeros(lists, dtype=np.int32),
    )


def _stack(parts: list[Shortlist]) -> Shortlist:
    return Shortlist(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.distance_c for part in parts]),
        np.concatenate([part.stations for part in parts]),
        np.concatenate([part.compared for part in parts]),
        np.concatenate([part.present for part in parts]),
    )
