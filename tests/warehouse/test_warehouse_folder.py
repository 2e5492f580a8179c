"""The folder: tables as the contracts have them, one writer, readers that never wait."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from nalssi.common.reference import reference
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.database_comments import table_comments
from nalssi.warehouse.warehouse_version import migration_files
from nalssi.warehouse.writer_lock import writer_lock
from schemas.contracts import TABLES
from schemas.vocabulary import region_ids

DUCKDB_TYPES = {
    pl.String: "VARCHAR",
    pl.Int8: "TINYINT",
    pl.Int16: "SMALLINT",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
    pl.Datetime("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
    pl.List(pl.String): "VARCHAR[]",
    pl.List(pl.Int16): "SMALLINT[]",
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "it's a warehouse")
    with warehouse.writer():
        pass
    return warehouse


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_of_its_model(table: str, warehouse: Warehouse) -> None:
    declared = [
        (name, DUCKDB_TYPES[column.dtype.type], column.nullable)
        for name, column in TABLES[table].to_schema().columns.items()
    ]
    with warehouse.reader() as con:
        made = con.execute(
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
            " WHERE table_name = $1 AND schema_name = 'main' ORDER BY column_index",
            [table],
        ).fetchall()
    assert made == declared


def test_there_is_no_table_without_a_model(warehouse: Warehouse) -> None:
    with warehouse.reader() as con:
        tables = con.sql("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
        assert {name for (name,) in tables.fetchall()} == TABLES.keys()


def test_every_table_and_column_has_a_comment(warehouse: Warehouse) -> None:
    with warehouse.reader() as con:
        comments = dict(
            con.sql(
                "SELECT table_name || '.' || column_name, comment FROM duckdb_columns()"
                " WHERE schema_name = 'main'"
            ).fetchall()
        )
    assert comments["readings.temperature_c"].endswith("[°C]")
    for (table, column), comment in table_comments().items():
        assert comment
        if column:
            assert comments[f"{table}.{column}"] == comment


def test_reference_tables_are_renewed_on_every_run(warehouse: Warehouse) -> None:
    with warehouse.writer() as con:
        con.execute("DELETE FROM stations WHERE station_id = 108")
        con.execute("UPDATE regions SET name_en = 'Nowhere'")
    with warehouse.writer() as con:
        for table in ("stations", "station_history", "regions", "conditions"):
            assert con.table(table).pl().equals(reference(table))


def test_migrations_are_numbered_without_a_gap() -> None:
    assert list(migration_files()) == list(range(1, len(migration_files()) + 1))


def test_a_warehouse_of_a_newer_nalssi_is_refused_and_not_changed(warehouse: Warehouse) -> None:
    with warehouse.writer() as con:
        con.execute("INSERT INTO meta.migrations VALUES (99, '0099_future', now())")
    with (
        pytest.raises(WarehouseError, match=r"nalssi\.duckdb.*version 99.*newer nalssi"),
        warehouse.writer(),
    ):
        pass


def test_a_failed_write_is_not_published(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.CatalogException), warehouse.writer() as con:
        con.execute("DELETE FROM regions; FROM no_such_table")
    with warehouse.reader() as con:
        assert con.table("regions").shape[0] == len(region_ids())


def test_a_reader_keeps_the_copy_it_opened(warehouse: Warehouse) -> None:
    with warehouse.reader() as before:
        with warehouse.writer() as con:
            con.execute("DELETE FROM loads")
            con.execute("INSERT INTO quality VALUES ('a123456789abcdef', 108, 3, ['range'])")
        with warehouse.reader() as after:
            count = "SELECT count(*) FROM quality"
            assert before.sql(count).fetchall() == [(0,)]
            assert after.sql(count).fetchall() == [(1,)]


def test_a_reader_shows_korean_time(warehouse: Warehouse) -> None:
    with warehouse.reader() as con:
        shown = con.sql("SELECT (TIMESTAMPTZ '2025-12-18 15:30:00+00')::VARCHAR").fetchall()
    assert shown == [("2025-12-19 00:30:00+09",)]


def test_a_folder_without_a_warehouse_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nalssi run"), Warehouse(tmp_path).reader():
        pass


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "published.duckdb").write_text("this is not a database" * 1000)
    with pytest.raises(WarehouseError, match=r"published\.duckdb"), Warehouse(tmp_path).reader():
        pass


def test_the_files_open_in_tools_of_duckdb_1_2(warehouse: Warehouse) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{str(warehouse.published).replace(chr(39), chr(39) * 2)}' AS copy")
        (tags,) = con.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'copy'"
        ).fetchone()
    assert tags["storage_version"].startswith("v1.2.0")


HOLD = """
    import sys
    from pathlib import Path
    from nalssi.warehouse.writer_lock import writer_lock
    with writer_lock(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
"""


def hold_lock(path: Path) -> subprocess.Popen[str]:
    """A process that holds the lock, once this returns, until its standard input is closed."""
    arguments = [sys.executable, "-c", textwrap.dedent(HOLD), str(path)]
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.process
def test_a_second_writer_waits_and_names_the_first(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    holder = hold_lock(tmp_path / ".lock")
    assert holder.stdin
    held = threading.Event()

    def wait_for_lock() -> None:
        with writer_lock(tmp_path / ".lock"):
            held.set()
            assert json.loads((tmp_path / ".lock").read_text())["pid"] == os.getpid()

    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(wait_for_lock)
        while not (caplog.messages or waiting.done()):
            time.sleep(0.01)
        assert not held.is_set()
        holder.stdin.close()
        waiting.result()
    holder.wait()
    (message,) = caplog.messages
    assert f"process {holder.pid} on " in message
    assert ", since 20" in message


@pytest.mark.process
def test_a_killed_writer_leaves_no_lock_behind(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    holder = hold_lock(tmp_path / ".lock")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with writer_lock(tmp_path / ".lock"):
        assert not caplog.messages


def test_another_database_is_not_taken_for_a_warehouse(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "published.duckdb")) as con:
        con.execute("CREATE TABLE x (a INTEGER)")
    with (
        pytest.raises(WarehouseError, match=r"published.duckdb: it is not a warehouse of nalssi"),
        Warehouse(tmp_path).reader(),
    ):
        pass
