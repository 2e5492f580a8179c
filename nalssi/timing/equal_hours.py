"""Decide whether a list shows the official hour that it equals, or equals it by chance.

Tickers print the official values of a full hour unrounded, so a list equals its hour at every
common station. Another hour can equal it too, mostly the hour before or after on a still night. The
chance of that was measured with the official hours of winter 2026 (nine stations) and of August
2022 (95 stations). `studies/equality_study.py` repeats the measurement, and `docs/reconcile.md` has
the derivation and the error rates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nalssi.common.station_grid import NOT_LISTED, has_value
from nalssi.timing.hour_pairs import Degrees, Flags, Pairs
from nalssi.timing.nearest_hours import CAP_C, LATE_HOURS, MIN_STATIONS
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import Shortlist

EQUAL_CHANCE_C = 0.02
"""The chance that a station of another hour is equal is this number divided by the distance of that
hour from the list, in °C. Of two hours that are 1 °C apart, one station in fifty is equal."""
MAX_CHANCE = 2e-4
"""The largest chance, summed over all other hours, that a list equals some hour by chance. The mean
chance of the lists that stay below it is less than 1e-5."""
BESIDE_GAP_STATIONS = 7
"""The number of equal stations that prove an hour beside an hour without observations. In August, a
list of six stations equals an adjacent hour once in 40,000 cases, one of seven once in 200,000."""
NEAR_GAP_STATIONS = 6
"""The number of equal stations that prove an hour if another hour that the list may show has no
observations. In August, a list of five stations equals an hour that is not adjacent once in 80,000
cases, one of six once in a million."""
GAP_HOURS = 72
"""An undated list may show an hour without observations only within this number of hours before and
after its nearest hour."""
EXACT_STATIONS = 12
EXACT_SHARE = 0.9


def is_equal(pairs: Pairs) -> Flags:
    """Return True for each list that equals its nearest hour at every common station.

    The nearest hour is the first hour of each list in `pairs`.
    """
    return np.asarray(pairs.comparable[:, 0] & ~pairs.difference[:, 0].any(axis=1))


def proves_hour(
    pairs: Pairs,
    near: Shortlist,
    official: OfficialHours,
    last_hours: npt.NDArray[np.integer] | None = None,
) -> Flags:
    """Return True for each list that equals its nearest hour and does so not by chance.

    - The list is equal at every common station, and there are MIN_STATIONS or more of them.
    - More than half of the equal values are distinct, and three at least: a broken list may print
      one number everywhere.
    - No other hour is equal, and the other hours are so different that the chance of an equal one
      is at most MAX_CHANCE.
    - An hour is unknown if it has no observation that differs from the list. If the hour before or
      after is unknown, there are BESIDE_GAP_STATIONS or more stations. If another hour that the
      list may show is unknown, there are NEAR_GAP_STATIONS or more (see `may_show_missing_hour`).

    `pairs` has the lists with the hours of the shortlist `near`. `last_hours`: the last hour that
    each list can show (hours since 1970 UTC); None if the lists have no date.
    """
    stations = pairs.common[:, 0].sum(axis=1)
    proven = np.asarray(is_equal(pairs) & (stations >= MIN_STATIONS))
    which = np.flatnonzero(proven)
    some = pairs.part(which)
    distinct = _count_distinct(some, some.common[:, 0])
    varied = (distinct >= 3) & (2 * distinct > stations[which])
    alone = _chance_of_equality(some, near.part(which), official) <= MAX_CHANCE
    last = None if last_hours is None else last_hours[which]
    enough = stations[which] >= np.where(
        _is_beside_gap(some, official, last), BESIDE_GAP_STATIONS, MIN_STATIONS
    )
    proven[which] = varied & alone & enough
    which = np.flatnonzero(proven & (stations < NEAR_GAP_STATIONS))
    last = None if last_hours is None else last_hours[which]
    proven[which] = ~_is_near_gap(pairs.part(which), official, last)
    return proven


def is_exact(pairs: Pairs) -> Flags:
    """Return, for each list, whether it equals its nearest hour at enough stations to prove it.

    At least EXACT_STATIONS stations, and at least EXACT_SHARE of the common stations, must be
    equal. The number of distinct values must be at least half the number of equal stations, because
    a broken list may print one number everywhere. No other hour, except the official hours directly
    before and after, may be equal at more than half as many stations, because such an hour shows
    that chance can produce equality.
    """
    equal = (pairs.difference == 0) & pairs.common
    agreeing = equal.sum(axis=2)
    stations = pairs.common[:, 0].sum(axis=1)
    distinct = _count_distinct(pairs, equal[:, 0])
    apart = np.abs(pairs.rows[:, 1:] - pairs.rows[:, :1]) > 1
    rival = np.where(apart & pairs.comparable[:, 1:], agreeing[:, 1:], 0).max(axis=1)
    return np.asarray(
        pairs.comparable[:, 0]
        & (agreeing[:, 0] >= EXACT_STATIONS)
        & (agreeing[:, 0] >= EXACT_SHARE * stations)
        & (2 * distinct >= agreeing[:, 0])
        & (2 * rival <= agreeing[:, 0])
    )


def _count_distinct(pairs: Pairs, counted: Flags) -> npt.NDArray[np.intp]:
    """Return the number of distinct temperatures of each list, at its `counted` stations."""
    values = np.sort(np.where(counted, pairs.printed, NOT_LISTED), axis=1)
    distinct = np.diff(values, axis=1, prepend=NOT_LISTED) != 0
    return np.asarray(distinct.sum(axis=1))


def _chance_of_equality(pairs: Pairs, near: Shortlist, official: OfficialHours) -> Degrees:
    """Return, for each list, the expected number of hours that equal it by chance.

    The sum is over all hours that were compared with the list, except its nearest hour and the
    hours before and after that. An hour of *n* common stations at the distance *d* is equal with
    the chance (EQUAL_CHANCE_C / d) ** n. An hour that is equal counts as 1, also the hour before or
    after the nearest.

    `near` has the distances of the nearest of these hours only, its shortlist. The chances of the
    other hours are estimated from the last hour of the shortlist, whose distance is *e*. If the
    number of hours within a distance grows at most as its *n*-th power, these chances sum up to at
    most n * ln(CAP_C / e) times the length of the shortlist times the chance of its last hour.
    """
    hours = np.append(official.hours, 0).astype(np.int64)[pairs.rows]
    distance = np.maximum(near.distance_c, EQUAL_CHANCE_C)
    chance = (EQUAL_CHANCE_C / distance) ** near.stations
    chance = np.where(pairs.comparable, chance, 0.0)
    adjacent = np.abs(hours - hours[:, :1]) <= 1
    counts = ~adjacent | (near.distance_c == 0)
    counts[:, 0] = False
    beyond = np.maximum(near.compared - pairs.comparable.sum(axis=1), 0)
    growth = near.stations[:, -1] * np.log(np.maximum(CAP_C / distance[:, -1], 1.0))
    tail = np.minimum(beyond, distance.shape[1] * growth)
    return np.asarray((chance * counts).sum(axis=1) + tail * chance[:, -1])


def may_show_missing_hour(
    absent: Flags,
    hours: npt.NDArray[np.int64],
    last_hours: npt.NDArray[np.integer] | None,
    *,
    ends_count: Flags,
) -> Flags:
    """Return True for each list that may show an hour without observations.

    `hours` are the hours around the nearest hour of each list (lists by hours, ascending). `absent`
    has the same shape and is True for hours without observations. A dated list may show the hours
    of its date and the LATE_HOURS hours before; `last_hours` are the last hours of the dates. Hours
    before the first observation in `hours` count only for the lists that `ends_count` marks.

    If `last_hours` is None, the lists are undated and may show all `hours`. Then hours before the
    first and after the last observation in `hours` never count.
    """
    known_before = np.logical_or.accumulate(~absent, axis=1)
    if last_hours is None:
        known_after = np.logical_or.accumulate(~absent[:, ::-1], axis=1)[:, ::-1]
        counts = absent & known_before & known_after
    else:
        possible = (hours > last_hours[:, None] - 24 - LATE_HOURS) & (hours <= last_hours[:, None])
        counts = absent & possible & (known_before | ends_count[:, None])
    return np.asarray(counts.any(axis=1))


def hours_around(
    nearest: npt.NDArray[np.int64], last_hours: npt.NDArray[np.integer] | None
) -> npt.NDArray[np.int64]:
    """Return the hours around the nearest hour of each list: lists by hours, ascending.

    Hours are numbers since 1970 UTC. The first hour is GAP_HOURS before the nearest hour. The last
    is GAP_HOURS after it, or for dated lists (`last_hours` given) 23 + LATE_HOURS hours after it.
    """
    end = GAP_HOURS + 1 if last_hours is None else 24 + LATE_HOURS
    return np.asarray(nearest[:, None] + np.arange(-GAP_HOURS, end))


def _is_beside_gap(
    pairs: Pairs, official: OfficialHours, last_hours: npt.NDArray[np.integer] | None
) -> Flags:
    """Return True for each list if the hour before or after its nearest hour is `_unknown`.

    `last_hours` is the last hour that each list can show (None if the lists have no date). Later
    hours do not count.
    """
    hours = np.append(official.hours, 0).astype(np.int64)[pairs.rows[:, :1]] + np.array([-1, 1])
    unknown = _unknown(pairs, official, hours)
    if last_hours is not None:
        unknown &= hours <= last_hours[:, None]
    return np.asarray(unknown.any(axis=1))


def _is_near_gap(
    pairs: Pairs, official: OfficialHours, last_hours: npt.NDArray[np.integer] | None
) -> Flags:
    """Return True for each list that may show an hour that is `_unknown`, not its nearest hour.

    `may_show_missing_hour` states which hours a list may show. `last_hours` is the last hour that
    each list can show, or None if the lists have no date.
    """
    nearest = np.append(official.hours, 0).astype(np.int64)[pairs.rows[:, 0]]
    hours = hours_around(nearest, last_hours)
    unknown = _unknown(pairs, official, hours) & (hours != nearest[:, None])
    every = np.ones(len(hours), dtype=np.bool_)
    return may_show_missing_hour(unknown, hours, last_hours, ends_count=every)


def _unknown(pairs: Pairs, official: OfficialHours, hours: npt.NDArray[np.int64]) -> Flags:
    """Return True for each hour (lists by hours) that has no value which differs from the list.

    Such an hour could be the hour of the list. `hours` has numbers of hours, some for each list of
    `pairs`; their values are compared with those of the list. An hour without values is unknown
    too.
    """
    unknown = np.empty(hours.shape, dtype=np.bool_)
    for step in range(hours.shape[1]):
        values = official.tenths[official.row_of(hours[:, step])[:, None], pairs.columns]
        common = has_value(pairs.printed) & has_value(values)
        unknown[:, step] = ~((pairs.printed != values) & common).any(axis=1)
    return unknown
