"""A warehouse of an earlier nalssi becomes what this one would have made of the same parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from nalssi.quality import update_snapshot_summary
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.views import view_names
from tests.warehouse.make_parts import Page, Ticker, part

SPRING = Ticker(date(2004, 2, 29), {108: 55.0, 90: None})
PAGES = [
    Page("https://a.example/1", [Ticker(date(2025, 12, 19), {105: 14.1, 108: 3.0}), SPRING]),
    Page("https://a.example/2", [Ticker(date(2004, 9, 1), {90: 21.5}), Ticker(None, {90: 3.0})]),
    Page("https://a.example/3", rejected=["구름많음 3.0"]),
]
KEYED = ("snapshots", "sightings", "readings", "quality", "reconciliations")

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def first_version(tmp_path: Path) -> Warehouse:
    """A warehouse with the tables of the first migration, and no view yet."""
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", PAGES)])
    with duckdb.connect(str(warehouse.database)) as con:
        for view in view_names():
            con.execute(f"DROP VIEW {view}")
        con.execute("TRUNCATE meta.views")
        con.execute("DROP TABLE conclusions")
        con.execute("DELETE FROM meta.migrations WHERE version > 1")
        con.execute(
            "INSERT INTO reconciliations VALUES ($1, NULL, NULL, NULL, 2, 'day', 'unlike')",
            [SPRING.snapshot_id],
        )
    return warehouse


def rows(warehouse: Warehouse) -> Rows:
    with duckdb.connect(str(warehouse.database), read_only=True) as con:
        return {table: con.sql(f"FROM {table} ORDER BY ALL").fetchall() for table in KEYED}


def test_migrated_ids_begin_with_their_day(first_version: Warehouse) -> None:
    expected = rows(first_version)
    assert all(expected.values())
    with duckdb.connect(str(first_version.database)) as con:
        con.execute(
            "CREATE TEMP TABLE ids AS SELECT snapshot_id, rpad(substr(snapshot_id,"
            " if(observed_on IS NULL, 2, 6)), 16, '0') AS plain FROM snapshots"
        )
        for table in KEYED:
            con.execute(
                f"UPDATE {table} SET snapshot_id = plain"
                f" FROM ids WHERE {table}.snapshot_id = ids.snapshot_id"
            )
    assert rows(first_version) != expected
    with first_version.writer():
        pass
    assert rows(first_version) == expected


def test_migrated_readings_are_sorted_by_id_and_so_by_day(first_version: Warehouse) -> None:
    with first_version.writer() as con:
        ids = [
            snapshot_id for (snapshot_id,) in con.sql("SELECT snapshot_id FROM readings").fetchall()
        ]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


def test_a_migration_writes_the_same_conclusions_as_a_load(first_version: Warehouse) -> None:
    with duckdb.connect(str(first_version.database)) as con:
        con.execute(
            "UPDATE reconciliations SET observed_at = '2004-03-02 01:00:00+09'"
            " WHERE snapshot_id = $1",
            [SPRING.snapshot_id],
        )
    with first_version.writer() as con:
        migrated = con.sql("FROM conclusions ORDER BY ALL").fetchall()
        update_snapshot_summary(con)
        assert migrated == con.sql("FROM conclusions ORDER BY ALL").fetchall()
    assert len(migrated) == 4
    (spring,) = [row[1:] for row in migrated if row[3] == "reconciled"]
    assert (spring[0], *spring[3:]) == (date(2004, 3, 2), 0, [90, 108])  # missing; beyond the range


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
        con.execute("DROP MACRO recency")
        con.execute("UPDATE meta.views SET digest = 'older'")
    with first_version.reader() as con:
        assert con.execute("FROM newest_snapshot").fetchall() == expected
    assert expected
