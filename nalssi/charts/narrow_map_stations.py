"""Choose the stations that a map on a narrow page shows: as many as have room for their labels.

The coldest and the warmest station come first, because the title names them, then the stations of
PRINCIPAL_STATIONS, then all other stations by id.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from nalssi.charts import geography, map_labels
from nalssi.charts.label_positions import find_label_positions
from nalssi.charts.map_view import MapView
from nalssi.locale.locales import Lang

PRINCIPAL_STATIONS: Final = (
    108, 159, 143, 156, 133, 184, 105, 146, 101, 131, 112, 152, 115, 102, 136, 165, 119, 168, 138,
    155, 90, 114, 129, 189, 169, 192, 127, 130, 177, 212, 95,
)  # fmt: skip
"""Station ids of large cities, coasts and far islands, the most important first."""
MOST_STATIONS: Final = 26
LEAST_DISTANCE: Final = 0.3  # inches between two stations


def narrow_map_stations(readings: pl.DataFrame, lang: Lang, view: MapView) -> list[int]:
    """Return the ids of the stations that the map on a narrow page shows.

    They are at most MOST_STATIONS, the most important first, so that their labels in the language
    `lang` do not overlap. `view` is the part of the map that is drawn. `readings` has a row for
    each station: `station_id`, its names in each language, `longitude, latitude, temperature_c`.
    """
    ranked = _ranked(readings)
    if len(ranked) <= MOST_STATIONS and not _has_conflicts(readings, ranked, lang, view):
        return ranked
    positions = view.to_inches(readings["longitude"], readings["latitude"])
    points = dict(zip(readings["station_id"], positions, strict=True))
    chosen: list[int] = []
    for each in ranked:
        distances = [np.linalg.norm(points[each] - points[other]) for other in chosen]
        if min(distances, default=LEAST_DISTANCE) >= LEAST_DISTANCE:
            chosen.append(each)
    chosen = chosen[:MOST_STATIONS]
    while len(chosen) > 1 and _has_conflicts(readings, chosen, lang, view):
        chosen.pop()
    return chosen


def _ranked(readings: pl.DataFrame) -> list[int]:
    """Return the station ids of readings, the most important first.

    The order is the coldest, the warmest, PRINCIPAL_STATIONS, then all other stations by id.
    """
    order = {each: number for number, each in enumerate(PRINCIPAL_STATIONS)}
    by_temperature = readings.sort("temperature_c")["station_id"].to_list()
    ends = list(dict.fromkeys((by_temperature[0], by_temperature[-1])))
    rest = [each for each in by_temperature if each not in ends]
    return [*ends, *sorted(rest, key=lambda each: (order.get(each, len(order)), each))]


def _has_conflicts(readings: pl.DataFrame, chosen: list[int], lang: Lang, view: MapView) -> bool:
    """Return whether a label of the chosen stations would cover another label or a point.

    `chosen` are station ids of `readings`. Far islands are ignored, because they have their own
    box.
    """
    stations = readings.filter(
        pl.col("station_id").is_in(chosen)
        & (pl.col("longitude") <= geography.FAR_ISLANDS_LONGITUDE)
    )
    if stations.is_empty():
        return False
    size = map_labels.letter_size(stations.height, view)
    geometry = map_labels.label_geometry(stations, lang, size, view)
    return find_label_positions(*geometry, map_labels.symbol_radius(view)).conflicts > 0
