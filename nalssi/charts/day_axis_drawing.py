"""Draw an axis of days below a chart: dates, years, and breaks with their lengths in words.

The x-axis of the chart is in inches from its left end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from nalssi.charts import theme
from nalssi.charts.day_axis import AxisSizes, Break, DayAxis
from nalssi.charts.day_labels import day_labels
from nalssi.locale.locales import Locale

# Lengths are in inches.
LABEL_GAP: Final = 0.06  # between the labels of two days
LABEL_DROP: Final = 0.09  # from the axes down to a label
LABEL_LINE: Final = 0.15
TICK: Final = 0.05
LABELS_HEIGHT: Final = LABEL_DROP + 2 * LABEL_LINE
OVERHANG: Final = 0.19  # of a label beyond the end of the axis
BREAK_WIDTH: Final = 0.22
YEAR_BREAK_WIDTH: Final = 0.48
WIDEST_BREAK: Final = 0.9
LEGIBLE_DAY: Final = 0.06
WIDEST_DAY: Final = 0.45
LEAST_MARK: Final = 0.03
"""The smallest width of the bar or the cell of a day in inches."""
BREAK_PADDING: Final = 0.03
BREAK_COLOR: Final = "#8c8c8c"
BREAK_DASHES: Final = (0, (3, 2))


def new_axis(days: Iterable[date], width: float) -> DayAxis:
    """Return an axis of days, `width` inches wide. `days` are the days that have data."""
    sizes = AxisSizes(width, BREAK_WIDTH, YEAR_BREAK_WIDTH, WIDEST_BREAK, LEGIBLE_DAY, WIDEST_DAY)
    return DayAxis.from_days(days, sizes)


def draw_day_axis(
    axes: Axes, axis: DayAxis, locale: Locale, height: float, *, words: bool = True
) -> None:
    """Set the limits of the x-axis of `axes`, write dates below it, and draw years and breaks.

    `height` is the height of `axes` in inches. Without `words`, breaks are not drawn; use this if
    the caller draws them on axes above these (`draw_break`).
    """
    axes.set_xlim(0, axis.width)
    axes.set_xticks([])
    below = axes.get_xaxis_transform()
    for label in day_labels(axis, locale, _text_width, gap=LABEL_GAP, overhang=OVERHANG):
        axes.plot((label.at, label.at), (-TICK / height, 0), transform=below,
                  color=theme.SOFT_INK, lw=0.8, clip_on=False)  # fmt: skip
        lines = [label.text] if label.year is None else [label.text, label.year]
        for number, text in enumerate(lines):
            axes.text(label.middle, -(LABEL_DROP + number * LABEL_LINE) / height, text,
                      transform=below, ha="center", va="top",
                      color=theme.INK if number else theme.SOFT_INK)  # fmt: skip
    for _, at in axis.year_starts():
        axes.axvline(at, color=theme.RULE, lw=0.8, zorder=1.2)
    for each in axis.breaks if words else ():
        draw_break(axes, each, locale)


def _text_width(text: str) -> float:
    return theme.text_width(text, theme.SMALL)


def draw_bars(axes: Axes, bars: NDArray[np.float64], colors: Any) -> None:
    """Draw bars. `bars` (n, 4) has the left end, the bottom, the width and the height of each.

    `colors` is one color, or a color for each bar. All bars are one artist of matplotlib, because
    an artist for each takes several times as long.
    """
    left, bottom, width, height = bars.T
    right, top = left + width, bottom + height
    corners = np.stack([left, bottom, left, top, right, top, right, bottom], axis=1)
    axes.add_collection(
        PolyCollection([*corners.reshape(-1, 4, 2)], facecolors=colors, linewidths=0, zorder=2),
        autolim=False,
    )


def draw_break(axes: Axes, each: Break, locale: Locale) -> None:
    """Draw a break of the axis: two dashed lines, and between them its length in words.

    The words are horizontal if the break is wide enough, else upright.
    """
    left, right = each.left + BREAK_PADDING, each.right - BREAK_PADDING
    across = axes.get_xaxis_transform()
    axes.add_patch(
        Rectangle((left, 0), right - left, 1, transform=across, clip_on=False,
                  facecolor=theme.PAPER, edgecolor="none", zorder=2.5)
    )  # fmt: skip
    for at in (left, right):
        axes.plot((at, at), (0, 1), transform=across, color=BREAK_COLOR, lw=0.7,
                  ls=BREAK_DASHES, zorder=2.6, clip_on=False)  # fmt: skip
    text = locale.duration(each.first, each.until)
    fits = _text_width(text) + 2 * BREAK_PADDING <= right - left
    axes.text(
        each.middle,
        0.5,
        text,
        transform=across,
        ha="center",
        va="center",
        rotation=0 if fits else 90,
        color=theme.SOFT_INK,
        zorder=2.7,
        gid="break",
    )
