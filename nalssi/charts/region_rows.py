"""Draw values of stations in rows, one row for each region, from north to south.

The regions chart draws temperatures this way, the change chart draws changes. A row begins with
the mean on its color, the region's name, and the lowest and highest value. Then every station is a
point on the temperature axis, with its name and value beside it. Labels stand in lanes
(`station_lanes`), so the page grows with the number of stations. A strip above the rows shows the
colors of the axis.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nalssi.charts import color_scale, layout, theme
from nalssi.charts.page_form import PageForm
from nalssi.charts.station_lanes import (
    LABEL_GAP,
    POINT_DIAMETER,
    RIGHT,
    StationLabel,
    assign_lanes,
)
from nalssi.locale.locales import Locale, counted

# Lengths are in inches.
HEADINGS_WIDTH: Final = 2.35  # from the left edge of a wide page to the plot
KEY_LINE: Final = 0.93  # from the top edge to the explanation of the marks
AXIS_STRIP: Final = 0.42  # height of tick labels and color strip, above the first row
LANE: Final = 0.155  # height of a lane
LABEL_PAPER: Final = 0.135  # height of the paper below a label
ROW_PADDING: Final = 0.08
SPAN_BAR: Final = 0.07  # height of the bar from the lowest to the highest value
MEAN_BOX: Final = (0.52, 0.27)
NAME_GAP: Final = 0.1  # between the box of the mean and the name
LINE: Final = 0.17  # between the lines of a region's heading
HEADING_HEIGHT: Final = 0.33  # of the heading above the stations, on a narrow page
CAPTIONS: Final = 0.2  # of the captions above the axis, on a narrow page

WIDE_AXIS_C: Final = 60
"""If the axis is longer than this number of degrees, only every second step has a number."""
NAME_PARTS: Final = re.compile("[^-· ]+[-· ]?")


@dataclass(frozen=True)
class RegionValues:
    """The texts, axis, colors and number format of a chart with region rows.

    The regions chart and the change chart each make one.
    """

    title: str
    lines: tuple[str, ...]  # below the title
    key: str  # the explanation of the marks
    limits: tuple[int, int]  # the ends of the axis in °C
    to_color: Callable[[Any], Any]  # from one or many values in °C to RGBA
    to_text: Callable[[float], str]


@dataclass(frozen=True)
class RowForm:
    """Where the parts of a row are: headings to the left of the plot, or above it.

    `plot_left` is the left end of the plot in inches, `above` the height of a heading above the
    stations, or zero if it is to the left of them.
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


def _row_form() -> RowForm:
    page = theme.page()
    if page.is_narrow:
        return RowForm(page, page.margin, HEADING_HEIGHT)
    return RowForm(page, HEADINGS_WIDTH, 0.0)


@dataclass(frozen=True)
class RegionRow:
    """The heading, values and labels of a region. Without readings, the values are None."""

    heading: tuple[str, ...]
    mean_c: float | None
    low_c: float | None
    high_c: float | None
    notes: tuple[str, ...]
    labels: tuple[StationLabel, ...]
    above: float
    """The height of the heading, if it stands above the stations."""

    @property
    def height(self) -> float:
        """The height of the row in inches: the larger one of its heading and its lanes."""
        lanes = 1 + max((label.lane for label in self.labels), default=0)
        plot = SPAN_BAR + 0.05 + lanes * LANE
        if self.above:
            return self.above + (plot if self.labels else 0) + 2 * ROW_PADDING
        heading = (len(self.heading) + len(self.notes)) * LINE
        return max(plot, heading, MEAN_BOX[1]) + 2 * ROW_PADDING


def draw_region_rows(
    readings: pl.DataFrame,
    regions: pl.DataFrame,
    locale: Locale,
    values: RegionValues,
    note: str | None = "",
) -> Figure:
    """Draw the values of stations (`temperature_c`), with a row for each region.

    `note` is written in the footer, as by `layout.draw_footer`. Regions without readings have an
    empty row, unless all readings are of one region.
    """
    present = regions.filter(pl.col("region_id").is_in(readings["region_id"].unique().implode()))
    if present.height == 1:
        regions = present
    form = _row_form()
    rows = _with_short_notes(list(_rows(readings, regions, locale, values, form)), form)
    depth = sum(row.height for row in rows)
    lines = (*values.lines, values.key) if form.page.is_narrow else values.lines
    head = layout.head_height(values.title, lines) + (CAPTIONS if form.page.is_narrow else 0)
    top = head + AXIS_STRIP
    foot = layout.foot_height(locale, note)
    page = theme.new_figure(form.page.width, top + depth + foot)
    layout.draw_frame(page, locale, values.title, lines, note)
    # Both axes measure y in inches below the top of the first row.
    width = form.page.width if form.above else form.plot_left
    headings = layout.add_axes(page, 0, top, width, depth)
    headings.set(xlim=(0, width), ylim=(depth, 0))
    headings.axis("off")
    headings.set_zorder(1)  # headings above the plot cover its lines
    plot = layout.add_axes(page, form.plot_left, top - 0.12, form.plot_width, depth + 0.12)
    plot.set(xlim=values.limits, ylim=(depth, -0.12))
    _draw_axis(plot, values)
    ends = [0.0]
    for row in rows:
        _draw_heading(headings, row, ends[-1] + ROW_PADDING, values, form)
        _draw_stations(plot, row, ends[-1] + ROW_PADDING + form.above, values, form)
        ends.append(ends[-1] + row.height)
    for end in ends[1:-1]:
        layout.draw_rule(page, form.page.margin, form.page.right, top + end)
    _write_captions(page, locale, values.key, head, form)
    return page


def wrap_name(name: str, width: float, size: float) -> tuple[str, ...]:
    """Wrap a region's name, in bold letters of `size` points, to a width in inches.

    Lines end after a dot, a hyphen or a space.
    """
    lines = [""]
    for part in NAME_PARTS.findall(name):
        if lines[-1] and theme.text_width(lines[-1] + part, size, theme.BOLD) > width:
            lines.append("")
        lines[-1] += part
    return tuple(line.rstrip() for line in lines)


def _rows(
    readings: pl.DataFrame,
    regions: pl.DataFrame,
    locale: Locale,
    values: RegionValues,
    form: RowForm,
) -> Iterator[RegionRow]:
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
        labels = assign_lanes(stations, values.limits, form.plot_width, _label_width)
        yield RegionRow(heading, mean, low, high, notes, labels, form.above)


def _label_width(text: str) -> float:
    return theme.text_width(text, theme.SMALL)


def _with_short_notes(rows: list[RegionRow], form: RowForm) -> list[RegionRow]:
    """Return rows with their notes (span, count) joined to one line, if it fits in every row."""
    joined = [" · ".join(row.notes) for row in rows]
    room = form.name_width + 0.06  # small letters may end nearer to the plot
    if not form.above and max(map(_label_width, joined)) > room:
        return rows
    return [replace(row, notes=(note,)) for row, note in zip(rows, joined, strict=True)]


def _write_captions(page: Figure, locale: Locale, key: str, head: float, form: RowForm) -> None:
    y = head - 0.05 if form.above else head + AXIS_STRIP - 0.09
    middle = form.page.margin + MEAN_BOX[0] / 2
    layout.write(page, middle, y, locale.charts.mean, ink=theme.SOFT_INK, align="center")
    if form.above:
        low_to_high = locale.charts.low_to_high
        layout.write(page, form.page.right, y, low_to_high, ink=theme.SOFT_INK, align="right")
        return
    layout.write(page, form.name_left, y, locale.charts.low_to_high, ink=theme.SOFT_INK)
    layout.write(page, form.page.right, KEY_LINE, key, ink=theme.SOFT_INK, align="right")


def _draw_axis(plot: Axes, values: RegionValues) -> None:
    low, high = values.limits
    layout.draw_color_strip(plot, low, high, -0.04, -0.12, values.to_color)
    plot.set(xlim=values.limits)
    step = color_scale.STEP_C if high - low <= WIDE_AXIS_C else 2 * color_scale.STEP_C
    ticks = [tick for tick in range(low, high + 1, color_scale.STEP_C) if tick % step == 0]
    plot.set_xticks(ticks, [f"{tick}°C" if tick == ticks[-1] else str(tick) for tick in ticks])
    plot.xaxis.tick_top()
    plot.tick_params(length=0, pad=3)
    plot.set_yticks([])
    plot.spines[:].set_visible(False)
    plot.grid(axis="x", zorder=0)
    if low < 0 < high:
        plot.axvline(0, color=theme.SOFT_INK, lw=1.0, zorder=0.6)


def _draw_heading(
    headings: Axes, row: RegionRow, y: float, values: RegionValues, form: RowForm
) -> None:
    margin = form.page.margin
    if form.above:
        paper = Rectangle((0, y - ROW_PADDING / 2), form.page.width, form.above)
        paper.set(facecolor=theme.PAPER, edgecolor="none")
        headings.add_patch(paper)
    if row.mean_c is not None:
        width, height = MEAN_BOX
        color = values.to_color(row.mean_c)
        ink = layout.draw_color_box(headings, margin, y, width, height, color)
        headings.text(
            margin + width / 2,
            y + height / 2,
            values.to_text(row.mean_c),
            size=theme.HEADING,
            weight=theme.BOLD,
            color=ink,
            ha="center",
            va="center_baseline",
        )
    for number, line in enumerate(row.heading):
        line_y = y + (0.2 if form.above else 0.13 + LINE * number)
        headings.text(form.name_left, line_y, line, size=theme.HEADING, weight=theme.BOLD)
    for number, note in enumerate(row.notes, len(row.heading)):
        x, note_y, align = form.name_left, y + 0.13 + LINE * number, "left"
        if form.above:
            x, note_y, align = form.page.right, y + 0.2, "right"
        headings.text(x, note_y, note, size=theme.SMALL, color=theme.SOFT_INK, ha=align)


def _draw_stations(
    plot: Axes, row: RegionRow, y: float, values: RegionValues, form: RowForm
) -> None:
    if row.mean_c is None or row.low_c is None or row.high_c is None:
        return
    if row.high_c > row.low_c:
        layout.draw_color_strip(plot, row.low_c, row.high_c, y + SPAN_BAR, y, values.to_color)
        mark = (y - 0.04, y + SPAN_BAR + 0.04)
        plot.plot((row.mean_c, row.mean_c), mark, color=theme.INK, lw=2, zorder=3)
    first_lane = y + SPAN_BAR + 0.05 + LANE / 2
    degrees_per_inch = (values.limits[1] - values.limits[0]) / form.plot_width
    label_offset_c = (POINT_DIAMETER / 2 + LABEL_GAP) * degrees_per_inch
    heights = [first_lane + LANE * label.lane for label in row.labels]
    temperatures = [label.temperature_c for label in row.labels]
    plot.scatter(
        temperatures,
        heights,
        s=(POINT_DIAMETER * 72) ** 2,
        c=values.to_color(temperatures),
        edgecolors=theme.INK,
        linewidths=0.6,
        zorder=4,
        clip_on=False,  # a point may lie at the end of the axis
    )
    for label, height in zip(row.labels, heights, strict=True):
        plot.text(
            label.temperature_c + label.side * label_offset_c,
            height,
            label.text,
            ha="left" if label.side == RIGHT else "right",
            va="center_baseline",
            zorder=2,
            gid=f"station-{label.station_id}",
        )
    plot.add_collection(
        _paper(row.labels, heights, label_offset_c, degrees_per_inch), autolim=False
    )


def _paper(
    labels: Sequence[StationLabel], heights: Sequence[float], offset_c: float, degrees: float
) -> PolyCollection:
    """Return the paper below labels, which hides grid lines. An inch of the axis has `degrees`.

    One collection is drawn faster than a box for each text.
    """
    boxes = []
    for label, height in zip(labels, heights, strict=True):
        near = label.temperature_c + label.side * offset_c
        far = near + label.side * _label_width(label.text) * degrees
        top, bottom = height - LABEL_PAPER / 2, height + LABEL_PAPER / 2
        boxes.append([(near, top), (far, top), (far, bottom), (near, bottom)])
    return PolyCollection(
        boxes, facecolors=theme.PAPER, edgecolors="none", linewidths=0, zorder=1.9
    )
