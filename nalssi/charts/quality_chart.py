"""The quality chart: readings by flag over time, frozen feeds, and which test stopped how many.

Above, every day's readings as shares by flag. Beneath, the days on which a frozen feed was
met: the same list goes on under new dates, so that the days are false. At the foot, the tests
with the number of readings that each stopped; one reading may fail several. Readings without a
day are counted in the numbers and the tests, and stand in no column.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import layout, theme
from nalssi.charts.day_axis import Days
from nalssi.charts.snapshot_data import CLOSED
from nalssi.locale.locales import LOCALES, Lang, Locale
from schemas.vocabulary import (
    FLAG_FAIL,
    FLAG_GOOD,
    FLAG_MISSING,
    FLAG_NOT_EVALUATED,
    FLAG_SUSPECT,
    QUALITY_TESTS,
)

# Okabe and Ito's colour-blind-safe set, from good to worse; missing is grey.
COLOURS: Final = {
    FLAG_GOOD: "#56b4e9",
    FLAG_NOT_EVALUATED: "#bfe0f5",
    FLAG_SUSPECT: "#e69f00",
    FLAG_FAIL: "#a23b00",
    FLAG_MISSING: "#b8b8b8",
    CLOSED: "#6e6e6e",
}
FROZEN: Final = "#1a1a1a"

LEFT: Final = 1.75
WIDTH: Final = theme.PAGE_WIDTH - LEFT - theme.MARGIN
LEGEND: Final = layout.HEADER + 0.2
SHARES: Final = (layout.HEADER + 0.45, 2.4)  # top and height in inches
LANE: Final = (SHARES[0] + SHARES[1] + 0.12, 0.16)
TESTS: Final = (LANE[0] + LANE[1] + 0.95, 1.9)
HEIGHT: Final = TESTS[0] + TESTS[1] + layout.FOOTER + 0.15


def figure(flags: pl.DataFrame, tests: pl.DataFrame, lang: Lang) -> Figure:
    """Draw `summaries.flag_days` and `summaries.failed_tests`.

    Raises ValueError if there is no day at all.
    """
    dated = flags.drop_nulls("observed_on")
    if dated.is_empty():
        raise ValueError("no day has a reading")
    locale = LOCALES[lang]
    days = Days.of(dated["observed_on"].to_list())
    paper = theme.new_figure(theme.PAGE_WIDTH, HEIGHT)
    total = int(flags["count"].sum())
    good = int(flags.filter(flag=FLAG_GOOD)["count"].sum())
    summary = locale.charts.quality_count.format(total=total, share=100 * good / total)
    if undated := total - int(dated["count"].sum()):
        summary += f" · {locale.charts.quality_undated.format(count=undated)}"
    layout.frame(
        paper, locale, locale.charts.quality_title, (locale.period(days.days), summary), note=None
    )
    _draw_legend(paper, flags, locale)
    shares = layout.inch_axes(paper, LEFT, SHARES[0], WIDTH, SHARES[1])
    _draw_shares(shares, dated, days)
    lane = layout.inch_axes(paper, LEFT, LANE[0], WIDTH, LANE[1])
    _draw_frozen(lane, dated, days)
    days.label(lane, locale, WIDTH, LANE[1])
    layout.write(
        paper, theme.MARGIN, SHARES[0] + 0.1, locale.charts.quality_shares, weight=theme.BOLD
    )
    layout.write(
        paper, theme.MARGIN, LANE[0] + 0.13, locale.charts.quality_frozen, weight=theme.BOLD
    )
    layout.write(
        paper, theme.MARGIN, TESTS[0] - 0.15, locale.charts.quality_checks, size=theme.BODY,
        weight=theme.BOLD,
    )  # fmt: skip
    bars = layout.inch_axes(paper, LEFT, TESTS[0], WIDTH, TESTS[1])
    _draw_tests(bars, tests, locale)
    return paper


def _draw_legend(paper: Figure, flags: pl.DataFrame, locale: Locale) -> None:
    x = LEFT
    strip = layout.inch_axes(paper, 0, LEGEND - 0.13, theme.PAGE_WIDTH, 0.16)
    strip.set(xlim=(0, theme.PAGE_WIDTH), ylim=(0, 1))
    strip.axis("off")
    for flag, colour in COLOURS.items():
        if flag not in flags["flag"]:
            continue
        strip.barh(0.5, 0.14, 0.8, x, color=colour)
        name = locale.charts.flag_names[flag]
        layout.write(paper, x + 0.2, LEGEND, name)
        x += 0.2 + theme.text_width(name, theme.SMALL) + 0.2


def _draw_shares(axes: Axes, flags: pl.DataFrame, days: Days) -> None:
    axes.set(xlim=(0, days.width), ylim=(0, 100))
    axes.set_yticks([0, 50, 100], ["0%", "50%", "100%"])
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    counts = {
        (when, flag): count
        for when, flag, count in flags.group_by("observed_on", "flag")
        .agg(pl.sum("count"))
        .iter_rows()
    }
    totals = {when: sum(counts.get((when, flag), 0) for flag in COLOURS) for when in days.days}
    bottoms = [0.0] * len(days.days)
    middles = [edge + 0.5 for edge in days.edges]
    for flag, colour in COLOURS.items():
        heights = [100 * counts.get((when, flag), 0) / totals[when] for when in days.days]
        axes.bar(middles, heights, 1.0, bottoms, color=colour, lw=0)
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]


def _draw_frozen(axes: Axes, flags: pl.DataFrame, days: Days) -> None:
    """A bar over every span of days, gaps within included, that a frozen feed stands under."""
    axes.set(xlim=(0, days.width), ylim=(0, 1), facecolor=theme.GROUND)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    frozen = set(flags.filter("frozen")["observed_on"])
    columns = enumerate(days.days)
    for is_frozen, span in groupby(columns, key=lambda column: column[1] in frozen):
        indices = [index for index, _ in span]
        if is_frozen:
            start, end = days.edges[indices[0]], days.edges[indices[-1]] + 1
            axes.barh(0.5, end - start, 1.0, start, color=FROZEN, lw=0)


def _draw_tests(axes: Axes, tests: pl.DataFrame, locale: Locale) -> None:
    counts = dict(tests.iter_rows())
    ordered = sorted(QUALITY_TESTS, key=lambda test: (-counts.get(test, 0), test))
    most = max([1, *counts.values()])
    rows = range(len(ordered))
    values = [counts.get(test, 0) for test in ordered]
    axes.barh(rows, values, 0.62, color=COLOURS[FLAG_SUSPECT])
    axes.set(xlim=(0, most * 1.12), ylim=(len(ordered) - 0.5, -0.5))
    axes.set_xticks([])
    axes.set_yticks(rows, [locale.charts.check_names[test] for test in ordered])
    axes.tick_params(length=0, labelcolor=theme.INK)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    for row, value in zip(rows, values, strict=True):
        axes.text(value + most * 0.01, row, f"{value:,}", va="center_baseline")
