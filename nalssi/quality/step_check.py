"""The check `step`: find temperatures that change faster than real weather does.

The hour of a snapshot is known if the feed states it or the comparison with official hours found
it. Real temperatures change fast: when a winter inversion breaks up after sunrise, by 7 °C in an
hour, and in a thunderstorm by 8 °C. But real changes last, while after an error the temperature
returns to its old course. So the check has three rules, each with its own limits in `thresholds`:

1. A spike: a value that differs from the values before and after it, while these two agree with
   each other.
2. A jump: two consecutive values that differ more than real weather can, whether the change lasts
   or not.
3. If a value has a neighbour in time on one side only, it is unknown whether the change lasts. Then
   the neighbouring stations decide: a change that they do not share is suspect at a lower limit.

The limits grow with the hours between two values. They are based on 75,000 real changes in all
seasons (`studies/real_steps.py`).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from nalssi.common.station_grid import STATIONS, Bools, Floats, Ints
from nalssi.quality.flags import all_findings
from nalssi.quality.snapshot_grid import SnapshotGrid
from nalssi.quality.spatial_check import neighbour_matrix
from nalssi.quality.thresholds import threshold
from nalssi.quality.time_groups import TimeGroups, findings_of_groups, group_by_hour

TEST = "step"
STEP_HOURS = (1, 2, 3, 6, 12)
LONGEST_STEP_H = STEP_HOURS[-1]
REACH_H = 4 * LONGEST_STEP_H
"""The largest distance in hours at which a changed value can change the finding of another value.
Whether a value is suspect depends on the next value that is no spike, and on the one after it.
Whether those are spikes depends on two more values. Each of these steps is at most LONGEST_STEP_H
long."""

PAIRS_AT_ONCE = 4_096
_ROUNDING = 1e-9  # Tenths are compared: 4.0 apart is within 4.0, whatever the binary fractions are.


def step(grid: SnapshotGrid, rows: Bools | None = None) -> pl.DataFrame:
    """Return findings: temperatures that change faster than real weather are suspect.

    A value is compared with the values of the nearest known hours before and after it, up to 12
    hours away. Spikes (see `find_spikes`) are suspect, and are then removed. If two consecutive
    values are still too far apart, each is compared with its other neighbour. A value that is not
    close to its other neighbour is suspect. If both are close to theirs, the later value is
    suspect, as in WMO's own check.

    The findings are for the snapshots marked in `rows` (default: all).
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
            suspect[present, column] = _suspect_values(groups, hours, present, column)
    return findings_of_groups(grid, groups, suspect, TEST, rows)


def _suspect_values(groups: TimeGroups, hours: Floats, present: Ints, column: int) -> Bools:
    """Return True for each suspect value of one station, one value for each of `present`.

    `present` are the groups of snapshots that print the station (grid column `column`), ascending
    by time. `hours` are the hours of all groups.
    """
    low, high = (bound[present, column] / 10 for bound in (groups.low, groups.high))
    suspect = find_spikes(hours[present], low, high)
    rest = np.flatnonzero(~suspect)
    lag = np.diff(hours[present[rest]])
    rise, fall = _changes(low[rest], high[rest])
    compared = lag <= LONGEST_STEP_H
    changing = np.flatnonzero(compared & (np.maximum(rise, fall) > _smallest_limit("unshared")))
    if not changing.size:
        return suspect
    change = np.maximum(rise, fall)[changing]
    is_jump = change > _limits("jump", lag[changing])
    # Pairs of which one value has no other neighbour: nothing tells whether the change stays.
    edge = np.append(True, ~compared[:-1]) | np.append(~compared[1:], True)
    limit = _limits("unshared", lag[changing])
    doubtful = np.flatnonzero(edge[changing] & ~is_jump & (change > limit))
    if doubtful.size:
        pairs = changing[doubtful]
        shared = _change_of_neighbours(groups, present[rest], pairs, column)
        unshared = change[doubtful] - np.where(rise[pairs] > 0, shared, -shared)
        # NaN, if there are not enough neighbours, exceeds no limit.
        is_jump[doubtful] = unshared > limit[doubtful]
    too_fast = np.zeros_like(compared)
    too_fast[changing[is_jump]] = True
    suspect[rest[_accuse(too_fast, compared)]] = True
    return suspect


def find_spikes(hours: Floats, low: Floats, high: Floats) -> Bools:
    """Return True for each temperature of one station that is a spike.

    A spike is above both neighbours in time, or below both. Its distance from the straight line
    between them exceeds the limit for the hours between, and it is not close to either. Of
    consecutive spikes only the largest counts, because a spike makes its neighbours look like
    spikes in the other direction.

    `hours` ascend. `low` and `high` (°C) are the lowest and the highest temperature printed for
    each hour. Of two hours, the closest temperatures are compared.
    """
    spike = np.zeros(hours.size, np.bool_)
    rise, fall = _changes(low, high)
    nearest = np.maximum(np.minimum(rise[:-1], fall[1:]), np.minimum(fall[:-1], rise[1:]))
    share = threshold("step_spike_share")
    middle = np.flatnonzero(nearest > share * _smallest_limit("spike")) + 1
    before, after = hours[middle] - hours[middle - 1], hours[middle + 1] - hours[middle]
    compared = (before <= LONGEST_STEP_H) & (after <= LONGEST_STEP_H)
    if not compared.any():
        return spike
    middle, before, after = middle[compared], before[compared], after[compared]
    from_before = np.maximum(rise, fall)[middle - 1]
    from_after = np.maximum(rise, fall)[middle]
    from_line = (from_before * after + from_after * before) / (before + after)
    far = nearest[middle - 1] >= share * from_line - _ROUNDING
    # The harmonic mean: the nearer neighbour counts more.
    between = 2 * before * after / (before + after)
    size = np.zeros(hours.size)
    size[middle] = np.where(far, from_line / _limits("spike", between), 0.0)
    spike[1:-1] = (size[1:-1] > 1) & (size[1:-1] >= size[:-2]) & (size[1:-1] >= size[2:])
    return spike


def _changes(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the rise and the fall (°C) from each hour to the next.

    `low` and `high` are the lowest and the highest temperature of each hour. The closest
    temperatures of two hours are compared, so at most one of rise and fall is positive.
    """
    return low[1:] - high[:-1], low[:-1] - high[1:]


def _smallest_limit(rule: str) -> float:
    """Return the limit (°C) of a rule for a change within one hour, the smallest limit."""
    return threshold(f"step_{rule}_{STEP_HOURS[0]}h")


def _limits(rule: str, hours: Floats) -> Floats:
    """Return the limit (°C) of a rule for a change within each of these numbers of hours.

    `rule` is `spike`, `jump` or `unshared`. A rule has thresholds for some numbers of hours; limits
    between them are interpolated.
    """
    limits = [threshold(f"step_{rule}_{step_h}h") for step_h in STEP_HOURS]
    return np.interp(hours, STEP_HOURS, limits) + _ROUNDING


def _change_of_neighbours(groups: TimeGroups, present: Ints, pairs: Ints, column: int) -> Floats:
    """Return the median change (°C) of the neighbouring stations between two hours.

    `pairs` has numbers of pairs: pair i is of the groups `present[i]` and `present[i + 1]`.
    `column` is the station. The change is NaN if fewer than three neighbours have temperatures at
    both hours.
    """
    near = neighbour_matrix(threshold("step_radius"), threshold("spatial_sparse_elevation"))
    columns = np.flatnonzero(near[column])
    change = np.full(pairs.size, np.nan)
    for start in range(0, pairs.size, PAIRS_AT_ONCE):
        part = pairs[start : start + PAIRS_AT_ONCE]
        changes = _middles(groups, present[part + 1], columns) - _middles(
            groups, present[part], columns
        )
        enough = np.count_nonzero(~np.isnan(changes), axis=1) >= threshold("step_neighbours")
        change[start : start + part.size][enough] = np.nanmedian(changes[enough], axis=1)
    return change


def _middles(groups: TimeGroups, rows: Ints, columns: Ints) -> Floats:
    """Return the mean of the lowest and the highest temperature (°C) of each group and station.

    The result has a row for each of `rows` (groups) and a column for each of `columns` (stations).
    """
    low, high = (
        bound[np.ix_(rows, columns)].astype(np.float64) for bound in (groups.low, groups.high)
    )
    return np.where(low <= high, (low + high) / 20, np.nan)


def _accuse(too_fast: Bools, compared: Bools) -> Bools:
    """Return True for each value that is suspect because of a neighbour in time.

    Pair i consists of the values i and i + 1. `compared` marks the pairs near enough in time to be
    compared. `too_fast` marks those of them whose values differ too much. Of such a pair, the
    earlier value is suspect if it is not close to the value before it. The later value is suspect
    if it is not close to the value after it, or if the earlier value is not suspect.
    """
    fits = compared & ~too_fast
    supported_before, supported_after = np.append(False, fits), np.append(fits, False)
    accused = np.zeros(too_fast.size + 1, np.bool_)
    earlier = np.flatnonzero(too_fast)  # the earlier value of each bad pair
    earlier_supported = supported_before[earlier]
    later_supported = supported_after[earlier + 1]
    accused[earlier[~earlier_supported]] = True
    accused[earlier[earlier_supported | ~later_supported] + 1] = True
    return accused
