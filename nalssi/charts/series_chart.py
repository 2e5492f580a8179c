"""The series chart: the mean and span of each region by day, in panels with equal axes.

A bar reaches from the lowest to the highest usable reading of a day, in the color of the mean. A
line joins the means of consecutive representative days. The mean of any other day is a mean of some
lists, so its point is open. Within a piece of the axis, position is proportional to time; a long
time without data is a break (`day_axis`). If most days have no data, panels are as wide as the
page.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from nalssi.charts import color_scale, layout, period_data, theme
from nalssi.charts.day_axis import DayAxis, consecutive_runs
from nalssi.charts.day_axis_drawing import (
    BREAK_COLOR,
    BREAK_DASHES,
    LABELS_HEIGHT,
    LEAST_MARK,
    LEGIBLE_DAY,
    draw_bars,
    draw_day_axis,
    new_axis,
)
from nalssi.charts.legend import LINE, Mark, draw_legend, legend_lines
from nalssi.common.mean_basis import MeanBasis
from nalssi.locale.locales import LOCALES, Lang, Locale

COLUMNS: Final = 2
PANEL: Final = (3.15, 1.15)  # width and height in inches
PANEL_GAP: Final = (0.6, 0.35 + LABELS_HEIGHT)
LEFT: Final = 0.75
NARROW_PANEL: Final = (1.78, 1.1)  # on a narrow page, as the next ones
NARROW_GAP: Final = (0.44, 0.35 + LABELS_HEIGHT)
NARROW_LEFT: Final = 0.5
BELOW_HEAD: Final = 0.32
FEW_DAYS: Final = 60  # up to this number of days, every daily mean has a point
SHORTEST_BAR_C: Final = 0.4  # a day with one station is a dash
BAR_SHARE: Final = 0.86  # the width of a bar, if a day is wide enough for gaps between bars
WIDEST_BAR: Final = 0.16  # inches
POINT: Final = 4.2  # largest and smallest diameter of a round mark in pt
SMALLEST_POINT: Final = 2.2
LINE_WIDTH: Final = 0.9  # in points
DENSE_LINE_WIDTH: Final = 0.5
POINTS_PER_INCH: Final = 72


def figure(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the means of regions by day from the result of `period_data.region_days`.

    `regions` is the reference table. Regions without data have an empty panel, unless all data is
    of one region. Raises ValueError if the frame is empty.
    """
    if daily.is_empty():
        raise ValueError("no day has a reading to draw")
    locale = LOCALES[lang]
    days = daily["observed_on"].to_list()
    shown = regions.filter(pl.col("region_id").is_in(daily["region_id"].unique().implode()))
    panels = regions if shown.height > 1 else shown
    form = theme.page()
    start, (width, height), gap = LEFT, PANEL, PANEL_GAP
    if form.is_narrow:
        start, (width, height), gap = NARROW_LEFT, NARROW_PANEL, NARROW_GAP
    axis = new_axis(days, width)
    columns = COLUMNS if panels.height > 1 and not _is_sparse(axis) else 1
    if columns == 1:
        width = form.right - start
        axis = new_axis(days, width)
    rows = -(-panels.height // columns)
    basis = period_data.mean_basis(daily)
    legend = legend_lines(_legend(locale, basis, axis))
    title, lines = locale.series_title(basis), (locale.period(axis.days),)
    head = layout.head_height(title, lines)
    first_top = head + BELOW_HEAD + LINE * (len(legend) - 1)
    depth = rows * (height + gap[1])
    page = theme.new_figure(form.width, first_top + depth + layout.foot_height(locale) - 0.1)
    layout.draw_frame(page, locale, title, lines)
    step = color_scale.STEP_C
    low = math.floor(daily.select(pl.min("low_c")).item() / step) * step
    high = math.ceil(daily.select(pl.max("high_c")).item() / step) * step
    limits = (low, max(high, low + 2 * step))
    for number, (region_id, name) in enumerate(
        panels.select("region_id", locale.name_column).iter_rows()
    ):
        row, column = divmod(number, columns)
        left = start + column * (width + gap[0])
        top = first_top + row * (height + gap[1])
        layout.write(page, left, top - 0.08, name, size=theme.BODY, weight=theme.BOLD)
        axes = layout.add_axes(page, left, top, width, height)
        _draw_panel(axes, daily.filter(region_id=region_id), axis, limits)
        draw_day_axis(axes, axis, locale, height)
    draw_legend(page, legend, head - 0.05)
    return page


def _is_sparse(axis: DayAxis) -> bool:
    """Return whether most days of the axis have no data, and days are too narrow to be legible."""
    shown = sum((piece.days[-1] - piece.days[0]).days + 1 for piece in axis.pieces)
    return axis.day_width < LEGIBLE_DAY and 2 * len(axis.days) < shown


def _legend(locale: Locale, basis: MeanBasis, axis: DayAxis) -> list[tuple[Mark, str]]:
    """Return the items of the legend that apply to the chart: pairs of a mark and its meaning."""
    phrases = locale.charts

    def bar(axes: Axes, left: float, right: float) -> None:
        axes.bar((left + right) / 2, 0.14, 0.1, -0.07, color=color_scale.temperature_color(14.0))

    def line(axes: Axes, left: float, right: float) -> None:
        axes.plot((left, right), (0, 0), color=theme.INK, lw=0.9)
        if len(axis.days) <= FEW_DAYS:
            _draw_points(axes, [(left + right) / 2], [0.0], [color_scale.temperature_color(14.0)])

    def open_point(axes: Axes, left: float, right: float) -> None:
        _draw_points(axes, [(left + right) / 2], [0.0], [to_rgba(theme.PAPER)])

    def gap(axes: Axes, left: float, right: float) -> None:
        for at in (left + 0.05, right - 0.05):
            axes.plot((at, at), (-0.07, 0.07), color=BREAK_COLOR, lw=0.7, ls=BREAK_DASHES)

    items: list[tuple[Mark, str]] = [(bar, phrases.series_bar)]
    if basis.daily:
        items.append((line, phrases.series_line))
    if basis.lists:
        mean = locale.mean_of_lists(basis.lists)
        items.append((open_point, phrases.series_open_point.format(mean=mean)))
    if axis.breaks:
        items.append((gap, phrases.axis_break))
    return items


def _draw_panel(axes: Axes, daily: pl.DataFrame, axis: DayAxis, limits: tuple[int, int]) -> None:
    low, high = limits
    # At most five numbers stand on the axis.
    step = next(step for step in (5, 10, 20) if (high - low) / step <= 5)
    layout.draw_value_axis(axes, limits, step)
    if daily.is_empty():
        return
    days = daily["observed_on"].to_list()
    means = daily["mean_c"].to_numpy()
    spans = (daily["high_c"] - daily["low_c"]).to_numpy()
    bars = spans.clip(min=SHORTEST_BAR_C)
    bottoms = daily["low_c"].to_numpy() - (bars - spans) / 2
    ends = np.array(axis.columns(days, LEAST_MARK))
    middles = np.array([axis.middle(day) for day in days])
    share = BAR_SHARE if axis.day_width >= LEGIBLE_DAY else 1.0
    widths = np.minimum((ends[:, 1] - ends[:, 0]) * share, WIDEST_BAR)
    lefts = np.maximum(ends[:, 0], middles - widths / 2)
    colors = color_scale.temperature_color(means)
    draw_bars(axes, np.column_stack([lefts, bottoms, widths, bars]), colors)
    representative = daily["representative"].to_numpy()
    alone = _draw_line(axes, axis, daily.filter("representative"))
    # With many days, the line shows daily means, except those of days that are alone.
    is_drawn = [len(axis.days) <= FEW_DAYS or day in alone for day in days]
    with_point = np.array(is_drawn) | ~representative
    colors = colors.copy()  # the bars keep theirs
    colors[~representative] = to_rgba(theme.PAPER)
    size = min(POINT, max(SMALLEST_POINT, axis.day_width * POINTS_PER_INCH))
    _draw_points(axes, middles[with_point], means[with_point], colors[with_point], size)


def _draw_line(axes: Axes, axis: DayAxis, daily: pl.DataFrame) -> set[date]:
    """Draw a line through the daily means of each run of consecutive days of a region.

    `daily` has the representative days only. Returns the days without a neighbour, which no line
    shows. In the line, NaN separates the runs.
    """
    days, means = daily["observed_on"].to_list(), daily["mean_c"].to_list()
    xs, ys, alone = list[float](), list[float](), set[date]()
    for start, end in consecutive_runs(days):
        xs += [*map(axis.middle, days[start:end]), math.nan]
        ys += [*means[start:end], math.nan]
        if end - start == 1:
            alone.add(days[start])
    width = LINE_WIDTH if len(axis.days) <= FEW_DAYS else DENSE_LINE_WIDTH
    axes.plot(xs, ys, color=theme.INK, lw=width, zorder=3, gid="means")
    return alone


def _draw_points(axes: Axes, xs: Any, ys: Any, colors: Any, size: float = POINT) -> None:
    """Draw round marks at `xs` (inches) and `ys` (°C), with a diameter of `size` pt.

    `colors` has the fill color of each mark. An open (unfilled) mark has the color of the paper.
    """
    axes.scatter(xs, ys, s=size**2, c=colors, edgecolors=theme.INK,
                 linewidths=min(0.6, size / 5), zorder=4, clip_on=False)  # fmt: skip
