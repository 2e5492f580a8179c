"""Two versions of nalssi on one warehouse: the older one loads correctly or refuses."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from nalssi.common.paths import CHECKOUT
from nalssi.ticker import PARSER_VERSION
from nalssi.warehouse import Warehouse, WarehouseError

from .fault_runs import assert_refused, files, nalssi, rows, run

OURS = {"PYTHONPATH": str(CHECKOUT)}


@pytest.fixture
def newer(tmp_path: Path) -> dict[str, str]:
    """An installed nalssi whose grammar is newer: the environment in which it runs."""
    copy = tmp_path / "newer"
    for package in ("nalssi", "schemas", "flows"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / package, copy / package, ignore=ignored)
    grammar = copy / "nalssi" / "ticker" / "extraction.py"
    text, changes = re.subn(
        r"^PARSER_VERSION = \d+",
        f"PARSER_VERSION = {PARSER_VERSION + 1}",
        grammar.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert changes == 1
    grammar.write_text(text, encoding="utf-8")
    return {"PYTHONPATH": str(copy)}


def with_a_migration(newer: dict[str, str]) -> None:
    """Add a migration to the newer version."""
    migrations = Path(newer["PYTHONPATH"], "nalssi", "warehouse", "migrations")
    name = f"{len(list(migrations.glob('*.sql'))) + 1:04}_more.sql"
    (migrations / name).write_text("CREATE TABLE meta.more (what VARCHAR);", encoding="utf-8")


def load(folder: Path, sources: list[str], version: dict[str, str]) -> None:
    """Load with this version, which must succeed."""
    done = run(folder, sources, "--only-load", environment=version)
    assert (done.status, done.error) == (0, "")


@pytest.mark.make_faults
def test_an_older_grammar_leaves_what_a_newer_one_read(
    tmp_path: Path, sources: list[str], half: list[str], newer: dict[str, str]
) -> None:
    mixed, alone = tmp_path / "mixed", tmp_path / "alone"
    load(mixed, half, OURS)
    load(mixed, sources, newer)
    load(mixed, sources, OURS)
    load(alone, sources, newer)
    assert rows(mixed) == rows(alone)
    assert {row[5] for row in rows(mixed)["sightings"]} == {PARSER_VERSION + 1}


@pytest.mark.make_faults
def test_an_older_version_refuses_a_newer_warehouse(
    tmp_path: Path, sources: list[str], half: list[str], newer: dict[str, str]
) -> None:
    with_a_migration(newer)
    folder = tmp_path / "warehouse"
    load(folder, half, OURS)
    load(folder, half, newer)
    before, content = files(folder), Warehouse(folder).database.read_bytes()
    refused = run(folder, sources, "--only-load", environment=OURS)
    assert_refused(refused, f"cannot write {folder / 'nalssi.duckdb'}: ", "use a newer nalssi")
    for command in (["sql", "FROM readings"], ["forget", "--site", "*", "--yes"]):
        refused = nalssi(*command, "--warehouse", folder, environment=OURS)
        assert_refused(refused, f"{folder / 'published.duckdb'}: ", "use a newer nalssi")
    assert files(folder) == before
    assert Warehouse(folder).database.read_bytes() == content
    load(folder, sources, newer)
    asked = nalssi(
        "sql", "SELECT count(*) AS n FROM documents", "--warehouse", folder, environment=newer
    )
    assert asked.status == 0


def test_a_newer_warehouse_is_neither_written_nor_read(warehouse: Path) -> None:
    with Warehouse(warehouse).writer() as con:
        con.execute("INSERT INTO meta.migrations VALUES (9999, '9999_future', now())")
    before = files(warehouse)
    for opened, file in (
        (Warehouse(warehouse).writer, Warehouse(warehouse).database),
        (Warehouse(warehouse).reader, Warehouse(warehouse).published),
    ):
        with pytest.raises(WarehouseError, match=r"9999.*newer nalssi") as raised, opened():
            pass
        assert str(file) in str(raised.value)
    assert files(warehouse) == before
