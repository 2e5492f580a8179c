"""The symbols of weather on the map: a shape for each condition group, and their legend.

The groups are those of `schemas/reference/conditions.csv`. To add a group, use it there, add its
marker to `MARKERS` and its name to `weather_groups` in each `nalssi/locale/*_charts.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline

from nalssi.charts import theme
from nalssi.locale.locales import Locale

SYMBOL_RADIUS: Final = 0.05  # inches

MARKERS: Final[dict[str, Any]] = {
    "sky": "o",
    "rain": "v",
    "snow": (6, 1, 0),
    "mixed": "D",
    "thunder": "X",
    "fog": "s",
    "dust": "^",
    "none": "o",
}
"""The matplotlib marker of each condition group. `none` is unknown weather.

The legend has this order, and a row for each group.
"""

RELATIVE_AREAS: Final[Mapping[str, float]] = {
    "snow": 1.7,
    "rain": 1.25,
    "mixed": 0.85,
    "dust": 1.25,
    "none": 0.35,
}
"""Factors that make the symbols of condition groups look equally large. The default factor is 1."""


LEGEND_ROW: Final = 0.165  # inches: the height of a row of the legend
LEGEND_SIZE: Final = (1.75, 0.03 + LEGEND_ROW * len(MARKERS))
"""The width and height in inches of a legend of all groups. No label may overlap it."""


@cache
def symbol_outline(group: str) -> Outline:
    """Return the outline of the symbol of a condition group. Its width and height are about 1."""
    marker = MarkerStyle(MARKERS[group])
    return marker.get_path().transformed(marker.get_transform())


def symbol_area(group: str) -> float:
    """Return the area of a condition group's symbol in square points, as `scatter` takes it."""
    return RELATIVE_AREAS.get(group, 1.0) * (2 * SYMBOL_RADIUS * 72) ** 2


class SymbolLegend:
    """A legend of the symbols that the map shows now. `x` and `y` are its lower left corner."""

    def __init__(self, axes: Axes, locale: Locale, x: float, y: float) -> None:
        self._locale = locale
        self._positions = [(x, y + LEGEND_ROW * row) for row in range(len(MARKERS))]
        self._symbols = axes.scatter(
            [x for x, _ in self._positions],
            [y for _, y in self._positions],
            c=theme.PAPER,
            edgecolors=theme.INK,
            linewidths=0.6,
            zorder=6,
        )
        self._names = [
            axes.text(x + 0.13, y, "", size=theme.SMALL, va="center_baseline", zorder=6)
            for x, y in self._positions
        ]
        self.artists: list[Artist] = [self._symbols, *self._names]

    def show(self, groups: Sequence[str]) -> None:
        """Show the symbols of these groups and no others."""
        shown = [group for group in reversed(MARKERS) if group in groups]
        self._symbols.set_offsets(self._positions[: len(shown)])
        self._symbols.set_paths([symbol_outline(group) for group in shown])
        self._symbols.set_sizes([symbol_area(group) for group in shown])
        names = [self._locale.charts.weather_groups[group] for group in shown]
        for row, text in enumerate(self._names):
            text.set_text(names[row] if row < len(names) else "")
