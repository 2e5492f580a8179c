"""The plot of daily temperatures of a region or station, laid out for the macro `series`.

The macro draws the plot as SVG in the page, so that it has the page's colours and width and stays
legible on a phone. Texts have a position in % of the width and in pixels of the height. Marks are
in an inner SVG that is stretched to the width of the page: its units are 1/100 % across and 1/10
pixel down. All bars of a colour are one path, so that many days need few bytes. The axis is that of
the charts (`nalssi.charts.day_axis`). `plot_marks` computes the marks of many plots at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nalssi.charts.day_axis import DayAxis
from nalssi.charts.day_labels import DayLabel, day_labels
from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.plot_marks import ACROSS, BOTTOM_MARGIN, DOWN, HEIGHT, Bars, Marks
from nalssi.locale.locales import Locale

PHONE_PERCENT: Final = 3.2
"""The number of pixels that 1 % of the width of a plot takes on a narrow page."""
LABEL_GAP: Final = 1.0
OVERHANG: Final = 5.0
"""The largest width of a part of a label outside of the plot, in % of the plot's width."""
LETTER_PIXELS: Final = {"narrow": 3.5, "digit": 7.0, "letter": 6.8, "hangul": 11.0}
"""The widths in pixels of kinds of characters, in a text that is 11 pixels high."""


@dataclass(frozen=True)
class PlotBreak:
    """A break of the axis, with its length in words. Positions are in % of the width.

    The words stand upright if the break is narrow.
    """

    left: float
    right: float
    width: float
    middle: float
    words: str
    upright: bool


@dataclass(frozen=True)
class AxisWords:
    """The texts of an axis of days in a language: lengths of breaks, and labels of days."""

    breaks: tuple[PlotBreak, ...]
    labels: tuple[DayLabel, ...]

    @classmethod
    def of(cls, axis: DayAxis, locale: Locale) -> AxisWords:
        """Return the texts of an axis in a language, with positions in % of the width."""
        labels = day_labels(axis, locale, text_width, gap=LABEL_GAP, overhang=OVERHANG)
        return cls(tuple(plot_breaks(axis, locale)), tuple(labels))


@dataclass(frozen=True)
class DailyPlot:
    """A plot of daily temperatures, as the macro `series` draws it.

    The paths `bars`, `line`, `points` and `open_points` are in the units of the inner SVG, whose
    `viewBox` is `box`. Other positions are in % of the width and pixels of the height.

    - `bottom` is the lower end of the plot. The labels of days are below it.
    - `line` joins the means of consecutive representative days.
    - `open_points` are the means of days that are not representative, `points` those of
      representative days that need a point.
    - `is_dense` is True if the plot has so many days that points are small, and only days without
      neighbours need one.
    - `rules` are horizontal lines: the position and the temperature (°C) of each.
    - `years` are the positions at which years begin.
    - `data` is for scripts; the macro `series` describes it.
    """

    height: int
    box: str
    bottom: int
    bars: Sequence[Bars]
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

    @classmethod
    def of(cls, marks: Marks, words: AxisWords) -> DailyPlot:
        """Return the plot of a place from its marks and from the words of its axis."""
        return cls(
            height=HEIGHT,
            box=f"0 0 {100 * ACROSS} {HEIGHT * DOWN}",
            bottom=HEIGHT - BOTTOM_MARGIN,
            bars=marks.bars,
            line=marks.line,
            points=marks.points,
            open_points=marks.open_points,
            is_dense=marks.is_dense,
            rules=marks.vertical.rules(),
            years=tuple(round(at, 2) for _, at in marks.axis.year_starts()),
            breaks=words.breaks,
            labels=words.labels,
            basis=marks.basis,
            data=marks.data,
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


def plot_breaks(axis: DayAxis, locale: Locale) -> Iterator[PlotBreak]:
    """Yield the breaks of an axis for a plot, with positions in % of the width."""
    for each in axis.breaks:
        words = locale.duration(each.first, each.until)
        width = each.right - each.left
        upright = width < text_width(words) + 2 * LABEL_GAP
        left, right, middle = (round(at, 2) for at in (each.left, each.right, each.middle))
        yield PlotBreak(left, right, round(width, 2), middle, words, upright)
