"""Read the readings, regions and snapshots that charts and gallery show from a warehouse.

The query is `chart_readings.sql`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from nalssi.charts.reading_filter import ReadingFilter
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.common.snapshot_time import SnapshotTime

if TYPE_CHECKING:
    import duckdb

QUERY: Final = Path(__file__).with_name("chart_readings.sql")


def selected_readings(
    con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter
) -> pl.DataFrame:
    """Return all readings that the filter selects, usable or excluded.

    Columns: `snapshot_id`; the times of the snapshot: `observed_on, observed_at, hour_source,
    clock_at, clock_source, printed_on`; the station: `station_id, name_ko, name_en, region_id,
    latitude, longitude`; the weather: `condition, condition_ko, condition_en, condition_group,
    temperature_c`; and `flag, failed` (names of checks), `usable`. `chart_readings.sql` explains
    them. Rows are sorted by time and snapshot, then by region and from north to south.
    """
    query = QUERY.read_text(encoding="utf-8")
    frame: pl.DataFrame = con.sql(query, params=asdict(reading_filter)).pl()
    return frame


def all_regions(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the regions from north to south: `region_id, name_ko, name_en`."""
    frame: pl.DataFrame = con.sql("FROM regions ORDER BY region_id").pl()
    return frame


def drawable_snapshots(con: duckdb.DuckDBPyConnection) -> dict[str, date | None]:
    """Return the day of every snapshot that has a usable reading, by snapshot id.

    The snapshots are in order of time: undated ones, then from the oldest to the newest.
    """
    drawable = con.sql(
        "SELECT snapshot_id, observed_on"
        " FROM snapshot_recency SEMI JOIN usable_readings USING (snapshot_id)"
        " ORDER BY recency"
    )
    return dict(drawable.fetchall())


def snapshot_time(row: Mapping[str, Any]) -> SnapshotTime:
    """Return the time of a snapshot from a row with `observed_on, clock_at, clock_source`."""
    return SnapshotTime(row["observed_on"], row["clock_at"], row["clock_source"])


def split_snapshots(readings: pl.DataFrame) -> Iterator[SnapshotData]:
    """Split the result of `selected_readings` into snapshots, in the order of its rows.

    Snapshots without a usable reading are included.
    """
    for part in readings.partition_by("snapshot_id", maintain_order=True):
        first = part.row(0, named=True)
        yield SnapshotData.from_readings(first["snapshot_id"], snapshot_time(first), part)
