"""The plot of the days of a region or station, laid out for the template `series.html`.

The template draws it as SVG in the page, so that it has the page's colours and width and stays
legible on a phone. Positions across are percentages, and positions down are pixels. A day has a
column. Days in a row touch, and any number of missing days leaves one gap, as in the charts of a
period.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import polars as pl

DAY_COLUMNS: Final = ("observed_on", "mean_c", "low_c", "high_c", "count")
"""The columns of `GalleryData.region_days` and `station_days` that the page shows."""
NEWEST_DAYS: Final = 366
"""Days in the table below the plot. The CSV file has all."""

HEIGHT: Final = 240
"""Pixels, as the next three."""
TOP_MARGIN: Final = 12
BOTTOM_MARGIN: Final = 28
"""Space for the labels of the days."""
LOWEST_BAR: Final = 3.0
"""The height of a day with one value, which would be invisible otherwise."""
GAP: Final = 0.6
"""The width that missing days take, in columns."""
WIDEST_BAR: Final = 2.4
"""Percentage of the width, so that a few days do not fill the plot."""
BAR_WIDTH: Final = 0.86
"""The width of a bar, in columns."""
STEP_C: Final = 5
MOST_STEPS: Final = 8
LABELS: Final = 6
LABEL_WIDTH: Final = 100 / LABELS * 0.8
"""The least distance between labels, as a percentage of the width."""


@dataclass(frozen=True)
class Day:
    """A day's mean, lowest and highest temperature (°C)."""

    day: date
    mean_c: float
    low_c: float
    high_c: float


@dataclass(frozen=True)
class Bar:
    """A bar from the lowest to the highest temperature of a day."""

    x: float
    y: float
    width: float
    height: float
    day: Day


@dataclass(frozen=True)
class DailyPlot:
    """A plot: positions across in %, down in pixels.

    `lines` join the means of days in a row: `x1, y1, x2, y2`. `rules` are horizontal lines: `y` and
    a temperature. `labels` of days are: `x`, the SVG text anchor, and the day.
    """

    height: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    rules: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, str, date], ...]


def daily_plot(days: pl.DataFrame) -> dict[str, Any]:
    """Return what the template `series.html` shows of days with DAY_COLUMNS, given in order."""
    rows = days.to_dicts()
    drawn = [Day(row["observed_on"], row["mean_c"], row["low_c"], row["high_c"]) for row in rows]
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
    """Lay out at least one day. The days are in order."""
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
        left = round(centre - width / 2, 3)
        bars.append(Bar(left, middle - height / 2, round(width, 3), height, day))
    lines = [
        (round(x1, 3), y(before.mean_c), round(x2, 3), y(after.mean_c))
        for (x1, x2), (before, after) in zip(pairwise(centres), pairwise(days), strict=True)
        if _follows(before, after)
    ]
    step = STEP_C * max(1, math.ceil((high - low) / STEP_C / MOST_STEPS))
    rules = [(y(value), value) for value in range(low, high + 1, step)]
    return DailyPlot(HEIGHT, tuple(bars), tuple(lines), tuple(rules), _labels(centres, days))


def _follows(before: Day, after: Day) -> bool:
    return after.day - before.day == timedelta(days=1)


def _labels(centres: Sequence[float], days: Sequence[Day]) -> tuple[tuple[float, str, date], ...]:
    """The days with a label: the first, the last and some between, far enough apart."""
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
