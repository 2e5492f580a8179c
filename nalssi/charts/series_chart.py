"""The series chart: the mean and span of each region by day, in ten panels with equal axes.

A bar reaches from the lowest to the highest usable reading of a day, in the color of the mean. A
line joins the means of consecutive representative days. The mean of any other day is only that of
some lists, so its point is open. Days without data are a gap.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from nalssi.charts import color_scale, layout, period_data, theme
from nalssi.charts.day_axis import DayAxis
from nalssi.common.mean_basis import MeanBasis
from nalssi.locale.locales import LOCALES, Lang, Locale

COLUMNS: Final = 2
PANEL: Final = (3.15, 1.15)  # width and height in inches
PANEL_GAP: Final = (0.6, 0.62)
LEFT: Final = 0.75
TOP: Final = layout.HEADER + 0.32
LEGEND_LINE: Final = 0.19
FEW_DAYS: Final = 60  # up to this number of days, every mean has a point
SHORTEST_BAR_C: Final = 0.4  # a day with one station is a dash


def figure(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the means of regions by day from the frame of `period_data.region_days`.

    Regions without data have an empty panel, unless all data is of one region. Raises ValueError if
    the frame is empty.
    """
    if daily.is_empty():
        raise ValueError("no day has a reading to draw")
    locale = LOCALES[lang]
    axis = DayAxis.from_days(daily["observed_on"].to_list())
    shown = regions.filter(pl.col("region_id").is_in(daily["region_id"].unique().implode()))
    panels = regions if shown.height > 1 else shown
    columns = COLUMNS if panels.height > 1 else 1
    width = PANEL[0] if columns > 1 else theme.PAGE_WIDTH - LEFT - theme.MARGIN
    rows = -(-panels.height // columns)
    basis = period_data.mean_basis(daily)
    legend = _legend(locale, basis)
    first_top = TOP + LEGEND_LINE * (len(legend) - 1)
    height = first_top + rows * (PANEL[1] + PANEL_GAP[1]) + layout.FOOTER - 0.1
    page = theme.new_figure(theme.PAGE_WIDTH, height)
    layout.draw_frame(page, locale, locale.series_title(basis), (locale.period(axis.days), *legend))
    step = color_scale.STEP_C
    low = math.floor(daily.select(pl.min("low_c")).item() / step) * step
    high = math.ceil(daily.select(pl.max("high_c")).item() / step) * step
    limits = (low, max(high, low + 2 * step))
    for number, (region_id, name) in enumerate(
        panels.select("region_id", locale.name_column).iter_rows()
    ):
        row, column = divmod(number, columns)
        left = LEFT + column * (width + PANEL_GAP[0])
        top = first_top + row * (PANEL[1] + PANEL_GAP[1])
        layout.write(page, left, top - 0.08, name, size=theme.BODY, weight=theme.BOLD)
        axes = layout.add_axes(page, left, top, width, PANEL[1])
        _draw_panel(axes, daily.filter(region_id=region_id), axis, limits)
        axis.write_labels(axes, locale, width, PANEL[1])
    return page


def _legend(locale: Locale, basis: MeanBasis) -> list[str]:
    """Return the lines of the legend: one, and another one if there are open points."""
    phrases = locale.charts
    line = [phrases.series_line] if basis.daily else []
    lines = [", ".join([phrases.series_bar, *line, phrases.series_blank])]
    if basis.lists:
        mean = locale.mean_of_lists(basis.lists)
        lines.append(phrases.series_open_point.format(mean=mean))
    return lines


def _draw_panel(axes: Axes, daily: pl.DataFrame, axis: DayAxis, limits: tuple[int, int]) -> None:
    low, high = limits
    axes.set_ylim(low, high)
    # At most five numbers stand on the axis.
    step = next(step for step in (5, 10, 20) if (high - low) / step <= 5)
    ticks = [tick for tick in range(low, high + 1) if tick % step == 0]
    axes.set_yticks(ticks, [f"{tick}°" for tick in ticks])
    axes.tick_params(length=0)
    axes.grid(axis="y")
    axes.spines[["top", "right", "left"]].set_visible(False)
    if low < 0 < high:
        axes.axhline(0, color=theme.SOFT_INK, lw=0.9, zorder=1.5)
    if daily.is_empty():
        return
    daily_means = dict(daily.filter("representative").select("observed_on", "mean_c").iter_rows())
    spans = (daily["high_c"] - daily["low_c"]).to_numpy()
    bars = spans.clip(min=SHORTEST_BAR_C)
    bottoms = daily["low_c"].to_numpy() - (bars - spans) / 2
    middles = [axis.left_edge(day) + 0.5 for day in daily["observed_on"]]
    # Bars are visible even if the panel has many days.
    width = max(0.8, 0.008 * axis.width)
    axes.bar(
        middles,
        bars,
        width,
        bottoms,
        color=color_scale.temperature_color(daily["mean_c"].to_numpy()),
        zorder=2,
    )
    for start, end in axis.consecutive_runs():
        known = [daily_means.get(day, math.nan) for day in axis.days[start:end]]
        run_middles = [edge + 0.5 for edge in axis.edges[start:end]]
        axes.plot(run_middles, known, color=theme.INK, lw=0.9, zorder=3)
    if len(axis.days) <= FEW_DAYS:
        colors = color_scale.temperature_color(daily["mean_c"].to_numpy())
        colors[~daily["representative"].to_numpy()] = to_rgba(theme.PAPER)
        axes.scatter(
            middles,
            daily["mean_c"].to_numpy(),
            s=14,
            c=colors,
            edgecolors=theme.INK,
            linewidths=0.6,
            zorder=4,
            clip_on=False,
        )
