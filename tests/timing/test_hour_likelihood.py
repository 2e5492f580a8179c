"""The search for the nearest hours and their scores, on arrays: compared with plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nalssi.common.station_grid import NO_VALUE, NOT_LISTED, STATIONS, Tenths
from nalssi.timing.hour_likelihood import GOOD_C, GOOD_NOISES_C, LARGE_NOISES_C, score_hours
from nalssi.timing.nearest_hours import (
    CAP,
    DAYS_BEFORE,
    LATE_HOURS,
    MIN_STATIONS,
    NOISE_STATIONS,
    BlockSizes,
    nearest_before_date,
    nearest_of_all,
    nearest_of_date,
)
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import SHORTLIST

FIRST_DAY = 19_000  # days since 1970: 2022-01-08
FIRST_HOUR = FIRST_DAY * 24 - 9


def official_hours(days: int, seed: int, holes: float = 0.0) -> OfficialHours:
    """Random values within a few degrees, some of them missing, some hours absent."""
    rng = np.random.default_rng(seed)
    hours = FIRST_HOUR + np.arange(24 * days)
    hours = hours[rng.random(len(hours)) >= holes].astype(np.int32)
    tenths = rng.integers(-40, 40, (len(hours) + 1, len(STATIONS))).astype(np.int16)
    tenths[rng.random(tenths.shape) < holes] = NO_VALUE
    tenths[-1] = NO_VALUE
    return OfficialHours(hours, tenths)


def lists(count: int, stations: int, seed: int) -> Tenths:
    rng = np.random.default_rng(seed)
    made = np.full((count, len(STATIONS)), NOT_LISTED, dtype=np.int16)
    for row in made:
        printed = rng.choice(len(STATIONS), stations, replace=False)
        row[printed] = rng.integers(-40, 40, stations)
    return made


def plain_distance(shown: Tenths, values: Tenths, min_stations: int) -> float:
    common = (shown != NOT_LISTED) & (values != NO_VALUE)
    if common.sum() < min_stations:
        return np.inf
    return float(np.minimum(np.abs(shown[common] - values[common]), CAP).mean() / 10)


def plain_shortlist(
    shown: Tenths, official: OfficialHours, hours: range, min_stations: int
) -> list[tuple[float, int]]:
    rows = [row for row, hour in enumerate(official.hours) if int(hour) in hours]
    near = sorted((plain_distance(shown, official.tenths[row], min_stations), row) for row in rows)
    return [(distance, row) for distance, row in near if np.isfinite(distance)][:SHORTLIST]


@pytest.mark.parametrize(
    ("stations", "least"),
    [(6, MIN_STATIONS), (8, NOISE_STATIONS), (16, NOISE_STATIONS), (97, NOISE_STATIONS)],
)
@pytest.mark.parametrize("seed", range(2))
def test_the_search_finds_the_hours_that_a_plain_loop_finds(
    stations: int, least: int, seed: int
) -> None:
    sizes = BlockSizes(span_hours=500)
    official = official_hours(70, seed, holes=0.1)
    shown = lists(6, stations, seed)
    days = np.array([FIRST_DAY, FIRST_DAY + 1, FIRST_DAY + 30, FIRST_DAY + 62, FIRST_DAY + 69, 0])
    begin = days * 24 - 9
    of_date = np.errstate(divide="raise")(nearest_of_date)  # it divides nothing by zero
    for found, spans in (
        (
            nearest_of_all(shown, official, sizes, min_stations=least),
            [range(FIRST_HOUR, 10**7)] * 6,
        ),
        (
            of_date(shown, days, official, sizes, min_stations=least),
            [range(b - LATE_HOURS, b + 24) for b in begin],
        ),
        (
            nearest_before_date(shown, days, official, sizes, min_stations=least),
            [range(b - LATE_HOURS - 24 * DAYS_BEFORE, b - LATE_HOURS) for b in begin],
        ),
    ):
        for index, span in enumerate(spans):
            expected = plain_shortlist(shown[index], official, span, least)
            distances = found.distance_c[index][: len(expected)]
            assert distances.tolist() == pytest.approx([d for d, _ in expected], abs=1e-5)
            for distance, row in zip(distances, found.rows[index], strict=False):
                plain = plain_distance(shown[index], official.tenths[row], least)
                assert plain == pytest.approx(distance)
            assert np.isinf(found.distance_c[index][len(expected) :]).all()
            assert found.present[index] == sum(int(hour) in span for hour in official.hours)


def test_a_lone_hour_is_certain_only_for_an_exact_list() -> None:
    """Without another hour to compare, an exact list is certain and a noisy one is not."""
    official = official_hours(1, 0)
    lone = OfficialHours(official.hours[10:11], official.tenths[[10, 24]])
    exact = np.where(lists(1, 16, 1) == NOT_LISTED, NOT_LISTED, lone.tenths[0])
    noisy = np.where(exact == NOT_LISTED, exact, exact + np.array([3, -3] * 60)[: exact.shape[1]])
    shown = np.vstack([exact, noisy]).astype(np.int16)
    fit = score_hours(shown, nearest_of_all(shown, lone), lone)
    assert fit.good.tolist() == [True, True]
    assert fit.unambiguous.tolist() == [True, False]
    assert np.isnan(fit.margin_c).all()


def test_two_equal_hours_are_ambiguous_even_for_an_exact_list() -> None:
    official = official_hours(2, 0)
    tenths = official.tenths.copy()
    tenths[40] = tenths[10]
    twice = replace(official, tenths=tenths)
    shown = np.where(lists(1, 16, 1) == NOT_LISTED, NOT_LISTED, tenths[10]).astype(np.int16)
    fit = score_hours(shown, nearest_of_all(shown, twice), twice)
    assert fit.good.all()
    assert not fit.unambiguous.any()
    assert not fit.exact.any()
    assert fit.margin_c.tolist() == [0.0]


def test_an_exact_fit_before_the_date_makes_a_noisy_fit_of_the_date_ambiguous() -> None:
    """A list that fits its date well, but an earlier hour exactly, may be of a frozen feed."""
    official = official_hours(10, 0)
    mask = lists(1, 16, 1) == NOT_LISTED
    tenths = official.tenths.copy()
    tenths[200] = tenths[10] + np.array([2, -2, 1] * 40, dtype=np.int16)[: tenths.shape[1]]
    similar = replace(official, tenths=tenths)
    shown = np.where(mask, NOT_LISTED, tenths[10]).astype(np.int16)
    days = np.array([FIRST_DAY + 200 // 24])
    last = days * 24 - 9 + 23
    near = nearest_of_date(shown, days, similar)
    assert near.rows[0, 0] == 200
    alone = score_hours(shown, near, similar, last_hours=last)
    earlier = nearest_before_date(shown, days, similar)
    known = score_hours(shown, near, similar, last_hours=last, earlier=earlier)
    assert (alone.good.all(), alone.unambiguous.all()) == (True, True)
    assert (known.good.all(), known.unambiguous.any()) == (True, False)


def test_noise_sizes_of_good_and_bad_fits_do_not_overlap() -> None:
    assert GOOD_NOISES_C[-1] == pytest.approx(GOOD_C)
    assert LARGE_NOISES_C[0] > GOOD_C
