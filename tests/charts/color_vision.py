"""How colors look: CIELAB, the CIEDE2000 difference, contrast, and color blindness.

Sources: IEC 61966-2-1 (sRGB), CIE 15 (CIELAB, D65), Sharma, Wu & Dalal 2005 (CIEDE2000), Machado,
Oliveira & Fernandes 2009 (color blindness at severity 1.0, on linear RGB), WCAG 2 (contrast).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

VISIONS: Final = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
TO_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
WHITE: Final = TO_XYZ.sum(axis=1)


def linear(colors: Array) -> Array:
    """Return the linear values of sRGB colors, without alpha."""
    rgb = colors[..., :3]
    return np.asarray(np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4))


def cielab(colors: Array, vision: str = "normal") -> Array:
    """Return the CIELAB values of sRGB colors, as seen with a kind of color vision."""
    seen = np.clip(linear(colors) @ VISIONS[vision].T, 0, 1)
    ratio = seen @ TO_XYZ.T / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(one: Array, other: Array) -> Array:
    """Return the CIEDE2000 difference of CIELAB values. The arrays are broadcast."""
    light_1, a_1, b_1 = np.moveaxis(one, -1, 0)
    light_2, a_2, b_2 = np.moveaxis(other, -1, 0)
    mean = (np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2
    gain = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    chroma_1, chroma_2 = np.hypot(a_1 * gain, b_1), np.hypot(a_2 * gain, b_2)
    hue_1 = np.degrees(np.arctan2(b_1, a_1 * gain)) % 360
    hue_2 = np.degrees(np.arctan2(b_2, a_2 * gain)) % 360
    gray = chroma_1 * chroma_2 == 0
    turn = (hue_2 - hue_1 + 180) % 360 - 180
    hue_step = 2 * np.sqrt(chroma_1 * chroma_2) * np.sin(np.radians(np.where(gray, 0, turn)) / 2)
    hue = np.where(gray, hue_1 + hue_2, hue_1 + turn / 2) % 360
    light, chroma = (light_1 + light_2) / 2, (chroma_1 + chroma_2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    weight = 1 + sum(size * np.cos(np.radians(n * hue + shift)) for size, n, shift in waves)
    light_share = (light_2 - light_1) / (
        1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    )
    chroma_share = (chroma_2 - chroma_1) / (1 + 0.045 * chroma)
    hue_share = hue_step / (1 + 0.015 * chroma * weight)
    turning = np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * turning
    return np.asarray(
        np.sqrt(
            light_share**2 + chroma_share**2 + hue_share**2 + rotation * chroma_share * hue_share
        )
    )


def contrast(one: Array, other: Array) -> float:
    """Return the contrast ratio of two sRGB colors, from 1 to 21."""
    luminances = sorted(float(linear(color) @ TO_XYZ[1]) for color in (one, other))
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)
