"""The query of charts and gallery: which readings are usable, and the flag of the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import polars as pl
import pytest

from nalssi.charts.chart_readings import selected_readings, split_snapshots
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.conclusions import conclude
from nalssi.warehouse import Warehouse
from schemas.contracts import polars_schema

SNAPSHOT = "00000000000000aa"
CLOSED_STATION = 175
TEMPERATURES = {105: 14.1, 108: None, 133: 12.2, 143: 99.0, CLOSED_STATION: 9.0}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    warehouse = Warehouse(tmp_path_factory.mktemp("readings"))
    rows = [
        (SNAPSHOT, station, "name", "rain", "비", temperature)
        for station, temperature in TEMPERATURES.items()
    ]
    with warehouse.writer() as writer:
        writer.execute(
            "INSERT INTO snapshots VALUES ($1, $2, NULL, $3)",
            [SNAPSHOT, date(2025, 12, 19), len(rows)],
        )
        writer.register("arriving", pl.DataFrame(rows, polars_schema("readings"), orient="row"))
        writer.execute("INSERT INTO readings FROM arriving")
        writer.unregister("arriving")
        writer.execute(
            "INSERT INTO quality VALUES ($1, 108, 9, ['missing']), ($1, 133, 2, ['spatial']),"
            " ($1, 143, 4, ['range'])",
            [SNAPSHOT],
        )
        conclude(writer)
    with warehouse.reader() as reader:
        yield reader


def test_a_reading_is_usable_as_the_view_has_it(con: duckdb.DuckDBPyConnection) -> None:
    readings = selected_readings(con, ReadingFilter())
    usable = con.sql("SELECT station_id FROM usable_readings").fetchall()
    assert {(station,) for station in readings.filter("usable")["station_id"]} == set(usable)
    assert set(usable) == {(105,), (133,)}


def test_flags_say_why_a_reading_is_excluded(con: duckdb.DuckDBPyConnection) -> None:
    readings = selected_readings(con, ReadingFilter())
    flags = dict(readings.select("station_id", "flag").iter_rows())
    assert flags == {105: 1, 108: 9, 133: 2, 143: 4, CLOSED_STATION: 0}


def test_a_snapshot_has_its_usable_readings_and_counts_the_others(
    con: duckdb.DuckDBPyConnection,
) -> None:
    (snapshot,) = split_snapshots(selected_readings(con, ReadingFilter()))
    assert snapshot.readings["station_id"].to_list() == [105, 133]
    assert snapshot.excluded == {0: 1, 4: 1, 9: 1}


def test_region_zero_selects_closed_stations(con: duckdb.DuckDBPyConnection) -> None:
    readings = selected_readings(con, ReadingFilter(region=0))
    assert readings["station_id"].to_list() == [CLOSED_STATION]
