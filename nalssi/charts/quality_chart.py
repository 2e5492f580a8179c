"""The quality chart: readings by flag and day, frozen feeds, and readings that failed each check.

The upper part shows the share of each flag by day. The middle part marks the days of frozen feeds:
a feed that stopped prints the same list under later dates, so these dates are false. The lower part
shows the number of readings that failed each check; a reading may fail several. Undated readings
count on their printed date. Those without any date are not in the upper and middle part, but the
total and the lower part count them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import layout, theme
from nalssi.charts.day_axis import DayAxis
from nalssi.charts.day_axis_drawing import (
    LEAST_MARK,
    draw_bars,
    draw_break,
    draw_day_axis,
    new_axis,
)
from nalssi.charts.flag_colors import FLAG_COLORS
from nalssi.locale.locales import LOCALES, Lang, Locale
from schemas.vocabulary import FLAG_GOOD, FLAG_SUSPECT, QUALITY_TESTS

FROZEN_COLOR: Final = "#1a1a1a"

LEFT: Final = 1.75  # inches, as all lengths here
NARROW_LEFT: Final = {"ko": 1.35, "en": 1.75}  # on a narrow page
LEGEND_LINE: Final = 0.19
LEGEND_MARK: Final = 0.2  # from the beginning of a mark to its name
LEGEND_GAP: Final = 0.2
BELOW_HEAD: Final = 0.45
SHARES_HEIGHT: Final = 2.4
FROZEN_LANE: Final = (SHARES_HEIGHT + 0.12, 0.16)  # top below that of the shares, and height
TESTS: Final = (FROZEN_LANE[0] + FROZEN_LANE[1] + 0.95, 1.9)
BELOW_TESTS: Final = 0.15


def figure(flags: pl.DataFrame, tests: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the quality chart.

    `flags` is the frame of `period_data.flag_days`, `tests` that of `period_data.failed_tests`.
    Raises ValueError if no reading has a day.
    """
    dated = flags.drop_nulls("day")
    if dated.is_empty():
        raise ValueError("no day has a reading")
    locale = LOCALES[lang]
    form = theme.page()
    left = NARROW_LEFT[locale.names] if form.is_narrow else LEFT
    width = form.right - left
    axis = new_axis(dated["day"].to_list(), width)
    total = int(flags["count"].sum())
    good = int(flags.filter(flag=FLAG_GOOD)["count"].sum())
    summary = locale.charts.quality_count.format(total=total, share=100 * good / total)
    if undated := total - int(dated["count"].sum()):
        summary += f" · {locale.charts.quality_undated.format(count=undated)}"
    title, lines = locale.charts.quality_title, (locale.period(axis.days), summary)
    head = layout.head_height(title, lines)
    legend = _legend_lines(flags, locale, form.right - (form.margin if form.is_narrow else left))
    top = head + BELOW_HEAD + LEGEND_LINE * (len(legend) - 1)
    depth = TESTS[0] + TESTS[1] + BELOW_TESTS
    page = theme.new_figure(form.width, top + depth + layout.foot_height(locale, None))
    layout.draw_frame(page, locale, title, lines, note=None)
    _draw_legend(page, legend, form.margin if form.is_narrow else left, head + 0.2)
    shares = layout.add_axes(page, left, top, width, SHARES_HEIGHT)
    _draw_shares(shares, dated, axis)
    lane = layout.add_axes(page, left, top + FROZEN_LANE[0], width, FROZEN_LANE[1])
    _draw_frozen(lane, dated, axis)
    draw_day_axis(lane, axis, locale, FROZEN_LANE[1], words=False)
    for each in axis.breaks:
        draw_break(shares, each, locale)
    layout.write(page, form.margin, top + 0.1, locale.charts.quality_shares, weight=theme.BOLD)
    layout.write(
        page,
        form.margin,
        top + FROZEN_LANE[0] + 0.13,
        locale.charts.quality_frozen,
        weight=theme.BOLD,
    )
    layout.write(
        page, form.margin, top + TESTS[0] - 0.15, locale.charts.quality_checks, size=theme.BODY,
        weight=theme.BOLD,
    )  # fmt: skip
    bars = layout.add_axes(page, left, top + TESTS[0], width, TESTS[1])
    _draw_tests(bars, tests, locale)
    return page


def _legend_lines(flags: pl.DataFrame, locale: Locale, room: float) -> list[list[tuple[int, str]]]:
    """Return the flags that `flags` contains and their names, in lines of at most `room` inches.

    `flags` is the frame of `period_data.flag_days`.
    """
    lines: list[list[tuple[int, str]]] = [[]]
    used = 0.0
    for flag in FLAG_COLORS:
        if flag not in flags["flag"]:
            continue
        name = locale.charts.flag_names[flag]
        width = _legend_width(name)
        if lines[-1] and used + width - LEGEND_GAP > room:
            lines.append([])
            used = 0.0
        lines[-1].append((flag, name))
        used += width
    return lines


def _legend_width(name: str) -> float:
    return LEGEND_MARK + theme.text_width(name, theme.SMALL) + LEGEND_GAP


def _draw_legend(
    page: Figure, lines: Sequence[Sequence[tuple[int, str]]], left: float, top: float
) -> None:
    width = theme.page().width
    for number, line in enumerate(lines):
        x, baseline = left, top + number * LEGEND_LINE
        strip = layout.add_axes(page, 0, baseline - 0.13, width, 0.16)
        strip.set(xlim=(0, width), ylim=(0, 1))
        strip.axis("off")
        for flag, name in line:
            strip.barh(0.5, 0.14, 0.8, x, color=FLAG_COLORS[flag])
            layout.write(page, x + LEGEND_MARK, baseline, name)
            x += _legend_width(name)


def _draw_shares(axes: Axes, flags: pl.DataFrame, axis: DayAxis) -> None:
    axes.set(xlim=(0, axis.width), ylim=(0, 100))
    axes.set_yticks([0, 50, 100], ["0%", "50%", "100%"])
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    counts = {
        (day, flag): count
        for day, flag, count in flags.group_by("day", "flag").agg(pl.sum("count")).iter_rows()
    }
    totals = {day: sum(counts.get((day, flag), 0) for flag in FLAG_COLORS) for day in axis.days}
    bottoms = [0.0] * len(axis.days)
    columns = axis.columns(axis.days, LEAST_MARK)
    for flag, color in FLAG_COLORS.items():
        heights = [100 * counts.get((day, flag), 0) / totals[day] for day in axis.days]
        bars = [
            (left, bottom, right - left, height)
            for (left, right), bottom, height in zip(columns, bottoms, heights, strict=True)
            if height
        ]
        if bars:
            draw_bars(axes, np.array(bars), color)
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]


def _draw_frozen(axes: Axes, flags: pl.DataFrame, axis: DayAxis) -> None:
    """Draw bars over the days on which a feed was frozen.

    `flags` is the frame of `period_data.flag_days`. A bar reaches from the first to the last of
    these days, as long as no other day with data lies between them.
    """
    axes.set(xlim=(0, axis.width), ylim=(0, 1), facecolor=theme.GROUND)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    frozen = set(flags.filter("frozen")["day"])
    columns = zip(axis.days, axis.columns(axis.days, LEAST_MARK), strict=True)
    for is_frozen, span in groupby(columns, key=lambda column: column[0] in frozen):
        ends = [each for _, each in span]
        if is_frozen:
            start, end = ends[0][0], ends[-1][1]
            axes.barh(0.5, end - start, 1.0, start, color=FROZEN_COLOR, lw=0)


def _draw_tests(axes: Axes, tests: pl.DataFrame, locale: Locale) -> None:
    counts = dict(tests.iter_rows())
    ordered = sorted(QUALITY_TESTS, key=lambda test: (-counts.get(test, 0), test))
    most = max([1, *counts.values()])
    rows = range(len(ordered))
    values = [counts.get(test, 0) for test in ordered]
    axes.barh(rows, values, 0.62, color=FLAG_COLORS[FLAG_SUSPECT])
    axes.set(xlim=(0, most * 1.12), ylim=(len(ordered) - 0.5, -0.5))
    axes.set_xticks([])
    axes.set_yticks(rows, [locale.charts.check_names[test] for test in ordered])
    axes.tick_params(length=0, labelcolor=theme.INK)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    for row, value in zip(rows, values, strict=True):
        axes.text(value + most * 0.01, row, f"{value:,}", va="center_baseline")
