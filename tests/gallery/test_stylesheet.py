"""The style sheet has a class for every degree, with the colours of the charts."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nalssi.charts import color_scale
from nalssi.gallery.stylesheet import color_class, stylesheet
from tests.charts.color_vision import ciede2000, cielab, contrast

RULE = re.compile(r"\.([td]m?\d+)\{--t:(#[0-9a-f]{6});--on:(#[0-9a-f]{6})\}")


def _rgb(color: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)])


@pytest.fixture(scope="module")
def classes() -> dict[str, tuple[str, str]]:
    """The background and text colour of each class in the style sheet."""
    return {name: (back, ink) for name, back, ink in RULE.findall(stylesheet().decode())}


def test_every_temperature_has_a_class_of_nearly_its_colour(
    classes: dict[str, tuple[str, str]],
) -> None:
    for tenths in range(-330, 430):
        background, _ = classes[color_class(tenths / 10)]
        charted = color_scale.temperature_color(tenths / 10)
        assert ciede2000(cielab(_rgb(background)), cielab(charted)) < 2


def test_text_on_every_class_can_be_read(classes: dict[str, tuple[str, str]]) -> None:
    degrees = color_scale.WARMEST_C - color_scale.COLDEST_C
    assert len(classes) == degrees + 2 * color_scale.LARGEST_CHANGE_C + 1
    for background, ink in classes.values():
        assert contrast(_rgb(background), _rgb(ink)) >= 4.5
