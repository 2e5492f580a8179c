"""Draw a legend: marks as they are in the chart, each followed by its meaning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import layout, theme
from nalssi.charts.title_lines import wrap

Mark = Callable[[Axes, float, float], None]
"""A function `mark(axes, left, right)` that draws the mark of a legend item. The axes are in
inches; the mark stands between `left` and `right`, and its middle has y = 0."""

MARK_WIDTH: Final = 0.22  # inches, as all lengths here
MARK_GAP: Final = 0.06
ITEM_GAP: Final = 0.2
LINE: Final = 0.19
MARK_HEIGHT: Final = 0.16


def legend_lines(items: Sequence[tuple[Mark, str]]) -> list[list[tuple[Mark, str]]]:
    """Divide the items of a legend, each a mark and its text, into lines that fit on the page."""
    lines: list[list[tuple[Mark, str]]] = [[]]
    used = 0.0
    room = theme.page().room
    for item in (part for whole in items for part in _wrapped(whole, room)):
        width = MARK_WIDTH + MARK_GAP + theme.text_width(item[1], theme.SMALL) + ITEM_GAP
        if lines[-1] and used + width - ITEM_GAP > room:
            lines.append([])
            used = 0.0
        lines[-1].append(item)
        used += width
    return lines


def _wrapped(item: tuple[Mark, str], room: float) -> list[tuple[Mark, str]]:
    """Wrap the text of a legend item that is wider than `room` inches with its mark.

    Returns an item for each line. Only the first line keeps the mark.
    """
    mark, text = item
    first, *others = wrap(text, room - MARK_WIDTH - MARK_GAP, theme.SMALL)
    return [(mark, first), *((_no_mark, line) for line in others)]


def _no_mark(axes: Axes, left: float, right: float) -> None:
    """Draw no mark, because the line of the legend continues the text of the line above."""


def draw_legend(page: Figure, lines: Sequence[Sequence[tuple[Mark, str]]], top: float) -> None:
    """Draw the lines of a legend, as `legend_lines` returns them.

    `top` is the baseline of the first line, in inches from the top of the page.
    """
    form = theme.page()
    for number, line in enumerate(lines):
        baseline = top + number * LINE
        strip = layout.add_axes(
            page, 0, baseline - 0.045 - MARK_HEIGHT / 2, form.width, MARK_HEIGHT
        )
        strip.set(xlim=(0, form.width), ylim=(-MARK_HEIGHT / 2, MARK_HEIGHT / 2))
        strip.axis("off")
        x = form.margin
        for mark, text in line:
            mark(strip, x, x + MARK_WIDTH)
            x += MARK_WIDTH + MARK_GAP
            layout.write(page, x, baseline, text, ink=theme.SOFT_INK)
            x += theme.text_width(text, theme.SMALL) + ITEM_GAP
