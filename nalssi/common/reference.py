"""Reference data as frames: stations, their history, regions and conditions.

`reference` reads the CSV files in `schemas/reference/`, whose README names the sources. It does not
check them against their contracts, because importing pandera takes longer than a station look-up.
The tests check them, and so does a warehouse when it updates its tables from them.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.vocabulary import REFERENCE

FILES = {
    "stations": "stations",
    "station_history": "stations_history",
    "regions": "regions",
    "conditions": "conditions",
}
_POSITION = {"latitude": pl.Float64, "longitude": pl.Float64, "elevation_m": pl.Float64}
_COLUMNS: dict[str, dict[str, type[pl.DataType]]] = {
    "stations": {
        "station_id": pl.Int16,
        "name_ko": pl.String,
        "name_en": pl.String,
        "region_id": pl.Int8,
        "province": pl.String,
        **_POSITION,
        "opened_on": pl.Date,
    },
    "station_history": {
        "station_id": pl.Int16,
        "name_ko": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        **_POSITION,
    },
    "regions": {"region_id": pl.Int8, "name_ko": pl.String, "name_en": pl.String},
    "conditions": dict.fromkeys(
        ("word", "code", "icon", "meaning_en", "group", "seen_in"), pl.String
    ),
}
"""The columns and types of each table, as in its contract. A test compares them."""


@cache
def reference(table: str) -> pl.DataFrame:
    """Return a table of reference data as a frame, with the columns of its contract.

    `table` is one of FILES. The frame is shared by all callers and must not be changed in place.
    """
    return pl.read_csv(REFERENCE / f"{FILES[table]}.csv", schema=pl.Schema(_COLUMNS[table]))
