"""Find the official hours that are nearest to a list of temperatures.

The distance of a list from an hour is the mean absolute difference over the stations that both
have. Each difference counts up to CAP_C, so that one station that is far off (another sensor, a
misprint) cannot outweigh the others. Lists are rows of a station grid (`station_grid`).
`hour_likelihood` decides whether the nearest hour is the right one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.station_grid import Tenths, has_value
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import (
    Degrees,
    Shortlist,
    mean_distance,
    merge,
    no_hours,
    shorten,
    stack,
)

CAP_C = 3.0
CAP = np.int16(CAP_C * 10)
MIN_STATIONS = 5
"""The smallest number of common stations at which a list can equal an hour and prove it."""
NOISE_STATIONS = 8
"""The smallest number of common stations at which a list with noise is compared with an hour."""
LATE_HOURS = 3
"""The number of hours before its date that a list may show, because sites are late at midnight."""
DAYS_BEFORE = 60
"""The number of days before the date of a list in which the hour of a frozen feed is searched.
Frozen feeds last for weeks."""

HOURS_AT_ONCE = 1024
"""The number of hours whose differences from a block of lists are computed in one step."""
ABSENT_VALUE = np.int16(10_000)
ABSENT_READING = np.int16(-20_000)
"""ABSENT_VALUE replaces a missing temperature of an hour, ABSENT_READING one of a list, while
differences are computed. They differ from all temperatures and from each other by more than CAP,
without overflow of 16 bits."""


@dataclass(frozen=True)
class BlockSizes:
    """The amounts of data that are computed at once. They change only speed and memory use."""

    snapshots: int = 16_384
    """The number of snapshots whose readings are read at once."""
    lists: int = 64
    """The number of lists compared at once with HOURS_AT_ONCE hours. Their differences fit into a
    core's L2 cache."""
    span_hours: int = 8 * HOURS_AT_ONCE
    """The number of hours whose distances from `lists` lists are in memory at once. They are
    computed HOURS_AT_ONCE at a time."""
    windows: int = 1024
    """The number of lists compared at once with the hours of their own day. Each list takes 27
    hours x 105 stations x 2 bytes, all of them together 6 MB."""
    scored_lists: int = 2048
    """The number of lists whose nearest hours are scored at once."""


def nearest_of_date(
    lists: Tenths,
    days: npt.NDArray[np.integer],
    official: OfficialHours,
    sizes: BlockSizes | None = None,
    *,
    min_stations: int = NOISE_STATIONS,
) -> Shortlist:
    """Find for each list the nearest of the hours of its day and of the LATE_HOURS hours before it.

    `lists` is a station grid. `days` is the Korean day of each list, in days since 1970; its first
    hour is 0:00. A list is compared only with hours that have `min_stations` or more stations in
    common with it. `sizes` do not change the result.
    """
    block_size = (sizes or BlockSizes()).windows
    offsets = np.arange(-LATE_HOURS, 24) - KST_HOURS
    parts = [no_hours(0, official)]
    for start in range(0, len(lists), block_size):
        block = lists[start : start + block_size]
        window = days[start : start + block_size, None].astype(np.int64) * 24 + offsets
        rows = official.row_of(window)
        used = np.flatnonzero(has_value(block).any(axis=0))
        printed, values = block[:, None, used], official.tenths[rows[:, :, None], used]
        common = has_value(printed) & has_value(values)
        difference = np.minimum(np.abs(printed - values), CAP)
        stations = common.sum(axis=2, dtype=np.int16)
        total = (difference * common).sum(axis=2, dtype=np.int32)
        distance = mean_distance(total, stations, min_stations)
        present = (rows != official.missing).sum(axis=1, dtype=np.int32)
        parts.append(shorten(rows, distance, stations, present))
    return stack(parts)


def nearest_before_date(
    lists: Tenths,
    days: npt.NDArray[np.integer],
    official: OfficialHours,
    sizes: BlockSizes | None = None,
    *,
    min_stations: int = NOISE_STATIONS,
) -> Shortlist:
    """Find for each list the nearest of the hours of the DAYS_BEFORE days before its day.

    If the list is of a frozen feed, it shows one of these hours. The search ends where the hours of
    `nearest_of_date` begin. `lists` is a station grid, `days` the Korean day of each list in days
    since 1970. The search is fast if lists are sorted by day. A list is compared only with hours
    that have `min_stations` or more stations in common with it. `sizes` do not change the result.
    """
    end = days.astype(np.int64) * 24 - KST_HOURS - LATE_HOURS
    begin = end - 24 * DAYS_BEFORE
    return _nearest(lists, official, begin, end, sizes, min_stations)


def nearest_of_all(
    lists: Tenths,
    official: OfficialHours,
    sizes: BlockSizes | None = None,
    *,
    min_stations: int = NOISE_STATIONS,
) -> Shortlist:
    """Find for each list the nearest of all official hours: those whose temperatures differ least.

    A list is compared only with hours that have `min_stations` or more stations in common with it.
    `sizes` do not change the result.
    """
    if not official.missing:
        return no_hours(len(lists), official)
    begin = np.full(len(lists), official.hours[0])
    end = np.full(len(lists), official.hours[-1] + 1)
    return _nearest(lists, official, begin, end, sizes, min_stations)


def _nearest(
    lists: Tenths,
    official: OfficialHours,
    begin: npt.NDArray[np.integer],
    end: npt.NDArray[np.integer],
    sizes: BlockSizes | None,
    min_stations: int,
) -> Shortlist:
    """Return the hours nearest to each list, among the hours from its `begin` to before its `end`.

    `begin` and `end` have an hour for each list (hours since 1970 UTC). Only hours with
    `min_stations` or more common stations count.
    """
    sizes = sizes or BlockSizes()
    by_station = official.tenths[: official.missing].T
    is_known = has_value(by_station)
    hours = np.ascontiguousarray(np.where(is_known, by_station, ABSENT_VALUE))
    known = np.ascontiguousarray(is_known, dtype=np.float32)
    bounds = np.searchsorted(official.hours, np.stack([begin, end]))
    parts = [no_hours(0, official)]
    for start in range(0, len(lists), sizes.lists):
        block = lists[start : start + sizes.lists]
        inside = bounds[:, start : start + sizes.lists]
        best = no_hours(len(block), official)
        for first in range(inside[0].min(), inside[1].max(), sizes.span_hours):
            span = slice(first, min(first + sizes.span_hours, inside[1].max()))
            found = _compare(block, hours[:, span], known[:, span], inside - first, min_stations)
            best = merge(best, found, first)
        parts.append(best)
    return stack(parts)


def _compare(
    block: Tenths,
    hours: Tenths,
    known: Degrees,
    inside: npt.NDArray[np.integer],
    min_stations: int,
) -> Shortlist:
    """Return the hours nearest to each list of `block`, among consecutive official hours.

    - `hours`: their temperatures, stations by hours; missing ones are ABSENT_VALUE
    - `known` (same shape): 1 if the hour has a temperature of the station, else 0
    - `inside` (2 by lists): the columns of `hours` at which the search of each list begins and ends

    `rows` of the result are columns of `hours`, so they count from its first hour.
    """
    is_printed = has_value(block)
    used = np.flatnonzero(is_printed.any(axis=0))
    readings = np.where(is_printed, block, ABSENT_READING)
    total = np.zeros((len(block), hours.shape[1]), dtype=np.int16)
    for start in range(0, hours.shape[1], HOURS_AT_ONCE):
        span = slice(start, start + HOURS_AT_ONCE)
        for column in used:
            difference = readings[:, column, None] - hours[None, column, span]
            np.abs(difference, out=difference)
            np.minimum(difference, CAP, out=difference)
            total[:, span] += difference
    stations = (is_printed[:, used].astype(np.float32) @ known[used]).astype(np.int16)
    # A station that either side lacks has added CAP, which is no difference.
    total -= CAP * (np.int16(len(used)) - stations)
    index = np.arange(hours.shape[1], dtype=np.int32)
    begin, end = np.clip(inside, 0, len(index)).astype(np.int32)
    if begin.any() or (end < len(index)).any():
        stations[(index < begin[:, None]) | (index >= end[:, None])] = 0
    rows = np.broadcast_to(index, total.shape)
    present = np.maximum(end - begin, 0)
    distance = mean_distance(total, stations, min_stations)
    return shorten(rows, distance, stations, present)
