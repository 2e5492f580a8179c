"""The check `stuck_station`: find stations whose temperature stays while others change.

The check needs dates, not hours: a value that never changes shows at any hour of the day.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from nalssi.common.station_grid import Bools, Ints
from nalssi.quality.flags import all_findings
from nalssi.quality.snapshot_grid import NO_DAY, SnapshotGrid
from nalssi.quality.thresholds import threshold
from nalssi.quality.time_groups import TimeGroups, findings_of_groups, group_rows

TEST = "stuck_station"
ALL_SITES = -1
WINDOWS_AT_ONCE = 20_000


def stuck_station(grid: SnapshotGrid) -> pl.DataFrame:
    """Return findings on stations whose temperature does not change over five dates.

    The check runs for each site and for all sites together. It takes any five consecutive dates on
    which the station is printed, at most a month from first to last. The station is suspect if all
    its values on these dates are equal and the median of the other stations' ranges is 3 °C or
    more. If the other stations do not change either, the feed is frozen, not the station.

    The findings are for all snapshots of the grid.
    """
    by_date = group_by_site_and_date(grid)
    if by_date is None:
        return all_findings([])
    groups, site, day = by_date
    return findings_of_groups(grid, groups, stuck_values(groups, site, day), TEST, None)


def group_by_site_and_date(grid: SnapshotGrid) -> tuple[TimeGroups, Ints, Ints] | None:
    """Group the dated snapshots in two ways: by site and date, and by date alone.

    Returns the groups of both, and the site and the date of each group. A site is a number, or
    ALL_SITES for a group by date alone; a date is a number of days since 1970. Groups are sorted
    by site, then by date. Returns None if no snapshot is dated.
    """
    days = grid.days
    dated = np.flatnonzero(days != NO_DAY)
    if not dated.size:
        return None
    seen = grid.snapshots.select(row=pl.int_range(pl.len(), dtype=pl.Int64), site="sites").explode(
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
    is_first = np.ones(rows.size, np.bool_)
    is_first[1:] = (sites[1:] != sites[:-1]) | (days[rows[1:]] != days[rows[:-1]])
    starts = np.flatnonzero(is_first)
    return group_rows(grid, rows, starts), sites[starts], days[rows[starts]]


def stuck_values(groups: TimeGroups, site: Ints, day: Ints) -> Bools:
    """Return a mask, groups of snapshots by stations: True if a station is stuck in a group.

    `site` and `day` are the site and the date of each group.
    """
    dates, days = int(threshold("stuck_dates")), int(threshold("stuck_days"))
    stuck = np.zeros(groups.low.shape, np.bool_)
    moves = _count_moves(groups)
    for column in range(groups.low.shape[1]):
        present = np.flatnonzero(groups.known[:, column])
        if present.size < dates:
            continue
        low, high = groups.low[present, column], groups.high[present, column]
        same = (low[1:] == high[:-1]) & (low[:-1] == high[1:])
        run = np.lib.stride_tricks.sliding_window_view(same, dates - 1).all(axis=1)
        window = np.lib.stride_tricks.sliding_window_view(present, dates)[run]
        first, last = window[:, 0], window[:, -1]
        candidate = (site[first] == site[last]) & (day[last] - day[first] < days)
        # In a frozen feed nothing moves. Skipping its windows here saves most of the time.
        candidate &= moves[last] > moves[first]
        for start in range(0, window.shape[0], WINDOWS_AT_ONCE):
            part = window[candidate][start : start + WINDOWS_AT_ONCE]
            stuck[part[_others_move(groups, part, column)].ravel(), column] = True
    return stuck


def _count_moves(groups: TimeGroups) -> Ints:
    """Return for each group how many of the groups up to it differ from the group before them.

    A group differs if a station has another temperature than in the group before, or if the two
    have no station in common.
    """
    known = groups.known
    common = known[1:] & known[:-1]
    differ = (groups.low[1:] != groups.low[:-1]) | (groups.high[1:] != groups.high[:-1])
    moved = (common & differ).any(axis=1) | ~common.any(axis=1)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(moved)])


def _others_move(groups: TimeGroups, windows: Ints, column: int) -> Bools:
    """Return True for each window of groups in which the other stations' temperatures change.

    They change if the median of their ranges is `stuck_neighbours_move` or more. A window (a row of
    `windows`) is numbers of groups. `column` is the station that does not change.
    """
    low = groups.low[windows].min(axis=1).astype(np.float64)
    high = groups.high[windows].max(axis=1).astype(np.float64)
    ranges = np.where(high >= low, high - low, np.nan)
    ranges[:, column] = np.nan
    has_others = ~np.isnan(ranges).all(axis=1)
    moving = np.zeros(windows.shape[0], np.bool_)
    limit = threshold("stuck_neighbours_move") * 10
    moving[has_others] = np.nanmedian(ranges[has_others], axis=1) >= limit
    return moving
