"""Draw values of stations in rows, one row for each region, from north to south.

The regions chart draws temperatures this way, the change chart draws changes. A row begins with
the mean on its color, the region's name, and the lowest and highest value. Then every station is a
point on the temperature axis, with its name and value beside it. Labels stand in lanes
(`station_lanes`), so the page grows with the number of stations. A strip above the rows shows the
colors of the axis.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import color_scale, layout, theme
from nalssi.charts.page_marks import PageMarks
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
from nalssi.charts.station_lanes import LABEL_GAP, POINT_DIAMETER, RIGHT
from nalssi.locale.locales import Locale

# Lengths are in inches.
KEY_LINE: Final = 0.93  # from the top edge to the explanation of the marks
AXIS_STRIP: Final = 0.42  # height of tick labels and color strip, above the first row
LABEL_PAPER: Final = 0.135  # height of the paper below a label
CAPTIONS: Final = 0.2  # of the captions above the axis, on a narrow page
STRIP: Final = (0.12, 0.04)  # from the ends of the color strip of the axis to the first row
TICK_GAP: Final = 3 / 72  # between the strip and the numbers above it

GRID_LAYER: Final = 0.5
ZERO_LAYER: Final = 0.6
PAPER_LAYER: Final = 1.9
MEAN_LAYER: Final = 3.0

HEADING: Final = "heading"
"""The gid of the texts that stand beside the plot of a region, or above it on a narrow page."""

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

    `values` has the texts, axis and colors. `note` is the note for `layout.draw_footer`. Regions
    without readings have an empty row, unless all readings are of one region.
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
    marks = PageMarks(page)
    _draw_axis(page, marks, values, form, top, depth)
    y = top
    for number, row in enumerate(rows):
        if number:
            layout.draw_rule(page, form.page.margin, form.page.right, y)
        _draw_heading(page, marks, row, y + ROW_PADDING, values, form)
        _draw_stations(page, marks, row, y + ROW_PADDING + form.above, values, form)
        y += row.height
    marks.draw(diameter=POINT_DIAMETER)
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


def _place(temperature: float, values: RegionValues, form: RowForm) -> float:
    """Return the position of a value (°C) on the axis, in inches from the left edge of the page."""
    low, high = values.limits
    return form.plot_left + (temperature - low) / (high - low) * form.plot_width


def _draw_axis(
    page: Figure, marks: PageMarks, values: RegionValues, form: RowForm, top: float, depth: float
) -> None:
    """Draw the strip of colors above the rows, and a vertical line through all rows at every step.

    `top` is the top of the rows and `depth` their height, in inches. `marks` collects the drawn
    parts.
    """
    low, high = values.limits
    _draw_strip(marks, low, high, top - STRIP[0], top - STRIP[1], values, form)
    step = color_scale.STEP_C if high - low <= WIDE_AXIS_C else 2 * color_scale.STEP_C
    ticks = [tick for tick in range(low, high + 1, color_scale.STEP_C) if tick % step == 0]
    for tick in ticks:
        x = _place(tick, values, form)
        marks.vertical_line(
            x, top - STRIP[0], top + depth, width=0.6, color=theme.RULE, layer=GRID_LAYER
        )
        text = f"{tick}°C" if tick == ticks[-1] else str(tick)
        y = top - STRIP[0] - TICK_GAP
        layout.write(page, x, y, text, ink=theme.SOFT_INK, align="center", anchor="bottom")
    if low < 0 < high:
        x = _place(0, values, form)
        marks.vertical_line(
            x, top - STRIP[0], top + depth, width=1.0, color=theme.SOFT_INK, layer=ZERO_LAYER
        )


def _draw_strip(
    marks: PageMarks,
    low_c: float,
    high_c: float,
    top: float,
    bottom: float,
    values: RegionValues,
    form: RowForm,
) -> None:
    """Draw the colors of the axis from `low_c` to `high_c`.

    `top` and `bottom` are in inches from the top of the page. `marks` collects the drawn parts.
    """
    tenths = np.arange(round(low_c * 10), round(high_c * 10))
    left, right = _place(low_c, values, form), _place(high_c, values, form)
    marks.strip(left, right, top, bottom, values.to_color(tenths / 10))


def _draw_heading(
    page: Figure, marks: PageMarks, row: RegionRow, y: float, values: RegionValues, form: RowForm
) -> None:
    margin = form.page.margin
    if form.above:  # it covers the lines of the axis
        top = y - ROW_PADDING / 2
        marks.box(0, top, form.page.width, form.above, theme.PAPER, layer=PAPER_LAYER)
    if row.mean_c is not None:
        width, height = MEAN_BOX
        color = values.to_color(row.mean_c)
        marks.box(margin, y, width, height, tuple(color), layer=PAPER_LAYER + 0.01)
        layout.write(
            page,
            margin + width / 2,
            y + height / 2,
            values.to_text(row.mean_c),
            size=theme.HEADING,
            weight=theme.BOLD,
            ink=color_scale.ink_on(color),
            align="center",
            anchor="center_baseline",
        )
    for number, line in enumerate(row.heading):
        line_y = y + (0.2 if form.above else 0.13 + LINE * number)
        text = layout.write(
            page, form.name_left, line_y, line, size=theme.HEADING, weight=theme.BOLD
        )
        text.set_gid(HEADING)
    for number, note in enumerate(row.notes, len(row.heading)):
        x, note_y, align = form.name_left, y + 0.13 + LINE * number, "left"
        if form.above:
            x, note_y, align = form.page.right, y + 0.2, "right"
        text = layout.write(page, x, note_y, note, ink=theme.SOFT_INK, align=align)
        text.set_gid(HEADING)


def _draw_stations(
    page: Figure, marks: PageMarks, row: RegionRow, y: float, values: RegionValues, form: RowForm
) -> None:
    if row.mean_c is None or row.low_c is None or row.high_c is None:
        return
    if row.high_c > row.low_c:
        _draw_strip(marks, row.low_c, row.high_c, y, y + SPAN_BAR, values, form)
        x = _place(row.mean_c, values, form)
        marks.vertical_line(
            x, y - 0.04, y + SPAN_BAR + 0.04, width=2, color=theme.INK, layer=MEAN_LAYER
        )
    first_lane = y + SPAN_BAR + 0.05 + LANE / 2
    colors = values.to_color([label.temperature_c for label in row.labels])
    for label, color in zip(row.labels, colors, strict=True):
        x, middle = _place(label.temperature_c, values, form), first_lane + LANE * label.lane
        marks.point(x, middle, color)
        near = x + label.side * (POINT_DIAMETER / 2 + LABEL_GAP)
        text = layout.write(
            page,
            near,
            middle,
            label.text,
            align="left" if label.side == RIGHT else "right",
            anchor="center_baseline",
        )
        text.set(zorder=2, gid=f"station-{label.station_id}")
        # Paper hides the lines of the axis below the label.
        width = label_width(label.text)
        left = near if label.side == RIGHT else near - width
        marks.box(
            left, middle - LABEL_PAPER / 2, width, LABEL_PAPER, theme.PAPER, layer=PAPER_LAYER
        )
