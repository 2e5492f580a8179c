"""Decide whether the official hour that is nearest to a list is certain, by likelihood ratios.

`nearest_hours` finds the nearest hours of a list of temperatures. This module compares them.

The hypothesis "hour k" is that the list shows hour k. Then each temperature differs from the
official value of hour k by normal noise. The size of the noise is unknown, but it is the same for
the whole list (sensor, rounding, minutes after the hour). With probability STRAY, a temperature
differs by any amount up to ±10 °C instead. The noise size is integrated out over a grid that is
uniform in its logarithm, from KMA's rounding up to GOOD_C.

A list *fits* an hour if noise up to GOOD_C explains it better than larger noise does, by odds of
FIT_ODDS. It is *unambiguous* if the odds of the nearest hour against all other hours together are
at least HOUR_ODDS. A difference of 0.1 °C therefore is strong evidence in an exact list and weak
evidence in a noisy list. `docs/reconcile.md` has the derivation and the measurements.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nalssi.common.station_grid import NOT_LISTED, Tenths, has_value
from nalssi.timing.nearest_hours import MIN_STATIONS, BlockSizes, Shortlist
from nalssi.timing.official_hours import OfficialHours

Flags = npt.NDArray[np.bool_]
Degrees = npt.NDArray[np.float64]

MIN_NOISE_C = 0.03  # the rounding error of a value printed in tenths: 0.1 / sqrt(12)
GOOD_C = 0.5
GOOD_NOISES_C = np.geomspace(MIN_NOISE_C, GOOD_C, 7)
LARGE_NOISES_C = np.geomspace(GOOD_C, 5.0, 7)[1:]
STRAY = 0.05
STRAY_DENSITY = 1 / 20  # uniform over ±10 °C, per °C
FAR = 200  # tenths; all larger differences are equally strays
MAX_LOG_ODDS = 50.0  # such odds decide anyway, and larger ones could overflow

HOUR_ODDS = 20.0
FIT_ODDS = 30.0
FROZEN_PRIOR = 0.1
"""The prior probability that a dated list comes from a frozen feed. It is spread evenly over all
earlier hours."""
INDEPENDENT_STATIONS = 24
"""The largest number of stations that count as independent evidence. More stations count as this
number, because near stations have similar errors, such as a reading some minutes after the hour."""

QUIET_HOUR_C = 0.2
"""The change of temperature within an hour on a still night. An hour without observations may
differ from the hour before or after it by no more than this."""

EXACT_STATIONS = 12
EXACT_SHARE = 0.9


@dataclass(frozen=True)
class Fit:
    """How well each list fits its nearest hour. Every array has one value per list.

    - `row`: the row of the nearest hour in the official hours; `missing` if there is no hour.
    - `distance_c`: the distance of the list from this hour, in °C.
    - `stations`: the number of stations that were compared.
    - `margin_c`: the distance of the second nearest hour minus `distance_c`; NaN without one.
    - `good`: True if the list fits the hour; `unambiguous`: True if no other hour is likely. The
      module's docstring defines both.
    - `exact`: True if list and hour are equal at so many stations that it cannot be chance.
    """

    row: npt.NDArray[np.int32]
    distance_c: Degrees
    margin_c: Degrees
    stations: npt.NDArray[np.int16]
    good: Flags
    unambiguous: Flags
    exact: Flags


def score_hours(
    lists: Tenths,
    shortlist: Shortlist,
    official: OfficialHours,
    *,
    last_hours: npt.NDArray[np.integer] | None = None,
    earlier: Shortlist | None = None,
    sizes: BlockSizes | None = None,
) -> Fit:
    """Decide for each list whether it fits its nearest hour, and whether another hour is likely.

    `shortlist` has the nearest hours of each list of temperatures.
    For dated lists, `last_hours` is the last hour that each list can show (hours since 1970 UTC),
    and `earlier` are the nearest hours before its date. A list shows an earlier hour only if its
    feed is frozen.
    """
    block_size = (sizes or BlockSizes()).scored_lists
    first, second = shortlist.distance_c[:, 0], shortlist.distance_c[:, 1]
    margin = np.full(len(first), np.nan)
    np.subtract(second, first, out=margin, where=np.isfinite(second))
    good, unambiguous, exact = (np.zeros(len(lists), dtype=np.bool_) for _ in range(3))
    for start in range(0, len(lists), block_size):
        part = slice(start, start + block_size)
        hours = None if last_hours is None else last_hours[part]
        pairs = _pairs(lists[part], shortlist.part(part), official)
        good[part] = pairs.comparable[:, 0] & _is_good(pairs)
        odds = _odds_of_others(pairs, pairs, slice(1, None))
        odds += _odds_of_absent_hours(pairs, official, hours)
        if earlier is not None:
            odds += _odds_of_earlier(pairs, lists[part], earlier.part(part), official)
        unambiguous[part] = pairs.comparable[:, 0] & (odds * HOUR_ODDS <= 1)
        exact[part] = pairs.comparable[:, 0] & _is_exact(pairs)
    return Fit(
        row=shortlist.rows[:, 0],
        distance_c=np.where(np.isfinite(first), first, np.nan).astype(np.float64),
        margin_c=margin,
        stations=shortlist.stations[:, 0],
        good=good,
        unambiguous=unambiguous,
        exact=exact,
    )


@dataclass(frozen=True)
class _Pairs:
    """Lists, their shortlisted hours, and the differences between the two at each station.

    - `printed` (lists by stations): the lists' temperatures.
    - `columns`: the grid columns of the stations; stations that no list has are omitted.
    - `rows` (lists by hours): rows of the official hours.
    - `common` (lists by hours by stations): True if list and hour both have a temperature.
    - `difference` (same shape): the absolute difference in tenths of a degree; 0 if not `common`.
    - `comparable` (lists by hours): False if the list has fewer shortlisted hours.
    - `compared` (lists): the number of hours with which the list could be compared.
    """

    printed: Tenths
    columns: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int32]
    common: Flags
    difference: Tenths
    comparable: Flags
    compared: npt.NDArray[np.int32]


def _pairs(lists: Tenths, near: Shortlist, official: OfficialHours) -> _Pairs:
    columns = np.flatnonzero(has_value(lists).any(axis=0))
    printed = lists[:, columns]
    values = official.tenths[near.rows[:, :, None], columns]
    common = has_value(printed)[:, None] & has_value(values)
    difference = np.abs(printed[:, None] - values) * common
    comparable = np.isfinite(near.distance_c)
    return _Pairs(printed, columns, near.rows, common, difference, comparable, near.compared)


def _log_densities(noises: Degrees) -> Degrees:
    """Return the log density of differences: noise sizes by differences of 0, 1, … FAR tenths."""
    degrees = np.arange(FAR + 1) / 10
    spread = noises[:, None]
    normal = np.exp(-0.5 * (degrees / spread) ** 2) / (np.sqrt(2 * np.pi) * spread)
    return np.asarray(np.log((1 - STRAY) * normal + STRAY * STRAY_DENSITY))


def _evidence(difference: Tenths, common: Flags, noises: Degrees) -> Degrees:
    """Return the log likelihood of differences, averaged over noise sizes.

    `difference` is in tenths of a degree; only stations marked in `common` count. The last axis of
    both is stations, and the result has one value for all stations together.
    """
    stations = common.sum(axis=-1)
    weight = np.minimum(1.0, INDEPENDENT_STATIONS / np.maximum(stations, 1))
    # One more table entry, 0, for stations that are not common: they are no evidence.
    index = np.where(common, np.minimum(difference, FAR), FAR + 1)
    tables = np.pad(_log_densities(noises), ((0, 0), (0, 1)))
    return _log_mean(np.stack([table[index].sum(axis=-1) for table in tables]) * weight)


def _log_mean(logs: Degrees) -> Degrees:
    """Return the log of the mean of `exp(logs)` over the first axis, without overflow."""
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).mean(axis=0)))


def _is_good(pairs: _Pairs) -> Flags:
    """Return True for each list that fits its nearest hour.

    A list fits if noise up to GOOD_C explains the differences better than larger noise does, by
    odds of at least FIT_ODDS.
    """
    nearest = pairs.difference[:, 0], pairs.common[:, 0]
    small = _evidence(*nearest, GOOD_NOISES_C) + np.log(len(GOOD_NOISES_C))
    large = _evidence(*nearest, LARGE_NOISES_C) + np.log(len(LARGE_NOISES_C))
    return np.asarray(small - large >= np.log(FIT_ODDS))


def _odds_of_others(pairs: _Pairs, others: _Pairs, which: slice = slice(None)) -> Degrees:
    """Return the odds, summed over other hours, that a list shows them and not its nearest hour.

    `pairs` has the nearest hour of each list, and `others` has the other hours, of which `which`
    selects some. Each hour that is not in the shortlist counts as the last hour in the shortlist.
    """
    # Hours may lack different stations. Two hours are compared over the stations of both.
    both = others.common[:, which] & pairs.common[:, :1]
    own = np.broadcast_to(pairs.difference[:, :1], both.shape)
    log_odds = _evidence(others.difference[:, which], both, GOOD_NOISES_C) - _evidence(
        own, both, GOOD_NOISES_C
    )
    enough = both.sum(axis=2) >= MIN_STATIONS
    odds = np.exp(np.where(enough, np.minimum(log_odds, MAX_LOG_ODDS), 0.0))
    odds = np.where(others.comparable[:, which], odds, 0.0)
    # No hour beyond the shortlist is nearer than the last hour on it.
    beyond = np.maximum(others.compared - others.comparable.sum(axis=1), 0)
    return np.asarray(odds.sum(axis=1) + beyond * odds[:, -1])


def _odds_of_earlier(
    pairs: _Pairs, lists: Tenths, earlier: Shortlist, official: OfficialHours
) -> Degrees:
    """Return the odds that a list shows an hour before its date, because its feed is frozen."""
    prior = FROZEN_PRIOR / (1 - FROZEN_PRIOR) * pairs.compared / np.maximum(earlier.compared, 1)
    return np.asarray(_odds_of_others(pairs, _pairs(lists, earlier, official)) * prior)


def _odds_of_absent_hours(
    pairs: _Pairs, official: OfficialHours, last_hours: npt.NDArray[np.integer] | None
) -> Degrees:
    """Return the odds that a list shows the hour before or after its nearest hour, not the nearest.

    Only hours without observations count. Their temperatures are unknown, but may differ as little
    from the nearest hour as on a still night (QUIET_HOUR_C).
    """
    hours = np.append(official.hours, 0)[pairs.rows[:, 0]]
    before, after = (_absent(pairs, official, hours + step) for step in (-1, 1))
    if last_hours is not None:
        after &= hours < last_hours
    which = np.flatnonzero((before | after) & pairs.comparable[:, 0])
    odds = np.zeros(len(hours))
    odds[which] = _odds_of_change(pairs, which) * (before[which].astype(int) + after[which])
    return odds


def _absent(pairs: _Pairs, official: OfficialHours, hours: npt.NDArray[np.integer]) -> Flags:
    """Return True for each hour that has too few stations to be compared with the list."""
    values = official.tenths[official.row_of(hours)[:, None], pairs.columns]
    common = pairs.common[:, 0] & has_value(values)
    return np.asarray(common.sum(axis=1) < MIN_STATIONS)


def _odds_of_change(pairs: _Pairs, which: npt.NDArray[np.intp]) -> Degrees:
    """Return the odds that a list differs from its nearest hour by more than noise.

    The alternative is noise plus the change of a quiet hour (QUIET_HOUR_C). `which` selects lists.
    """
    nearest = pairs.difference[which, 0], pairs.common[which, 0]
    changed = np.sqrt(GOOD_NOISES_C**2 + QUIET_HOUR_C**2)
    log_odds = _evidence(*nearest, changed) - _evidence(*nearest, GOOD_NOISES_C)
    return np.asarray(np.exp(np.minimum(log_odds, MAX_LOG_ODDS)))


def _is_exact(pairs: _Pairs) -> Flags:
    """Return, for each list, whether it equals its nearest hour at enough stations to prove it.

    At least EXACT_STATIONS stations, and at least EXACT_SHARE of the common stations, must be
    equal. The number of distinct values must be at least half the number of equal stations, because
    a broken list may print one number everywhere. No other hour, except the hour before and the
    hour after, may be equal at more than half as many stations, because such an hour shows that
    chance can produce equality.
    """
    equal = (pairs.difference == 0) & pairs.common
    agreeing = equal.sum(axis=2)
    stations = pairs.common[:, 0].sum(axis=1)
    values = np.sort(np.where(equal[:, 0], pairs.printed, NOT_LISTED), axis=1)
    distinct = (np.diff(values, axis=1, prepend=NOT_LISTED) != 0).sum(axis=1)
    apart = np.abs(pairs.rows[:, 1:] - pairs.rows[:, :1]) > 1
    rival = np.where(apart & pairs.comparable[:, 1:], agreeing[:, 1:], 0).max(axis=1)
    return np.asarray(
        (agreeing[:, 0] >= EXACT_STATIONS)
        & (agreeing[:, 0] >= EXACT_SHARE * stations)
        & (2 * distinct >= agreeing[:, 0])
        & (2 * rival <= agreeing[:, 0])
    )
