"""The map of a page: its outline, and the positions of its labels."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from nalssi.charts import geography
from nalssi.common.reference import reference
from nalssi.gallery import map_svg
from nalssi.gallery.label_search import Box, place_labels
from nalssi.gallery.map_outline import map_outline, map_units
from nalssi.gallery.map_svg import MapStation, map_places, map_stations
from nalssi.gallery.text_size import text_width
from nalssi.locale.locales import LOCALES, Lang

STATIONS = reference("stations").sort("station_id").to_dicts()
Positions = NDArray[np.float64]
LANGS: list[Lang] = ["ko", "en"]


def stations(lang: Lang, every: int = 1) -> tuple[MapStation, ...]:
    return map_stations(map_places(STATIONS[::every], LOCALES[lang]), lang)


def rings(d: str) -> list[Positions]:
    """The rings of a path of moves and relative lines, as absolute positions."""
    made = []
    for part in d.removesuffix("z").split("z"):
        numbers = [float(number) for number in re.findall(r"-?\d+", part)]
        made.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return made


def test_the_outline_is_small_and_its_provinces_fit_together() -> None:
    outline = map_outline()
    assert len(outline.land) + len(outline.borders) < 14_000
    provinces = [
        np.array(map_units(ring)) for province in geography.province_rings() for ring in province
    ]
    x, y = np.meshgrid(np.arange(0, map_svg.WIDTH, 5), np.arange(0, map_svg.HEIGHT, 5))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    expected, drawn = inside(provinces, points), inside(rings(outline.land), points)
    assert expected.sum() > 7_000
    assert (expected != drawn).sum() < 0.02 * expected.sum()


def inside(outlines: list[Positions], points: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Whether points lie in one of the outlines, but in no hole. Holes run the other way round."""
    depth = np.zeros(len(points), dtype=int)
    for ring in outlines:
        x, y = ring[:, 0], ring[:, 1]
        turn = np.sign((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
        depth += np.where(Outline(ring).contains_points(points), int(turn), 0)
    return np.asarray(depth > 0)


def test_every_station_lies_on_the_land_or_at_its_edge() -> None:
    land = rings(map_outline().land)
    for station in stations("ko"):
        point = np.array([station.x, station.y])
        on_land = any(bool(Outline(ring).contains_points(point[None])[0]) for ring in land)
        nearest = min(float(np.hypot(*(ring - point).T).min()) for ring in land)
        assert on_land or nearest < 12, station.name


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("every", [1, 3, 6])
def test_labels_lie_on_the_map_and_not_over_one_another_on_a_phone(lang: Lang, every: int) -> None:
    size, boxes = map_svg.PHONE_SIZE, []
    for station in stations(lang, every):
        if station.phone:
            width = (map_svg.VALUE_WIDTH + map_svg.NAME_GAP) * size + text_width(station.name, size)
            height = map_svg.LINE_HEIGHT * size
            boxes.append(Box(station.phone[0], station.phone[1] - height / 2, width, height))
    assert len(boxes) >= min(15, len(STATIONS[::every]))
    for box in boxes:
        assert min(box.x, box.y) >= -1
        assert box.x + box.width <= map_svg.WIDTH + 1
        assert box.y + box.height <= map_svg.HEIGHT + 1
    for one, other in combinations(boxes, 2):
        across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
        down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
        assert across <= 0 or down <= 0


def test_large_cities_have_a_label_on_a_phone() -> None:
    for lang in LANGS:
        labelled = {station.station_id for station in stations(lang) if station.phone}
        assert labelled >= {108, 159, 184, 143, 156, 133, 105}


def test_letters_on_a_phone_of_390_pixels_are_at_least_11_pixels_high() -> None:
    padding = 2 * 16
    assert map_svg.PHONE_SIZE * (390 - padding) / map_svg.WIDTH >= 11


def test_a_label_gives_way_to_a_more_important_one_and_to_a_blocked_box() -> None:
    points, sizes = [(50.0, 50.0), (55.0, 50.0)], [(40.0, 10.0)] * 2
    left_half, below, above = Box(0, 0, 48, 100), Box(48, 60, 52, 40), Box(48, 0, 52, 40)
    placed = place_labels(
        points, sizes, [1, 0], radius=2, area=(100, 100), blocked=[left_half, below, above], most=2
    )
    assert placed.keys() == {1}
    assert placed[1].x > 55  # to the right, where it covers no point
    everything = place_labels(points, sizes, [1, 0], radius=2, area=(100, 100))
    assert everything.keys() == {0, 1}


@pytest.mark.process
def test_a_page_with_a_map_needs_no_matplotlib() -> None:
    code = "import sys, nalssi.gallery.snapshot_view as v; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == "False"
