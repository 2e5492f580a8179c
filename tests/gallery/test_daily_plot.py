"""The layout of the plots in pages, and how pages write temperatures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.daily_plot import BOTTOM_MARGIN, HEIGHT, Day, layout
from nalssi.gallery.html_templates import change, degrees
from nalssi.gallery.stylesheet import color_class

FIRST = date(2025, 1, 1)


def day(number: int, mean: float = 5.0, span: float = 2.0, lists: int | None = None) -> Day:
    basis = MeanBasis(lists is None, (lists, lists) if lists else None)
    return Day(FIRST + timedelta(days=number), mean, mean - span, mean + span, basis)


def test_days_in_a_row_are_joined_and_a_gap_is_left_open() -> None:
    made = layout([day(0), day(1), day(5), day(6)])
    assert len(made.lines) == 2
    starts = [bar.x for bar in made.bars]
    assert starts[2] - starts[1] > starts[1] - starts[0]
    assert starts[3] - starts[2] == pytest.approx(starts[1] - starts[0], abs=0.01)


def test_a_day_with_a_mean_of_lists_has_a_narrow_bar_and_no_line() -> None:
    made = layout([day(0), day(1), day(2, lists=3), day(3)])
    assert len(made.lines) == 1
    widths = [bar.width for bar in made.bars]
    assert widths[2] < widths[0] == widths[1] == widths[3]


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_everything_stays_within_the_plot(count: int) -> None:
    made = layout([day(3 * n, mean=n % 60 - 20.0) for n in range(count)])
    for bar in made.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT - BOTTOM_MARGIN + 2
    positions = [at for at, _, _ in made.labels]
    assert positions == sorted(positions)
    assert 1 <= len(positions) <= 6
    assert all(0 <= at <= 100 for at in positions)


def test_warmer_is_higher_and_one_value_is_still_a_mark() -> None:
    cold, warm = layout([day(0, -5.0, 0.0), day(1, 15.0, 0.0)]).bars
    assert warm.y < cold.y
    assert cold.height > 0


@pytest.mark.parametrize(
    ("value", "written"), [(14.1, "14.1"), (-0.04, "0.0"), (-5.25, "−5.2"), (0.0, "0.0")]
)
def test_temperatures_have_a_true_minus_and_no_negative_zero(value: float, written: str) -> None:
    assert degrees(value) == written


@pytest.mark.parametrize(("value", "written"), [(2.0, "+2.0"), (-2.0, "−2.0"), (0.01, "0.0")])
def test_a_change_has_its_sign(value: float, written: str) -> None:
    assert change(value) == written


@pytest.mark.parametrize(
    ("value", "name"), [(-0.1, "tm1"), (0.0, "t0"), (0.9, "t0"), (-99, "tm30"), (99, "t39")]
)
def test_a_temperature_has_the_colour_of_its_degree(value: float, name: str) -> None:
    assert color_class(value) == name
