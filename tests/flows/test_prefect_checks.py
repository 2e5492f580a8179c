"""Prefect's history is read without Prefect: runs that never ended, and damage of its database."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from flows.prefect_checks import examine_prefect
from flows.prefect_database import SCRIPT
from flows.prefect_history import orphaned_runs, process_tag
from nalssi.doctor import Finding

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ENDED = f"process:{socket.gethostname()}:{2**22 + 1}:1"
ELSEWHERE = "process:another-host:1:1"


@pytest.fixture(scope="module")
def script() -> str:
    return SCRIPT.read_text("utf-8")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A new database of Prefect, in the Prefect home of this test."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        connection.executescript(script)
        connection.execute("INSERT INTO flow (id, name) VALUES ('f', 'ingest')")
        connection.commit()
    return tmp_path / "prefect.db"


def add_run(
    database: Path,
    run_id: str,
    *,
    state: str = "RUNNING",
    tags: tuple[str, ...] = (),
    since: datetime = NOW - timedelta(hours=1),
    deployment: str | None = None,
    infrastructure: str | None = None,
) -> None:
    at = f"{since:%Y-%m-%d %H:%M:%S.%f}"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO flow_run (id, name, flow_id, state_type, state_name, state_timestamp,"
            " start_time, tags, deployment_id, infrastructure_pid)"
            " VALUES (?, 'gray-owl', 'f', ?, ?, ?, ?, ?, ?, ?)",
            [
                run_id, state, state.title(), at, at,
                json.dumps(["nalssi", *tags]), deployment, infrastructure,
            ],
        )  # fmt: skip
        connection.commit()


def orphans(database: Path) -> set[str]:
    return {run.run_id for run in orphaned_runs(database, NOW)}


def severities(findings: list[Finding]) -> set[str]:
    return {finding.severity for finding in findings}


def test_a_run_whose_process_ended_never_ended(database: Path) -> None:
    mine = process_tag()
    later = mine.rpartition(":")[0] + ":1"  # another process had this id before
    host = socket.gethostname()
    add_run(database, "ended", tags=(ENDED,))
    add_run(database, "same-id", tags=(later,))
    add_run(database, "runs", tags=(mine,))
    add_run(database, "elsewhere", tags=(ELSEWHERE,))
    add_run(database, "unknown")
    add_run(database, "not-ours", tags=("process:of:somebody",))
    add_run(database, "completed", state="COMPLETED", tags=(ENDED,))
    add_run(database, "cancelling", state="CANCELLING", tags=(ENDED,))
    add_run(database, "worker-ended", deployment="d", infrastructure=f"{host}:{2**22 + 1}")
    add_run(database, "worker-runs", deployment="d", infrastructure=f"{host}:{os.getpid()}")
    add_run(database, "worker-elsewhere", deployment="d", infrastructure="another-host:1")
    assert orphans(database) == {"ended", "same-id", "cancelling", "worker-ended"}


@pytest.mark.process
def test_a_run_of_a_deployment_is_found_by_the_environment_of_its_process(database: Path) -> None:
    add_run(database, "served-runs", deployment="d")
    add_run(database, "served-ended", deployment="d")
    add_run(database, "served-starts", deployment="d", since=NOW)
    environment = os.environ | {"PREFECT__FLOW_RUN_ID": "served-runs"}
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        found = orphans(database)
        process.communicate(b"\n")
    assert found == {"served-ended"}
    assert orphans(database) == {"served-ended", "served-runs"}


def test_there_are_no_orphaned_runs_without_a_database(tmp_path: Path) -> None:
    assert orphaned_runs(tmp_path / "prefect.db") == []
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_says_how_to_remove_a_run_that_never_ended(database: Path) -> None:
    assert severities(examine_prefect(NOW)) == {"ok"}
    add_run(database, "ended", tags=(ENDED,))
    (found,) = (each for each in examine_prefect(NOW) if each.check == "runs")
    assert found.severity == "warning"
    assert found.message == (
        "the run ingest 'gray-owl' (ended) has the state Running since 2026-11-29 20:00 KST,"
        " but its process has ended"
    )
    assert found.advice == "prefect --no-prompt flow-run delete ended"


def test_a_damaged_database_is_found(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 9] = b"\xff" * (4096 * 6)
    database.write_bytes(content)
    (found,) = (each for each in examine_prefect(NOW) if each.check == "prefect database")
    assert found.severity == "error"
    assert found.advice
    assert found.advice.startswith(f"mv {database} {database}.damaged")


def test_a_file_that_is_no_database_is_found(database: Path) -> None:
    database.write_bytes(b"no database" * 1_000)
    (found,) = (each for each in examine_prefect(NOW) if each.check == "prefect database")
    assert "not a database" in found.message


def test_a_database_of_a_newer_prefect_is_found(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
        connection.commit()
    messages = [each.message for each in examine_prefect(NOW) if each.severity == "error"]
    assert messages == [
        f"{database} has the migration ffffffffffff, which the installed Prefect does not know"
    ]


def test_a_password_that_others_can_read_is_found(database: Path) -> None:
    password = database.with_name("nalssi-auth")
    password.write_text("nalssi:secret")
    password.chmod(0o644)
    (found,) = (each for each in examine_prefect(NOW) if each.severity == "error")
    assert found.advice == f"chmod 600 {password}"
    assert "secret" not in found.message


class _Server(BaseHTTPRequestHandler):
    """Answers as the API of Prefect's server does."""

    answers: ClassVar[dict[str, list[dict[str, Any]]]] = {
        "/api/flow_runs/filter": [
            {
                "id": "there",
                "name": "red-fox",
                "flow_id": "f",
                "state_name": "Running",
                "state": {"timestamp": "2026-11-29T10:00:00.000Z"},
                "start_time": None,
                "tags": [ENDED],
                "deployment_id": None,
                "infrastructure_pid": None,
            }
        ],
        "/api/flows/filter": [{"id": "f", "name": "hourly"}],
    }

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        allowed = self.headers["Authorization"] == "Basic dXNlcjpzZWNyZXQ="  # user:secret
        body = json.dumps(self.answers[self.path] if allowed else {}).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Do not log requests."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Server) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{serving.server_port}/api"
        monkeypatch.setenv("PREFECT_API_URL", address)
        yield address
        serving.shutdown()
        thread.join()


@pytest.mark.usefixtures("database")
def test_the_runs_of_a_server_are_examined(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "user:secret")
    (found,) = (each for each in examine_prefect(NOW) if each.check == "runs")
    assert found.message.startswith("the run hourly 'red-fox' (there) has the state Running since")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "user:wrong")
    (found,) = (each for each in examine_prefect(NOW) if each.check == "runs")
    assert found.message == f"Prefect's server at {server} answers with HTTP status 401"


@pytest.mark.usefixtures("database")
def test_a_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    (found,) = (each for each in examine_prefect(NOW) if each.check == "runs")
    assert found.severity == "error"
    assert found.message.startswith("Prefect's server at http://127.0.0.1:9/api does not answer")
