"""The plot of daily temperatures of a region or station, laid out for the template `series.html`.

The template draws the plot as SVG in the page, so that it has the page's colours and width and
stays legible on a phone. Horizontal positions are percentages of the width, vertical positions are
pixels. Each day has a column. Columns of consecutive days touch. Missing days, however many, leave
one gap, as in the charts of a period.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import polars as pl

from nalssi.common.mean_basis import MeanBasis

NEWEST_DAYS: Final = 366
"""The largest number of days in the table below the plot. The CSV file has all days."""

HEIGHT: Final = 240
"""Height of the plot in pixels. TOP_MARGIN, BOTTOM_MARGIN and LOWEST_BAR are in pixels too."""
TOP_MARGIN: Final = 12
BOTTOM_MARGIN: Final = 28
"""The space for the labels of the days below the bars."""
LOWEST_BAR: Final = 3.0
"""The smallest height of a bar. The bar of a day with one value would be invisible without it."""
GAP: Final = 0.6
"""The width of the gap for missing days; the width of a day's column is 1."""
WIDEST_BAR: Final = 2.4
"""The largest width of a bar, in % of the plot. Without it, a few days would fill the plot."""
BAR_WIDTH: Final = 0.86
"""The width of a bar; the width of a day's column is 1."""
NARROW: Final = 0.4
"""The width of the bar of a day that is not representative, as a share of the width of others."""
STEP_C: Final = 5
MOST_STEPS: Final = 8
LABELS: Final = 6
LABEL_WIDTH: Final = 100 / LABELS * 0.8
"""The smallest distance between labels, in % of the plot's width."""


@dataclass(frozen=True)
class Day:
    """A day's mean, lowest and highest temperature (°C), and what the mean rests on."""

    day: date
    mean_c: float
    low_c: float
    high_c: float
    basis: MeanBasis

    @property
    def representative(self) -> bool:
        """Whether the mean is a daily mean."""
        return not self.basis.lists


@dataclass(frozen=True)
class Bar:
    """A bar from the lowest to the highest temperature of a day.

    It is narrow if the day is not representative.
    """

    x: float
    y: float
    width: float
    height: float
    day: Day


@dataclass(frozen=True)
class DailyPlot:
    """The positions of everything in a plot: horizontal ones in %, vertical ones in pixels.

    `lines` join the means of consecutive representative days: `x1, y1, x2, y2`. `rules` are
    horizontal lines, each with its `y` and its temperature. `labels` are days below the plot, each
    with its `x`, its SVG text anchor and its date.
    """

    height: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    rules: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, str, date], ...]


def daily_plot(days: pl.DataFrame) -> dict[str, Any]:
    """Return the variables of the template `series.html`, which shows a plot and a table.

    `days` has `period_data.DAY_COLUMNS` and is sorted by day.
    """
    rows = days.to_dicts()
    drawn = [
        Day(
            row["observed_on"],
            row["mean_c"],
            row["low_c"],
            row["high_c"],
            MeanBasis.of([(row["representative"], row["lists"])]),
        )
        for row in rows
    ]
    return {
        "plot": layout(drawn) if drawn else None,
        "rows": rows[-NEWEST_DAYS:][::-1],
        "days": len(rows),
        "first": drawn[0].day if drawn else None,
        "last": drawn[-1] if drawn else None,
        "low_c": days["low_c"].min(),
        "high_c": days["high_c"].max(),
    }


def layout(days: Sequence[Day]) -> DailyPlot:
    """Compute the positions of bars, lines and labels for one or more days, which are sorted."""
    edges = [0.0]
    for before, after in pairwise(days):
        edges.append(edges[-1] + (1.0 if _follows(before, after) else 1.0 + GAP))
    scale = 100 / (edges[-1] + 1)
    centres = [(edge + 0.5) * scale for edge in edges]
    width = min(scale * BAR_WIDTH, WIDEST_BAR)
    low = math.floor(min(day.low_c for day in days) / STEP_C) * STEP_C
    high = math.ceil(max(day.high_c for day in days) / STEP_C) * STEP_C
    high = max(high, low + 2 * STEP_C)

    def y(temperature_c: float) -> float:
        share = (high - temperature_c) / (high - low)
        return round(TOP_MARGIN + share * (HEIGHT - BOTTOM_MARGIN - TOP_MARGIN), 1)

    bars = []
    for centre, day in zip(centres, days, strict=True):
        height = max(y(day.low_c) - y(day.high_c), LOWEST_BAR)
        middle = (y(day.low_c) + y(day.high_c)) / 2
        own_width = width if day.representative else width * NARROW
        left = round(centre - own_width / 2, 3)
        bars.append(Bar(left, middle - height / 2, round(own_width, 3), height, day))
    lines = [
        (round(x1, 3), y(before.mean_c), round(x2, 3), y(after.mean_c))
        for (x1, x2), (before, after) in zip(pairwise(centres), pairwise(days), strict=True)
        if _follows(before, after) and before.representative and after.representative
    ]
    step = STEP_C * max(1, math.ceil((high - low) / STEP_C / MOST_STEPS))
    rules = [(y(value), value) for value in range(low, high + 1, step)]
    return DailyPlot(HEIGHT, tuple(bars), tuple(lines), tuple(rules), _labels(centres, days))


def _follows(before: Day, after: Day) -> bool:
    return after.day - before.day == timedelta(days=1)


def _labels(centres: Sequence[float], days: Sequence[Day]) -> tuple[tuple[float, str, date], ...]:
    """Return the labels of the first day, the last day and some days between them.

    A label between them is omitted if it is nearer than LABEL_WIDTH to the label before it.
    """
    count = min(LABELS, len(days))
    chosen = sorted({round(i * (len(days) - 1) / max(count - 1, 1)) for i in range(count)})
    last = len(days) - 1
    anchors = {0: "start", last: "end"} if len(days) > 1 else {0: "middle"}
    labels: list[tuple[float, str, date]] = []
    for index in chosen:
        x = {0: 0.0, last: 100.0}.get(index, centres[index]) if len(days) > 1 else centres[index]
        if labels and x - labels[-1][0] < LABEL_WIDTH and index != last:
            continue
        labels.append((round(x, 2), anchors.get(index, "middle"), days[index].day))
    return tuple(labels)
