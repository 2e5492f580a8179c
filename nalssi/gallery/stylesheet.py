"""The style sheet: files of `static`, and classes for colours of temperatures, changes, flags."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from nalssi.charts import color_scale
from nalssi.charts.flag_colors import FLAG_COLORS

STATIC: Final = Path(__file__).parent / "static"

SHEETS: Final = ("site.css", "pictures.css", "grids.css", "compare.css")

DEGREES_WITH_CLASS: Final = range(color_scale.COLDEST_C, color_scale.WARMEST_C)
"""The whole degrees that have a class: those of the charts' scale. A temperature beyond them has
the class of the nearest degree."""


def color_class(temperature_c: float) -> str:
    """Return the name of the class that colours a temperature.

    The temperature is rounded down to a whole degree. The class has the colour of the middle of
    that degree.
    """
    degree = min(max(math.floor(temperature_c), DEGREES_WITH_CLASS[0]), DEGREES_WITH_CLASS[-1])
    return f"t{degree}" if degree >= 0 else f"tm{-degree}"


def change_class(change_c: float) -> str:
    """Return the name of the class that colours a change, rounded to a whole degree.

    A change beyond the scale has the class of the end of the scale.
    """
    limit = color_scale.LARGEST_CHANGE_C
    degree = min(max(round(change_c), -limit), limit)
    return f"d{degree}" if degree >= 0 else f"dm{-degree}"


def stylesheet() -> bytes:
    """Return the style sheet of the gallery: the files SHEETS, and the classes of colours."""
    sheets = [(STATIC / name).read_text(encoding="utf-8") for name in SHEETS]
    rules = [*sheets, "/* the scales */", f":root{{--scale:{_gradient()}}}"]
    rules += map(temperature_rule, DEGREES_WITH_CLASS)
    limit = color_scale.LARGEST_CHANGE_C
    for change in range(-limit, limit + 1):
        rules.append(_rule(change_class(change), color_scale.change_color(change)))
    rules += [f".f{flag}{{--t:{color}}}" for flag, color in FLAG_COLORS.items()]
    return "\n".join(rules).encode()


@cache
def temperature_rule(degree: int) -> str:
    """Return the CSS rule of the class that colours temperatures from `degree` to `degree` + 1."""
    return _rule(color_class(degree), color_scale.temperature_color(degree + 0.5))


def temperature_rules(temperatures_c: Iterable[float]) -> str:
    """Return the CSS rules of the classes that colour these temperatures, on one line."""
    first, last = DEGREES_WITH_CLASS[0], DEGREES_WITH_CLASS[-1]
    degrees = {min(max(math.floor(each), first), last) for each in temperatures_c}
    return "".join(map(temperature_rule, sorted(degrees)))


def _rule(name: str, rgba: color_scale.Array) -> str:
    return f".{name}{{--t:{color_scale.to_hex(rgba)};--on:{color_scale.ink_on(rgba)}}}"


def _gradient() -> str:
    """Return the whole temperature scale as a CSS gradient."""
    degrees = range(color_scale.COLDEST_C, color_scale.WARMEST_C + 1, 2)
    colors = [color_scale.to_hex(color_scale.temperature_color(degree)) for degree in degrees]
    return f"linear-gradient(to right,{','.join(colors)})"
