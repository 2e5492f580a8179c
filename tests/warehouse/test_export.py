"""Exports: complete enough to rebuild the warehouse, readable by others, honest about gaps."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.dataset as ds
import pytest

from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.archive import restore
from nalssi.warehouse.export import ExportError, Filters, export
from nalssi.warehouse.load import load_parts
from schemas.contracts import TABLES, ContractError

from .parts import Page, Ticker, part

SEOUL, BUSAN, SUWON = 108, 159, 119
OLD = Ticker(date(2024, 5, 6), {SEOUL: 15.0, BUSAN: 18.5})
NEW = Ticker(date(2025, 12, 19), {SEOUL: -3.2, SUWON: 45.0, BUSAN: 4.1})
UNDATED = Ticker(None, {SEOUL: 7.0}, at=None)
FED = Ticker(date(2025, 1, 2), {SEOUL: 0.5}, at=datetime(2025, 1, 2, 3, tzinfo=UTC))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("export")
    warehouse = Warehouse(folder / "warehouse")
    pages = [
        Page("a", [OLD, NEW], ["• 달13.1℃"]),
        Page("b", [UNDATED], captured_at=None, site=None),
        Page("c", [FED]),
        Page("d", [], ["• 비17.7℃"]),
    ]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as con:
        con.execute("TRUNCATE quality")
        con.execute("INSERT INTO quality VALUES ($1, 119, 4, ['range'])", [NEW.snapshot_id])
        con.execute("INSERT INTO observations VALUES (108, '2025-01-02 03:00:00+00', 0.5)")
        con.execute(
            "INSERT INTO reconciliations VALUES"
            " ($1, '2025-12-19 00:00:00+09', 0.05, 1.2, 2, 'date', 'matched')",
            [NEW.snapshot_id],
        )
    return warehouse


def everything(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    with warehouse.reader() as con:
        return {table: con.sql(f"FROM {table} ORDER BY ALL").fetchall() for table in TABLES}


def test_a_warehouse_rebuilt_from_its_archive_equals_the_original(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    about = export(warehouse, tmp_path / "archive", "parquet")
    assert (about.readings_left_out, about.snapshots_left_out) == (0, 0)
    rebuilt = Warehouse(tmp_path / "rebuilt")
    rows = restore(rebuilt, tmp_path / "archive")
    assert everything(rebuilt) == everything(warehouse)
    assert rows["readings"] == 7
    assert rows["documents"] == 4


def test_the_archive_is_partitioned_by_year_and_others_read_it(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    export(warehouse, tmp_path / "archive", "parquet")
    readings = tmp_path / "archive" / "readings"
    assert {path.name for path in readings.iterdir()} >= {"year=2024", "year=2025"}
    assert ds.dataset(readings, partitioning="hive").count_rows() == 7
    assert pl.read_parquet(readings / "year=2025" / "*.parquet").height == 4
    assert "KMA" in json.loads((tmp_path / "archive" / "about.json").read_text())["attribution"]


def test_filters_leave_out_and_say_how_much(warehouse: Warehouse, tmp_path: Path) -> None:
    filters = Filters(since=date(2025, 1, 1), regions=(1,), flags=(1, 2, 3))
    about = export(warehouse, tmp_path / "some.csv", "csv", filters)
    rows = list(csv.DictReader((tmp_path / "some.csv").open(encoding="utf-8")))
    assert [(row["name_ko"], row["temperature_c"]) for row in rows] == [
        ("서울", "0.5"),
        ("서울", "-3.2"),
    ]
    assert (about.readings, about.readings_left_out) == (2, 5)
    beside = json.loads((tmp_path / "some.csv.about.json").read_text())
    assert beside["filters"] == {"since": "2025-01-01", "regions": [1], "flags": [1, 2, 3]}
    assert beside["readings_left_out"] == 5


def test_geojson_is_the_latest_snapshot_as_points(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "latest.geojson", "geojson")
    whole = json.loads((tmp_path / "latest.geojson").read_text())
    assert whole["type"] == "FeatureCollection"
    assert whole["snapshot_id"] == NEW.snapshot_id
    seoul = whole["features"][0]
    assert (seoul["type"], seoul["geometry"]["type"]) == ("Feature", "Point")
    longitude, latitude = seoul["geometry"]["coordinates"]
    assert (round(longitude), round(latitude)) == (127, 38)
    assert seoul["properties"]["temperature_c"] == -3.2
    assert seoul["properties"]["observed_at"] == "2025-12-19T00:00:00+09:00"
    assert "crs" not in whole  # RFC 7946 has none but WGS 84


def test_geojson_of_a_chosen_snapshot(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "old.geojson", "geojson", snapshot=OLD.snapshot_id)
    whole = json.loads((tmp_path / "old.geojson").read_text())
    assert [f["properties"]["observed_on"] for f in whole["features"]] == ["2024-05-06"] * 2


def test_a_duckdb_export_is_a_warehouse_of_its_own(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "some.duckdb", "duckdb", Filters(stations=(SEOUL,)))
    with duckdb.connect(str(tmp_path / "some.duckdb"), read_only=True) as con:
        assert con.sql("SELECT count(*) FROM readings").fetchall() == [(4,)]
        assert con.sql("SELECT count(*) FROM usable_readings").fetchall() == [(4,)]
        comments = con.sql("SELECT count(*) FROM duckdb_views() WHERE comment LIKE 'A row is%'")
        assert comments.fetchall() != [(0,)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "some.duckdb",
        "some.duckdb.about.json",
    ]


def test_an_export_never_overwrites_and_leaves_nothing_half_done(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(ExportError, match="exists already"):
        export(warehouse, tmp_path / "mine.csv", "csv")
    with pytest.raises(ExportError, match="nothing to export"):
        export(warehouse, tmp_path / "none", "parquet", Filters(since=date(2030, 1, 1)))
    with pytest.raises(ExportError, match="has no reading"):
        export(warehouse, tmp_path / "none", "geojson", snapshot="0" * 16)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_an_archive_that_breaks_a_contract_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    export(warehouse, archive, "parquet")
    file = next((archive / "readings" / "year=2024").glob("*.parquet"))
    pl.read_parquet(file, hive_partitioning=False).with_columns(
        temperature_c=pl.lit(999.0)
    ).write_parquet(file)
    rebuilt = Warehouse(tmp_path / "rebuilt")
    with pytest.raises(ContractError, match=r"year=2024.*temperature_c"):
        restore(rebuilt, archive)
    assert not rebuilt.published.exists()


def test_an_archive_goes_only_into_an_empty_warehouse(warehouse: Warehouse, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "archive", "parquet")
    with pytest.raises(WarehouseError, match="not empty"):
        restore(warehouse, tmp_path / "archive")
    with pytest.raises(WarehouseError, match="no archive"):
        restore(Warehouse(tmp_path / "new"), tmp_path)
