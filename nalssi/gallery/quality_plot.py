"""The plot of flags over time: laid out for the macro `flags_plot`.

A column is a day, a week or a month (`period_columns`), divided into the shares of the flags. Below
the columns, a lane marks the columns that have readings of a frozen feed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from nalssi.charts.day_labels import DayLabel
from nalssi.charts.flag_colors import FLAG_COLORS
from nalssi.gallery.daily_plot import PlotBreak
from nalssi.gallery.period_columns import PeriodColumns, Unit, tenths
from nalssi.locale.locales import Locale

HEIGHT: Final = 200
"""The height of the shares in pixels. All heights in this module are in pixels."""
LANE: Final = (HEIGHT + 10, 14)
"""The top and the height of the lane of frozen feeds, in pixels."""
LABELS: Final = 40


@dataclass(frozen=True)
class FlagsPlot:
    """The plot of flags over time, as the macro `flags_plot` draws it.

    - `unit` is the time that a column stands for: a day, a week or a month.
    - `bottom` is the lower end of the plot, `lane` are the top and the height of the lane of frozen
      feeds, all in pixels.
    - `shares` (by flag) and `frozen` (in the lane) are paths in an SVG of 1000 by ten times
      `height`, which is stretched.
    - `columns` is for scripts (`PeriodColumns.data`). `data` has the numbers of readings by flag
      for each column, in the order of `shares`: numbers are separated by `,` and columns by `;`.
    """

    unit: Unit
    height: int
    bottom: int
    lane: tuple[int, int]
    shares: Mapping[int, str]
    frozen: str
    breaks: Sequence[PlotBreak]
    labels: Sequence[DayLabel]
    columns: str
    data: str


def flags_plot(flag_days: pl.DataFrame, locale: Locale) -> FlagsPlot | None:
    """Return the plot of the shares of flags over time, or None if no reading has a day.

    `flag_days` has the columns of `period_data.flag_days`.
    """
    dated = flag_days.drop_nulls("day")
    if dated.is_empty():
        return None
    columns = PeriodColumns.of(dated["day"].unique())
    totals = dated.group_by("flag", column=columns.column_of("day")).agg(
        pl.col("count").sum(), pl.col("frozen").any()
    )
    counts = {(column, flag): count for flag, column, count, _ in totals.iter_rows()}
    frozen = set(totals.filter("frozen")["column"])
    flags = [flag for flag in FLAG_COLORS if flag in set(totals["flag"])]
    shares: dict[int, list[str]] = {flag: [] for flag in flags}
    lane: list[str] = []
    data: list[str] = []
    for index, column in enumerate(columns.columns):
        left, right = tenths(column.left), max(tenths(column.right), tenths(column.left) + 1)
        numbers = [counts.get((index, flag), 0) for flag in flags]
        data.append(",".join(map(str, numbers)))
        below = 0
        for flag, number in zip(flags, numbers, strict=True):
            bottom, top = _y(below, sum(numbers)), _y(below + number, sum(numbers))
            below += number
            if bottom > top:
                shares[flag].append(f"M{left} {top}H{right}V{bottom}H{left}z")
        if index in frozen:
            top, bottom = LANE[0] * 10, sum(LANE) * 10
            lane.append(f"M{left} {top}H{right}V{bottom}H{left}z")
    bottom = sum(LANE) if lane else HEIGHT
    return FlagsPlot(
        unit=columns.unit,
        height=bottom + LABELS,
        bottom=bottom,
        lane=LANE,
        shares={flag: "".join(paths) for flag, paths in shares.items()},
        frozen="".join(lane),
        breaks=columns.breaks(locale),
        labels=columns.labels(locale),
        columns=columns.data(),
        data=";".join(data),
    )


def _y(count: int, total: int) -> int:
    """Return the y of `count` of `total` readings, in tenths of pixels from the top."""
    return round(HEIGHT * 10 * (1 - count / total))
