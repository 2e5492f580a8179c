"""The columns of a plot of a whole period: days, weeks or months on an axis of days.

A plot of many days would have more marks than pixels, and a page of megabytes. So days become weeks
if there are many, and months if there are very many. The axis is that of the charts
(`nalssi.charts.day_axis`): a long time without data is cut out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import polars as pl

from nalssi.charts.day_axis import DayAxis
from nalssi.charts.day_labels import DayLabel, day_labels
from nalssi.gallery.daily_plot import LABEL_GAP, OVERHANG, PlotBreak, plot_breaks, text_width
from nalssi.gallery.plot_marks import AXIS
from nalssi.locale.locales import Locale

MOST_COLUMNS: Final = 75
"""The largest number of columns of days, and then of weeks. If there are more weeks, columns are
months."""
NARROWER: Final = 1.25
"""In a plot with names beside it, the width of a text in % is multiplied by this number, because
the axis of such a plot is narrower than that of other plots."""
ONE_DAY: Final = timedelta(days=1)

Unit = Literal["day", "week", "month"]
TRUNCATED: Final[dict[Unit, str]] = {"day": "1d", "week": "1w", "month": "1mo"}


@dataclass(frozen=True)
class Column:
    """A column of a plot: its first and last day, and its ends in % of the width of the axis.

    A column is a whole day, week or month, except that the first column begins with the first day
    with data, and the last column ends with the last one.
    """

    first: date
    last: date
    left: float
    right: float


@dataclass(frozen=True)
class PeriodColumns:
    """The columns of a plot, from left to right, and its axis of days.

    Each column has a day with data. `unit` is the time that a column stands for: a day, a week or a
    month.
    """

    unit: Unit
    columns: Sequence[Column]
    axis: DayAxis

    @classmethod
    def of(cls, days: Iterable[date]) -> PeriodColumns:
        """Return the columns of days with data. Raises ValueError if there is no day."""
        ordered = sorted(set(days))
        unit = _unit(ordered)
        starts = list(dict.fromkeys(_start(day, unit) for day in ordered))
        ends = [
            (max(start, ordered[0]), min(_next_start(start, unit) - ONE_DAY, ordered[-1]))
            for start in starts
        ]
        axis = DayAxis.from_days((day for each in ends for day in _days(*each)), AXIS)
        return cls(
            unit,
            [
                Column(first, last, axis.left_edge(first), axis.left_edge(last) + axis.day_width)
                for first, last in ends
            ],
            axis,
        )

    def column_of(self, day: str) -> pl.Expr:
        """Return an expression: the index of the plot's column to which each day belongs.

        `day` is the name of a frame's column with days. The frame must have no days outside the
        columns of the plot.
        """
        starts = [_start(column.first, self.unit) for column in self.columns]
        truncated = pl.col(day).dt.truncate(TRUNCATED[self.unit])
        return truncated.replace_strict(starts, list(range(len(starts))), return_dtype=pl.Int32)

    def labels(self, locale: Locale) -> Sequence[DayLabel]:
        """Return the labels of dates below the axis, with positions in % of the width."""

        def width(text: str) -> float:
            return text_width(text) * NARROWER

        return day_labels(self.axis, locale, width, gap=LABEL_GAP, overhang=OVERHANG)

    def breaks(self, locale: Locale) -> Sequence[PlotBreak]:
        """Return the breaks of the axis, with their lengths in words."""
        return tuple(plot_breaks(self.axis, locale))

    def data(self) -> str:
        """Return the columns as text for scripts, separated by `;`.

        A column is its first day, its number of days, and its left and right end in tenths of % of
        the width.
        """
        return ";".join(
            f"{each.first},{(each.last - each.first).days + 1},"
            f"{tenths(each.left)},{tenths(each.right)}"
            for each in self.columns
        )


def tenths(percent: float) -> int:
    """Convert a position from % of the width to tenths of %, the unit of paths in a plot."""
    return round(percent * 10)


def _unit(days: Sequence[date]) -> Unit:
    if len(days) <= MOST_COLUMNS:
        return "day"
    weeks = {_start(day, "week") for day in days}
    return "week" if len(weeks) <= MOST_COLUMNS else "month"


def _start(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _next_start(start: date, unit: Unit) -> date:
    if unit == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if unit == "week" else 1)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
