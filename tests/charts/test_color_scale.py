"""The temperature scale is even, without a break, and safe for color blindness and gray print.

`problems` measures a scale. Scales that are known to be bad have problems, so a scale cannot pass
because the measure is too weak.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from nalssi.charts import color_scale
from tests.charts.color_vision import VISIONS, ciede2000, cielab, contrast

Array = NDArray[np.float64]
Scale = Callable[[ArrayLike], Array]

LEAST_STEP = {"normal": 2.3, "protanopia": 1.2, "deuteranopia": 1.2, "tritanopia": 1.2}
LEAST_SUMMER = {"normal": 30.0, "protanopia": 28.0, "deuteranopia": 28.0, "tritanopia": 22.0}


def _from_anchors(*sides: tuple[float, list[str]]) -> Scale:
    """Return a scale from lists of colors, 5 °C apart from a first temperature on."""

    def scale(temperature_c: ArrayLike) -> Array:
        values = np.asarray(temperature_c, dtype=float)
        result = np.ones((*values.shape, 4))
        for start, anchors in sides:
            rgb = [[int(each[i : i + 2], 16) / 255 for i in (0, 2, 4)] for each in anchors]
            at = (values - start) / 5
            for band, known in enumerate(np.array(rgb).T):
                side = np.interp(at, np.arange(len(known)), known)
                result[..., band] = np.where(values >= start, side, result[..., band])
        return result

    return scale


COLD = "343996 3958b8 3c7bd5 4a9ee6 6cbff2 9cddfa d9f4fd"
WARM = "fbf2b8 fad267 fcaa1b f77f00 e2560f c62e23 9c1a22 720f21 480c1c"
WITH_A_BREAK_AT_ZERO = _from_anchors((-30, COLD.split()), (0, WARM.split()))
JET = (
    "000080 0000ff 0060ff 00c0ff 00ffff 40ffc0 80ff80 c0ff40 ffff00 ffc000 ff8000 ff4000 ff0000"
    " c00000 800000"
)
RAINBOW = _from_anchors((-30, JET.split()))
GREEN_TO_RED = _from_anchors(
    (-30, ["1a7a1a", *["8cc88c"] * 5, "f5f5f0", *["e08c6e"] * 7, "a01414"])
)


def problems(scale: Scale) -> list[str]:
    """Return a line for each property of a good scale that a scale does not have."""
    found = []
    for vision, least_step in LEAST_STEP.items():
        degrees = cielab(scale(np.arange(-30, 41.0)), vision)
        steps = ciede2000(degrees[:-1], degrees[1:])
        if steps.min() < least_step:
            found.append(f"{vision}: two degrees differ by {steps.min():.1f}")
        if steps.max() > 4.5:
            found.append(f"{vision}: two degrees differ by {steps.max():.1f}")
        tenths = cielab(scale(np.arange(-10, 11) / 10), vision)
        near_zero = ciede2000(tenths[:-1], tenths[1:])
        if near_zero.max() > 0.6:
            found.append(f"{vision}: a break of {near_zero.max():.1f} near zero")
        summer = float(ciede2000(degrees[24 + 30], degrees[35 + 30]))
        if summer < LEAST_SUMMER[vision]:
            found.append(f"{vision}: 24 and 35 °C differ by {summer:.1f}")
        frost = float(ciede2000(degrees[-5 + 30], degrees[5 + 30]))
        if frost < 25:
            found.append(f"{vision}: -5 and 5 °C differ by {frost:.1f}")
        pairs = ciede2000(degrees[:, None], degrees[None])
        apart = np.abs(np.subtract.outer(np.arange(71), np.arange(71))) >= 10
        if pairs[apart].min() < 14:
            found.append(f"{vision}: 10 °C or more differ by {pairs[apart].min():.1f}")
        light = np.diff(degrees[:, 0])
        if not (np.all(light[:30] > 0) and np.all(light[30:] < 0)):
            found.append(f"{vision}: not darker the farther from zero")
    return found


def test_the_temperature_scale_is_good() -> None:
    assert problems(color_scale.temperature_color) == []


@pytest.mark.parametrize(
    ("scale", "problem"),
    [
        (WITH_A_BREAK_AT_ZERO, "normal: a break of 2"),
        (WITH_A_BREAK_AT_ZERO, "normal: 24 and 35 °C differ by 2"),
        (RAINBOW, "normal: not darker the farther from zero"),
        (RAINBOW, "deuteranopia: 10 °C or more differ by"),
        (GREEN_TO_RED, "deuteranopia: -5 and 5 °C differ by"),
    ],
)
def test_the_measure_finds_the_problems_of_bad_scales(scale: Scale, problem: str) -> None:
    assert [each for each in problems(scale) if each.startswith(problem)]


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # Sharma, Wu & Dalal 2005, table 1: pairs 1, 7, 13, 17, 25
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_differences_are_those_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], difference: float
) -> None:
    found = ciede2000(np.array(one, dtype=float), np.array(other, dtype=float))
    assert float(found) == pytest.approx(difference, abs=1e-4)


def test_values_beyond_the_scale_have_the_color_of_its_end() -> None:
    for beyond, end in ((-45.0, -30.0), (45.0, 40.0)):
        assert np.array_equal(
            color_scale.temperature_color(beyond), color_scale.temperature_color(end)
        )


def test_a_number_on_any_color_can_be_read() -> None:
    for colors in (color_scale.TEMPERATURE_COLORS, color_scale.CHANGE_COLORS):
        for color in colors:
            ink = np.full(3, 0.0 if color_scale.ink_on(color) == "#000000" else 1.0)
            assert contrast(color, ink) >= 4.5  # WCAG AA


@pytest.mark.parametrize(
    ("temperatures", "ends"),
    [
        ([22.4, 35.9], (22, 36)),
        ([-12.3, -4.0], (-13, -4)),
        ([-3.2, 14.1], (-4, 15)),
        ([5.0], (3, 8)),
        ([0.0, 9.0], (0, 9)),
    ],
)
def test_the_scale_of_a_day_spreads_its_temperatures(
    temperatures: list[float], ends: tuple[int, int]
) -> None:
    scale = color_scale.day_scale(temperatures)
    assert (scale.low_c, scale.high_c) == ends
    assert not scale.is_fixed
    spread, fixed = (
        ciede2000(*cielab(to_color([min(temperatures), max(temperatures)])))
        for to_color in (scale.color, color_scale.temperature_color)
    )
    assert spread > fixed or len(temperatures) == 1


@pytest.mark.parametrize("temperatures", [[-12.3, 4.0], [-0.4, 30.2], [3.0, 30.0], [-20.0, -3.0]])
def test_the_scale_of_a_day_keeps_blue_for_frost(temperatures: list[float]) -> None:
    scale = color_scale.day_scale(temperatures)
    degrees = np.arange(scale.low_c, scale.high_c + 1)
    for vision in VISIONS:
        zero = cielab(color_scale.temperature_color(0.0), vision)
        lab = cielab(scale.color(degrees), vision)
        assert np.all(np.diff(lab[degrees >= 0][:, 0]) < 0)
        assert np.all(np.diff(lab[degrees <= 0][:, 0]) > 0)
        assert np.all(lab[:, 0] <= zero[0] + 1e-9)
    frost = scale.color(degrees[degrees < 0])
    assert np.all(frost[:, 2] > frost[:, 0])  # more blue than red
    warm = scale.color(degrees[degrees > 0])
    assert np.all(warm[1:, 0] > warm[1:, 2])


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((-30, 40), [-30, -20, -10, 0, 10, 20, 30, 40]),
        ((-6, 4), [-6, -4, -2, 0, 2, 4]),
        ((3, 8), [3, 4, 5, 6, 7, 8]),
        ((-13, 21), [-13, -5, 0, 5, 10, 15, 21]),
    ],
)
def test_a_scale_has_its_ends_and_round_numbers_as_ticks(
    ends: tuple[int, int], ticks: list[int]
) -> None:
    assert color_scale.TemperatureScale(*ends).ticks() == ticks
