"""The color scales: one for temperatures and one for changes.

By default every chart uses the same fixed temperature scale, so that charts of different days can
be compared: a color always means the same temperature. The scale runs from -30 to 40 °C, nearly the
range that KMA's stations have measured (-32.6 °C at 양평 in 1981, 41.0 °C at 홍천 in 2018). Values
beyond its ends take the color of the end. With the option `scale="day"`, a chart of one snapshot
stretches the scale to its own temperatures (`day_scale`).

The scale is one path through CIELAB without a break: indigo and blue for frost, a pale green at
zero, then yellow, orange, red and wine. Along the path, a degree is a CIEDE2000 difference of 2.7
to 3. Lightness falls with the distance from zero, so the order is visible in grayscale on each side
of zero. The sides differ by blue against yellow, which people with red-green color blindness see.
`tests/charts/test_color_scale.py` measures these properties.

The gallery takes the colors of its style sheet from here, so this module does not import
matplotlib.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

COLDEST_C: Final = -30
WARMEST_C: Final = 40
STEP_C: Final = 5

ANCHORS: Final = (  # -30, -25 … 40 °C
    "#282683", "#1a4db2", "#2273cb", "#3a99de", "#69c3ec", "#b4e7f2", "#e3f6e6", "#f2eeb1",
    "#fdd163", "#fca632", "#f27514", "#dd481c", "#bc212b", "#84042b", "#42031e",
)  # fmt: skip

COLORS_PER_C: Final = 10  # a temperature has one decimal


def _channels(color: str) -> list[float]:
    """Return the red, green and blue of a color such as `#d9f4fd`, each from 0 to 1."""
    return [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _interpolate(anchors: Sequence[str], count: int) -> Array:
    """Return `count` RGBA colors (count, 4), evenly spaced on straight lines between the anchors.

    Anchors are colors such as `#d9f4fd`. Channels are from 0 to 1.
    """
    points = np.array([[*_channels(anchor), 1.0] for anchor in anchors])
    at = np.linspace(0, len(anchors) - 1, count)
    known = np.arange(len(anchors))
    return np.stack([np.interp(at, known, points[:, band]) for band in range(4)], axis=1)


TEMPERATURE_COLORS: Final = _interpolate(ANCHORS, (WARMEST_C - COLDEST_C) * COLORS_PER_C + 1)
"""The RGBA colors of temperatures (701, 4): one for each tenth of a degree, -30.0 to 40.0 °C."""


def temperature_color(temperature_c: ArrayLike) -> Array:
    """Return the RGBA color, from 0 to 1, of one or many temperatures in °C, on the fixed scale."""
    tenths = np.rint((np.asarray(temperature_c, dtype=float) - COLDEST_C) * COLORS_PER_C)
    index = np.clip(tenths, 0, len(TEMPERATURE_COLORS) - 1).astype(int)
    return np.asarray(TEMPERATURE_COLORS[index])


MOST_TICKS: Final = 8
"""The largest number of steps between the ticks of a scale. A step is 1, 2, 5 or 10 °C; there may
be more steps of 10 °C."""


@dataclass(frozen=True)
class TemperatureScale:
    """A temperature scale that a chart uses: the fixed scale, or one between other ends in °C.

    If zero lies between the ends, it has the same color as on the fixed scale, so blue always means
    frost. If all temperatures are above zero, the scale begins with the color of zero; if all are
    below, it ends with that color.
    """

    low_c: int
    high_c: int

    @property
    def is_fixed(self) -> bool:
        """Whether this is the fixed scale that charts of all days share."""
        return self == FIXED_SCALE

    def ticks(self) -> list[int]:
        """Return the temperatures to write on the scale (°C): both ends, and round ones between."""
        span = self.high_c - self.low_c
        step = next(step for step in (1, 2, 5, 10) if span / step <= MOST_TICKS or step == 10)
        near = 0.8 * step
        between = [
            tick
            for tick in range(self.low_c, self.high_c)
            if tick % step == 0 and self.low_c + near <= tick <= self.high_c - near
        ]
        return [self.low_c, *between, self.high_c]

    def color(self, temperature_c: ArrayLike) -> Array:
        """Return the RGBA color, from 0 to 1, of one or many temperatures in °C, on this scale."""
        values = np.asarray(temperature_c, dtype=float)
        low, high = self.low_c, self.high_c
        if self.is_fixed:
            return temperature_color(values)
        if low >= 0:
            return temperature_color((values - low) / (high - low) * WARMEST_C)
        if high <= 0:
            return temperature_color((values - high) / (low - high) * COLDEST_C)
        return temperature_color(values * min(COLDEST_C / low, WARMEST_C / high))


FIXED_SCALE: Final = TemperatureScale(COLDEST_C, WARMEST_C)
"""The scale that all charts share by default."""


def day_scale(temperatures: Sequence[float]) -> TemperatureScale:
    """Return the scale of one snapshot, which reaches from its lowest to its highest temperature.

    The ends are whole degrees, at least 5 °C apart. `temperatures` are in °C.
    """
    low, high = math.floor(min(temperatures)), math.ceil(max(temperatures))
    missing = max(0, STEP_C - (high - low))
    return TemperatureScale(low - missing // 2, high + missing - missing // 2)


LARGEST_CHANGE_C: Final = 15
CHANGE_COLORS: Final = _interpolate(
    ("#053061", "#2166ac", "#4393c3", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d", "#b2182b",
     "#67001f"),
    601,
)  # fmt: skip
"""The RGBA colors of changes, -15 to 15 °C: ColorBrewer's RdBu, which is safe for color
blindness."""


def change_color(change_c: ArrayLike) -> Array:
    """Return the RGBA color, from 0 to 1, of one or many changes of temperature in °C."""
    share = (np.asarray(change_c, dtype=float) / LARGEST_CHANGE_C + 1) / 2
    index = np.rint(np.clip(share, 0, 1) * (len(CHANGE_COLORS) - 1)).astype(int)
    return np.asarray(CHANGE_COLORS[index])


def to_hex(rgba: Array) -> str:
    """Return an RGBA color (channels from 0 to 1) as `#rrggbb`, without its alpha."""
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgba[:3].tolist())


def ink_on(rgba: Array) -> str:
    """Return the color of text on an RGBA color: `#000000` or `#ffffff`.

    It is the one with the higher contrast (WCAG 2 luminance).
    """
    channels = rgba[:3]
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"
