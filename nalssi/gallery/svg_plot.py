"""Small charts of a page itself: where bars, lines and labels go.

The series of a station or region is drawn into its page as SVG: it takes the page's colours,
light or dark, and its width, with letters that stay legible on a phone. For that, positions
across are percentages and heights are pixels. A day has a column; days that follow one another
touch, and missing days leave one gap, however many they are, as in the charts of a period.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

HEIGHT: Final = 240  # pixels
TOP: Final = 12
BOTTOM: Final = 28  # for the days' labels
GAP: Final = 0.6  # columns
WIDEST: Final = 2.4  # % of the width: a few days are no wall of bars
THINNEST: Final = 3.0  # pixels: a day with one value is a dash, not nothing
STEP_C: Final = 5
LABELS: Final = 6


@dataclass(frozen=True)
class Day:
    """A day's mean, lowest and highest temperature (°C)."""

    day: date
    mean_c: float
    low_c: float
    high_c: float


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    day: Day


@dataclass(frozen=True)
class Plot:
    """Percentages across, pixels down."""

    height: int
    floor: float
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    rules: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, str, date], ...]


def plot(days: Sequence[Day]) -> Plot:
    """Lay out at least one day, given in order."""
    edges = [0.0]
    for before, after in pairwise(days):
        follows = after.day - before.day == timedelta(days=1)
        edges.append(edges[-1] + (1.0 if follows else 1.0 + GAP))
    scale = 100 / (edges[-1] + 1)
    centres = [(edge + 0.5) * scale for edge in edges]
    width = min(scale * 0.86, WIDEST)
    low = math.floor(min(day.low_c for day in days) / STEP_C) * STEP_C
    high = math.ceil(max(day.high_c for day in days) / STEP_C) * STEP_C
    high = max(high, low + 2 * STEP_C)
    floor = HEIGHT - BOTTOM

    def down(temperature_c: float) -> float:
        share = (high - temperature_c) / (high - low)
        return round(TOP + share * (floor - TOP), 1)

    bars = []
    for centre, day in zip(centres, days, strict=True):
        height = max(down(day.low_c) - down(day.high_c), THINNEST)
        middle = (down(day.low_c) + down(day.high_c)) / 2
        bars.append(
            Bar(round(centre - width / 2, 3), middle - height / 2, round(width, 3), height, day)
        )
    lines = [
        (round(centres[i], 3), down(days[i].mean_c), round(centres[i + 1], 3), down(after.mean_c))
        for i, after in enumerate(days[1:])
        if after.day - days[i].day == timedelta(days=1)
    ]
    step = STEP_C * max(1, math.ceil((high - low) / STEP_C / 8))
    rules = [(down(value), value) for value in range(low, high + 1, step)]
    return Plot(HEIGHT, floor, tuple(bars), tuple(lines), tuple(rules), _labels(centres, days))


def _labels(centres: Sequence[float], days: Sequence[Day]) -> tuple[tuple[float, str, date], ...]:
    """A few days along the foot: the first, the last and some between, well apart."""
    count = min(LABELS, len(days))
    chosen = sorted({round(i * (len(days) - 1) / max(count - 1, 1)) for i in range(count)})
    last = len(days) - 1
    anchors = {0: "start", last: "end"} if len(days) > 1 else {0: "middle"}
    placed: list[tuple[float, str, date]] = []
    for index in chosen:
        at = {0: 0.0, last: 100.0}.get(index, centres[index]) if len(days) > 1 else centres[index]
        if placed and at - placed[-1][0] < 100 / LABELS * 0.8 and index != last:
            continue
        placed.append((round(at, 2), anchors.get(index, "middle"), days[index].day))
    return tuple(placed)
