"""The symbols of weather as SVG paths, for the map of a page.

The shapes are those of the charts (`nalssi.charts.symbol_shapes`). Lengths are in tenths of a map
unit (`map_outline`), so that whole numbers are exact enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

from nalssi.charts.symbol_shapes import SYMBOLS, Ring
from nalssi.gallery.map_outline import relative_path

DIAMETER: Final = 100


class SymbolPaths(NamedTuple):
    """A symbol: its name, and the data of two SVG paths: filled with paper, and filled with ink."""

    name: str
    paper: str
    ink: str


@cache
def symbol_paths(name: str) -> SymbolPaths:
    """Return the SVG paths of a symbol of `symbol_shapes.SYMBOLS`.

    A part that a symbol does not have is an empty text.
    """
    shape = SYMBOLS[name]
    return SymbolPaths(name, _path(shape.outline), _path(shape.ink))


def _path(rings: Iterable[Ring]) -> str:
    return "".join(relative_path(_units(ring), closed=True) for ring in rings)


def _units(ring: Ring) -> Sequence[tuple[float, float]]:
    points = [(x * DIAMETER, -y * DIAMETER) for x, y in ring]
    return points if points[0] == points[-1] else [*points, points[0]]
