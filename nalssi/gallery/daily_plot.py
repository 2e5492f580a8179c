"""The plot of daily temperatures of a region or station, laid out for the macro `series`.

The macro draws the plot as SVG in the page, so that it has the page's colours and width and stays
legible on a phone. Texts have a position in % of the width and in pixels of the height. Marks are
in an inner SVG that is stretched to the width of the page: its units are 1/100 % across and 1/10
pixel down. All bars of a colour are one path, so that many days need few bytes. The axis is that of
the charts (`nalssi.charts.day_axis`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from nalssi.charts.day_axis import AxisSizes, DayAxis, consecutive_runs
from nalssi.charts.day_labels import DayLabel, day_labels
from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.stylesheet import color_class
from nalssi.locale.locales import Locale

NEWEST_DAYS: Final = 60
"""The largest number of days in the table below the plot. The CSV file has all days."""

HEIGHT: Final = 240
"""Height of the plot in pixels. TOP_MARGIN, BOTTOM_MARGIN and LOWEST_BAR are in pixels too."""
TOP_MARGIN: Final = 12
BOTTOM_MARGIN: Final = 44
"""The space for the labels of the days and of the years below the bars."""
LOWEST_BAR: Final = 3.0
"""The smallest height of a bar. The bar of a day with one value would be invisible without it."""
STEP_C: Final = 5
MOST_STEPS: Final = 8

AXIS: Final = AxisSizes(100.0, 6.0, 14.4, 25.0, legible_day=1.2, widest_day=10.0)
"""The sizes of the axis in % of the width. On the narrowest page, 1 % is 3.2 pixels. The words of a
break then fit upright in 6 %, and the labels of two days on both sides of 14.4 %."""
PHONE_PERCENT: Final = 3.2
"""The pixels of 1 % on a narrow page."""
BAR_SHARE: Final = 0.86
"""The width of a bar, as a share of the day, if days are wide enough for gaps between bars."""
LEAST_BAR: Final = 0.35
WIDEST_BAR: Final = 1.6
"""The smallest and the largest width of a bar in % of the width."""
LABEL_GAP: Final = 1.0
OVERHANG: Final = 5.0
"""How far a label reaches beyond the ends of the plot, in % of the width."""
FEW_DAYS: Final = 60
"""Up to this number of days, every daily mean has a point. With more, points are small."""
LETTER_PIXELS: Final = {"narrow": 3.5, "digit": 7.0, "letter": 6.8, "hangul": 11.0}
"""The widths of characters in a text that is 11 pixels high."""

ACROSS: Final = 100
"""Units of the inner SVG in 1 % of the width."""
DOWN: Final = 10
"""Units of the inner SVG in a pixel of the height."""


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
class Bars:
    """The bars of one colour and width, from the lowest to the highest temperature of a day."""

    color: str
    width: int
    path: str


@dataclass(frozen=True)
class PlotBreak:
    """A break of the axis, with its words. They stand upright if the break is narrow."""

    left: float
    right: float
    width: float
    middle: float
    words: str
    upright: bool


@dataclass(frozen=True)
class DailyPlot:
    """Everything in a plot.

    Paths are in the units of the inner SVG. Other positions are in % of the width and pixels of the
    height. `line` joins the means of consecutive representative days. `open_points` are the means
    of days that are not representative, `points` those of representative days that need a point.
    `rules` are horizontal lines, each with its `y` and its temperature. `years` are the beginnings
    of years. `data` is described in the macro `series`.
    """

    height: int
    box: str
    bottom: int
    bars: tuple[Bars, ...]
    line: str
    points: str
    open_points: str
    is_dense: bool
    rules: tuple[tuple[float, int], ...]
    years: tuple[float, ...]
    breaks: tuple[PlotBreak, ...]
    labels: tuple[DayLabel, ...]
    basis: MeanBasis
    data: str


def daily_plot(
    days: pl.DataFrame, locale: Locale, ends_c: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return the variables of the template `series.html`, which shows a plot and a table.

    `days` has `period_data.DAY_COLUMNS` and is sorted by day. `ends_c` are the lowest and the
    highest temperature (°C) of several plots that have the same axis.
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
        "plot": layout(drawn, locale, ends_c) if drawn else None,
        "rows": rows[-NEWEST_DAYS:][::-1],
        "days": len(rows),
        "first": drawn[0].day if drawn else None,
        "last": drawn[-1] if drawn else None,
        "low_c": days["low_c"].min(),
        "high_c": days["high_c"].max(),
    }


def layout(
    days: Sequence[Day], locale: Locale, ends_c: tuple[float, float] | None = None
) -> DailyPlot:
    """Compute the positions of bars, lines and labels for one or more days, which are sorted.

    The vertical axis is for temperatures from `ends_c` (default: the ends of these days).
    """
    axis = DayAxis.from_days([day.day for day in days], AXIS)
    vertical = _Vertical.of(*(ends_c or _ends(days)))
    representative = [day for day in days if day.representative]
    runs = [
        representative[start:end]
        for start, end in consecutive_runs([day.day for day in representative])
    ]
    is_dense = len(days) > FEW_DAYS
    with_point = [day for run in runs if not is_dense or len(run) == 1 for day in run]

    def point(day: Day) -> str:
        return f"{_across(axis.middle(day.day))} {vertical.units(day.mean_c)}"

    labels = day_labels(axis, locale, text_width, gap=LABEL_GAP, overhang=OVERHANG)
    return DailyPlot(
        height=HEIGHT,
        box=f"0 0 {100 * ACROSS} {HEIGHT * DOWN}",
        bottom=HEIGHT - BOTTOM_MARGIN,
        bars=tuple(_bars(axis, days, vertical)),
        line="".join(f"M{' '.join(map(point, run))}" for run in runs if len(run) > 1),
        points="".join(f"M{point(day)}h0" for day in with_point),
        open_points="".join(f"M{point(day)}h0" for day in days if not day.representative),
        is_dense=is_dense,
        rules=vertical.rules(),
        years=tuple(round(at, 2) for _, at in axis.year_starts()),
        breaks=tuple(_breaks(axis, locale)),
        labels=tuple(labels),
        basis=MeanBasis.of(
            (day.representative, day.basis.lists[0] if day.basis.lists else 0) for day in days
        ),
        data=";".join(_data(axis, days)),
    )


def text_width(text: str) -> float:
    """Return the width of a text on a narrow page, in % of the plot's width."""
    return sum(map(_letter_pixels, text)) / PHONE_PERCENT


def _letter_pixels(letter: str) -> float:
    if letter in " .":
        return LETTER_PIXELS["narrow"]
    if letter.isdigit():
        return LETTER_PIXELS["digit"]
    return LETTER_PIXELS["letter" if letter.isascii() else "hangul"]


@dataclass(frozen=True)
class _Vertical:
    """The temperatures at the ends of the vertical axis."""

    low: int
    high: int

    @classmethod
    def of(cls, low_c: float, high_c: float) -> _Vertical:
        low = math.floor(low_c / STEP_C) * STEP_C
        high = math.ceil(high_c / STEP_C) * STEP_C
        return cls(low, max(high, low + 2 * STEP_C))

    def pixels(self, temperature_c: float) -> float:
        share = (self.high - temperature_c) / (self.high - self.low)
        return TOP_MARGIN + share * (HEIGHT - BOTTOM_MARGIN - TOP_MARGIN)

    def units(self, temperature_c: float) -> int:
        return round(self.pixels(temperature_c) * DOWN)

    def rules(self) -> tuple[tuple[float, int], ...]:
        step = STEP_C * max(1, math.ceil((self.high - self.low) / STEP_C / MOST_STEPS))
        values = range(self.low, self.high + 1, step)
        return tuple((round(self.pixels(value), 1), value) for value in values)


def _ends(days: Sequence[Day]) -> tuple[float, float]:
    return min(day.low_c for day in days), max(day.high_c for day in days)


def _across(percent: float) -> int:
    return round(percent * ACROSS)


def _bars(axis: DayAxis, days: Sequence[Day], vertical: _Vertical) -> Iterator[Bars]:
    """Yield the bars, one path for each colour and width. A bar is a vertical stroke."""
    paths: dict[tuple[str, int], list[str]] = {}
    share = BAR_SHARE if axis.day_width >= AXIS.legible_day else 1.0
    columns = axis.columns([day.day for day in days], LEAST_BAR)
    for (left, right), day in zip(columns, days, strict=True):
        width = min((right - left) * share, WIDEST_BAR)
        middle = axis.middle(day.day) if share < 1 else (left + right) / 2
        top, bottom = vertical.pixels(day.high_c), vertical.pixels(day.low_c)
        add = max(0.0, LOWEST_BAR - (bottom - top)) / 2
        height = round((bottom - top + 2 * add) * DOWN)
        key = color_class(day.mean_c), max(1, _across(width))
        paths.setdefault(key, []).append(f"M{_across(middle)} {round((top - add) * DOWN)}v{height}")
    for (color, units), path in sorted(paths.items()):
        yield Bars(color, units, "".join(path))


def _breaks(axis: DayAxis, locale: Locale) -> Iterator[PlotBreak]:
    for each in axis.breaks:
        words = locale.duration(each.first, each.until)
        width = each.right - each.left
        upright = width < text_width(words) + 2 * LABEL_GAP
        left, right, middle = (round(at, 2) for at in (each.left, each.right, each.middle))
        yield PlotBreak(left, right, round(width, 2), middle, words, upright)


def _data(axis: DayAxis, days: Sequence[Day]) -> Iterator[str]:
    for day in days:
        values = (f"{round(value, 1) + 0.0:.1f}" for value in (day.mean_c, day.low_c, day.high_c))
        lists = day.basis.lists[0] if day.basis.lists else ""
        at = f"{axis.middle(day.day):.2f}"
        yield ",".join([str((day.day - days[0].day).days), at, *values, str(lists)])
