"""The one temperature scale of every chart: a colour for each °C, fixed once and for all.

A day's chart can be laid beside any other day's only when a colour always means the same
temperature, so the scale never adapts to the data. It runs from -30 to 40 °C, a little past
what KMA's stations have measured (-29.2 °C at 철원 in 2001, 41.0 °C at 홍천 in 2018; beyond its
ends the colour stays).

How it was made: two paths through OKLab (Björn Ottosson's perceptual colour space), blue for
frost and yellow over red to maroon for above, each from light at zero to dark at its end.
Points were set along both at equal OKLab distance, 0.0197 a degree, which makes the scale
perceptually even: five degrees look like five degrees anywhere. The anchors below are those
points, 5 °C apart. Lightness only falls with the distance from zero, and the two sides part by
blue against yellow, the axis that people with red-green colour blindness see: the order holds
in greyscale within a side and under protanopia and deuteranopia throughout. Zero is visible as
the one break: pale blue just below, pale yellow just above.
`tests/charts/test_scale.py` measures all of this.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb
from numpy.typing import ArrayLike, NDArray

COLDEST_C: Final = -30
WARMEST_C: Final = 40
STEP_C: Final = 5

BELOW_ZERO: Final = (  # -30, -25 … -5 °C, and just below zero
    "#343996", "#3958b8", "#3c7bd5", "#4a9ee6", "#6cbff2", "#9cddfa", "#d9f4fd",
)  # fmt: skip
ABOVE_ZERO: Final = (  # zero, 5 … 40 °C
    "#fbf2b8", "#fad267", "#fcaa1b", "#f77f00", "#e2560f", "#c62e23", "#9c1a22", "#720f21",
    "#480c1c",
)  # fmt: skip

SHADES_PER_C: Final = 10  # a temperature has one decimal


def _shades(anchors: tuple[str, ...]) -> NDArray[np.float64]:
    """Straight lines between the anchors, one colour a tenth of a degree (its lower end)."""
    points = np.array([to_rgb(anchor) for anchor in anchors])
    count = (len(anchors) - 1) * STEP_C * SHADES_PER_C
    at = np.arange(count) / (STEP_C * SHADES_PER_C)
    known = np.arange(len(anchors))
    return np.stack([np.interp(at, known, points[:, band]) for band in range(3)], axis=1)


# 700 colours: index 300 is the first that is not below zero.
COLOURS: Final = ListedColormap(
    np.concatenate([_shades(BELOW_ZERO), _shades(ABOVE_ZERO)]), name="nalssi_temperature"
)


def colour(temperature_c: ArrayLike) -> NDArray[np.float64]:
    """RGBA of one or many temperatures in °C; values past the ends take the end's colour."""
    tenths = np.rint((np.asarray(temperature_c, dtype=float) - COLDEST_C) * SHADES_PER_C)
    index = np.clip(tenths, 0, COLOURS.N - 1).astype(int)
    return np.asarray(COLOURS(index), dtype=np.float64)


# Changes are no temperatures and have a scale of their own: colder blue, warmer red, from
# ColorBrewer's RdBu (safe for every kind of colour blindness), nothing at no change; ±15 °C.
LARGEST_CHANGE_C: Final = 15
CHANGES: Final = LinearSegmentedColormap.from_list(
    "nalssi_change",
    ["#053061", "#2166ac", "#4393c3", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d", "#b2182b",
     "#67001f"],
    N=601,
)  # fmt: skip


def change_colour(change_c: ArrayLike) -> NDArray[np.float64]:
    """RGBA of one or many differences of temperature in °C."""
    share = (np.asarray(change_c, dtype=float) / LARGEST_CHANGE_C + 1) / 2
    return np.asarray(CHANGES(np.clip(share, 0, 1)), dtype=np.float64)


def ink_on(rgba: NDArray[np.float64]) -> str:
    """Black or white, whichever contrasts more with a colour (WCAG 2 relative luminance)."""
    channels = rgba[:3]
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"
