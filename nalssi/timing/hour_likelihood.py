"""Which of the nearest hours a list shows, if that can be said at all: a likelihood ratio.

The hypothesis "hour k": each of the n common stations differs from its official value of hour k by
normal noise of one unknown size for the whole list (sensor, rounding, a value some minutes off the
hour), or, with probability STRAY, by anything up to ±10 °C. The size is integrated out over a grid
that is uniform in its logarithm, from KMA's rounding up to GOOD_C. A list *fits* an hour if noise
up to GOOD_C explains it better than larger differences do, by odds of FIT_ODDS; it is *unambiguous*
if the odds for the best hour against all others together are at least HOUR_ODDS. No noise level is
assumed: the list's own residuals tell it, so that 0.1 °C apart is much in an exact list and
nothing in a noisy one. `docs/reconcile.md` has the derivation and what was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nalssi.timing.nearest_hours import MIN_STATIONS, Shortlist
from nalssi.timing.official_hours import NO_READING, NO_VALUE, OfficialHours, Tenths

Flags = npt.NDArray[np.bool_]
Degrees = npt.NDArray[np.float64]

MIN_NOISE_C = 0.03  # of a value rounded to 0.1: 0.1 / sqrt(12)
GOOD_C = 0.5
GOOD_NOISES_C = np.geomspace(MIN_NOISE_C, GOOD_C, 7)
LARGE_NOISES_C = np.geomspace(GOOD_C, 5.0, 7)[1:]
STRAY = 0.05
STRAY_DENSITY = 1 / 20  # uniform over ±10 °C, per °C
FAR = 200  # tenths: beyond this, all differences are strays alike
LARGEST_LOG = 50.0  # of odds: hopeless anyway, and no overflow

HOUR_ODDS = 20.0
FIT_ODDS = 30.0
FROZEN_PRIOR = 0.1
"""Share of dated lists that a frozen feed shows, before looking: spread over all earlier hours."""
INDEPENDENT_STATIONS = 24
"""Errors of near stations are alike (a value some minutes off the hour is off everywhere): more
stations than this are no further evidence, and score_hours as this many."""

QUIET_HOUR_C = 0.2
"""Change within an hour on a still night: how near an hour that the archive lacks may have been."""

EXACT_STATIONS = 12
EXACT_SHARE = 0.9
LISTS_AT_ONCE = 2048


@dataclass(frozen=True)
class Fit:
    """What the nearest hour is worth, a value for each list.

    `row` of the archive (`missing` if none), `distance_c`, `margin_c` (how much farther the second
    is; NaN if none), `stations` compared; `good`, `unambiguous`: see above; `exact`: equal values
    that cannot be chance.
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
    archive: OfficialHours,
    *,
    last_hours: npt.NDArray[np.integer] | None = None,
    earlier: Shortlist | None = None,
) -> Fit:
    """Weigh each list's shortlisted hours against one another.

    For dated lists, `last_hours`: the last hour that each can show, as hours since 1970, and
    `earlier`: hours before its date, which it shows only if its feed is frozen.
    """
    first, second = shortlist.distance_c[:, 0], shortlist.distance_c[:, 1]
    margin = np.full(len(first), np.nan)
    np.subtract(second, first, out=margin, where=np.isfinite(second))
    good, unambiguous, exact = (np.zeros(len(lists), dtype=np.bool_) for _ in range(3))
    for start in range(0, len(lists), LISTS_AT_ONCE):
        part = slice(start, start + LISTS_AT_ONCE)
        hours = None if last_hours is None else last_hours[part]
        pairs = _pairs(lists[part], shortlist.part(part), archive)
        good[part] = pairs.comparable[:, 0] & _is_good(pairs)
        odds = _odds_of_others(pairs, pairs, slice(1, None))
        odds += _odds_of_absent_hours(pairs, archive, hours)
        if earlier is not None:
            odds += _odds_of_earlier(pairs, lists[part], earlier.part(part), archive)
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
    """Lists beside their shortlisted hours: lists by hours by stations in use."""

    shown: Tenths
    columns: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int32]
    common: Flags
    difference: Tenths
    """Absolute, in tenths; 0 where not common."""
    comparable: Flags
    compared: npt.NDArray[np.int32]


def _pairs(lists: Tenths, near: Shortlist, archive: OfficialHours) -> _Pairs:
    columns = np.flatnonzero((lists != NO_READING).any(axis=0))
    shown = lists[:, columns]
    official = archive.tenths[near.rows[:, :, None], columns]
    common = (shown != NO_READING)[:, None] & (official != NO_VALUE)
    difference = np.abs(shown[:, None] - official) * common
    comparable = np.isfinite(near.distance_c)
    return _Pairs(shown, columns, near.rows, common, difference, comparable, near.compared)


def _log_densities(noises: Degrees) -> Degrees:
    """Logarithm of the density of a difference, noises by tenths of a degree; the last is FAR."""
    degrees = np.arange(FAR + 1) / 10
    spread = noises[:, None]
    normal = np.exp(-0.5 * (degrees / spread) ** 2) / (np.sqrt(2 * np.pi) * spread)
    return np.asarray(np.log((1 - STRAY) * normal + STRAY * STRAY_DENSITY))


def _evidence(difference: Tenths, common: Flags, noises: Degrees) -> Degrees:
    """Logarithm of the mean likelihood, over the sizes of noise, of differences (last axis)."""
    stations = common.sum(axis=-1)
    weight = np.minimum(1.0, INDEPENDENT_STATIONS / np.maximum(stations, 1))
    none = FAR + 1  # a place in the table for stations that are not common: they say nothing
    places = np.where(common, np.minimum(difference, FAR), none)
    tables = np.pad(_log_densities(noises), ((0, 0), (0, 1)))
    return _log_mean(np.stack([table[places].sum(axis=-1) for table in tables]) * weight)


def _log_mean(logs: Degrees) -> Degrees:
    """Logarithm of the mean over the first axis of what these are the logarithms of."""
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).mean(axis=0)))


def _is_good(pairs: _Pairs) -> Flags:
    """Noise up to GOOD_C explains the nearest hour, by odds of FIT_ODDS."""
    nearest = pairs.difference[:, 0], pairs.common[:, 0]
    small = _evidence(*nearest, GOOD_NOISES_C) + np.log(len(GOOD_NOISES_C))
    large = _evidence(*nearest, LARGE_NOISES_C) + np.log(len(LARGE_NOISES_C))
    return np.asarray(small - large >= np.log(FIT_ODDS))


def _odds_of_others(pairs: _Pairs, others: _Pairs, which: slice = slice(None)) -> Degrees:
    """Odds of other hours (`which` of their shortlist, and those left out), against the nearest."""
    # Hours may lack different stations: two are compared over those that both have.
    both = others.common[:, which] & pairs.common[:, :1]
    own = np.broadcast_to(pairs.difference[:, :1], both.shape)
    log_odds = _evidence(others.difference[:, which], both, GOOD_NOISES_C) - _evidence(
        own, both, GOOD_NOISES_C
    )
    enough = both.sum(axis=2) >= MIN_STATIONS
    odds = np.exp(np.where(enough, np.minimum(log_odds, LARGEST_LOG), 0.0))
    odds = np.where(others.comparable[:, which], odds, 0.0)
    # No hour left out of the shortlist is nearer than the last one on it.
    left_out = np.maximum(others.compared - others.comparable.sum(axis=1), 0)
    return np.asarray(odds.sum(axis=1) + left_out * odds[:, -1])


def _odds_of_earlier(
    pairs: _Pairs, lists: Tenths, earlier: Shortlist, archive: OfficialHours
) -> Degrees:
    prior = FROZEN_PRIOR / (1 - FROZEN_PRIOR) * pairs.compared / np.maximum(earlier.compared, 1)
    return np.asarray(_odds_of_others(pairs, _pairs(lists, earlier, archive)) * prior)


def _odds_of_absent_hours(
    pairs: _Pairs, archive: OfficialHours, last_hours: npt.NDArray[np.integer] | None
) -> Degrees:
    """Odds of the hours beside the nearest, as far as they could not be compared.

    How much such an hour differs from the nearest is not known: perhaps no more than on a still
    night. Then only differences that are small beside QUIET_HOUR_C speak for the nearest.
    """
    hours = np.append(archive.hours, 0)[pairs.rows[:, 0]]
    before, after = (_absent(pairs, archive, hours + step) for step in (-1, 1))
    if last_hours is not None:
        after &= hours < last_hours
    which = np.flatnonzero((before | after) & pairs.comparable[:, 0])
    odds = np.zeros(len(hours))
    odds[which] = _odds_of_change(pairs, which) * (before[which].astype(int) + after[which])
    return odds


def _absent(pairs: _Pairs, archive: OfficialHours, hours: npt.NDArray[np.integer]) -> Flags:
    """Whether these hours lack so many stations of the nearest that they cannot be compared."""
    there = archive.tenths[archive.row_of(hours)[:, None], pairs.columns]
    common = pairs.common[:, 0] & (there != NO_VALUE)
    return np.asarray(common.sum(axis=1) < MIN_STATIONS)


def _odds_of_change(pairs: _Pairs, which: npt.NDArray[np.intp]) -> Degrees:
    """Odds that the differences from the nearest hour are noise and a quiet hour's change."""
    nearest = pairs.difference[which, 0], pairs.common[which, 0]
    changed = np.sqrt(GOOD_NOISES_C**2 + QUIET_HOUR_C**2)
    log_odds = _evidence(*nearest, changed) - _evidence(*nearest, GOOD_NOISES_C)
    return np.asarray(np.exp(np.minimum(log_odds, LARGEST_LOG)))


def _is_exact(pairs: _Pairs) -> Flags:
    """Equal to the tenth at so many stations that it cannot be chance.

    At least EXACT_STATIONS and EXACT_SHARE of the common ones, with at least half as many distinct
    values (a broken list of one number everywhere proves nothing), while no other hour than its
    neighbours agrees on more than half: the archive itself shows what chance can do.
    """
    equal = (pairs.difference == 0) & pairs.common
    agreeing = equal.sum(axis=2)
    stations = pairs.common[:, 0].sum(axis=1)
    values = np.sort(np.where(equal[:, 0], pairs.shown, NO_READING), axis=1)
    distinct = (np.diff(values, axis=1, prepend=NO_READING) != 0).sum(axis=1)
    apart = np.abs(pairs.rows[:, 1:] - pairs.rows[:, :1]) > 1
    rival = np.where(apart & pairs.comparable[:, 1:], agreeing[:, 1:], 0).max(axis=1)
    return np.asarray(
        (agreeing[:, 0] >= EXACT_STATIONS)
        & (agreeing[:, 0] >= EXACT_SHARE * stations)
        & (2 * distinct >= agreeing[:, 0])
        & (2 * rival <= agreeing[:, 0])
    )
