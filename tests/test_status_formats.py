"""`status --json` obeys its schema, and `--prometheus` writes metrics that Prometheus can read."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families

from flows.prefect_database import SCRIPT
from nalssi.capture.capture_log import Attempt
from nalssi.capture.landing import Landing
from nalssi.capture.source_health import SourceHealth, State
from nalssi.common.korea_time import KST
from nalssi.common.paths import CHECKOUT
from nalssi.prometheus import STATES, metrics_text
from nalssi.status import Status, status
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from schemas.contracts import TABLES
from tests.cli.run_nalssi import nalssi
from tests.warehouse.make_parts import Page, Ticker, part

SCHEMA = json.loads((CHECKOUT / "docs" / "status.schema.json").read_text("utf-8"))
NOW = datetime(2025, 12, 20, 3, tzinfo=UTC)
SEEN = datetime(2025, 12, 20, 0, 15, tzinfo=KST)

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with a list, and with two captured sources."""
    folder = tmp_path_factory.mktemp("status")
    warehouse = Warehouse(folder / "warehouse")
    captured = Page("a", [Ticker(SEEN.date(), {108: -3.2, 159: 4.1})], captured_at=SEEN)
    load_parts(warehouse, [part(folder / "part", [captured])])
    landing = Landing(warehouse)
    with landing.locked():
        for name, outcome in (("paper", "unchanged"), ("broken", "failed")):
            error = None if outcome == "unchanged" else "HTTP status 500"
            at = NOW - timedelta(minutes=5)
            landing.log_attempt(Attempt(at, name, "u", 3600, outcome, error=error))  # type: ignore[arg-type]
    return warehouse


@pytest.fixture(autouse=True)
def no_prefect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    return tmp_path / "prefect.db"


def errors(values: object) -> list[str]:
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(values)]


def samples(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_schema_is_valid_and_closed() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    objects: list[dict[str, Any]] = [SCHEMA, SCHEMA["properties"]["versions"]]
    objects += [each for each in SCHEMA["$defs"].values() if "properties" in each]
    assert len(objects) == 5
    for each in objects:
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])


def test_the_schema_has_the_fields_of_the_status_and_of_its_rows(warehouse: Warehouse) -> None:
    assert list(SCHEMA["properties"]) == [field.name for field in fields(Status)]
    definitions = SCHEMA["$defs"]
    assert list(definitions["load"]["properties"]) == list(TABLES["loads"].to_schema().columns)
    assert list(definitions["source"]["properties"]) == [f.name for f in fields(SourceHealth)]
    assert tuple(definitions["source"]["properties"]["state"]["enum"]) == STATES
    with warehouse.reader() as con:
        columns = [name for name, *_ in con.execute("DESCRIBE newest_snapshot").fetchall()]
    assert list(definitions["snapshot"]["properties"]) == columns


def test_the_status_obeys_the_schema(warehouse: Warehouse, tmp_path: Path) -> None:
    full = status(warehouse, now=NOW, unended_runs=["a run"])
    assert full.sources
    assert full.newest_snapshot
    assert errors(full.as_json()) == []
    with Warehouse(tmp_path / "empty").writer():
        pass
    assert errors(status(Warehouse(tmp_path / "empty")).as_json()) == []
    only_captured = Landing(Warehouse(tmp_path / "captured"))
    with only_captured.locked():
        only_captured.log_attempt(Attempt(NOW, "paper", "u", 3600, "failed", error="x"))
    assert errors(status(Warehouse(tmp_path / "captured")).as_json()) == []


def test_a_status_with_another_value_does_not_obey_the_schema(warehouse: Warehouse) -> None:
    good = status(warehouse, now=NOW).as_json()
    for change in (
        {"bytes_free": "1"},
        {"bytes_free": -1},
        {"extra": 1},
        {"at": "2025-12-20"},
        {"at": "2025-12-20T12:00:00+00:00"},
        {"newest_snapshot": {}},
        {"sources": [{"source": "paper", "state": "fine"}]},
    ):
        assert errors({**good, **change}), change
    assert errors({name: value for name, value in good.items() if name != "stale"})


def test_prometheus_reads_the_metrics(warehouse: Warehouse) -> None:
    state = status(warehouse, now=NOW, unended_runs=["a run"])
    text = metrics_text(state)
    found = samples(text)
    assert found["nalssi_rows", (("table", "readings"),)] == 2
    assert found["nalssi_newest_snapshot_timestamp_seconds", ()] == SEEN.timestamp()
    assert found["nalssi_newest_snapshot_stations", ()] == 2
    assert (
        found["nalssi_first_day_timestamp_seconds", ()]
        == datetime(2025, 12, 20, tzinfo=KST).timestamp()
    )
    assert state.last_load
    finished = found["nalssi_last_load_finished_timestamp_seconds", ()]
    assert finished == state.last_load["finished_at"].timestamp()
    assert found["nalssi_last_load_readings_new", ()] == 2
    assert found["nalssi_disk_free_bytes", ()] == state.bytes_free
    assert found["nalssi_unended_runs", ()] == 1
    assert found["nalssi_problems", ()] == len(state.stale)
    ok = {key: value for key, value in found.items() if ("state", "ok") in key[1]}
    assert {dict(labels)["source"]: value for (_, labels), value in ok.items()} == {
        "paper": 1,
        "broken": 0,
    }
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation.endswith(".")
        assert text.count(f"# TYPE {family.name} ") == 1


def test_hostile_names_are_escaped() -> None:
    name = 'a"b\\c\n{d="e"} 1'
    hostile = Status(Path("w"), NOW, sources=[SourceHealth(name, "ok", tried_at=NOW)])
    found = samples(metrics_text(hostile))
    key = ("nalssi_source_last_attempt_timestamp_seconds", (("source", name),))
    assert found[key] == NOW.timestamp()


@pytest.mark.parametrize("state", STATES)
def test_one_state_of_a_source_is_set(state: State) -> None:
    found = samples(metrics_text(Status(Path("w"), NOW, sources=[SourceHealth("a", state)])))
    states = {dict(labels)["state"]: value for (name, labels), value in found.items() if labels}
    assert states == {each: float(each == state) for each in STATES}


def test_the_file_of_metrics_is_replaced_whole_or_not_at_all(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "nalssi.prom"
    run = nalssi("status", "--warehouse", warehouse.folder, "--prometheus", file, "--json")
    assert errors(json.loads(run.stdout)) == []
    written = file.read_text()
    assert samples(written)
    assert [path.name for path in tmp_path.iterdir()] == ["nalssi.prom"]

    def full(path: Path, text: str, encoding: str) -> None:
        path.write_bytes(text[:100].encode(encoding))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        nalssi("status", "--warehouse", warehouse.folder, "--prometheus", file)
    assert file.read_text() == written
    assert [path.name for path in tmp_path.iterdir()] == ["nalssi.prom"]


def test_a_run_that_never_ended_is_a_problem(warehouse: Warehouse, no_prefect: Path) -> None:
    with closing(sqlite3.connect(no_prefect)) as connection:
        connection.executescript(SCRIPT.read_text("utf-8"))
        connection.execute("INSERT INTO flow (id, name) VALUES ('f', 'hourly')")
        connection.execute(
            "INSERT INTO flow_run (id, name, flow_id, state_type, state_name, state_timestamp,"
            " deployment_id) VALUES ('r', 'gray-owl', 'f', 'RUNNING', 'Running',"
            " '2025-12-20 01:00:00', 'd')"
        )
        connection.commit()
    warehouse.lock.write_text(json.dumps({"pid": 7, "host": "desk", "since": "2025-12-20"}))
    run = nalssi("status", "--json", "--warehouse", warehouse.folder)
    warehouse.lock.write_text("")
    assert run.exit_code == 1
    printed = json.loads(run.stdout)
    assert errors(printed) == []
    assert printed["unended_runs"] == [
        "the last run to write never ended: process 7 on desk, since 2025-12-20",
        "the run hourly 'gray-owl' (r) never ended: its process has ended (see nalssi doctor)",
    ]
    for line in printed["unended_runs"]:
        assert f"nalssi: {line}\n" in run.stderr


def test_days_of_an_undated_warehouse_have_no_sample(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "w")
    undated = Page("a", [Ticker(None, {90: 3.0})], captured_at=None)
    load_parts(warehouse, [part(tmp_path / "part", [undated])])
    state = status(warehouse)
    assert errors(state.as_json()) == []
    names = {name for name, _ in samples(metrics_text(state))}
    assert "nalssi_first_day_timestamp_seconds" not in names
    assert state.first_on is None or isinstance(state.first_on, date)
