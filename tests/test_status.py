"""What `nalssi status` shows of a warehouse, and what other tools see in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows import artifacts
from nalssi.cli.status_command import _contents
from nalssi.common.korea_time import KST
from nalssi.status import status
from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.views import view_names
from tests.warehouse.make_parts import Page, Ticker, part

OLD, NEW = Ticker(date(2024, 5, 6), {108: 15.0}), Ticker(date(2025, 12, 19), {108: -3.2, 159: 4.1})


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", [Page("a", [OLD, NEW])])])
    return warehouse


def test_status_has_rows_newest_snapshot_and_newest_load(warehouse: Warehouse) -> None:
    found = status(warehouse)
    assert found.rows["readings"] == 3
    assert found.first_on == OLD.on
    assert found.newest_snapshot
    assert found.newest_snapshot["snapshot_id"] == NEW.snapshot_id
    assert found.last_load
    assert found.last_load["readings_new"] == 3
    assert found.versions["parser"] == 1
    assert found.bytes_on_disk["published.duckdb"] > 0
    assert found.bytes_on_disk["gallery"] == 0
    plain = json.loads(json.dumps(found.as_json()))
    assert plain["newest_snapshot"]["observed_on"] == "2025-12-19"
    assert plain["last_load"]["finished_at"].endswith("+09:00")


def test_a_captured_list_is_shown_with_its_capture_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = datetime(2025, 12, 20, 0, 15, tzinfo=KST)
    captured = Page("a", [Ticker(seen.date(), {108: -3.2, 159: 4.1})], captured_at=seen)
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", [captured])])
    found = status(warehouse, now=(seen + timedelta(hours=3)).astimezone(UTC))
    assert found.newest_age_hours == 3
    assert found.as_json()["newest_snapshot"]["clock_source"] == "capture"
    dates = dict(_contents(found))["dates"]
    assert dates == "2025-12-20 to 2025-12-20 (captured at 00:15 KST), 3 hours ago"

    tables: list[list[dict[str, object]]] = []
    monkeypatch.setattr(artifacts, "create_table_artifact", lambda rows, **_: tables.append(rows))
    monkeypatch.setattr(artifacts, "create_markdown_artifact", lambda *_, **__: None)
    with warehouse.reader() as con:
        artifacts.create_regions_artifacts(con)
    assert {(row["day"], row["time"]) for row in tables[0]} == {
        ("2025-12-20", "captured at 00:15 KST")
    }


def test_an_empty_warehouse_has_a_status(tmp_path: Path) -> None:
    with Warehouse(tmp_path).writer():
        pass
    found = status(Warehouse(tmp_path))
    assert (found.newest_snapshot, found.last_load, found.rows["readings"]) == (None, None, 0)


def test_status_without_a_warehouse_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse"):
        status(Warehouse(tmp_path))


@pytest.mark.process
def test_the_client_of_duckdb_1_opens_what_is_published(warehouse: Warehouse) -> None:
    client = shutil.which("duckdb", path=str(Path(sys.executable).parent))
    assert client, "duckdb-cli is among the development requirements, but not installed"
    version = subprocess.run([client, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v1.")
    asked = [
        "SELECT name_ko, temperature_c FROM latest_readings ORDER BY station_id",
        "SELECT comment FROM duckdb_columns()"
        " WHERE table_name = 'readings' AND column_name = 'temperature_c'",
        "SELECT count(*) AS views FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL",
        "FROM regional_temperatures",
        "FROM extremes",
        "FROM coverage",
        "FROM frozen_feeds",
        "FROM quality_summary",
        "FROM sites",
    ]
    answers = []
    for sql in asked:
        done = subprocess.run(
            [client, "-readonly", "-json", str(warehouse.published), sql],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout or "[]"))
    assert answers[0] == [
        {"name_ko": "서울", "temperature_c": -3.2},
        {"name_ko": "부산", "temperature_c": 4.1},
    ]
    assert "[°C]" in answers[1][0]["comment"]
    assert answers[2] == [{"views": len(view_names())}]
