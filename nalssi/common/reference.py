"""Reference frames: stations, their history, regions and conditions.

Read from the committed CSV files in `schemas/reference/` (sources in its README), in the columns
and types of their contracts. The values are held to the contracts by the tests, and again
whenever the warehouse's tables are renewed from them; not here, because whoever only looks a
station up would wait for pandera.
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
_PLACE = {"latitude": pl.Float64, "longitude": pl.Float64, "elevation_m": pl.Float64}
_COLUMNS: dict[str, dict[str, type[pl.DataType]]] = {
    "stations": {
        "station_id": pl.Int16,
        "name_ko": pl.String,
        "name_en": pl.String,
        "region_id": pl.Int8,
        "province": pl.String,
        **_PLACE,
        "opened_on": pl.Date,
    },
    "station_history": {
        "station_id": pl.Int16,
        "name_ko": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        **_PLACE,
    },
    "regions": {"region_id": pl.Int8, "name_ko": pl.String, "name_en": pl.String},
    "conditions": dict.fromkeys(
        ("word", "code", "icon", "meaning_en", "group", "seen_in"), pl.String
    ),
}
"""The columns of the contracts, which the tests compare with this."""


@cache
def reference(table: str) -> pl.DataFrame:
    """The reference table of that name, columns as in its pandera model."""
    return pl.read_csv(REFERENCE / f"{FILES[table]}.csv", schema=pl.Schema(_COLUMNS[table]))
