"""Checks along time: the same station in other lists.

Hours are known only where the feed tells them or the comparison with official observations
found them; a date alone is good enough to see a value that never changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from nalssi.quality.snapshot_grid import (
    NO_DAY,
    NO_VALUE,
    STATIONS,
    Bools,
    Floats,
    Ints,
    Lists,
    Tenths,
    all_rows,
    rows_of,
)
from nalssi.quality.thresholds import threshold
from schemas.vocabulary import FLAG_SUSPECT

ALL_SITES = -1
WINDOWS_AT_ONCE = 20_000
GROUPS_AT_ONCE = 512  # whose lists fit the processor's cache
STEP_HOURS = (1, 2, 3, 6, 12)
LONGEST_STEP_H = STEP_HOURS[-1]


@dataclass(frozen=True)
class Groups:
    """Lists that share a time: `low` and `high` are the least and greatest temperature of each
    station (tenths; `low > high` where there is none), `of` the group of each entry of `rows`."""

    low: Tenths
    high: Tenths
    rows: Ints
    of: Ints

    @property
    def known(self) -> Bools:
        known: Bools = self.low <= self.high
        return known


def group(lists: Lists, rows: Ints, starts: Ints) -> Groups:
    """Least and greatest temperature of each station over stretches of `rows`."""
    groups = starts.size
    low = np.empty((groups, len(STATIONS)), np.int16)
    high = np.empty((groups, len(STATIONS)), np.int16)
    ends = np.append(starts, rows.size)
    for first in range(0, groups, GROUPS_AT_ONCE):
        last = min(first + GROUPS_AT_ONCE, groups)
        values = lists.tenths[rows[starts[first] : ends[last]], : len(STATIONS)]
        edges = starts[first:last] - starts[first]
        np.maximum(values, NO_VALUE, out=values)
        high[first:last] = np.maximum.reduceat(values, edges, axis=0)
        values[values == NO_VALUE] = -NO_VALUE
        low[first:last] = np.minimum.reduceat(values, edges, axis=0)
    of = np.zeros(rows.size, np.int64)
    of[starts[1:]] = 1
    return Groups(low, high, rows, np.cumsum(of))


def by_hour(lists: Lists) -> tuple[Groups, Floats] | None:
    """The lists of known hours, grouped by hour, and the hours (since 1970, UTC), rising."""
    rows = np.flatnonzero(~np.isnan(lists.hours))
    if not rows.size:
        return None
    hours = lists.hours[rows]
    order = np.argsort(hours, kind="stable")
    unique, starts = np.unique(hours[order], return_index=True)
    return group(lists, rows[order], starts), unique


def one_hour_two_values(lists: Lists, rows: Bools | None = None) -> pl.DataFrame:
    """Two lists of one known hour print different temperatures for a station: suspect in every
    list of that hour (`consistency`), for which of them is right cannot be told."""
    grouped = by_hour(lists)
    if grouped is None:
        return all_rows([])
    hours, _ = grouped
    tolerance = round(threshold("hour_disagreement") * 10)
    differ = hours.known & (hours.high.astype(np.int32) - hours.low > tolerance)
    return _flag(lists, hours, differ, "consistency", rows)


def step(lists: Lists, rows: Bools | None = None) -> pl.DataFrame:
    """A temperature moves faster than WMO's limits allow: suspect.

    A value is compared with the nearest known hours before and after it, up to 12 hours away. One
    too far from both is a spike. Without the spikes, of two consecutive values too far apart the
    one that its other neighbour does not support is suspect: both, if neither is supported; the
    later, if both are, as in WMO's own check.
    """
    grouped = by_hour(lists)
    if grouped is None:
        return all_rows([])
    hours, at = grouped
    known = hours.known
    suspect = np.zeros_like(known)
    for column in range(len(STATIONS)):
        present = np.flatnonzero(known[:, column])
        if present.size > 1:
            low, high = (edge[present, column] / 10 for edge in (hours.low, hours.high))
            suspect[present, column] = too_fast(at[present], low, high)
    return _flag(lists, hours, suspect, "step", rows)


def too_fast(at: Floats, low: Floats, high: Floats) -> Bools:
    """Which values of one station move too fast. `at` in hours, rising; `low` and `high` are the
    bounds of what was printed for the hour, and the benefit of the doubt goes to the nearer."""
    before, after = _neighbours(at, low, high)
    spike: Bools = (before == BAD) & (after == BAD)
    rest = np.flatnonzero(~spike)
    before, after = _neighbours(at[rest], low[rest], high[rest])
    # The later value of a bad pair stands accused unless only the earlier lacks support.
    supported_before = before == GOOD
    supported_after = after == GOOD
    accused = np.zeros(rest.size, np.bool_)
    bad_pair = np.flatnonzero(before[1:] == BAD)  # between `bad_pair` and the one after it
    earlier_supported = supported_before[bad_pair]
    later_supported = supported_after[bad_pair + 1]
    accused[bad_pair[~earlier_supported]] = True
    accused[bad_pair[earlier_supported | ~later_supported] + 1] = True
    suspect = spike
    suspect[rest[accused]] = True
    return suspect


NONE, GOOD, BAD = 0, 1, 2


def _neighbours(at: Floats, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """How each value fits the one before and the one after: NONE near enough, GOOD or BAD."""
    lag = np.diff(at)
    apart = np.maximum(low[1:] - high[:-1], low[:-1] - high[1:])
    limits = [threshold(f"step_{hours}h") for hours in STEP_HOURS]
    # Printed tenths: 4.0 apart is within 4 whatever binary fractions make of it.
    fits = np.where(apart > np.interp(lag, STEP_HOURS, limits) + 1e-9, BAD, GOOD)
    fits = np.where(lag <= LONGEST_STEP_H, fits, NONE)
    nothing = np.zeros(1, fits.dtype)
    return np.concatenate([nothing, fits]), np.concatenate([fits, nothing])


def stuck_station(lists: Lists, rows: Bools | None = None) -> pl.DataFrame:
    """One station's temperature stands still over five dates or more while the others move:
    suspect.

    Looked for at each site and over all sites together: in any five consecutive dates on which
    the station is printed, at most a month from first to last, all its values are equal, and the
    median of the other stations' ranges over the same dates is 3 °C or more. Where the others
    stand still too, the feed is frozen, not the station.
    """
    found = lists.stuck
    return found if rows is None else found.filter(rows[found["snapshot"].to_numpy()])


def find_stuck(lists: Lists) -> pl.DataFrame:
    """The rows of `stuck_station` for all lists."""
    series = by_site_and_date(lists)
    if series is None:
        return all_rows([])
    groups, site, day = series
    return _flag(lists, groups, stuck_values(groups, site, day), "stuck_station", None)


def by_site_and_date(lists: Lists) -> tuple[Groups, Ints, Ints] | None:
    """Dated lists grouped by site and date, and once more by date alone, in that order; with
    the site (a number, or ALL_SITES) and the date (days since 1970) of each group."""
    days = lists.days
    dated = np.flatnonzero(days != NO_DAY)
    if not dated.size:
        return None
    seen = lists.snapshots.select(row=pl.int_range(pl.len(), dtype=pl.Int64), site="sites").explode(
        "site", empty_as_null=True
    )
    seen = seen.drop_nulls().with_columns(pl.col("site").rank("dense").cast(pl.Int64))
    seen_row = seen["row"].to_numpy()
    seen_dated = days[seen_row] != NO_DAY
    rows = np.concatenate([seen_row[seen_dated], dated])
    sites = np.concatenate(
        [seen["site"].to_numpy()[seen_dated], np.full(dated.size, ALL_SITES, np.int64)]
    )
    order = np.lexsort((days[rows], sites))
    rows, sites = rows[order], sites[order]
    first = np.ones(rows.size, np.bool_)
    first[1:] = (sites[1:] != sites[:-1]) | (days[rows[1:]] != days[rows[:-1]])
    starts = np.flatnonzero(first)
    return group(lists, rows, starts), sites[starts], days[rows[starts]]


def stuck_values(groups: Groups, site: Ints, day: Ints) -> Bools:
    """Which stations (columns) of which groups (rows) stand still."""
    dates, days = int(threshold("stuck_dates")), int(threshold("stuck_days"))
    stuck = np.zeros(groups.low.shape, np.bool_)
    moves = _moves(groups)
    for column in range(groups.low.shape[1]):
        present = np.flatnonzero(groups.known[:, column])
        if present.size < dates:
            continue
        low, high = groups.low[present, column], groups.high[present, column]
        same = (low[1:] == high[:-1]) & (low[:-1] == high[1:])
        run = np.lib.stride_tricks.sliding_window_view(same, dates - 1).all(axis=1)
        window = np.lib.stride_tricks.sliding_window_view(present, dates)[run]
        first, last = window[:, 0], window[:, -1]
        near = (site[first] == site[last]) & (day[last] - day[first] < days)
        near &= moves[last] > moves[first]  # a frozen feed is not looked at window by window
        for start in range(0, window.shape[0], WINDOWS_AT_ONCE):
            part = window[near][start : start + WINDOWS_AT_ONCE]
            stuck[part[_others_move(groups, part, column)].ravel(), column] = True
    return stuck


def _moves(groups: Groups) -> Ints:
    """How often, up to each group, a group was not simply the one before once more."""
    known = groups.known
    common = known[1:] & known[:-1]
    differ = (groups.low[1:] != groups.low[:-1]) | (groups.high[1:] != groups.high[:-1])
    moved = (common & differ).any(axis=1) | ~common.any(axis=1)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(moved)])


def _others_move(groups: Groups, windows: Ints, column: int) -> Bools:
    """Whether the other stations' temperatures range widely over windows of groups."""
    low = groups.low[windows].min(axis=1).astype(np.float64)
    high = groups.high[windows].max(axis=1).astype(np.float64)
    ranges = np.where(high >= low, high - low, np.nan)
    ranges[:, column] = np.nan
    others = ~np.isnan(ranges).all(axis=1)
    moving = np.zeros(windows.shape[0], np.bool_)
    moving[others] = np.nanmedian(ranges[others], axis=1) >= threshold("stuck_neighbours_move") * 10
    return moving


def _flag(lists: Lists, groups: Groups, mask: Bools, test: str, rows: Bools | None) -> pl.DataFrame:
    """The marked stations of the marked groups, as suspect readings of the groups' lists."""
    any_station: Bools = np.logical_or.reduce(mask, axis=1)
    marked = np.flatnonzero(any_station[groups.of])
    if rows is not None:
        marked = marked[rows[groups.rows[marked]]]
    snapshots = groups.rows[marked]
    printed = lists.tenths[snapshots, : len(STATIONS)] > NO_VALUE
    found = rows_of(mask[groups.of[marked]] & printed, FLAG_SUSPECT, test, snapshots)
    return found.unique()  # a list seen at two sites is in two groups
