"""The published copy is restored or kept, and never replaced by a database with less in it."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.load_parts import load_parts

from .make_parts import Page, Ticker, part

DAYS = [date(2025, 12, day) for day in (1, 2, 3)]


def load(warehouse: Warehouse, number: int) -> None:
    """Load a page of the day with that number."""
    folder = warehouse.folder.parent / f"part{number}"
    if not folder.exists():
        ticker = Ticker(DAYS[number], {108: float(number)})
        assert part(folder, [Page(f"page {number}", [ticker])]) == folder
    load_parts(warehouse, [folder])


def readings(warehouse: Warehouse) -> int:
    with warehouse.reader() as con:
        return int(con.execute("SELECT count(*) FROM readings").fetchall()[0][0])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of two loads."""
    warehouse = Warehouse(tmp_path_factory.mktemp("loaded") / "warehouse")
    load(warehouse, 0)
    load(warehouse, 1)
    return warehouse.folder


@pytest.fixture
def warehouse(loaded: Path, tmp_path: Path) -> Warehouse:
    """A copy of the warehouse of two loads, for one test."""
    return Warehouse(Path(shutil.copytree(loaded, tmp_path / "warehouse")))


def test_a_missing_database_is_restored_from_the_published_copy(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse.database.unlink()
    with caplog.at_level(logging.WARNING):
        load(warehouse, 2)
    assert readings(warehouse) == 3
    assert [record.getMessage() for record in caplog.records] == [
        f"{warehouse.database} is missing: continuing from published.duckdb"
    ]


def test_the_log_of_a_missing_database_is_not_applied_to_the_restored_one(
    warehouse: Warehouse,
) -> None:
    beside = warehouse.database.with_name("nalssi.duckdb.wal")
    beside.write_bytes(b"changes of another database")
    warehouse.database.unlink()
    load(warehouse, 2)
    assert readings(warehouse) == 3


def cut(file: Path) -> None:
    file.chmod(0o644)
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.chmod(0o644)
    os.truncate(file, 0)


def renew(file: Path) -> None:
    """Turn a database file into one that a newer nalssi has written."""
    file.chmod(0o644)
    with duckdb.connect(str(file)) as con:
        con.execute("INSERT INTO meta.migrations VALUES (9999, 'future', now())")


def replace(file: Path, options: str = "STORAGE_VERSION 'v1.2.0'") -> None:
    """Replace a database file by a database that is not of nalssi."""
    file.unlink()
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{file}' AS other ({options})")
        con.execute("CREATE TABLE other.mine AS SELECT 1")


@pytest.mark.parametrize("change", [cut, empty, renew, replace])
def test_a_published_copy_that_cannot_be_restored_is_not_changed(
    warehouse: Warehouse, change: object
) -> None:
    assert callable(change)
    warehouse.database.unlink()
    change(warehouse.published)
    before = warehouse.published.read_bytes()
    with pytest.raises(WarehouseError) as raised:
        load(warehouse, 2)
    assert str(raised.value).startswith(f"cannot continue from {warehouse.published}: ")
    assert "\n" not in str(raised.value)
    assert warehouse.published.read_bytes() == before
    assert not warehouse.database.exists()
    assert not list(warehouse.folder.glob(".being-made*"))


def test_a_database_older_than_the_published_copy_is_refused(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    shutil.copy(warehouse.database, tmp_path / "old")
    load(warehouse, 2)
    shutil.copy(tmp_path / "old", warehouse.database)
    before = warehouse.published.read_bytes()
    with pytest.raises(
        WarehouseError,
        match=r"nalssi.duckdb lacks 1 load that published.duckdb has.* move it away to continue",
    ):
        load(warehouse, 2)
    assert warehouse.published.read_bytes() == before
    warehouse.database.unlink()  # as the message says
    load(warehouse, 2)
    assert readings(warehouse) == 3


def test_a_database_that_is_no_warehouse_does_not_replace_the_published_copy(
    warehouse: Warehouse,
) -> None:
    replace(warehouse.database)
    with pytest.raises(WarehouseError, match=r"lacks 2 loads"):
        load(warehouse, 2)
    replace(warehouse.database, "STORAGE_VERSION 'latest'")
    with pytest.raises(WarehouseError, match=r"cannot write .*nalssi.duckdb: .* storage version"):
        load(warehouse, 2)
    assert readings(warehouse) == 2


def test_a_damaged_database_is_refused_and_the_message_says_how_to_continue(
    warehouse: Warehouse,
) -> None:
    cut(warehouse.database)
    with pytest.raises(WarehouseError, match=r"move it away to continue from published.duckdb"):
        load(warehouse, 2)
    warehouse.database.rename(warehouse.folder / "damaged")
    load(warehouse, 2)
    assert readings(warehouse) == 3


def test_a_published_copy_of_a_newer_nalssi_is_not_replaced(warehouse: Warehouse) -> None:
    renew(warehouse.published)
    before = warehouse.published.read_bytes()
    with pytest.raises(WarehouseError, match=r"cannot replace .*published.duckdb: .* newer nalssi"):
        load(warehouse, 2)
    assert warehouse.published.read_bytes() == before


@contextmanager
def opened_for_writing(file: Path) -> Iterator[None]:
    """Let another program hold the file open during the block, as DuckDB's client does."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    command = [sys.executable, "-c", code, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as client:
        assert client.stdin
        assert client.stdout
        assert client.stdout.readline() == b"1\n"
        try:
            yield
        finally:
            client.stdin.write(b"\n")
            client.stdin.flush()
            client.wait(60)


@pytest.mark.process
def test_an_error_names_the_client_that_locks_the_published_copy(warehouse: Warehouse) -> None:
    warehouse.published.chmod(0o644)  # as it was before published copies were read-only
    with (
        opened_for_writing(warehouse.published),
        pytest.raises(WarehouseError, match=r"PID \d+\) has it open for writing.*-readonly"),
    ):
        readings(warehouse)
    assert readings(warehouse) == 2


@pytest.mark.process
def test_a_locked_published_copy_does_not_stop_loads_and_is_still_compared(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    shutil.copy(warehouse.database, tmp_path / "old")
    warehouse.published.chmod(0o644)
    with opened_for_writing(warehouse.published):
        load(warehouse, 2)
    assert readings(warehouse) == 3
    shutil.copy(tmp_path / "old", warehouse.database)
    warehouse.published.chmod(0o644)
    with (
        opened_for_writing(warehouse.published),
        pytest.raises(WarehouseError, match=r"lacks 1 load"),
    ):
        load(warehouse, 2)
    assert not list(warehouse.folder.glob(".being-made*"))


def test_the_published_copy_is_read_only_and_the_database_is_not(warehouse: Warehouse) -> None:
    assert stat.S_IMODE(warehouse.published.stat().st_mode) & 0o222 == 0
    warehouse.database.unlink()
    load(warehouse, 2)
    assert stat.S_IMODE(warehouse.database.stat().st_mode) & 0o200


def test_a_database_copied_from_the_published_copy_by_hand_is_written(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(warehouse.published, warehouse.database)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for a user who is not root
    load(warehouse, 2)
    assert stat.S_IMODE(warehouse.database.stat().st_mode) & 0o200
    assert readings(warehouse) == 3
