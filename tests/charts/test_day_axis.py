"""An axis of days is proportional to time, and a break stands wherever time is cut out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nalssi.charts.day_axis import ONE_DAY, WORTHWHILE, AxisSizes, DayAxis, consecutive_runs
from nalssi.charts.day_labels import day_labels
from nalssi.locale.locales import LOCALES

SIZES = AxisSizes(100.0, 3.0, 6.0, 12.0, legible_day=1.0, widest_day=4.0)
DAYS = st.lists(
    st.dates(date(2018, 1, 1), date(2026, 12, 31)), min_size=1, max_size=120, unique=True
)
FIRST = date(2024, 3, 1)


@given(DAYS)
def test_position_is_proportional_to_time_within_a_piece(days: list[date]) -> None:
    axis = DayAxis.from_days(days, SIZES)
    assert axis.days == tuple(sorted(days))
    for piece in axis.pieces:
        for day in piece.days:
            expected = piece.left + (day - piece.days[0]).days * axis.day_width
            assert axis.left_edge(day) == pytest.approx(expected)
        assert piece.right == pytest.approx(axis.left_edge(piece.days[-1]) + axis.day_width)


@given(DAYS)
def test_a_break_stands_wherever_pieces_are_split(days: list[date]) -> None:
    axis = DayAxis.from_days(days, SIZES)
    assert len(axis.breaks) == len(axis.pieces) - 1
    for (before, after), each in zip(pairwise(axis.pieces), axis.breaks, strict=True):
        assert (each.first, each.until) == (before.days[-1] + ONE_DAY, after.days[0])
        assert (each.left, each.right) == (before.right, after.left)
        least = SIZES.least_break(before.days[-1], after.days[0])
        width = each.right - each.left
        assert least - 1e-9 <= width <= max(least, SIZES.widest_break) + 1e-9


@given(DAYS)
def test_the_order_is_kept_and_everything_is_on_the_axis(days: list[date]) -> None:
    axis = DayAxis.from_days(days, SIZES)
    edges = [axis.left_edge(day) for day in axis.days]
    assert edges == sorted(edges)
    assert edges[0] == 0
    assert axis.pieces[-1].right <= SIZES.width + 1e-9
    assert axis.day_width <= SIZES.widest_day
    columns = axis.columns(axis.days, 0.5)
    for (left, right), middle in zip(columns, map(axis.middle, axis.days), strict=True):
        assert left < middle < right
    for (_, right), (left, _) in pairwise(columns):
        assert right <= left + 1e-9


@given(DAYS)
def test_no_time_without_data_that_is_left_wastes_the_width(days: list[date]) -> None:
    axis = DayAxis.from_days(days, SIZES)
    if axis.day_width >= SIZES.legible_day:
        return
    for piece in axis.pieces:
        for before, after in pairwise(piece.days):
            empty = ((after - before).days - 1) * axis.day_width
            assert empty <= WORTHWHILE * SIZES.least_break(before, after) + 1e-9


@pytest.mark.parametrize("lang", ["ko", "en"])
@given(DAYS)
def test_labels_keep_their_distance_and_name_each_year_once(lang: str, days: list[date]) -> None:
    axis = DayAxis.from_days(days, SIZES)
    labels = day_labels(axis, LOCALES[lang], lambda text: len(text) * 1.5, gap=1.0)  # type: ignore[index]
    assert [label.day for label in labels] == sorted({label.day for label in labels})
    assert labels[0].day == axis.days[0]
    for before, after in pairwise(labels):
        assert after.middle > before.middle
        assert (after.year is None) == (before.day.year == after.day.year)
    assert labels[0].year is not None


def test_two_days_and_five_years_have_different_gaps() -> None:
    near = DayAxis.from_days([FIRST, FIRST + timedelta(days=2)], SIZES)
    assert near.breaks == ()
    assert near.left_edge(FIRST + timedelta(days=2)) == 2 * near.day_width
    far = DayAxis.from_days([FIRST, FIRST.replace(year=2029)], SIZES)
    (cut,) = far.breaks
    assert LOCALES["ko"].duration(cut.first, cut.until) == "5년"


def test_every_day_of_two_years_is_one_piece_that_fills_the_axis() -> None:
    axis = DayAxis.from_days([FIRST + timedelta(days=number) for number in range(730)], SIZES)
    assert axis.breaks == ()
    assert axis.pieces[0].right == pytest.approx(SIZES.width)
    assert [year for year, _ in axis.year_starts()] == [2025, 2026]


def test_a_day_that_is_cut_out_has_no_position() -> None:
    axis = DayAxis.from_days([FIRST, FIRST.replace(year=2029)], SIZES)
    with pytest.raises(ValueError, match="not on the axis"):
        axis.left_edge(FIRST + ONE_DAY)
    with pytest.raises(ValueError, match="needs a day"):
        DayAxis.from_days([], SIZES)


def test_consecutive_days_are_one_run() -> None:
    days = [FIRST, FIRST + ONE_DAY, FIRST + 9 * ONE_DAY]
    assert consecutive_runs(days) == [(0, 2), (2, 3)]
    assert consecutive_runs([]) == []


@pytest.mark.parametrize(
    ("first", "until", "korean", "english"),
    [
        (date(2020, 10, 6), date(2025, 12, 19), "5년 2개월", "5 yr 2 mo"),
        (date(2024, 1, 1), date(2025, 1, 1), "1년", "1 yr"),
        (date(2024, 1, 1), date(2024, 3, 20), "3개월", "3 mo"),
        (date(2023, 1, 5), date(2023, 12, 31), "1년", "1 yr"),
        (date(2024, 1, 1), date(2024, 2, 29), "59일", "59 days"),
        (date(2024, 1, 1), date(2024, 1, 2), "1일", "1 day"),
    ],
)
def test_a_duration_is_in_words(first: date, until: date, korean: str, english: str) -> None:
    assert LOCALES["ko"].duration(first, until) == korean
    assert LOCALES["en"].duration(first, until) == english
