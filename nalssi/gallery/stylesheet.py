"""The style sheet: `static/site.css`, and a class for the colour of every whole degree."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"


@cache
def degrees_with_class() -> range:
    """Return the whole degrees that have a class: those of the charts' scale.

    A temperature beyond them has the class of the nearest degree.
    """
    # Imported here because the module imports matplotlib, which is slow.
    from nalssi.charts import color_scale

    return range(color_scale.COLDEST_C, color_scale.WARMEST_C)


def color_class(temperature_c: float) -> str:
    """Return the name of the class that colours a temperature.

    The temperature is rounded down to a whole degree, so that the colour changes exactly at 0 °C.
    """
    degrees = degrees_with_class()
    degree = min(max(math.floor(temperature_c), degrees[0]), degrees[-1])
    return f"t{degree}" if degree >= 0 else f"tm{-degree}"


def stylesheet() -> bytes:
    """Return the style sheet of the site."""
    # Imported here because matplotlib is slow to import.
    from matplotlib.colors import to_hex

    from nalssi.charts import color_scale

    rules = [(STATIC / "site.css").read_text(encoding="utf-8"), "/* the scale */"]
    for degree in degrees_with_class():
        rgba = color_scale.temperature_color(degree + 0.5)
        rules.append(
            f".{color_class(degree)}{{--t:{to_hex(tuple(rgba))};--on:{color_scale.ink_on(rgba)}}}"
        )
    return "\n".join(rules).encode()
