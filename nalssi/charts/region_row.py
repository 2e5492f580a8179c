"""The rows of the regions chart and the change chart: headings, values, labels and heights.

`make_rows` computes them; `region_rows` draws them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from nalssi.charts import theme
from nalssi.charts.page_form import PageForm
from nalssi.charts.station_lanes import StationLabel, assign_lanes
from nalssi.locale.locales import Locale, counted

# Lengths are in inches.
HEADINGS_WIDTH: Final = 2.35  # from the left edge of a wide page to the plot
LANE: Final = 0.155  # height of a lane
ROW_PADDING: Final = 0.08
SPAN_BAR: Final = 0.07  # height of the bar from the lowest to the highest value
MEAN_BOX: Final = (0.52, 0.27)
NAME_GAP: Final = 0.1  # between the box of the mean and the name
LINE: Final = 0.17  # between the lines of a region's heading
HEADING_HEIGHT: Final = 0.33  # of the heading above the stations, on a narrow page
NAME_PARTS: Final = re.compile("[^-· ]+[-· ]?")


@dataclass(frozen=True)
class RegionValues:
    """The texts, axis, colors and number format of a chart with a row for each region.

    The regions chart and the change chart each make one. `to_text` formats a value.
    """

    title: str
    lines: tuple[str, ...]  # below the title
    key: str  # the explanation of the marks
    limits: tuple[int, int]  # the ends of the axis in °C
    to_color: Callable[[Any], Any]  # from one or many values in °C to RGBA
    to_text: Callable[[float], str]


@dataclass(frozen=True)
class RowForm:
    """The positions of the parts of a row on a page: its heading, and the plot of its stations.

    `plot_left` is the left end of the plot in inches. `above` is the height in inches of a heading
    above the plot; zero if the heading is to the left of the plot.
    """

    page: PageForm
    plot_left: float
    above: float

    @property
    def plot_width(self) -> float:
        """The width of the plot in inches."""
        return self.page.right - self.plot_left

    @property
    def name_left(self) -> float:
        """The left end of a region's name, in inches from the left edge of the page."""
        return self.page.margin + MEAN_BOX[0] + NAME_GAP

    @property
    def name_width(self) -> float:
        """The width in inches in which a region's name must fit."""
        return (self.page.right if self.above else self.plot_left - 0.12) - self.name_left


def row_form() -> RowForm:
    """Return the form of rows on a page of the current width (`theme.page`): wide or narrow."""
    page = theme.page()
    if page.is_narrow:
        return RowForm(page, page.margin, HEADING_HEIGHT)
    return RowForm(page, HEADINGS_WIDTH, 0.0)


@dataclass(frozen=True)
class RegionRow:
    """The heading, values and labels of a region. Without readings, the values are None.

    The values are temperatures, or changes of temperature in the chart of changes. `heading` are
    the lines of the region's name. `notes` are the lines below it: the lowest and the highest value
    as one text, if they differ, and the number of stations; or that there are no data.
    """

    heading: tuple[str, ...]
    mean_c: float | None
    low_c: float | None
    high_c: float | None
    notes: tuple[str, ...]
    labels: tuple[StationLabel, ...]
    above: float
    """The height in inches of the heading if it stands above the plot, else zero."""

    @property
    def height(self) -> float:
        """The height of the row in inches.

        If the heading is above the plot, it is the sum of both heights. If the heading is beside
        the plot, it is the larger of both.
        """
        lanes = 1 + max((label.lane for label in self.labels), default=0)
        plot = SPAN_BAR + 0.05 + lanes * LANE
        if self.above:
            return self.above + (plot if self.labels else 0) + 2 * ROW_PADDING
        heading = (len(self.heading) + len(self.notes)) * LINE
        return max(plot, heading, MEAN_BOX[1]) + 2 * ROW_PADDING


def wrap_name(name: str, width: float, size: float) -> tuple[str, ...]:
    """Return the lines of a region's name, wrapped to a width in inches.

    The letters are bold, of `size` points. Lines end after a dot, a hyphen or a space.
    """
    lines = [""]
    for part in NAME_PARTS.findall(name):
        if lines[-1] and theme.text_width(lines[-1] + part, size, theme.BOLD) > width:
            lines.append("")
        lines[-1] += part
    return tuple(line.rstrip() for line in lines)


def make_rows(
    readings: pl.DataFrame,
    regions: pl.DataFrame,
    locale: Locale,
    values: RegionValues,
    form: RowForm,
) -> Iterator[RegionRow]:
    """Yield the row of each region, with its labels in lanes.

    The row of a region without readings has no labels. `readings` has `temperature_c`, which is a
    change in °C in the change chart. `values` has the axis and the number format of the chart,
    `form` the positions of the parts of a row.
    """
    for region_id, name in regions.select("region_id", locale.name_column).iter_rows():
        heading = wrap_name(name, form.name_width, theme.HEADING)
        stations = [
            (station_id, f"{station} {values.to_text(temperature)}", temperature)
            for station_id, station, temperature in readings.filter(region_id=region_id)
            .select("station_id", locale.name_column, "temperature_c")
            .iter_rows()
        ]
        if not stations:
            yield RegionRow(heading, None, None, None, (locale.charts.no_data,), (), form.above)
            continue
        temperatures = [temperature for _, _, temperature in stations]
        mean = math.fsum(temperatures) / len(temperatures)
        low, high = min(temperatures), max(temperatures)
        count = counted(locale.charts.station_count, len(temperatures))
        span = f"{values.to_text(low)} ~ {values.to_text(high)}"
        notes = (span, count) if high > low else (count,)
        labels = assign_lanes(stations, values.limits, form.plot_width, label_width)
        yield RegionRow(heading, mean, low, high, notes, labels, form.above)


def label_width(text: str) -> float:
    """Return the width in inches of a station's label: a text of size SMALL."""
    return theme.text_width(text, theme.SMALL)


def with_short_notes(rows: list[RegionRow], form: RowForm) -> list[RegionRow]:
    """Return rows whose notes are joined to one line, such as `-3.2 ~ 1.4 · 8 stations`.

    On a wide page, if the joined line does not fit in every row, the rows are returned unchanged.
    `form` has the positions of the parts of a row.
    """
    joined = [" · ".join(row.notes) for row in rows]
    room = form.name_width + 0.06  # small letters may end nearer to the plot
    if not form.above and max(map(label_width, joined)) > room:
        return rows
    return [replace(row, notes=(note,)) for row, note in zip(rows, joined, strict=True)]
