"""Draw the symbols of weather on the map, and their legend.

The shapes and the names are in `symbol_shapes`: to add a symbol, add it to `SYMBOLS` there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from nalssi.charts import theme
from nalssi.charts.symbol_shapes import SYMBOLS, Ring, present_symbols, symbol_name
from nalssi.locale.locales import Locale

SYMBOL_RADIUS: Final = 0.05  # inches
EDGE: Final = 0.7  # points: the width of the edge of an outline

LEGEND_ROW: Final = 0.165  # inches: the height of a row of the legend
LEGEND_ROWS: Final = len(SYMBOLS)
LEGEND_SIZE: Final = (1.75, 0.03 + LEGEND_ROW * LEGEND_ROWS)
"""The width and height in inches of a legend of all symbols. No label may overlap it."""
LEGEND_INDENT: Final = 0.13  # inches from the middle of a symbol to its name
LEGEND_COLUMN: Final = 1.66  # inches: the width of a column, if the legend has several
NO_PATH: Final = Outline(np.zeros((1, 2)))


@cache
def _outlines(symbol: str) -> tuple[Outline, Outline]:
    """Return two paths of a symbol: its part filled with paper, and its part filled with ink."""
    shape = SYMBOLS[symbol]
    return _compound(shape.outline), _compound(shape.ink)


def _compound(rings: Sequence[Ring]) -> Outline:
    if not rings:
        return NO_PATH
    closed = (Outline([*ring, ring[0]], closed=True) for ring in rings)
    return Outline.make_compound_path(*closed)


class SymbolPoints:
    """Weather symbols at points (n, 2) on a map; `show` sets the symbols. `radius` is in inches."""

    def __init__(self, axes: Axes, points: Any, radius: float) -> None:
        x, y = np.asarray(points, dtype=float).T
        area = (2 * radius * 72) ** 2  # in square points
        edge: dict[str, Any] = {"edgecolors": theme.INK, "linewidths": EDGE}
        self._paper = axes.scatter(x, y, s=area, c=theme.PAPER, zorder=6, **edge)
        self._ink = axes.scatter(x, y, s=area, c=theme.INK, linewidths=0, zorder=6.5)
        self.artists: list[Artist] = [self._paper, self._ink]

    def show(self, symbols: Sequence[str]) -> None:
        """Show a symbol at each point. `symbols` are names in `SYMBOLS`, one a point."""
        outlines = [_outlines(symbol) for symbol in symbols]
        self._paper.set_paths([paper for paper, _ in outlines])
        self._ink.set_paths([ink for _, ink in outlines])

    def move(self, points: Any) -> None:
        """Move the symbols to other points (n, 2). The next call of `show` must have n symbols."""
        self._paper.set_offsets(points)
        self._ink.set_offsets(points)


class SymbolLegend:
    """A legend of the weather symbols that a map shows. `show` sets the symbols.

    `x` and `y` are its lower left corner in inches. With one column, the symbols are stacked
    upwards from the lower end; with several `columns`, downwards from the upper end. `column` is
    the width of a column in inches.
    """

    def __init__(
        self,
        axes: Axes,
        locale: Locale,
        x: float,
        y: float,
        columns: int = 1,
        column: float = LEGEND_COLUMN,
    ) -> None:
        self._locale = locale
        self._room = column - 2 * LEGEND_INDENT
        self._columns = columns
        rows = LEGEND_ROWS // columns
        self._positions = [
            (x + column * number, y + LEGEND_ROW * row)
            for number in range(columns)
            for row in (range(rows) if columns == 1 else reversed(range(rows)))
        ]
        self._symbols = SymbolPoints(axes, self._positions, SYMBOL_RADIUS)
        self._names = [
            axes.text(x + LEGEND_INDENT, y, "", size=theme.SMALL, va="center_baseline", zorder=6)
            for x, y in self._positions
        ]
        self.artists: list[Artist] = [*self._symbols.artists, *self._names]

    def show(self, symbols: Sequence[str], other_words: Sequence[str]) -> None:
        """Show these symbols in the legend, and remove all other symbols from it.

        `other_words` are the words for the weather that has the symbol `other`.
        """
        shown = present_symbols(symbols)
        if self._columns == 1:  # it is filled from below
            shown = shown[::-1]
        names = [self._name(symbol, other_words) for symbol in shown]
        self._symbols.move(self._positions[: len(shown)])
        self._symbols.show(shown)
        for row, text in enumerate(self._names):
            text.set_text(names[row] if row < len(names) else "")

    def _name(self, symbol: str, other_words: Sequence[str]) -> str:
        """Return the text beside a symbol in the legend.

        For `other`, it is as many of `other_words` as fit, and the number of words that are left
        out.
        """
        if symbol != "other":
            return symbol_name(symbol, self._locale)
        for count in range(len(other_words), 0, -1):
            words = ", ".join(other_words[:count])
            rest = len(other_words) - count
            name = self._locale.charts.and_others.format(names=words, count=rest) if rest else words
            if theme.text_width(name, theme.SMALL) <= self._room:
                return name
        return symbol_name("other", self._locale)
