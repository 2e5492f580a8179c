"""The temperature scale is even and safe for color blindness, and zero is a visible break."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from nalssi.charts import color_scale

Array = NDArray[np.float64]

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868],
     [0.114503, 0.786281, 0.099216],
     [-0.003882, -0.048116, 1.051998]]
)  # fmt: skip
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968],
     [0.280085, 0.672501, 0.047413],
     [-0.011820, 0.042940, 0.968881]]
)  # fmt: skip
NORMAL = np.eye(3)


def oklab(rgba: Array, vision: Array = NORMAL) -> Array:
    """Return the OKLab values (Ottosson 2020) of colors as seen with a kind of color vision."""
    rgb = rgba[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ vision.T, 0, 1)
    cones = np.cbrt(
        linear
        @ np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        ).T
    )
    return np.asarray(
        cones
        @ np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        ).T
    )


BELOW = np.arange(-30, 0, 1.0)
ABOVE = np.arange(0, 40, 1.0)


@pytest.mark.parametrize("side", [BELOW, ABOVE], ids=["frost", "above"])
def test_equal_differences_of_temperature_look_equal(side: Array) -> None:
    steps = np.linalg.norm(np.diff(oklab(color_scale.temperature_color(side)), axis=0), axis=1)
    assert steps.min() > 0.75 * 0.0197
    assert steps.max() < 1.25 * 0.0197


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA])
def test_colors_are_darker_the_farther_from_zero(vision: Array) -> None:
    frost = oklab(color_scale.temperature_color(BELOW), vision)[:, 0]
    above = oklab(color_scale.temperature_color(ABOVE), vision)[:, 0]
    assert np.all(np.diff(frost) > 0)
    assert np.all(np.diff(above) < 0)


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA])
def test_frost_and_warmth_look_different(vision: Array) -> None:
    for degrees in (5.0, 10.0, 15.0, 20.0):
        cold, warm = oklab(color_scale.temperature_color([-degrees, degrees]), vision)
        assert np.linalg.norm(cold - warm) > 0.1


def test_zero_is_a_visible_break() -> None:
    below, zero, above = oklab(color_scale.temperature_color([-0.1, 0.0, 0.1]))
    assert np.linalg.norm(zero - below) > 10 * np.linalg.norm(above - zero)


def test_values_beyond_the_scale_have_the_color_of_its_end() -> None:
    assert np.array_equal(
        color_scale.temperature_color(-45.0), color_scale.temperature_color(-30.0)
    )
    assert np.array_equal(color_scale.temperature_color(45.0), color_scale.temperature_color(40.0))


def test_a_number_on_any_color_can_be_read() -> None:
    for degrees in np.arange(-30, 40, 0.5):
        shade = color_scale.temperature_color(degrees)
        linear = np.where(
            shade[:3] <= 0.04045, shade[:3] / 12.92, ((shade[:3] + 0.055) / 1.055) ** 2.4
        )
        light = float(linear @ [0.2126, 0.7152, 0.0722])
        contrast = (
            (light + 0.05) / 0.05
            if color_scale.ink_on(shade) == "#000000"
            else 1.05 / (light + 0.05)
        )
        assert contrast >= 4.5  # WCAG AA
