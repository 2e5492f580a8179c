"""A warehouse of an earlier nalssi becomes what this one would have made of the same parts."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from nalssi.quality import update_quality
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.views import view_names
from nalssi.warehouse.warehouse_version import migration_files
from tests.thorough import thorough
from tests.warehouse.make_parts import Page, Ticker, part
from tests.warehouse.older_versions import downgrade

SPRING = Ticker(date(2004, 2, 29), {108: 35.0, 90: None})
FROZEN: dict[int, float | None] = {
    station: station / 10 for station in (90, 98, 105, 108, 112, 119, 143, 156, 159)
}
FEED_HOUR = datetime(2004, 9, 2, 5, tzinfo=UTC)
PAGES = [
    Page("https://a.example/1", [Ticker(date(2025, 12, 19), {105: 14.1, 108: 3.0}), SPRING]),
    Page("https://a.example/2", [Ticker(date(2004, 9, 1), {90: 21.5}), Ticker(None, {90: 3.0})]),
    Page("https://a.example/3", rejected=["구름많음 3.0"]),
    Page("https://a.example/4", [Ticker(date(2025, 11, 1), FROZEN)]),
    Page("https://a.example/4", [Ticker(date(2025, 11, 30), FROZEN)], captured_at=None),
]
FEED = Page("https://feed.example/4", [Ticker(date(2004, 9, 2), {108: 20.0}, at=FEED_HOUR)])
KEYED = (
    "documents",
    "snapshots",
    "sightings",
    "readings",
    "rejects",
    "quality",
    "reconciliations",
    "repeated_lists",
    "conclusions",
    "loads",
)

PREVIOUS = max(migration_files()) - 1
OLDER_VERSIONS = [
    version if version in (1, PREVIOUS) else thorough(version) for version in range(1, PREVIOUS + 1)
]
"""`make test` upgrades the first version, which needs every migration, and the one before this.

`test_stored_warehouses.py` upgrades a stored warehouse of each version.
"""

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of this version. A snapshot was compared with official hours."""
    folder = tmp_path_factory.mktemp("loaded")
    warehouse = Warehouse(folder / "warehouse")
    load_parts(warehouse, [part(folder / "part", PAGES)])
    with warehouse.writer() as con:
        con.execute(
            "INSERT INTO reconciliations VALUES"
            " ($1, '2004-03-02 01:00:00+09', 0, 1, 2, 'all', 'matched')",
            [SPRING.snapshot_id],
        )
        update_quality(con, None)
    return warehouse.folder


@pytest.fixture
def current(loaded: Path, tmp_path: Path) -> Warehouse:
    """A copy of the warehouse of this version, for one test."""
    return Warehouse(Path(shutil.copytree(loaded, tmp_path / "warehouse")))


@pytest.fixture
def first_version(current: Warehouse) -> Warehouse:
    """A warehouse with the tables and ids of the first migration, and no view yet."""
    downgrade(current, 1)
    return current


def rows(warehouse: Warehouse) -> Rows:
    with duckdb.connect(str(warehouse.database), read_only=True) as con:
        return {table: con.sql(f"FROM {table} ORDER BY ALL").fetchall() for table in KEYED}


@pytest.mark.parametrize("version", OLDER_VERSIONS)
def test_an_upgraded_warehouse_equals_one_of_this_version(current: Warehouse, version: int) -> None:
    expected = rows(current)
    assert all(expected[table] for table in KEYED if table != "repeated_lists")
    downgrade(current, version)
    current.published.chmod(0o644)
    shutil.copyfile(current.database, current.published)  # has the loads under their old ids
    with current.writer():
        pass
    assert rows(current) == expected


@pytest.mark.parametrize("version", [1, PREVIOUS])
def test_an_upgraded_warehouse_has_the_observations_of_its_feeds(
    tmp_path: Path, version: int
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", [FEED])])
    with warehouse.reader() as con:
        loaded = con.sql("FROM observations").fetchall()
    downgrade(warehouse, version)
    with warehouse.writer() as con:
        assert con.sql("FROM observations").fetchall() == loaded
        ((station, at, temperature, source),) = loaded
        assert (station, temperature, source) == (108, 20.0, "feed")
        # Snapshots are compared with it at the next comparison.
        assert con.sql("SELECT DISTINCT observed_at FROM meta.changed_hours").fetchall() == [(at,)]


def test_migrated_readings_are_sorted_by_id_and_so_by_day(first_version: Warehouse) -> None:
    with first_version.writer() as con:
        ids = [
            snapshot_id for (snapshot_id,) in con.sql("SELECT snapshot_id FROM readings").fetchall()
        ]
    assert ids == sorted(ids)
    assert len(set(ids)) == 6


def test_a_database_that_lacks_a_table_is_refused_in_one_line(first_version: Warehouse) -> None:
    with first_version.writer():
        pass
    with duckdb.connect(str(first_version.database)) as con:
        con.execute("DROP TABLE loads")
    with (
        pytest.raises(WarehouseError, match=r"cannot write .*nalssi\.duckdb: it lacks .*loads$"),
        first_version.writer(),
    ):
        pass


def test_an_older_published_copy_is_read_through_the_current_views(
    first_version: Warehouse,
) -> None:
    with first_version.writer():
        pass
    with first_version.reader() as con:
        expected = con.execute("FROM newest_snapshot").fetchall()
    first_version.published.chmod(0o644)
    with duckdb.connect(str(first_version.published)) as con:
        con.execute("DROP VIEW newest_snapshot")
        con.execute("DROP MACRO newest_order")
        con.execute("UPDATE meta.views SET digest = 'older'")
    with first_version.reader() as con:
        assert con.execute("FROM newest_snapshot").fetchall() == expected
    assert expected


@pytest.mark.parametrize("version", OLDER_VERSIONS)
def test_a_published_copy_of_an_older_version_is_read_through_the_current_views(
    current: Warehouse, version: int
) -> None:
    asked = (
        "SELECT observed_on, usable, hour_source, clock_at FROM snapshot_recency"
        " WHERE station_count < 9 ORDER BY ALL"  # older versions believed the dates of FROZEN
    )
    with current.reader() as con:
        expected = con.execute(asked).fetchall()
        usable = con.execute("SELECT count(*) FROM usable_readings").fetchall()
    downgrade(current, version)
    current.published.chmod(0o644)
    shutil.copyfile(current.database, current.published)
    with current.reader() as con:
        found = con.execute(asked).fetchall()
        assert con.execute("SELECT count(*) FROM usable_readings").fetchall() == usable
        for view in view_names():
            con.execute(f"FROM {view}").fetchall()
        assert con.execute("SELECT source FROM observations").fetchall() == []
    assert found == expected
