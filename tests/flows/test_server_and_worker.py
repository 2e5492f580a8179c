"""docs/operations.md from "A server" on: every command, against a server and a worker.

The tests go through the page from "A server" to its end. Each continues where the one before ended.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flows.serve import KST
from nalssi.warehouse import Warehouse
from tests.flows.cross_site_requests import REFUSED, websockets_that_open, wrongly_answered
from tests.flows.operations_guide import (
    BACKUP,
    LIVE,
    PAGE,
    SAVED,
    SERVER,
    SHOWN,
    WATCH,
    add_source,
    new_desk,
    news_site,
    set_up_warehouse,
    typed,
)
from tests.flows.prefect_services import Api, Desk, free_port, kill, see_in_browser, wait_until

pytestmark = [pytest.mark.process, pytest.mark.make_services]

UNDER_WAY = ("PENDING", "RUNNING")

Runs = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the front page of a news site."""
    with news_site(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="module")
def desk(prefect_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The home of a user who has run a flow before."""
    desk = new_desk(tmp_path_factory.mktemp("home"))
    shutil.copytree(prefect_home, desk.home / ".prefect")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def api(desk: Desk, site: str) -> Api:
    """A server with its deployments and a worker, set up as the page says."""
    address = f"http://127.0.0.1:{free_port()}"
    lines = [
        line.replace(SHOWN[SERVER], address).replace("4300", address.rpartition(":")[2])
        for line in PAGE[SERVER]
    ]
    starting = next(n for n, line in enumerate(lines) if line.startswith("prefect server start"))
    *set_up, start_worker, _ = lines[starting + 1 :]
    set_up_warehouse(desk, site)
    typed(desk, *lines[:starting])
    desk.start(lines[starting], "server.log")
    api = Api(f"{address}/api", desk.type("cat ~/prefect-auth").stdout.strip())
    wait_until(api.answers)
    typed(desk, *set_up)
    desk.start(start_worker, "worker.log")
    return api


@pytest.fixture(scope="module")
def runs(desk: Desk, site: str, api: Api) -> Runs:
    """The ended runs: two backfills, and three hourly runs that were due before the server started.

    All were created at the same time.
    """
    api.pause("hourly")  # its schedule may be due now, too
    if begun := [r["id"] for r in api.filter("flow_runs") if r["state_type"] in UNDER_WAY]:
        api.ended(begun)
    # A scheduled run may have captured the front page just now. It is then due in an hour.
    add_source(desk, "later", site.replace("front", "later"))
    missed = [datetime.now(UTC) - timedelta(hours=hours) for hours in (3, 2, 1)]
    asked = {
        "backfill": [
            api.trigger("backfill", sources=[str(page)], formats=["png"]) for page in SAVED
        ],
        "hourly": [api.trigger("hourly", at=at.isoformat(), formats=["png"]) for at in missed],
    }
    return {name: api.ended(ids) for name, ids in asked.items()}


def test_what_is_deployed_has_its_schedule_in_korean_time_and_its_limit(api: Api) -> None:
    found = api.deployments()
    assert {
        name: [(each["schedule"]["timezone"], each["active"]) for each in deployment["schedules"]]
        for name, deployment in found.items()
    } == {
        "hourly": [("Asia/Seoul", True)],
        "daily": [("Asia/Seoul", True)],
        "backfill": [],
    }
    assert not any(deployment["paused"] for deployment in found.values())
    assert {
        name: (
            deployment["global_concurrency_limit"]["limit"],
            deployment["concurrency_options"]["collision_strategy"],
        )
        for name, deployment in found.items()
    } == {"hourly": (1, "CANCEL_NEW"), "daily": (1, "CANCEL_NEW"), "backfill": (1, "ENQUEUE")}


def test_runs_are_due_when_the_schedules_say(api: Api) -> None:
    due = {"hourly": {(hour, 10) for hour in range(24)}, "daily": {(4, 40)}}
    for name, times in due.items():
        deployment = {"id": {"any_": [api.deployments()[name]["id"]]}}
        coming = wait_until(
            lambda of=deployment: [
                datetime.fromisoformat(run["expected_start_time"]).astimezone(KST)
                for run in api.filter("flow_runs", deployments=of)
                if run["auto_scheduled"]
            ]
        )
        assert {(at.hour, at.minute) for at in coming} <= times


def test_of_several_late_runs_one_runs_and_the_others_are_cancelled(runs: Runs) -> None:
    states = sorted(run["state_type"] for run in runs["hourly"])
    assert states == ["CANCELLED", "CANCELLED", "COMPLETED"]


def test_two_backfills_take_turns(runs: Runs) -> None:
    assert [run["state_type"] for run in runs["backfill"]] == ["COMPLETED", "COMPLETED"]
    one, other = sorted(runs["backfill"], key=lambda run: str(run["start_time"]))
    assert one["end_time"] <= other["start_time"]


def test_every_load_has_its_flow_run_and_no_two_loads_overlap(desk: Desk, runs: Runs) -> None:
    completed = {
        run["id"] for some in runs.values() for run in some if run["state_type"] == "COMPLETED"
    }
    with Warehouse(desk.home / "weather").reader() as con:
        loads = con.execute(
            "SELECT flow_run_id, started_at, finished_at FROM loads ORDER BY started_at"
        ).fetchall()
        pages = con.execute("SELECT uri FROM documents").fetchall()
    assert completed <= {flow_run_id for flow_run_id, *_ in loads}
    assert all(one[2] <= other[1] for one, other in pairwise(loads))
    assert {page.as_uri() for page in SAVED} < {uri for (uri,) in pages}
    assert any(uri.startswith("http://127.0.0.1") for (uri,) in pages)


def test_a_runs_artifacts_show_its_load_and_its_gallery(desk: Desk, api: Api, runs: Runs) -> None:
    artifacts = api.artifacts(runs["backfill"][0]["id"])
    assert artifacts["load"]["type"] == "markdown"
    assert "| documents read | 1 |" in artifacts["load"]["data"]
    index = desk.home / "weather" / "gallery" / "index.html"
    assert index.exists()
    assert f"`{index}`" in artifacts["gallery"]["data"]
    (hourly,) = (run for run in runs["hourly"] if run["state_type"] == "COMPLETED")
    assert '"new"' in str(api.artifacts(hourly["id"])["captures"]["data"])


def test_the_ui_of_the_server_shows_a_run_to_those_who_have_the_password(
    desk: Desk, api: Api, runs: Runs
) -> None:
    password = desk.type("cat ~/prefect-auth").stdout.strip()
    assert (desk.home / "prefect-auth").stat().st_mode & 0o077 == 0
    see_in_browser(api.url.removesuffix("/api"), runs["backfill"][0]["name"], password)
    unasked = [request for request in REFUSED if request.name.startswith("no password")]
    assert wrongly_answered(unasked, api.url, password) == {}
    assert websockets_that_open(api.url, password, ("no password", "wrong password")) == []


def test_a_run_can_be_started_by_hand(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    assert "Completed" in typed(desk, PAGE[SERVER][-1])[0]


def test_a_relative_source_starts_at_the_warehouse_folder_and_a_missing_one_is_counted(
    desk: Desk,
    api: Api,
    runs: Runs,  # noqa: ARG001
) -> None:
    saved = desk.home / "weather" / "saved"
    saved.mkdir()
    (saved / "page.txt").write_bytes(LIVE.read_bytes())
    (run,) = api.ended([api.trigger("backfill", sources=["saved", "nowhere"], formats=["png"])])
    assert (run["state_type"], run["state"]["name"]) == ("COMPLETED", "Partial")
    assert run["state"]["message"] == "1 of 2 sources could not be read"
    with Warehouse(desk.home / "weather").reader() as con:
        pages = con.execute("SELECT uri FROM documents").fetchall()
    assert ((saved / "page.txt").as_uri(),) in pages


def test_a_backup_can_be_restored(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    said = typed(desk, *PAGE[BACKUP])
    assert said[1] == said[-1]


def test_the_metrics_are_written(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    typed(desk, *PAGE["Metrics for Prometheus"])
    assert "nalssi_problems 0\n" in (desk.home / "nalssi.prom").read_text()


def test_the_doctor_has_nothing_to_do(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    shown, printed = typed(desk, *PAGE["The doctor"])
    assert shown.splitlines()[-1] == "nothing to do"
    assert json.loads(printed)["healthy"]


def test_the_commands_of_the_section_what_to_watch_succeed(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    monitor, ingest, *queries = PAGE[WATCH]
    assert json.loads(typed(desk, monitor)[0])["stale"] == []

    logged = desk.type(ingest)
    assert logged.returncode == 0
    lines = [json.loads(line) for line in logged.stderr.splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    (load,) = (line for line in lines if "snapshots_new" in line.get("counts", ()))
    assert load["task"].startswith("load-")
    assert load["counts"]["documents_read"] == 1

    _, inspected, _ = typed(desk, *queries)
    assert load["flow_run_id"] in inspected
    assert load["flow_run"] in inspected


def test_a_server_that_goes_away_is_named_and_the_next_run_goes_on(desk: Desk, api: Api) -> None:
    """The last test of this file, because it kills the server."""
    *_, server, worker = desk.started
    kill(worker)
    folder = desk.home / "interrupted"
    ingest = "env PREFECT_CLIENT_MAX_RETRIES=1 nalssi ingest"  # do not wait for a restart
    run = desk.start(f"{ingest} - --warehouse {folder}", "mid.log", stdin=subprocess.PIPE)
    wait_until((folder / "spool").exists)  # the run has started and waits for input
    kill(server)
    assert run.stdin
    run.stdin.write(LIVE.read_bytes())
    run.stdin.close()
    assert run.wait() == 1
    line = f"nalssi: Prefect's server at {api.url} does not answer: connection refused"
    assert desk.said("mid.log").splitlines()[-1] == line
    assert "Traceback" not in desk.said("mid.log")

    before = desk.type(f"{ingest} {LIVE} --warehouse {folder}")
    assert (before.returncode, before.stdout, before.stderr) == (1, "", f"{line}\n")

    del desk.exports["export PREFECT_API_URL"]
    typed(desk, f"{ingest} {LIVE} --warehouse {folder}")
    with Warehouse(folder).reader() as con:
        assert con.execute("SELECT count(*) FROM snapshots").fetchall() == [(1,)]
