"""The labels of the map: their texts, sizes and positions.

A label is a colored box with a temperature, then the station's name. The positions of the labels
of all stations except that of Ulleungdo, whose label stands beside its point, are stored in
`map_label_positions.json`, so that a station's label has the same position every day. For few
stations, positions near their points are computed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from nalssi.charts import geography, theme
from nalssi.charts.label_positions import find_label_positions
from nalssi.charts.map_view import COUNTRY, MapView
from nalssi.charts.weather_symbols import LEGEND_SIZE, SYMBOL_RADIUS
from nalssi.locale.locales import LOCALES, Lang

Array = NDArray[np.float64]

STORED_POSITIONS: Final = Path(__file__).with_name("map_label_positions.json")
"""The file of label positions that `python -m tools.label_layout` writes."""

FEW_STATIONS: Final = 32
"""With at most this number of stations, labels are larger and their positions are computed."""

FEW_MISSING: Final = 8
"""If at most this number of all stations is missing, labels keep the stored positions. A list of
all stations often lacks some readings, and few labels could move nearer to their points."""

LARGE: Final = theme.HEADING  # points: the size of letters for few stations
REGIONAL: Final = 13.0  # points: the size of letters on the map of a region
VALUE_BOX: Final = (0.37, 0.155)  # inches: room for "-22.4" in letters of size SMALL
NAME_GAP: Final = 0.035  # inches between the box and the name
FAR_ISLAND_LABEL_GAP: Final = 0.03
REGIONAL_SYMBOL_RADIUS: Final = 0.075

SCALE_BOX: Final = (5.0, 0.0, 7.5, 0.5)  # x0, y0, x1, y1 in inches of the map
LEGEND_BOX: Final = (0.0, 0.0, *LEGEND_SIZE)


class LabelGeometry(NamedTuple):
    """The geometry from which the positions of labels on a map are computed, in inches.

    `points` and label `sizes` (n, 2) are those of the stations, `area` is the width and height of
    the map, and no label may cover a box of `blocked` (x0, y0, x1, y1). They are the first
    arguments of `label_positions.find_label_positions`.
    """

    points: Array
    sizes: Array
    area: Array
    blocked: Array


def letter_size(stations: int, view: MapView = COUNTRY) -> float:
    """Return the font size of labels in points, for a number of stations and a view of the map."""
    if view.is_narrow:
        return theme.SMALL
    if not view.is_country:
        return REGIONAL
    return LARGE if stations <= FEW_STATIONS else theme.SMALL


def value_box_size(size: float) -> tuple[float, float]:
    """Return the width and height in inches of a temperature's box, for a font size in points."""
    return VALUE_BOX[0] * size / theme.SMALL, VALUE_BOX[1] * size / theme.SMALL


def label_sizes(names: Sequence[str], size: float) -> Array:
    """Return the widths and heights (n, 2) of labels in inches, for a font size in points."""
    width, height = value_box_size(size)
    widths = [width + NAME_GAP + theme.text_width(name, size) for name in names]
    return np.stack([widths, np.full(len(names), height)], axis=1)


def map_names(stations: pl.DataFrame, lang: Lang) -> list[str]:
    """Return the names of stations as they are written on the map.

    The endings -si and -gun of English names are removed, unless another station has the short
    name.
    """
    locale = LOCALES[lang]
    names: list[str] = stations[locale.name_column].to_list()
    if locale.names == "ko":
        return names
    short = [name.removesuffix("-si").removesuffix("-gun") for name in names]
    return [brief if brief not in names else name for brief, name in zip(short, names, strict=True)]


def label_geometry(
    stations: pl.DataFrame, lang: Lang, size: float, view: MapView = COUNTRY
) -> LabelGeometry:
    """Return the points, label sizes and limits of a map of these stations.

    `size` is the font size of labels in points.
    """
    blocked = [SCALE_BOX, LEGEND_BOX] if view == COUNTRY else []
    if view.far_islands_box:
        blocked.append(view.far_islands_box)
    return LabelGeometry(
        view.to_inches(stations["longitude"], stations["latitude"]),
        label_sizes(map_names(stations, lang), size),
        np.array([view.width, view.height]),
        np.array(blocked).reshape(-1, 4),
    )


def symbol_radius(view: MapView) -> float:
    """Return the radius of weather symbols on a view of the map, in inches."""
    return SYMBOL_RADIUS if view.is_country or view.is_narrow else REGIONAL_SYMBOL_RADIUS


@cache
def stored_positions() -> dict[str, dict[str, list[float]]]:
    """Return the stored centers of labels in inches, by language of the names and station id."""
    positions: dict[str, dict[str, list[float]]] = json.loads(
        STORED_POSITIONS.read_text(encoding="utf-8")
    )
    return positions


def label_centers(
    stations: pl.DataFrame, lang: Lang, size: float, view: MapView = COUNTRY
) -> Array:
    """Return the centers (n, 2) of the stations' labels in inches.

    Stored positions are used if there are any for these stations; other positions are computed.
    `size` is the font size of labels in points.
    """
    is_far = stations["longitude"].to_numpy() > geography.FAR_ISLANDS_LONGITUDE
    points = view.to_inches(stations["longitude"], stations["latitude"])
    sizes = label_sizes(map_names(stations, lang), size)
    centers = points + (sizes / 2 + symbol_radius(view) + FAR_ISLAND_LABEL_GAP) * (1, 0)
    if not is_far.all():
        centers[~is_far] = _mainland_centers(stations.filter(~pl.Series(is_far)), lang, size, view)
    return np.asarray(centers)


def _mainland_centers(stations: pl.DataFrame, lang: Lang, size: float, view: MapView) -> Array:
    stored = stored_positions()[LOCALES[lang].names]
    ids = [str(station_id) for station_id in stations["station_id"]]
    geometry = label_geometry(stations, lang, size, view)
    if view != COUNTRY or size > theme.SMALL or not stored.keys() >= set(ids):
        return find_label_positions(*geometry, symbol_radius(view)).centers
    known = np.array([stored[station_id] for station_id in ids])
    if len(stored) - len(ids) <= FEW_MISSING:
        return known
    return find_label_positions(*geometry, SYMBOL_RADIUS, start=known).centers
