"""Draw values of stations in rows, one row for each region, from north to south.

The regions chart draws temperatures this way, the change chart draws changes. A row begins with
the mean on its color, the region's name, and the lowest and highest value. Then every station is a
point on the temperature axis, with its name and value beside it. Labels stand in lanes
(`station_lanes`), so the page grows with the number of stations. A strip above the rows shows the
colors of the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nalssi.charts import color_scale, layout, theme
from nalssi.charts.region_row import (
    LANE,
    LINE,
    MEAN_BOX,
    ROW_PADDING,
    SPAN_BAR,
    RegionRow,
    RegionValues,
    RowForm,
    label_width,
    make_rows,
    row_form,
    with_short_notes,
)
from nalssi.charts.station_lanes import (
    LABEL_GAP,
    POINT_DIAMETER,
    RIGHT,
    StationLabel,
)
from nalssi.locale.locales import Locale

# Lengths are in inches.
KEY_LINE: Final = 0.93  # from the top edge to the explanation of the marks
AXIS_STRIP: Final = 0.42  # height of tick labels and color strip, above the first row
LABEL_PAPER: Final = 0.135  # height of the paper below a label
CAPTIONS: Final = 0.2  # of the captions above the axis, on a narrow page

WIDE_AXIS_C: Final = 60
"""If the axis spans more degrees than this, only every second step has a number."""


def draw_region_rows(
    readings: pl.DataFrame,
    regions: pl.DataFrame,
    locale: Locale,
    values: RegionValues,
    note: str | None = "",
) -> Figure:
    """Draw the values of stations (`temperature_c` of `readings`), with a row for each region.

    `values` has the texts, axis and colors. `note` is that of `layout.draw_footer`. Regions without
    readings have an empty row, unless all readings are of one region.
    """
    present = regions.filter(pl.col("region_id").is_in(readings["region_id"].unique().implode()))
    if present.height == 1:
        regions = present
    form = row_form()
    rows = with_short_notes(list(make_rows(readings, regions, locale, values, form)), form)
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
        headings.add_artist(paper)
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
    """Return boxes in the color of the paper, which hide grid lines below labels.

    `heights` are the middles of the labels in inches, `offset_c` is the distance from a point to
    its label in °C, and `degrees` is the length of an inch of the axis in °C. All boxes are one
    collection, which is drawn faster than a box for each text.
    """
    boxes = []
    for label, height in zip(labels, heights, strict=True):
        near = label.temperature_c + label.side * offset_c
        far = near + label.side * label_width(label.text) * degrees
        top, bottom = height - LABEL_PAPER / 2, height + LABEL_PAPER / 2
        boxes.append([(near, top), (far, top), (far, bottom), (near, bottom)])
    return PolyCollection(
        boxes, facecolors=theme.PAPER, edgecolors="none", linewidths=0, zorder=1.9
    )
