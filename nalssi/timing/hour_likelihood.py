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

import numpy as np
import numpy.typing as npt

from nalssi.common.station_grid import Tenths, has_value
from nalssi.timing.equal_hours import (
    hours_around,
    is_equal,
    is_exact,
    may_show_missing_hour,
    proves_hour,
)
from nalssi.timing.hour_pairs import Degrees, Fit, Flags, Pairs, pair_lists_with_hours
from nalssi.timing.nearest_hours import NOISE_STATIONS, BlockSizes
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import Shortlist

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

NOISE_STATIONS_ALONE = 12
"""The smallest number of stations at which a list with noise gets an hour although it has no
date, or although the observations begin after the first hour that its date allows."""


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

    - `lists`: a station grid; `shortlist`: the nearest hours of each list, rows of `official`
    - `last_hours`: the last hour that each list can show (hours since 1970 UTC); None if the lists
      have no date
    - `earlier`: the nearest hours before the date of each list, which it shows only if its feed is
      frozen; None if the lists have no date
    - `sizes`: amounts of data at once; they do not change the result
    """
    block_size = (sizes or BlockSizes()).scored_lists
    good, unambiguous, exact, equal = (np.zeros(len(lists), dtype=np.bool_) for _ in range(4))
    for start in range(0, len(lists), block_size):
        part = slice(start, start + block_size)
        hours = None if last_hours is None else last_hours[part]
        near = shortlist.part(part)
        pairs = pair_lists_with_hours(lists[part], near, official)
        good[part], equal[part] = _is_good(pairs), is_equal(pairs)
        odds = _odds_of_others(pairs, pairs, slice(1, None))
        odds += _odds_of_absent_hours(pairs, official, hours)
        if earlier is not None:
            odds += _odds_of_earlier(pairs, lists[part], earlier.part(part), official)
        alone = pairs.comparable[:, 0] & (odds * HOUR_ODDS <= 1)
        noisy = np.flatnonzero(alone & good[part] & ~equal[part])
        dates = None if hours is None else hours[noisy]
        alone[noisy] = ~_may_show_missing_hour(pairs.part(noisy), official, dates)
        unambiguous[part] = alone
        exact[part] = is_exact(pairs) | proves_hour(pairs, near, official, hours)
    return _fit(shortlist, good, unambiguous, exact, equal)


def score_equal_hours(
    lists: Tenths,
    shortlist: Shortlist,
    official: OfficialHours,
    *,
    last_hours: npt.NDArray[np.integer] | None = None,
    earlier: Shortlist | None = None,
    sizes: BlockSizes | None = None,
) -> Fit:
    """Decide for each list whether it equals its nearest hour, as `equal_hours` defines it.

    Use it for lists that have too few stations for `score_hours`. A list is unambiguous only if the
    equality proves the hour, and if no hour before its date is equal. Arguments are those of
    `score_hours`, but `shortlist` and `earlier` also have hours with fewer common stations.
    """
    block_size = (sizes or BlockSizes()).scored_lists
    good, proven, equal = (np.zeros(len(lists), dtype=np.bool_) for _ in range(3))
    for start in range(0, len(lists), block_size):
        part = slice(start, start + block_size)
        hours = None if last_hours is None else last_hours[part]
        near = shortlist.part(part)
        pairs = pair_lists_with_hours(lists[part], near, official)
        good[part], equal[part] = _is_good(pairs), is_equal(pairs)
        proven[part] = proves_hour(pairs, near, official, hours)
    if earlier is not None:
        proven &= earlier.distance_c[:, 0] > 0
    return _fit(shortlist, good | equal, proven, proven, equal)


def _fit(shortlist: Shortlist, good: Flags, unambiguous: Flags, exact: Flags, equal: Flags) -> Fit:
    first, second = shortlist.distance_c[:, 0], shortlist.distance_c[:, 1]
    margin = np.full(len(first), np.nan)
    np.subtract(second, first, out=margin, where=np.isfinite(second))
    return Fit(
        row=shortlist.rows[:, 0],
        distance_c=np.where(np.isfinite(first), first, np.nan).astype(np.float64),
        margin_c=margin,
        stations=shortlist.stations[:, 0],
        good=good,
        unambiguous=unambiguous,
        exact=exact,
        equal=equal,
    )


def _log_densities(noises: Degrees) -> Degrees:
    """Return the log density of each difference of temperatures: 0, 1, … FAR tenths of a degree.

    `noises` are standard deviations in °C. The result has a row for each of them, and a column for
    each difference.
    """
    degrees = np.arange(FAR + 1) / 10
    spread = noises[:, None]
    normal = np.exp(-0.5 * (degrees / spread) ** 2) / (np.sqrt(2 * np.pi) * spread)
    return np.asarray(np.log((1 - STRAY) * normal + STRAY * STRAY_DENSITY))


def _evidence(difference: Tenths, common: Flags, noises: Degrees) -> Degrees:
    """Return the log likelihood of differences, averaged over the sizes of noise in `noises` (°C).

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


def _is_good(pairs: Pairs) -> Flags:
    """Return True for each list that fits its nearest hour.

    A list fits if noise up to GOOD_C explains the differences better than larger noise does, by
    odds of at least FIT_ODDS.
    """
    nearest = pairs.difference[:, 0], pairs.common[:, 0]
    small = _evidence(*nearest, GOOD_NOISES_C) + np.log(len(GOOD_NOISES_C))
    large = _evidence(*nearest, LARGE_NOISES_C) + np.log(len(LARGE_NOISES_C))
    return np.asarray(pairs.comparable[:, 0] & (small - large >= np.log(FIT_ODDS)))


def _odds_of_others(pairs: Pairs, others: Pairs, which: slice = slice(None)) -> Degrees:
    """Return the odds that a list shows another hour than its nearest, summed over other hours.

    `pairs` has the nearest hour of each list. `others` has the other hours; `which` selects some of
    its columns. An hour that shares fewer than NOISE_STATIONS stations with the list and its
    nearest hour has the odds 1. Hours that are not in the shortlist are counted with the odds of
    its last hour, because none of them is nearer.
    """
    # Hours may lack different stations. Two hours are compared over the stations of both.
    both = others.common[:, which] & pairs.common[:, :1]
    own = np.broadcast_to(pairs.difference[:, :1], both.shape)
    log_odds = _evidence(others.difference[:, which], both, GOOD_NOISES_C) - _evidence(
        own, both, GOOD_NOISES_C
    )
    enough = both.sum(axis=2) >= NOISE_STATIONS
    odds = np.exp(np.where(enough, np.minimum(log_odds, MAX_LOG_ODDS), 0.0))
    odds = np.where(others.comparable[:, which], odds, 0.0)
    # No hour beyond the shortlist is nearer than the last hour on it.
    beyond = np.maximum(others.compared - others.comparable.sum(axis=1), 0)
    return np.asarray(odds.sum(axis=1) + beyond * odds[:, -1])


def _odds_of_earlier(
    pairs: Pairs, lists: Tenths, earlier: Shortlist, official: OfficialHours
) -> Degrees:
    """Return, for each list, the odds that it shows an hour before its date, as in a frozen feed.

    `pairs` has each list with its nearest hours, `earlier` the nearest hours before its date. The
    odds are against the list showing its nearest hour.
    """
    prior = FROZEN_PRIOR / (1 - FROZEN_PRIOR) * pairs.compared / np.maximum(earlier.compared, 1)
    return np.asarray(
        _odds_of_others(pairs, pair_lists_with_hours(lists, earlier, official)) * prior
    )


def _odds_of_absent_hours(
    pairs: Pairs, official: OfficialHours, last_hours: npt.NDArray[np.integer] | None
) -> Degrees:
    """Return the odds that a list shows the hour before or after its nearest hour instead of it.

    Only hours without observations count. Their temperatures are unknown, but on a still night they
    differ from the nearest hour by no more than QUIET_HOUR_C. Hours after `last_hours` (see
    `score_hours`) do not count.
    """
    hours = np.append(official.hours, 0)[pairs.rows[:, 0]]
    before, after = (_absent(pairs, official, hours + step) for step in (-1, 1))
    if last_hours is not None:
        after &= hours < last_hours
    which = np.flatnonzero((before | after) & pairs.comparable[:, 0])
    odds = np.zeros(len(hours))
    odds[which] = _odds_of_change(pairs, which) * (before[which].astype(int) + after[which])
    return odds


def _absent(pairs: Pairs, official: OfficialHours, hours: npt.NDArray[np.integer]) -> Flags:
    """Return True for each list whose hour in `hours` has too few stations to be compared with it.

    `hours` has one hour for each list (since 1970 UTC). Fewer than NOISE_STATIONS stations are too
    few. Only stations that also have a value in the list's nearest hour are counted.
    """
    values = official.tenths[official.row_of(hours)[:, None], pairs.columns]
    common = pairs.common[:, 0] & has_value(values)
    return np.asarray(common.sum(axis=1) < NOISE_STATIONS)


def _may_show_missing_hour(
    pairs: Pairs, official: OfficialHours, last_hours: npt.NDArray[np.integer] | None
) -> Flags:
    """Return True for each list that may show an hour without observations, not its nearest hour.

    Use it for lists with noise. Real tickers print official values unrounded. So if one of the
    hours that a list may show is missing, a list that only resembles another hour more probably
    shows the missing hour. A dated list may show the hours of its date and the LATE_HOURS hours
    before. An undated list (`last_hours` is None) may show any hour, but only hours within
    GAP_HOURS are like its nearest hour.

    Hours before the first observation do not count, nor do hours after the last one for undated
    lists. Lists of fewer than NOISE_STATIONS_ALONE stations are an exception: for dated ones, hours
    before the first observation count, and undated ones always may show a missing hour.
    """
    nearest = np.append(official.hours, 0).astype(np.int64)[pairs.rows[:, 0]]
    few = pairs.common[:, 0].sum(axis=1) < NOISE_STATIONS_ALONE
    hours = hours_around(nearest, last_hours)
    absent = np.empty(hours.shape, dtype=np.bool_)
    for step in range(hours.shape[1]):
        absent[:, step] = _absent(pairs, official, hours[:, step])
    missing = may_show_missing_hour(absent, hours, last_hours, ends_count=few)
    return missing | few if last_hours is None else missing


def _odds_of_change(pairs: Pairs, which: npt.NDArray[np.intp]) -> Degrees:
    """Return the odds that a list differs from its nearest hour by more than noise.

    Two explanations of the differences are compared: noise together with the change of temperature
    within a quiet hour (QUIET_HOUR_C), against noise alone. `which` are the rows of the lists to
    consider; the result has one value for each of them.
    """
    nearest = pairs.difference[which, 0], pairs.common[which, 0]
    changed = np.sqrt(GOOD_NOISES_C**2 + QUIET_HOUR_C**2)
    log_odds = _evidence(*nearest, changed) - _evidence(*nearest, GOOD_NOISES_C)
    return np.asarray(np.exp(np.minimum(log_odds, MAX_LOG_ODDS)))
