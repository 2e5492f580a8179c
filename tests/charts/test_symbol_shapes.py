"""Every weather word has a symbol that fits it. Symbols differ in gray, even at 5 pixels."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nalssi.charts.symbol_shapes import SYMBOLS, Ring, SymbolShape, svg_path, weather_symbol
from nalssi.charts.theme import INK
from nalssi.common.reference import reference

Array = NDArray[np.float64]

LAND, PAPER = 237, 255
INK_LEVEL = int(INK[1:3], 16)
ENOUGH = 0.2  # root mean square of the differences of pixels, from 0 to 1
OVERSAMPLING = 16


def raster(shape: SymbolShape, pixels: int) -> Array:
    """Return a symbol in gray on the land of the map, `pixels` wide, as numbers from 0 to 1."""
    margin = 2
    side = (pixels + 2 * margin) * OVERSAMPLING
    image = Image.new("L", (side, side), LAND)
    drawing = ImageDraw.Draw(image)

    def corners(ring: Ring) -> list[tuple[float, float]]:
        scale = pixels * OVERSAMPLING
        return [(side / 2 + x * scale, side / 2 - y * scale) for x, y in ring]

    for ring in shape.outline:
        drawing.polygon(corners(ring), fill=PAPER)
        edge = round(pixels * OVERSAMPLING / 10)  # as on the map: 0.7 of 7.2 points
        drawing.line([*corners(ring), corners(ring)[0]], fill=INK_LEVEL, width=edge)
    for ring in shape.ink:
        drawing.polygon(corners(ring), fill=INK_LEVEL)
    small = image.resize((pixels + 2 * margin,) * 2, Image.Resampling.BOX)
    return np.asarray(small, dtype=float)[margin:-margin, margin:-margin] / 255


def difference(one: SymbolShape, other: SymbolShape, pixels: int) -> float:
    return float(np.sqrt(np.mean((raster(one, pixels) - raster(other, pixels)) ** 2)))


@pytest.mark.parametrize("pixels", [5, 8, 40])
def test_symbols_differ_in_gray(pixels: int) -> None:
    alike = [
        (one, other)
        for one, other in combinations(SYMBOLS, 2)
        if difference(SYMBOLS[one], SYMBOLS[other], pixels) < ENOUGH
    ]
    assert alike == []


def test_the_measure_finds_symbols_that_are_alike() -> None:
    disc = SYMBOLS["clear"].outline[0]
    smaller = tuple((0.85 * x, 0.85 * y) for x, y in disc)
    diamond = SYMBOLS["other"].outline[0]
    for shape in (SymbolShape((smaller,)), SymbolShape((diamond,))):
        assert difference(SYMBOLS["clear"], shape, 5) < ENOUGH


def test_more_cloud_is_more_ink() -> None:
    clouds = ("clear", "partly_cloudy", "mostly_cloudy", "overcast")
    light = [raster(SYMBOLS[name], 40).mean() for name in clouds]
    assert light == sorted(light, reverse=True)


def test_every_weather_word_has_a_symbol_and_only_ongoing_weather_that_of_its_group() -> None:
    words = {
        word: weather_symbol(code, group)
        for word, code, group in reference("conditions").select("word", "code", "group").rows()
    }
    assert set(words.values()) == set(SYMBOLS)
    assert [words[word] for word in ("맑음", "구름조금", "구름적음", "구름많음", "흐림")] == [
        "clear", "partly_cloudy", "partly_cloudy", "mostly_cloudy", "overcast",
    ]  # fmt: skip
    assert [words[word] for word in ("비", "소나기", "진눈깨비", "눈", "안개", "연무", "황사")] == [
        "rain", "rain", "mixed", "snow", "fog", "fog", "dust",
    ]  # fmt: skip
    ended = {word: symbol for word, symbol in words.items() if "끝" in word}
    assert ended.pop("뇌우끝,비") == "rain"
    assert ended.pop("뇌우끝,눈") == "snow"
    assert set(ended.values()) == {"other"}
    assert {words[word] for word in ("용오름", "우박", "시계내강수", "얼음싸라기")} == {"other"}
    assert words["-"] == "none"
    assert weather_symbol(None, None) == "none"
    assert weather_symbol("a_new_code", "a_new_group") == "other"


def test_a_shape_can_be_written_as_an_svg_path() -> None:
    triangle = ((0.0, 0.5), (0.5, -0.5), (-0.5, -0.5))
    assert svg_path([triangle], 10) == "M0.00 -5.00L5.00 5.00L-5.00 5.00Z"
    assert svg_path([], 10) == ""
