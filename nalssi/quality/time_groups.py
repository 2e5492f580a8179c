"""Group snapshots by hour or by date, for the checks that compare hours or dates.

The checks are in `step_check`, `stuck_station_check` and `consistency_check`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from nalssi.common.station_grid import NO_VALUE, STATIONS, Bools, Floats, Ints, Tenths, has_value
from nalssi.quality.flags import findings_at
from nalssi.quality.snapshot_grid import SnapshotGrid
from schemas.vocabulary import FLAG_SUSPECT

GROUPS_AT_ONCE = 512  # The snapshots of the groups fit into the processor's cache.


@dataclass(frozen=True)
class TimeGroups:
    """Snapshots grouped by time.

    `low` and `high` (groups by stations) are the least and the greatest temperature in tenths of
    a degree; `low > high` where no snapshot of the group has one. `rows` are the grid rows of all
    groups, one group after the other, and `group_of[i]` is the group of `rows[i]`.
    """

    low: Tenths
    high: Tenths
    rows: Ints
    group_of: Ints

    @property
    def known(self) -> Bools:
        """A mask, groups by stations: True if a group has a temperature for a station."""
        known: Bools = self.low <= self.high
        return known


def group_rows(grid: SnapshotGrid, rows: Ints, starts: Ints) -> TimeGroups:
    """Group grid rows: group i consists of `rows[starts[i]:starts[i + 1]]`, the last of the rest.

    `starts` begins with 0 and ascends, so that no group is empty.
    """
    groups = starts.size
    low = np.empty((groups, len(STATIONS)), np.int16)
    high = np.empty((groups, len(STATIONS)), np.int16)
    ends = np.append(starts, rows.size)
    for first in range(0, groups, GROUPS_AT_ONCE):
        last = min(first + GROUPS_AT_ONCE, groups)
        values = grid.tenths[rows[starts[first] : ends[last]], : len(STATIONS)]
        edges = starts[first:last] - starts[first]
        np.maximum(values, NO_VALUE, out=values)
        high[first:last] = np.maximum.reduceat(values, edges, axis=0)
        values[values == NO_VALUE] = -NO_VALUE
        low[first:last] = np.minimum.reduceat(values, edges, axis=0)
    group_of = np.zeros(rows.size, np.int64)
    group_of[starts[1:]] = 1
    return TimeGroups(low, high, rows, np.cumsum(group_of))


def group_by_hour(grid: SnapshotGrid) -> tuple[TimeGroups, Floats] | None:
    """Group the snapshots whose hour is known, by hour.

    Also returns the hour of each group (hours since 1970-01-01 UTC), ascending. Returns None if
    there is no such snapshot.
    """
    rows = np.flatnonzero(~np.isnan(grid.hours))
    if not rows.size:
        return None
    hours = grid.hours[rows]
    order = np.argsort(hours, kind="stable")
    unique_hours, starts = np.unique(hours[order], return_index=True)
    return group_rows(grid, rows[order], starts), unique_hours


def findings_of_groups(
    grid: SnapshotGrid, groups: TimeGroups, mask: Bools, test: str, rows: Bools | None
) -> pl.DataFrame:
    """Return suspect findings of the check `test`.

    `mask` has a row for each group and a column for each station. Where it is True, every snapshot
    of the group that prints a temperature for the station gets one finding. `rows` marks the grid
    rows that may get one (None: all).
    """
    is_marked: Bools = np.logical_or.reduce(mask, axis=1)
    marked = np.flatnonzero(is_marked[groups.group_of])
    if rows is not None:
        marked = marked[rows[groups.rows[marked]]]
    grid_rows = groups.rows[marked]
    printed = has_value(grid.tenths[grid_rows, : len(STATIONS)])
    findings = findings_at(mask[groups.group_of[marked]] & printed, FLAG_SUSPECT, test, grid_rows)
    # A snapshot that two sites showed is in two groups.
    return findings.unique()
