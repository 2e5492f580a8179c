"""The plots of stations by region in pages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from nalssi.gallery import dot_plot
from nalssi.gallery.dot_plot import DotPlot, change_dots, temperature_dots
from nalssi.gallery.text_size import text_width
from nalssi.locale.locales import LOCALES


def region(
    number: int, temperatures: list[float], changes: list[float | None] | None = None
) -> Any:
    changes = changes or [None] * len(temperatures)
    return {
        "id": number,
        "name": f"지역{number}",
        "stations": [
            {
                "station_id": 100 * number + index,
                "name_ko": f"지점{number}{index}",
                "temperature_c": temperature,
                "change_c": change,
            }
            for index, (temperature, change) in enumerate(zip(temperatures, changes, strict=True))
        ],
    }


def plot(*regions: Any) -> DotPlot:
    return temperature_dots(regions, LOCALES["ko"])


def test_a_point_is_where_the_axis_says() -> None:
    made = plot(region(1, [-5.0, 2.5, 10.0]), region(2, []))
    assert [(x, text) for x, text, _ in made.ticks] == [
        (0, "−5"), (33.3, "0"), (66.7, "5"), (100, "10"),
    ]  # fmt: skip
    assert made.zero == 33.3
    row, empty = made.rows
    assert {dot.value: dot.x for dot in row.dots} == {"−5.0": 0, "2.5": 50, "10.0": 100}
    assert (row.mean, row.span, row.start, row.width, row.middle) == (
        "2.5", "−5.0 ~ 10.0", 0, 100, 50,
    )  # fmt: skip
    assert empty.mean is None
    assert not empty.dots


@pytest.mark.parametrize("step", [0.0, 0.1, 0.7])
def test_no_label_covers_another_one_at_the_width_for_which_the_plot_is_laid_out(
    step: float,
) -> None:
    made = plot(region(1, [step * n for n in range(18)]))
    spans: dict[int, list[tuple[float, float]]] = {}
    for dot in made.rows[0].dots:
        x = dot.x / 100 * dot_plot.AXIS_WIDTH
        width = text_width(f"{dot.name} {dot.value}", dot_plot.FONT_SIZE) + dot_plot.LABEL_OFFSET
        right, left = (x - dot_plot.RADIUS, x + width), (x - width, x + dot_plot.RADIUS)
        spans.setdefault(dot.y, []).append(right if dot.side > 0 else left)
        assert dot.y + dot_plot.LANE / 2 <= made.rows[0].height
    for lane in spans.values():
        lane.sort()
        # Positions are rounded to a tenth of a percent.
        assert all(a[1] <= b[0] + 2 for a, b in pairwise(lane))


def test_a_plot_of_changes_has_zero_in_the_middle_and_only_compared_stations() -> None:
    made = change_dots([region(1, [1.0, 2.0, 3.0], [-2.0, None, 12.0])], LOCALES["ko"])
    assert made.zero == 50
    assert [text for _, text, _ in made.ticks] == ["−15", "−10", "−5", "0", "5", "10", "15"]
    assert [dot.value for dot in made.rows[0].dots] == ["−2.0", "+12.0"]
    assert made.rows[0].mean == "+5.0"
