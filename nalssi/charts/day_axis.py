"""An axis of days with gaps: days with data side by side, every gap a gutter.

Tickers are met on some days and not on others, now daily, now months apart. On a calendar axis
a few days of data would be hairlines in emptiness; here each day has a column, days that
follow one another touch, and wherever days are missing a blank gutter says so.
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
TICK: Final = 0.05


@dataclass(frozen=True)
class Days:
    """Days with the left edge of each one's column; a column is one unit wide."""

    days: tuple[date, ...]
    edges: tuple[float, ...]

    @classmethod
    def of(cls, days: Sequence[date]) -> Days:
        """Columns for these days, each once, in order."""
        ordered = sorted(set(days))
        edges = [0.0]
        for before, after in pairwise(ordered):
            follows = after - before == timedelta(days=1)
            edges.append(edges[-1] + (1.0 if follows else 1.0 + GUTTER))
        return cls(tuple(ordered), tuple(edges))

    @property
    def width(self) -> float:
        return self.edges[-1] + 1.0

    def left(self, day: date) -> float:
        """The left edge of a day's column."""
        return self.edges[self.days.index(day)]

    def runs(self) -> list[tuple[int, int]]:
        """First and one past the last index of each run of days that follow one another."""
        breaks = [0]
        for index, (before, after) in enumerate(pairwise(self.days), 1):
            if after - before != timedelta(days=1):
                breaks.append(index)
        return list(pairwise([*breaks, len(self.days)]))

    def label(self, axes: Axes, locale: Locale, inches: float, height: float) -> None:
        """Write days beneath axes of that size: the first day, then the first of every run and
        of every month, as far as there is room."""
        axes.set_xlim(0, self.width)
        axes.set_xticks([])
        starts = {start for start, _ in self.runs()}
        free = 0.0
        for index, (day, edge) in enumerate(zip(self.days, self.edges, strict=True)):
            text = locale.short_day(day)
            half = theme.text_width(text, theme.SMALL) / 2
            column = (edge + 0.5) / self.width * inches
            middle = min(max(column, half), inches - half)
            moved = abs(middle - column) > half  # too far from the column to be its label
            if (index in starts or day.day == 1) and middle - half >= free and not moved:
                axes.text(
                    middle / inches,
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
                free = middle + half + LABEL_GAP
