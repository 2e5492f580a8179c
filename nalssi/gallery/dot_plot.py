"""The plots of stations by region, laid out for the macro `dots`, which draws SVG.

Each region has a row, from north to south, and each of its stations is a point on an axis of
temperature or of its change, with its name and value beside it. Labels stand in lanes, as in the
charts (`nalssi.charts.station_lanes`). Horizontal positions are percentages of the axis, vertical
ones are pixels, so that letters keep their size at any width. The labels have room if the axis is
at least AXIS_WIDTH wide. On narrower pages the style sheet hides them, and `static/dots.js` lays
them out for the width that there is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from nalssi.charts.color_scale import STEP_C
from nalssi.charts.station_lanes import POINT_DIAMETER, RIGHT, assign_lanes
from nalssi.charts.value_axis import change_limits, temperature_limits
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.html_templates import change, degrees
from nalssi.gallery.stylesheet import change_class, color_class
from nalssi.gallery.text_size import text_width
from nalssi.locale.locales import Locale

AXIS_WIDTH: Final = 780
"""The width of the axis in pixels for which labels are arranged in lanes."""
PIXELS_PER_INCH: Final = 96  # of CSS; `assign_lanes` counts in inches
FONT_SIZE: Final = 13.0
LANE: Final = 19
"""The height of a lane in pixels. TOP, RADIUS and LABEL_OFFSET are in pixels too."""
TOP: Final = 14
"""The distance in pixels from the upper edge of a row to its first lane. The bar from lowest to
highest value is there."""
RADIUS: Final = 5
LABEL_OFFSET: Final = 9
MOST_TICKS: Final = 10


@dataclass(frozen=True)
class Dot:
    """A station: its position (`x` in %, `y` in pixels), its texts and the class of its colour.

    `side` is 1 if its label is to the right of the point, and -1 if it is to the left.
    """

    station_id: int
    x: float
    y: int
    side: int
    name: str
    value: str
    color: str


@dataclass(frozen=True)
class DotRow:
    """A region with its stations. `mean` is None if no station of it has a value.

    `start` and `middle` are the positions of the lowest and of the mean value, `width` is the
    length from the lowest to the highest value, all in % of the axis. `mean` and `span` are texts.
    `height` is in pixels, `color` is the class of the mean's colour.
    """

    region_id: int
    name: str
    height: int
    dots: Sequence[Dot] = ()
    mean: str | None = None
    color: str = ""
    span: str = ""
    start: float = 0.0
    width: float = 0.0
    middle: float = 0.0


@dataclass(frozen=True)
class DotPlot:
    """A plot: its rows, and the ticks of its axis: position in %, text and class of the colour.

    `zero` is the position of 0 °C in %, or None if the axis does not contain it.
    """

    rows: Sequence[DotRow]
    ticks: Sequence[tuple[float, str, str]]
    zero: float | None


def temperature_dots(regions: Sequence[Row], locale: Locale) -> DotPlot:
    """Return the plot of temperatures.

    `regions` are rows of regions from `snapshot_view`: each has its usable readings in `stations`.
    """
    temperatures = [row["temperature_c"] for region in regions for row in region["stations"]]
    limits = temperature_limits(temperatures)
    return _plot(regions, "temperature_c", limits, degrees, color_class, locale)


def change_dots(regions: Sequence[Row], locale: Locale) -> DotPlot:
    """Return the plot of changes of temperature, with the stations that have a change.

    `regions` are rows of regions from `snapshot_view`: each has its usable readings in `stations`.
    """
    changes = [
        row["change_c"]
        for region in regions
        for row in region["stations"]
        if row["change_c"] is not None
    ]
    return _plot(regions, "change_c", change_limits(changes), change, change_class, locale)


def _plot(
    regions: Sequence[Row],
    column: str,
    limits: tuple[int, int],
    to_text: Callable[[float], str],
    to_class: Callable[[float], str],
    locale: Locale,
) -> DotPlot:
    low, high = limits
    between = locale.gallery.low_and_high

    def at(value: float) -> float:
        return round((value - low) / (high - low) * 100, 1)

    def row(region: Row) -> DotRow:
        own = [reading for reading in region["stations"] if reading[column] is not None]
        if not own:
            return DotRow(region["id"], region["name"], TOP + LANE)
        values = [reading[column] for reading in own]
        lowest, highest, mean = min(values), max(values), math.fsum(values) / len(values)
        names = {reading["station_id"]: locale.name(reading) for reading in own}
        labels = assign_lanes(
            [
                (number, f"{names[number]} {to_text(value)}", value)
                for number, value in zip(names, values, strict=True)
            ],
            limits,
            AXIS_WIDTH / PIXELS_PER_INCH,
            _label_width,
        )
        dots = [
            Dot(
                label.station_id,
                at(label.temperature_c),
                TOP + LANE * label.lane + LANE // 2,
                1 if label.side == RIGHT else -1,
                names[label.station_id],
                to_text(label.temperature_c),
                to_class(label.temperature_c),
            )
            for label in labels
        ]
        return DotRow(
            region["id"],
            region["name"],
            max(dot.y for dot in dots) + LANE // 2 + 1,
            dots,
            to_text(mean),
            to_class(mean),
            between.format(low=to_text(lowest), high=to_text(highest)) if highest > lowest else "",
            at(lowest),
            round(at(highest) - at(lowest), 1),
            at(mean),
        )

    step = STEP_C * math.ceil((high - low) / STEP_C / MOST_TICKS)
    ticks = [
        (at(value), _tick_text(value), to_class(value)) for value in range(low, high + 1, step)
    ]
    return DotPlot([row(region) for region in regions], ticks, at(0) if low < 0 < high else None)


def _tick_text(value: int) -> str:
    """Return a whole number of degrees, with a true minus sign."""
    return degrees(value, 0)


def _label_width(text: str) -> float:
    """Return the width of a label in inches for `assign_lanes`.

    Labels here have a larger gap to their points than in charts. The width includes the difference.
    """
    return (text_width(text, FONT_SIZE) + LABEL_OFFSET) / PIXELS_PER_INCH - POINT_DIAMETER / 2
