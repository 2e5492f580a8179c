"""Warehouses that earlier versions wrote are upgraded: no row changes, and loads go on.

`older/NNNN.duckdb.xz` was written by the code of the version with the migration NNNN, from PAGES
(`older/store_warehouse.py`). `test_migrate.py` tests the upgrade of warehouses that this version
wrote and that were downgraded.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nalssi.common.paths import SAMPLES
from nalssi.doctor.databases import check_databases
from nalssi.sources import plan
from nalssi.staging import stage_all
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.views import view_names
from nalssi.warehouse.warehouse_version import migration_files
from tests.warehouse.make_parts import Page, Ticker, part

OLDER = Path(__file__).parent / "older"
ENDING = ".duckdb.xz"
VERSIONS = sorted(int(path.name[:4]) for path in OLDER.glob(f"*{ENDING}"))
PAGES = ("01", "02", "03", "06", "07", "17", "19")
"""The samples that the stored warehouses hold."""

Rows = list[tuple[Any, ...]]

FACTS = {
    "documents": "SELECT uri, site, media_type, captured_at FROM documents",
    "readings": "SELECT observed_on, station_id, station_source, condition, condition_raw,"
    " temperature_c FROM readings JOIN snapshots USING (snapshot_id)",
    "snapshots": "SELECT observed_on, observed_at, station_count FROM snapshots",
    "sightings": "SELECT uri, line, printed_on, date_source, parser_version, observed_on"
    " FROM sightings JOIN documents USING (document_id) JOIN snapshots USING (snapshot_id)",
    "loaded": "SELECT uri, started_at FROM sightings"
    " JOIN documents USING (document_id) JOIN loads USING (load_id)",
    "rejects": "SELECT uri, line, text, reason FROM rejects JOIN documents USING (document_id)",
    "observations": "SELECT station_id, observed_at, temperature_c FROM observations"
    " WHERE station_id IN (SELECT station_id FROM stations)"
    " AND observed_at <> TIMESTAMPTZ '2022-08-08 15:00:00+09'",  # of the feed, since version 5
    "loads": "SELECT * EXCLUDE (load_id) FROM loads",
}
"""What every version stores, without ids, which versions write differently."""

DERIVED = (
    "snapshots",
    "readings",
    "quality",
    "repeated_lists",
    "observations",
    "latest_readings",
    "newest_snapshot",
    "regional_temperatures",
)
"""Tables and views that do not depend on the addresses of pages or the time of loads."""


def facts(file: Path) -> dict[str, Rows]:
    with duckdb.connect(str(file), read_only=True) as con:
        return {name: con.execute(f"{sql} ORDER BY ALL").fetchall() for name, sql in FACTS.items()}


def derived(warehouse: Warehouse) -> dict[str, Rows]:
    with warehouse.reader() as con:
        found = {name: con.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in DERIVED}
        conclusions = "SELECT * EXCLUDE (first_document_id) FROM conclusions ORDER BY ALL"
        return found | {"conclusions": con.execute(conclusions).fetchall()}


def load_samples(warehouse: Warehouse) -> Any:
    pages = [str(path) for path in sorted(SAMPLES.iterdir()) if path.name[:2] in PAGES]
    assert len(pages) == len(PAGES)
    parts = stage_all(plan(pages).partitions, warehouse.folder.parent / "staged")
    return load_parts(warehouse, [each.folder for each in parts])


@dataclass(frozen=True)
class Upgraded:
    """A stored warehouse after the first run that writes."""

    warehouse: Warehouse
    before: dict[str, Rows]
    after: dict[str, Rows]
    version: int
    """The version that the stored warehouse had."""


@pytest.fixture(scope="module", params=VERSIONS)
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    version: int = request.param
    folder = tmp_path_factory.mktemp(f"version{version}") / "warehouse"
    folder.mkdir()
    warehouse = Warehouse(folder)
    content = lzma.decompress((OLDER / f"{version:04}{ENDING}").read_bytes())
    warehouse.database.write_bytes(content)
    warehouse.published.write_bytes(content)
    before = facts(warehouse.database)
    with duckdb.connect(str(warehouse.database), read_only=True) as con:
        (stored,) = con.execute("SELECT max(version) FROM meta.migrations").fetchall()[0]
    assert stored == version
    with warehouse.writer():
        pass
    return Upgraded(warehouse, before, facts(warehouse.database), version)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """What this version makes of the same pages and the same official values."""
    warehouse = Warehouse(tmp_path_factory.mktemp("fresh") / "warehouse")
    load_samples(warehouse)
    with warehouse.writer() as con:
        con.execute(
            "INSERT INTO observations SELECT station_id, TIMESTAMPTZ '2025-12-19 09:00:00+09',"
            " temperature_c, 'portal' FROM readings JOIN snapshots USING (snapshot_id)"
            " WHERE observed_on = DATE '2025-12-19' AND temperature_c IS NOT NULL"
        )
    return derived(warehouse)


def test_a_warehouse_of_every_version_is_stored() -> None:
    missing = migration_files().keys() - set(VERSIONS)
    assert not missing, "store a warehouse: tests/warehouse/older/store_warehouse.py"


def test_an_upgrade_keeps_every_row(upgraded: Upgraded) -> None:
    assert upgraded.after == upgraded.before
    counts = {name: len(rows) for name, rows in upgraded.before.items()}
    assert (counts["documents"], counts["readings"], counts["loads"]) == (7, 230, 2)
    assert counts["loaded"] == counts["sightings"] == 7
    assert counts["observations"] == 16
    assert [reason for *_, reason in upgraded.before["rejects"]] == ["cut_line"]


def test_an_upgraded_warehouse_equals_one_that_loads_the_same_pages(
    upgraded: Upgraded, fresh: dict[str, Rows]
) -> None:
    found = derived(upgraded.warehouse)
    for name, rows in fresh.items():
        assert found[name] == rows, name
        assert rows, name


def test_every_view_of_an_upgraded_warehouse_can_be_read(upgraded: Upgraded) -> None:
    with upgraded.warehouse.reader() as con:
        for view in view_names():
            con.execute(f"FROM {view}").fetchall()
        applied = con.execute("SELECT version FROM meta.migrations ORDER BY version").fetchall()
    assert [version for (version,) in applied] == sorted(migration_files())
    assert list(check_databases(upgraded.warehouse)) == []


def test_a_load_after_an_upgrade_finds_the_lists_and_adds_what_is_new(
    upgraded: Upgraded, tmp_path: Path
) -> None:
    """The last test of a version, because it changes the warehouse."""
    again = load_samples(upgraded.warehouse)  # under other addresses
    assert (again.documents_new, again.snapshots_new, again.readings_new) == (7, 0, 0)
    page = Page("https://a.example/new", [Ticker(date(2025, 12, 30), {108: 1.0, 159: 9.0})])
    load_parts(upgraded.warehouse, [part(tmp_path / "part", [page])])
    with upgraded.warehouse.reader() as con:
        newest = con.execute("SELECT observed_on, station_count FROM newest_snapshot").fetchall()
        (rows,) = con.execute("SELECT count(*) FROM readings").fetchall()
    assert newest == [(date(2025, 12, 30), 2)]
    assert rows == (230 + 2,)
