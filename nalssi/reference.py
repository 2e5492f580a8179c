"""Reference frames: stations, their history, regions and conditions.

Read from the committed CSV files in `data/reference/` (sources in its README) and validated
against their contracts. Every run renews the warehouse's tables from them.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.contracts import check, polars_schema
from schemas.vocabulary import REFERENCE

FILES = {
    "stations": "stations",
    "station_history": "stations_history",
    "regions": "regions",
    "conditions": "conditions",
}


@cache
def reference(table: str) -> pl.DataFrame:
    """The reference table of that name, columns as in its pandera model."""
    schema = polars_schema(table)
    frame = pl.read_csv(REFERENCE / f"{FILES[table]}.csv", schema=schema)
    return check(table, frame)
