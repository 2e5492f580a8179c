"""The decision of hours on arrays: compared with the same decision in plain loops."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pytest

from nalssi.common.station_grid import NO_VALUE, Tenths, empty_grid, has_value
from nalssi.timing import hour_likelihood
from nalssi.timing.equal_hours import (
    _chance_of_equality,
    _is_near_gap,
    hours_around,
    is_equal,
    is_exact,
    may_show_missing_hour,
    proves_hour,
)
from nalssi.timing.hour_likelihood import score_hours
from nalssi.timing.hour_pairs import Pairs, pair_lists_with_hours
from nalssi.timing.nearest_hours import (
    MIN_STATIONS,
    NOISE_STATIONS,
    nearest_before_date,
    nearest_of_all,
    nearest_of_date,
)
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import Shortlist
from tests.timing.plain_decisions import GOOD_NOISES, LARGE_NOISES, Decision, Search, evidence

FIRST_HOUR = 19_000 * 24 - 9
STATIONS = 30


@dataclass(frozen=True)
class World:
    """Lists and official hours, some of which are missing or lack values."""

    lists: Tenths
    days: np.ndarray
    official: OfficialHours

    @property
    def last_hours(self) -> np.ndarray:
        return self.days * 24 - 9 + 23


def world(seed: int, kind: str, count: int = 80) -> World:
    """Lists of hours of ten days.

    `still`: temperatures hardly change from hour to hour; `whole`: no value is missing; `eight`,
    `lone`: so many hours are known.
    """
    rng = np.random.default_rng(seed)
    hours = FIRST_HOUR + np.flatnonzero(rng.random(240) > (0 if kind == "whole" else 0.08))
    hours = hours[: {"eight": 8, "lone": 1}.get(kind, 240)]
    largest = 1 if kind == "still" else 8
    steps = rng.integers(-largest, largest + 1, (240, STATIONS))
    tenths = empty_grid(len(hours) + 1, NO_VALUE)
    tenths[:-1, :STATIONS] = np.cumsum(steps, axis=0)[hours - FIRST_HOUR] + 3 * np.arange(STATIONS)
    if kind != "whole":
        tenths[:-1, :STATIONS][rng.random((len(hours), STATIONS)) < 0.1] = NO_VALUE
    official = OfficialHours(hours.astype(np.int32), tenths)
    lists, days = empty_grid(count), np.zeros(count, dtype=np.int64)
    for index in range(count):
        row = rng.integers(len(hours))
        size = rng.choice([4, 5, 6, 7, 8, 11, 12, 13, 16, 30])
        printed = rng.choice(STATIONS, size, replace=False)
        if len(hours) > 8 and rng.random() < 0.3:  # many stations have the same temperature
            distinct = rng.choice([1, 2, 3, size // 3, size // 2, size // 2 + 1])
            tenths[row, printed] = rng.integers(100) + np.arange(size) % max(distinct, 1)
        values = tenths[row, printed]
        noise = rng.normal(0, rng.choice([0, 0, 0, 0.5, 2, 6]), size).round()
        shown = np.where(has_value(values), values + noise, NO_VALUE)
        if rng.random() < 0.2:  # a misprint
            shown[0] += 250
        lists[index, printed] = shown
        days[index] = (hours[row] + 9) // 24 + (rng.random() < 0.2)
    return World(lists, days, official)


def search_of(near: Shortlist, index: int, official: OfficialHours) -> Search:
    found = [
        (int(official.hours[row]), float(distance))
        for row, distance in zip(near.rows[index], near.distance_c[index], strict=True)
        if np.isfinite(distance)
    ]
    return Search(found, int(near.compared[index]))


def plain(
    made: World, near: Shortlist, last_hours: np.ndarray | None, earlier: Shortlist | None = None
) -> list[Decision]:
    hours = {
        int(hour): {
            int(column): int(values[column]) for column in np.flatnonzero(has_value(values))
        }
        for hour, values in zip(made.official.hours, made.official.tenths[:-1], strict=True)
    }
    return [
        Decision(
            {int(column): int(shown[column]) for column in np.flatnonzero(has_value(shown))},
            hours,
            search_of(near, index, made.official),
            None if last_hours is None else int(last_hours[index]),
            None if earlier is None else search_of(earlier, index, made.official),
        )
        for index, shown in enumerate(made.lists)
    ]


@dataclass(frozen=True)
class Case:
    """A world, its lists with their nearest hours, and the same lists for the plain loops."""

    made: World
    near: Shortlist
    earlier: Shortlist | None
    last_hours: np.ndarray | None

    @cached_property
    def pairs(self) -> Pairs:
        return pair_lists_with_hours(self.made.lists, self.near, self.made.official)

    @cached_property
    def lists(self) -> list[Decision]:
        return plain(self.made, self.near, self.last_hours, self.earlier)


@cache
def case(kind: str, dated: bool, least: int) -> Case:
    made = world(1, kind)
    if not dated:
        near = nearest_of_all(made.lists, made.official, min_stations=least)
        return Case(made, near, None, None)
    near = nearest_of_date(made.lists, made.days, made.official, min_stations=least)
    earlier = nearest_before_date(made.lists, made.days, made.official, min_stations=least)
    return Case(made, near, earlier, made.last_hours)


EVERY_WORLD = pytest.mark.parametrize("kind", ["usual", "still", "whole", "eight", "lone"])
DATED = pytest.mark.parametrize("dated", [False, True])


@EVERY_WORLD
@DATED
def test_equality_is_decided_as_in_a_plain_loop(kind: str, dated: bool) -> None:
    few = case(kind, dated, MIN_STATIONS)
    pairs, near, official, last = few.pairs, few.near, few.made.official, few.last_hours
    assert is_equal(pairs).tolist() == [each.is_equal() for each in few.lists]
    assert is_exact(pairs).tolist() == [each.is_exact() for each in few.lists]
    found = proves_hour(pairs, near, official, last)
    assert found.tolist() == [each.proves_hour() for each in few.lists]
    assert found.any()
    which = np.flatnonzero(pairs.comparable[:, 0])
    compared = [few.lists[index] for index in which]
    chance = _chance_of_equality(pairs, near, official)[which]
    assert chance.tolist() == pytest.approx([each.chance() for each in compared], rel=1e-4)
    near_gap = _is_near_gap(pairs.part(which), official, None if last is None else last[which])
    assert near_gap.tolist() == [each.is_near_gap() for each in compared]


@EVERY_WORLD
@DATED
def test_hours_are_scored_as_in_a_plain_loop(kind: str, dated: bool) -> None:
    many = case(kind, dated, NOISE_STATIONS)
    made, last = many.made, many.last_hours
    fit = score_hours(made.lists, many.near, made.official, last_hours=last, earlier=many.earlier)
    assert fit.good.tolist() == [each.is_good() for each in many.lists]
    assert fit.unambiguous.tolist() == [each.is_unambiguous() for each in many.lists]
    assert fit.exact.tolist() == [each.is_exact() or each.proves_hour() for each in many.lists]
    assert fit.good.any()
    pairs = many.pairs
    which = np.flatnonzero(pairs.comparable[:, 0])
    compared = [many.lists[index] for index in which]
    odds = hour_likelihood._odds_of_others(pairs, pairs, slice(1, None))
    odds += hour_likelihood._odds_of_absent_hours(pairs, made.official, last)
    if many.earlier is not None:
        odds += hour_likelihood._odds_of_earlier(pairs, made.lists, many.earlier, made.official)
    assert odds[which].tolist() == pytest.approx([each.odds() for each in compared], rel=1e-6)
    hides = hour_likelihood._may_show_missing_hour(
        pairs.part(which), made.official, None if last is None else last[which]
    )
    assert hides.tolist() == [each.may_show_missing_hour() for each in compared]


def test_odds_of_twenty_to_one_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = case("whole", False, NOISE_STATIONS)
    for odds, certain in ((1 / 20, True), (1 / 19.9, False)):
        monkeypatch.setattr(
            hour_likelihood,
            "_odds_of_others",
            lambda pairs, *_, odds=odds: np.full(len(pairs.printed), odds),
        )
        fit = score_hours(whole.made.lists, whole.near, whole.made.official)
        assert fit.unambiguous.any() == certain


def test_a_list_may_show_the_hours_within_three_days() -> None:
    nearest = np.array([1000])
    assert hours_around(nearest, None).tolist() == [list(range(928, 1073))]
    assert hours_around(nearest, nearest).tolist() == [list(range(928, 1027))]


@pytest.mark.parametrize(
    ("absent", "last_hour", "ends_count", "expected"),
    [
        ([5], None, False, True),
        ([0], None, True, False),  # before the first observation
        ([99], None, True, False),  # after the last one
        ([5], 31, False, True),  # the date and three hours before it: 5 to 31
        ([5], 32, False, False),
        ([31], 31, False, True),
        ([32], 31, False, False),
        ([0, 1], 27, False, False),
        ([0, 1], 27, True, True),
    ],
)
def test_a_list_may_show_a_missing_hour(
    absent: list[int], last_hour: int | None, ends_count: bool, expected: bool
) -> None:
    hours = np.arange(100)[None]
    last = None if last_hour is None else np.array([last_hour])
    found = may_show_missing_hour(
        np.isin(hours, absent), hours, last, ends_count=np.array([ends_count])
    )
    assert found.tolist() == [expected]


@pytest.mark.parametrize("noises", [GOOD_NOISES, LARGE_NOISES])
def test_the_evidence_of_differences_is_that_of_a_plain_sum(noises: list[float]) -> None:
    sizes = (
        hour_likelihood.GOOD_NOISES_C if noises is GOOD_NOISES else hour_likelihood.LARGE_NOISES_C
    )
    assert sizes.tolist() == pytest.approx(noises)
    for differences in ([0] * 8, [1, 0, 2] * 4, [0] * 30, [5, 40, 199, 200, 201, 999], []):
        common = np.array([True] * len(differences) + [False])
        found = hour_likelihood._evidence(np.array([*differences, 7]), common, sizes)
        assert float(found) == pytest.approx(evidence(differences, noises), abs=1e-9)
