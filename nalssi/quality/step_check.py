"""The check `step`: find temperatures that change faster between known hours than WMO's limits.

The hour of a snapshot is known if the feed states it or the comparison with official hours found
it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from nalssi.common.station_grid import STATIONS, Bools, Floats, Ints
from nalssi.quality.flags import all_findings
from nalssi.quality.snapshot_grid import SnapshotGrid
from nalssi.quality.thresholds import threshold
from nalssi.quality.time_groups import findings_of_groups, group_by_hour

TEST = "step"
STEP_HOURS = (1, 2, 3, 6, 12)
LONGEST_STEP_H = STEP_HOURS[-1]

_NO_NEIGHBOUR, _WITHIN_LIMIT, _TOO_FAST = 0, 1, 2


def step(grid: SnapshotGrid, rows: Bools | None = None) -> pl.DataFrame:
    """Flag temperatures that change faster than WMO's limits as suspect.

    A value is compared with the values of the nearest known hours before and after it, up to 12
    hours away. A value that is too far from both is a spike. Spikes are suspect, and are then
    removed. If two consecutive values are still too far apart, each is compared with its other
    neighbour. A value that is not close to its other neighbour is suspect. If both are close to
    theirs, the later value is suspect, as in WMO's own check.

    Returns findings for the snapshots marked in `rows` (default: all).
    """
    by_hour = group_by_hour(grid)
    if by_hour is None:
        return all_findings([])
    groups, hours = by_hour
    known = groups.known
    suspect = np.zeros_like(known)
    for column in range(len(STATIONS)):
        present = np.flatnonzero(known[:, column])
        if present.size > 1:
            low, high = (bound[present, column] / 10 for bound in (groups.low, groups.high))
            suspect[present, column] = too_fast(hours[present], low, high)
    return findings_of_groups(grid, groups, suspect, TEST, rows)


def too_fast(hours: Floats, low: Floats, high: Floats) -> Bools:
    """Return True for each temperature of one station that changes too fast.

    `hours` ascend. `low` and `high` (°C) are the lowest and the highest temperature printed for
    each hour. Of two hours, the closest temperatures are compared.
    """
    before, after = _fit_to_neighbours(hours, low, high)
    spike: Bools = (before == _TOO_FAST) & (after == _TOO_FAST)
    rest = np.flatnonzero(~spike)
    before, after = _fit_to_neighbours(hours[rest], low[rest], high[rest])
    supported_before = before == _WITHIN_LIMIT
    supported_after = after == _WITHIN_LIMIT
    accused = np.zeros(rest.size, np.bool_)
    earlier = np.flatnonzero(before[1:] == _TOO_FAST)  # the earlier value of each bad pair
    earlier_supported = supported_before[earlier]
    later_supported = supported_after[earlier + 1]
    accused[earlier[~earlier_supported]] = True
    accused[earlier[earlier_supported | ~later_supported] + 1] = True
    suspect = spike
    suspect[rest[accused]] = True
    return suspect


def _fit_to_neighbours(hours: Floats, low: Floats, high: Floats) -> tuple[Ints, Ints]:
    """Compare each value with the value before it and with the value after it.

    Returns two arrays of `_WITHIN_LIMIT`, `_TOO_FAST` or `_NO_NEIGHBOUR`.
    """
    lag = np.diff(hours)
    apart = np.maximum(low[1:] - high[:-1], low[:-1] - high[1:])
    limits = [threshold(f"step_{step_h}h") for step_h in STEP_HOURS]
    # Tenths are compared: 4.0 apart is within 4.0, whatever the binary fractions are.
    is_too_fast = apart > np.interp(lag, STEP_HOURS, limits) + 1e-9
    fit = np.where(is_too_fast, _TOO_FAST, _WITHIN_LIMIT)
    fit = np.where(lag <= LONGEST_STEP_H, fit, _NO_NEIGHBOUR)
    none = np.zeros(1, fit.dtype)
    return np.concatenate([none, fit]), np.concatenate([fit, none])
