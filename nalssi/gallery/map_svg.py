"""The map of a page as SVG in the page, so that it has the page's colours and can be read out.

There is one drawing with two sets of labels, of which the style sheet shows one. On a wide map,
every station has a label, in small letters unless the stations are few. On a phone, the map is
shrunk, so its letters are larger, and only the stations that have room get a label. The other
stations are points there, whose values appear on tap. `templates/pictures.html` draws the result of
`page_map`.

Positions are those of the map charts: `nalssi.charts.geography` projects, and labels of all
stations have the positions of `nalssi/charts/map_label_positions.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from nalssi import charts
from nalssi.charts import geography
from nalssi.charts.symbol_shapes import present_symbols, symbol_name, weather_symbol
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.html_templates import degrees
from nalssi.gallery.label_search import Box, Point, place_labels
from nalssi.gallery.map_outline import UNITS_PER_INCH, map_outline, map_units
from nalssi.gallery.stylesheet import color_class
from nalssi.gallery.text_size import text_width
from nalssi.gallery.weather_paths import symbol_paths
from nalssi.locale.locales import LOCALES, Lang, Locale, NameLanguage

STORED_POSITIONS: Final = Path(charts.__file__).with_name("map_label_positions.json")

WIDTH: Final = round(geography.WIDTH * UNITS_PER_INCH)
HEIGHT: Final = round(geography.HEIGHT * UNITS_PER_INCH)
_left, _low, _right, _high = (edge * UNITS_PER_INCH for edge in geography.FAR_ISLANDS_BOX)
FAR_ISLANDS_BOX: Final = Box(_left, HEIGHT - _high, _right - _left, _high - _low)
RADIUS: Final = 5.0
"""The radius of a station's symbol, in map units. On a phone it is larger, see PHONE_RADIUS."""

FEW_STATIONS: Final = 32
"""The largest number of stations with which the wide map has large labels."""
SMALL: Final = 12.5
"""The font size of the wide map in map units; a unit is about 0.9 pixels there."""
LARGE: Final = 16.0

PHONE_SIZE: Final = 26.0
"""The font size on a phone of 390 pixels, in map units; a unit is about 0.46 pixels there."""
PHONE_RADIUS: Final = 9.0
MOST_PHONE_LABELS: Final = 30

VALUE_WIDTH: Final = 2.9
"""The width of the box with the temperature, as a multiple of the font size: room for `−22.4`."""
LINE_HEIGHT: Final = 1.24
NAME_GAP: Final = 0.28
LEADER_MIN: Final = 8.0
"""A label that is farther than this number of map units from its point has a line to it."""

MAIN_STATIONS: Final = (
    108, 159, 184, 143, 156, 133, 105, 112, 146, 119, 115, 102, 101, 152, 131, 165, 138, 168, 136,
    130, 90, 232, 129, 192, 170, 185, 189, 95, 100, 174, 221, 135, 247, 155, 140, 104, 114, 93, 98,
)  # fmt: skip
"""The stations whose labels are placed first on a phone: large cities, islands and corners."""


@dataclass(frozen=True)
class MapStation:
    """A station on the map, in map units from the upper left corner.

    `label` is the left edge and the middle of its label on the wide map; `leader` is the end of the
    line to it, or None without one. `phone` and `phone_leader` are the same for the map of a phone;
    `phone` is None if the station has no label there.
    """

    station_id: int
    x: int
    y: int
    name: str
    label: tuple[int, int]
    leader: tuple[int, int] | None
    phone: tuple[int, int] | None
    phone_leader: tuple[int, int] | None


@dataclass(frozen=True)
class Place:
    """A station to draw: its number, its name on the map, and its position in degrees."""

    station_id: int
    name: str
    longitude: float
    latitude: float


def map_places(rows: Iterable[Mapping[str, Any]], locale: Locale) -> tuple[Place, ...]:
    """Return the stations to draw, from rows with their number, names and position.

    The endings -si and -gun of English names are removed, unless another station has the short
    name. Rows without a position, which are those of closed stations, are omitted.
    """
    rows = [row for row in rows if row["latitude"] is not None]
    names = {locale.name(row) for row in rows}

    def short(name: str) -> str:
        brief = name.removesuffix("-si").removesuffix("-gun") if locale.names == "en" else name
        return brief if brief not in names else name

    return tuple(
        Place(row["station_id"], short(locale.name(row)), row["longitude"], row["latitude"])
        for row in rows
    )


@lru_cache(maxsize=64)
def map_stations(places: tuple[Place, ...], lang: Lang) -> tuple[MapStation, ...]:
    """Return the stations of a map with their labels, in the order of `places`.

    A repeated call returns the same objects.
    """
    positions = geography.to_inches(
        [place.longitude for place in places], [place.latitude for place in places]
    )
    points = map_units(positions)
    wide = _wide_labels(places, points, lang)
    phone = _phone_labels(places, points)
    return tuple(
        MapStation(
            place.station_id,
            round(point[0]),
            round(point[1]),
            place.name,
            _left_middle(label),
            _leader_end(point, label),
            _left_middle(phone[index]) if index in phone else None,
            _leader_end(point, phone[index]) if index in phone else None,
        )
        for index, (place, point, label) in enumerate(zip(places, points, wide, strict=True))
    )


def label_size(stations: int) -> float:
    """Return the font size of labels on the wide map in map units, by the number of stations."""
    return LARGE if stations <= FEW_STATIONS else SMALL


def _left_middle(box: Box) -> tuple[int, int]:
    return round(box.x), round(box.y + box.height / 2)


def _leader_end(point: Point, label: Box) -> tuple[int, int] | None:
    """Return the end of the line from a point to its label, in map units.

    Return None if the label is near its point, so that it needs no line.
    """
    x = min(max(point[0], label.x), label.x + label.width)
    y = min(max(point[1], label.y), label.y + label.height)
    is_near = math.dist(point, (x, y)) - RADIUS <= LEADER_MIN
    return None if is_near else (round(x), round(y))


def _size(name: str, size: float) -> tuple[float, float]:
    """Return the width and height of a label: the box of the temperature, then the name.

    `size` is the font size. All lengths are in map units.
    """
    return (VALUE_WIDTH + NAME_GAP) * size + text_width(name, size), LINE_HEIGHT * size


def _wide_labels(places: Sequence[Place], points: Sequence[Point], lang: Lang) -> Sequence[Box]:
    size = label_size(len(places))
    sizes = [_size(place.name, size) for place in places]
    if size == SMALL:
        stored = _stored_positions(LOCALES[lang].names)
        return [
            Box(*_corner(stored.get(place.station_id), point, own), *own)
            for place, point, own in zip(places, points, sizes, strict=True)
        ]
    crowd = _distances_to_neighbours(points)
    order = sorted(range(len(points)), key=crowd.__getitem__)
    placed = place_labels(
        points, sizes, order, radius=RADIUS, area=(WIDTH, HEIGHT), blocked=[FAR_ISLANDS_BOX]
    )
    return [placed[index] for index in range(len(points))]


def _corner(center: Point | None, point: Point, size: tuple[float, float]) -> Point:
    """Return the upper left corner of a label of this size. All positions are in map units.

    `center` is the stored center of the label. Without one, the label stands to the right of its
    point.
    """
    if center is None:
        return point[0] + RADIUS + 3, point[1] - size[1] / 2
    return center[0] - size[0] / 2, center[1] - size[1] / 2


def _distances_to_neighbours(points: Sequence[Point]) -> list[float]:
    """Return, for each point, the sum of the distances to its four nearest neighbours.

    A small sum means that the labels there have little room.
    """
    return [sum(sorted(math.dist(point, other) for other in points)[1:5]) for point in points]


def _phone_labels(places: Sequence[Place], points: Sequence[Point]) -> dict[int, Box]:
    main = {number: rank for rank, number in enumerate(MAIN_STATIONS)}
    crowd = _distances_to_neighbours(points)
    order = sorted(
        range(len(places)),
        key=lambda index: (main.get(places[index].station_id, len(main)), -crowd[index]),
    )
    return place_labels(
        points,
        [_size(place.name, PHONE_SIZE) for place in places],
        order,
        radius=PHONE_RADIUS,
        area=(WIDTH, HEIGHT),
        blocked=[FAR_ISLANDS_BOX],
        most=MOST_PHONE_LABELS,
    )


def page_map(
    used: Sequence[Row], others: Iterable[Row], symbols: Iterable[str], alt: str, locale: Locale
) -> Mapping[str, Any]:
    """Return the variables of the macro `map`: its outline, its symbols and its stations.

    `used` are the usable readings of the list that the page shows. `others` are the usable readings
    of all lists of the page, and `symbols` the weather symbols of all of them. Stations of `others`
    are on the map too, without values, so that a script can show another list. `alt` describes the
    map in words. Each entry of `stations` is a tuple: a `MapStation`, its temperature as text
    (empty without a value), the class of its colour, and its weather symbol.
    """
    shown = {row["station_id"]: row for row in used}
    listed = {row["station_id"]: row for row in others} | shown
    places = map_places((listed[number] for number in sorted(listed)), locale)
    stations = [
        (
            station,
            degrees(row["temperature_c"]) if row else "",
            color_class(row["temperature_c"]) if row else "",
            weather_symbol(row["condition"], row["condition_group"]) if row else "none",
        )
        for station in map_stations(places, locale.lang)
        for row in [shown.get(station.station_id)]
    ]
    present = {symbol for _, value, _, symbol in stations if value}
    drawn = present_symbols({*symbols, *present})
    dokdo = map_units(geography.to_inches([geography.DOKDO[0]], [geography.DOKDO[1]]))[0]
    return {
        "alt": alt,
        "width": WIDTH,
        "height": HEIGHT,
        "few": label_size(len(stations)) == LARGE,
        "outline": map_outline(),
        "symbols": [symbol_paths(name) for name in drawn],
        "symbol_names": {name: symbol_name(name, locale) for name in drawn},
        "present": present,
        "isles": [round(length) for length in FAR_ISLANDS_BOX],
        "dokdo": (round(dokdo[0]), round(dokdo[1])),
        "stations": stations,
    }


@cache
def _stored_positions(names: NameLanguage) -> dict[int, Point]:
    """Return the stored centers of the labels of the wide map in map units, by station id."""
    stored = json.loads(STORED_POSITIONS.read_text(encoding="utf-8"))[names]
    return {
        int(number): (x * UNITS_PER_INCH, HEIGHT - y * UNITS_PER_INCH)
        for number, (x, y) in stored.items()
    }
