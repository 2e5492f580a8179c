"""The towns and provinces of Korea, and the distance between two places.

The tables are files in `schemas/reference/`, whose README names the sources. Their contracts are
`Towns` and `Provinces` in `schemas.reference_tables`. Only the search of the gallery uses them, so
they are no tables of the warehouse.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from schemas.vocabulary import REFERENCE

EARTH_RADIUS_KM: Final = 6371.0


def towns() -> pl.DataFrame:
    """Return the cities, counties and districts, in the order of their official numbers.

    Columns: `name_ko, name_en, province, latitude, longitude, station_id` (of the station in the
    town, or null).
    """
    schema = {
        "name_ko": pl.String, "name_en": pl.String, "province": pl.String,
        "latitude": pl.Float64, "longitude": pl.Float64, "station_id": pl.Int16,
    }  # fmt: skip
    return pl.read_csv(REFERENCE / "towns.csv", schema=schema)


def provinces() -> pl.DataFrame:
    """Return the provinces and metropolitan cities: `province, short_ko, name_en, other_names`."""
    names = ("province", "short_ko", "name_en", "other_names")
    return pl.read_csv(REFERENCE / "provinces.csv", schema=dict.fromkeys(names, pl.String))


def km_between(one: Mapping[str, Any], other: Mapping[str, Any], suffix: str = "") -> float:
    """Return the distance in km of two rows with `latitude` and `longitude` in degrees.

    In `other`, the names of these columns end with `suffix`.
    """
    north, north_of_other, east = map(
        math.radians,
        (
            one["latitude"],
            other[f"latitude{suffix}"],
            one["longitude"] - other[f"longitude{suffix}"],
        ),
    )
    cosine = math.sin(north) * math.sin(north_of_other) + math.cos(north) * math.cos(
        north_of_other
    ) * math.cos(east)
    return EARTH_RADIUS_KM * math.acos(min(1.0, cosine))
