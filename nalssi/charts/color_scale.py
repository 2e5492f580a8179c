"""The color scales: one for temperatures and one for changes.

Every chart uses the same fixed temperature scale, so that charts of different days can be
compared: a color always means the same temperature. The scale runs from -30 to 40 °C, a little
more than KMA's stations have measured (-29.2 °C at 철원 in 2001, 41.0 °C at 홍천 in 2018). Values
beyond its ends take the color of the end.

The scale consists of two paths through OKLab (Björn Ottosson's perceptual color space): blue for
frost, and yellow over red to maroon above zero, each from light at zero to dark at its end. The
anchors below are points of these paths, 5 °C apart, at equal OKLab distances (0.0197 a degree), so
that equal differences of temperature look equal. Lightness falls with the distance from zero. The
two paths differ by blue against yellow, which people with red-green color blindness see, so the
order is visible in grayscale within a path, and under protanopia and deuteranopia everywhere.
Zero is the only visible break, from pale blue to pale yellow.
`tests/charts/test_color_scale.py` measures these properties.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

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

COLORS_PER_C: Final = 10  # a temperature has one decimal


def _channels(color: str) -> list[float]:
    """Return red, green and blue of a color such as `#d9f4fd`, from 0 to 1."""
    return [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _on_lines_between(anchors: tuple[str, ...], at: Array) -> Array:
    """Return RGBA colors (n, 4) on straight lines between anchors; anchor k is at the number k."""
    known = np.arange(len(anchors))
    points = np.array([[*_channels(anchor), 1.0] for anchor in anchors])
    return np.stack([np.interp(at, known, points[:, band]) for band in range(4)], axis=1)


def _by_tenths(anchors: tuple[str, ...]) -> Array:
    """Return one color for each tenth of a degree. The anchors are `STEP_C` apart."""
    count = (len(anchors) - 1) * STEP_C * COLORS_PER_C
    return _on_lines_between(anchors, np.arange(count) / (STEP_C * COLORS_PER_C))


TEMPERATURE_COLORS: Final = np.concatenate([_by_tenths(BELOW_ZERO), _by_tenths(ABOVE_ZERO)])
"""The colors of temperatures (700, 4): one for each tenth of a degree. The first 300 are for
temperatures below zero. They are an array and not a colormap, because pages of the gallery use
them without matplotlib, which is slow to import."""


def temperature_color(temperature_c: ArrayLike) -> Array:
    """Return the RGBA color of one or many temperatures in °C."""
    tenths = np.rint((np.asarray(temperature_c, dtype=float) - COLDEST_C) * COLORS_PER_C)
    index = np.clip(tenths, 0, len(TEMPERATURE_COLORS) - 1).astype(int)
    return np.asarray(TEMPERATURE_COLORS[index])


LARGEST_CHANGE_C: Final = 15
CHANGES: Final = (
    "#053061", "#2166ac", "#4393c3", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d", "#b2182b",
    "#67001f",
)  # fmt: skip
CHANGE_COLORS: Final = _on_lines_between(CHANGES, np.linspace(0, len(CHANGES) - 1, 601))
"""The scale of changes, -15 to 15 °C: ColorBrewer's RdBu, which is safe for color blindness."""


def change_color(change_c: ArrayLike) -> Array:
    """Return the RGBA color of one or many changes of temperature in °C."""
    share = (np.asarray(change_c, dtype=float) / LARGEST_CHANGE_C + 1) / 2
    index = np.clip(share * len(CHANGE_COLORS), 0, len(CHANGE_COLORS) - 1).astype(int)
    return np.asarray(CHANGE_COLORS[index])


def to_hex(rgba: Array) -> str:
    """Return a color as `#d9f4fd`."""
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgba[:3])


def ink_on(rgba: Array) -> str:
    """Return black or white, whichever has more contrast with a color (WCAG 2 luminance)."""
    channels = rgba[:3]
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"
