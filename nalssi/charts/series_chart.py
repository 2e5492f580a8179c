"""The series: each region's daily mean and span, ten small charts with one measure.

A day is a bar from its lowest to its highest usable reading in the colour of its mean; the
line joins the means of days that follow one another. Days without data leave a gap.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import color_scale, layout, theme
from nalssi.charts.day_axis import Days
from nalssi.locale.locales import LOCALES, Lang

COLUMNS: Final = 2
PANEL: Final = (3.15, 1.15)  # inches
GAP: Final = (0.6, 0.62)  # between panels
LEFT: Final = 0.75
TOP: Final = layout.HEADER + 0.32
FEW_DAYS: Final = 60  # days up to which each mean has a point
LOWEST_BAR: Final = 0.4  # °C: a day with one station is a dash, not nothing


def figure(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw `summaries.region_days`; a region without any data keeps its empty place.

    Raises ValueError if there is no day at all.
    """
    if daily.is_empty():
        raise ValueError("no day has a reading to draw")
    locale = LOCALES[lang]
    days = Days.of(daily["observed_on"].to_list())
    shown = regions.filter(pl.col("region_id").is_in(daily["region_id"].unique().implode()))
    panels = regions if shown.height > 1 else shown
    columns = COLUMNS if panels.height > 1 else 1
    width = PANEL[0] if columns > 1 else theme.PAGE_WIDTH - LEFT - theme.MARGIN
    rows = -(-panels.height // columns)
    height = TOP + rows * (PANEL[1] + GAP[1]) + layout.FOOTER - 0.1
    paper = theme.new_figure(theme.PAGE_WIDTH, height)
    layout.frame(
        paper,
        locale,
        locale.charts.series_title,
        (locale.period(days.days), locale.charts.series_legend),
    )
    step = color_scale.STEP_C
    low = math.floor(daily.select(pl.min("low_c")).item() / step) * step
    high = math.ceil(daily.select(pl.max("high_c")).item() / step) * step
    limits = (low, max(high, low + 2 * step))
    for number, (region_id, name) in enumerate(
        panels.select("region_id", f"name_{lang}").iter_rows()
    ):
        row, column = divmod(number, columns)
        left = LEFT + column * (width + GAP[0])
        top = TOP + row * (PANEL[1] + GAP[1])
        layout.write(paper, left, top - 0.08, name, size=theme.BODY, weight=theme.BOLD)
        axes = layout.inch_axes(paper, left, top, width, PANEL[1])
        _draw_panel(axes, daily.filter(region_id=region_id), days, limits)
        days.label(axes, locale, width, PANEL[1])
    return paper


def _draw_panel(axes: Axes, here: pl.DataFrame, days: Days, limits: tuple[int, int]) -> None:
    low, high = limits
    axes.set_ylim(low, high)
    # At most five numbers: every fifth, tenth or twentieth degree.
    step = next(step for step in (5, 10, 20) if (high - low) / step <= 5)
    ticks = [tick for tick in range(low, high + 1) if tick % step == 0]
    axes.set_yticks(ticks, [f"{tick}°" for tick in ticks])
    axes.tick_params(length=0)
    axes.grid(axis="y")
    axes.spines[["top", "right", "left"]].set_visible(False)
    if low < 0 < high:
        axes.axhline(0, color=theme.SOFT_INK, lw=0.9, zorder=1.5)
    means = dict(here.select("observed_on", "mean_c").iter_rows())
    if not means:
        return
    spans = (here["high_c"] - here["low_c"]).to_numpy()
    bars = spans.clip(min=LOWEST_BAR)
    bottoms = here["low_c"].to_numpy() - (bars - spans) / 2
    lefts = [days.left(when) for when in here["observed_on"]]
    # Wide enough to see, however many days share the panel.
    width = max(0.8, 0.008 * days.width)
    axes.bar(
        [left + 0.5 for left in lefts],
        bars,
        width,
        bottoms,
        color=color_scale.colour(here["mean_c"].to_numpy()),
        zorder=2,
    )
    for start, end in days.runs():
        known = [math.nan if (mean := means.get(day)) is None else mean
                 for day in days.days[start:end]]  # fmt: skip
        middles = [edge + 0.5 for edge in days.edges[start:end]]
        axes.plot(middles, known, color=theme.INK, lw=0.9, zorder=3)
    if len(days.days) <= FEW_DAYS:
        axes.scatter(
            [left + 0.5 for left in lefts],
            here["mean_c"].to_numpy(),
            s=14,
            c=color_scale.colour(here["mean_c"].to_numpy()),
            edgecolors=theme.INK,
            linewidths=0.6,
            zorder=4,
            clip_on=False,
        )
