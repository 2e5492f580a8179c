"""An axis of days that shows only days with data.

Tickers are collected on some days and not on others, so a calendar axis would be mostly empty.
Here every day with data has a column. Columns of consecutive days touch; a blank gutter stands
wherever days are missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from matplotlib.axes import Axes

from nalssi.charts import theme
from nalssi.locale.locales import Locale

GUTTER: Final = 0.6  # columns
LABEL_GAP: Final = 0.15  # inches between the labels of two days
LABEL_DROP: Final = 0.07  # inches from the axes down to a label
TICK: Final = 0.05  # inches


@dataclass(frozen=True)
class DayAxis:
    """The days along a chart's x-axis, and the position on it at which each day's column begins.

    A column is 1 wide. Where days are missing, a gutter separates the columns.
    """

    days: tuple[date, ...]
    edges: tuple[float, ...]

    @classmethod
    def from_days(cls, days: Sequence[date]) -> DayAxis:
        """Make an axis of these days; they may be repeated and in any order."""
        ordered = sorted(set(days))
        edges = [0.0]
        for before, after in pairwise(ordered):
            follows = after - before == timedelta(days=1)
            edges.append(edges[-1] + (1.0 if follows else 1.0 + GUTTER))
        return cls(tuple(ordered), tuple(edges))

    @property
    def width(self) -> float:
        """The width of the axis: the number of its day columns, plus the widths of the gutters."""
        return self.edges[-1] + 1.0

    def left_edge(self, day: date) -> float:
        """Return the left edge of a day's column."""
        return self.edges[self.days.index(day)]

    def consecutive_runs(self) -> list[tuple[int, int]]:
        """Return the runs of consecutive days, as start and end of a slice of `days`."""
        breaks = [0]
        for index, (before, after) in enumerate(pairwise(self.days), 1):
            if after - before != timedelta(days=1):
                breaks.append(index)
        return list(pairwise([*breaks, len(self.days)]))

    def write_labels(self, axes: Axes, locale: Locale, width: float, height: float) -> None:
        """Set the limits of the x-axis of `axes`, and write dates below it.

        `width` and `height` are the size of `axes` in inches. The first day of every run and of
        every month has a label, if there is room for it.
        """
        axes.set_xlim(0, self.width)
        axes.set_xticks([])
        starts = {start for start, _ in self.consecutive_runs()}
        free_from = 0.0
        for index, (day, edge) in enumerate(zip(self.days, self.edges, strict=True)):
            text = locale.short_day(day)
            half = theme.text_width(text, theme.SMALL) / 2
            column = (edge + 0.5) / self.width * width
            middle = min(max(column, half), width - half)
            is_beside_column = abs(middle - column) > half
            wanted = index in starts or day.day == 1
            if wanted and middle - half >= free_from and not is_beside_column:
                axes.text(
                    middle / width,
                    -LABEL_DROP / height,
                    text,
                    transform=axes.transAxes,
                    ha="center",
                    va="top",
                    color=theme.SOFT_INK,
                )
                mark = (-TICK / height, 0)
                axes.plot((edge + 0.5,) * 2, mark, transform=axes.get_xaxis_transform(),
                          color=theme.SOFT_INK, lw=0.8, clip_on=False)  # fmt: skip
                free_from = middle + half + LABEL_GAP
