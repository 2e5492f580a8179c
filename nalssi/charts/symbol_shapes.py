"""The symbols of weather on maps: which one a reading has, and their shapes.

A symbol has two parts: an outline that is filled with paper and has an edge of ink, and a part
that is filled with ink. The amount of cloud is the share of the disc that is ink, as in station
plots of the WMO. No symbol differs from another one by color alone, so they can be told apart in
gray print, and at a size of 5 pixels (`tests/charts/test_symbol_shapes.py` measures this).

Charts and pages of the gallery draw these shapes. This module does not import matplotlib.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from nalssi.common.reference import reference
from nalssi.locale.locales import Locale

Ring = tuple[tuple[float, float], ...]
"""The corners of a polygon. The unit of length is the diameter of a symbol's disc. The origin is
the center of the disc, and y points upwards."""


@dataclass(frozen=True)
class SymbolShape:
    """The shape of a symbol: two parts, each of any number of polygons."""

    outline: tuple[Ring, ...] = ()
    """The part that is filled with paper and has an edge of ink."""
    ink: tuple[Ring, ...] = ()
    """The part that is filled with ink, above the outline."""


def _arc(radius: float, start: float = 0, end: float = 360, steps: int = 32) -> Ring:
    """Return the corners of an arc between two angles in degrees, counterclockwise from east.

    Its center is (0, 0). It has `steps` sides of equal length.
    """
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return tuple((radius * math.cos(angle), radius * math.sin(angle)) for angle in angles)


def _star(rays: int, outer: float, inner: float) -> Ring:
    corners = []
    for corner in range(2 * rays):
        angle = math.radians(90 + 180 * corner / rays)
        radius = inner if corner % 2 else outer
        corners.append((radius * math.cos(angle), radius * math.sin(angle)))
    return tuple(corners)


def _bar(y: float, thickness: float) -> Ring:
    return tuple(
        (x, y + side * thickness / 2) for x, side in ((-0.5, -1), (0.5, -1), (0.5, 1), (-0.5, 1))
    )


_DISC: Final = _arc(0.5)
_DOWN: Final = ((-0.56, 0.47), (0.56, 0.47), (0.0, -0.53))
_UP: Final = ((-0.56, -0.47), (0.56, -0.47), (0.0, 0.53))
_DIAMOND: Final = ((0.0, 0.62), (-0.62, 0.0), (0.0, -0.62), (0.62, 0.0))
_SMALL_DIAMOND: Final = ((0.0, 0.28), (-0.28, 0.0), (0.0, -0.28), (0.28, 0.0))
_BOLT: Final = (
    (0.34, 0.6), (-0.14, 0.6), (-0.46, -0.08), (-0.08, -0.08), (-0.3, -0.6), (0.46, 0.16),
    (0.08, 0.16),
)  # fmt: skip

SYMBOLS: Final[Mapping[str, SymbolShape]] = {
    "clear": SymbolShape(outline=(_DISC,)),
    "partly_cloudy": SymbolShape(outline=(_DISC,), ink=(((0.0, 0.0), *_arc(0.5, 0, 90)),)),
    "mostly_cloudy": SymbolShape(outline=(_DISC,), ink=(((0.0, 0.0), *_arc(0.5, -180, 90)),)),
    "overcast": SymbolShape(outline=(_DISC,), ink=(_DISC,)),
    "rain": SymbolShape(outline=(_DOWN,), ink=(_DOWN,)),
    "mixed": SymbolShape(outline=(_DOWN,)),
    "snow": SymbolShape(ink=(_star(6, 0.66, 0.19),)),
    "thunder": SymbolShape(ink=(_BOLT,)),
    "fog": SymbolShape(ink=tuple(_bar(y, 0.19) for y in (0.37, 0.0, -0.37))),
    "dust": SymbolShape(outline=(_UP,)),
    "other": SymbolShape(outline=(_DIAMOND,), ink=(_SMALL_DIAMOND,)),
    "none": SymbolShape(outline=(_arc(0.22),)),
}
"""The shapes of all symbols, in the order of the legend. `other` is weather without a symbol of its
own, which the legend names in words. `none` is unknown weather."""

CLOUDS: Final = ("clear", "partly_cloudy", "mostly_cloudy", "overcast")
"""The conditions of the group `sky` that have a symbol."""

EXCEPTIONS: Final[Mapping[str, str]] = {
    "thunderstorm_ended_rain": "rain",
    "thunderstorm_ended_snow": "snow",
    "hail": "other",
    "ice_pellets": "other",
    "precipitation_within_sight": "other",
    "fog_within_sight": "other",
}
"""The symbols of conditions for which the symbol of their group would be wrong."""


def weather_symbol(condition: str | None, group: str | None) -> str:
    """Return the name in SYMBOLS of the symbol of a condition.

    `group` is the group of the condition in `conditions.csv`. A condition in EXCEPTIONS has the
    symbol named there, and one in CLOUDS a symbol of its own. The symbol is `other` if the weather
    has ended, such as `rain_ended`, or if the group has no symbol. All other conditions have the
    symbol of their group. Without a condition, or in the group `none`, the symbol is `none`.
    """
    if condition is None or group is None or group == "none":
        return "none"
    if condition in EXCEPTIONS:
        return EXCEPTIONS[condition]
    if condition in CLOUDS:
        return condition
    if condition.endswith("_ended") or group not in SYMBOLS:
        return "other"
    return group


def symbol_name(symbol: str, locale: Locale) -> str:
    """Return the name of a symbol of SYMBOLS in a language, for legends.

    If `weather_groups` of the language does not name the symbol, its name is the first word in
    `conditions.csv` with this code or group. Raises KeyError if there is none.
    """
    return locale.charts.weather_groups.get(symbol) or _first_words(locale.condition_column)[symbol]


@cache
def _first_words(condition_column: str) -> dict[str, str]:
    """Return the first word of each code and of each group, in the language of the column."""
    word = {"condition_ko": "word", "condition_en": "meaning_en"}[condition_column]
    conditions = reference("conditions").reverse()  # of equal keys, the last one stays
    return {
        key: row[word]
        for by in ("group", "code")
        for row in conditions.iter_rows(named=True)
        if (key := row[by]) is not None
    }


def present_symbols(symbols: Iterable[str]) -> list[str]:
    """Return the symbols that occur, each once, in the order of the legend."""
    occurring = set(symbols)
    return [symbol for symbol in SYMBOLS if symbol in occurring]


def svg_path(rings: Iterable[Ring], diameter: float) -> str:
    """Return polygons as the data of an SVG path, whose y is downwards; empty without a polygon.

    `diameter` is the diameter of a disc in the units of the SVG.
    """
    return "".join(
        "M" + "L".join(f"{x * diameter:.2f} {-y * diameter:.2f}" for x, y in ring) + "Z"
        for ring in rings
    )
