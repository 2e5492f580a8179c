"""docs/operations.md, command by command: `nalssi serve` on a laptop, a server with a worker.

The tests go through the page from its beginning to its end, each where the last one left it.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest

from nalssi.common.korea_time import KST
from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.warehouse import Warehouse
from tests.flows.cross_site_requests import (
    ANSWERED,
    REFUSED,
    UI,
    websockets_that_open,
    wrongly_answered,
)
from tests.flows.prefect_services import (
    Api,
    Desk,
    Process,
    commands,
    free_port,
    kill,
    see_in_browser,
    wait_until,
)

PAGE = commands(CHECKOUT / "docs" / "operations.md")
LAPTOP, SERVER, BACKUP, WATCH = "A laptop", "A server", "Backup and restore", "What to watch"
SHOWN = {LAPTOP: "http://127.0.0.1:4200", SERVER: "http://127.0.0.1:4300"}
"""Where the page has a server."""
UNDER_WAY = ("PENDING", "RUNNING")
LIVE = SAMPLES / "03-same-ticker-another-site.txt"
LATER = SAMPLES / "02-date-without-space.txt"
SAVED = [SAMPLES / "17-cut-inside-a-line.txt", LATER]

Runs = dict[str, list[dict[str, Any]]]


class Site(SimpleHTTPRequestHandler):
    """A news site on this machine."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of its front page."""
    folder = tmp_path_factory.mktemp("site")
    for name, page in (("front.txt", LIVE), ("later.txt", LATER)):
        (folder / name).write_bytes(page.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/front.txt"
    server.shutdown()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(
        tmp_path_factory.mktemp("home"),
        # Sooner than people need it.
        PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS="1",
        PREFECT_WORKER_QUERY_SECONDS="1",
        PREFECT_RUNNER_POLL_FREQUENCY="1",
        PREFECT_CLIENT_MAX_RETRIES="2",
    )
    yield desk
    desk.close()


def typed(desk: Desk, *lines: str) -> list[str]:
    """Type lines of the page; what each says."""
    said = []
    for line in lines:
        done = desk.type(line)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        said.append(done.stdout)
    return said


def add_source(desk: Desk, name: str, url: str) -> None:
    """Add a page to those that are captured."""
    with (desk.home / "weather" / "sources.toml").open("a") as file:
        file.write(
            f'[[source]]\nname = "{name}"\nurl = "{url}"\nkind = "text"\n'
            'allow_private = ["127.0.0.0/8"]\n'
        )


def children(process: Process) -> list[int]:
    """Processes of its session, and servers that it brought along."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,sess=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, session, _ in rows if int(session) == process.pid]


def assert_guarded(ui: str, password: str) -> None:
    """The server refuses what it should; Prefect's own clients and UI are let in."""
    assert wrongly_answered(REFUSED, ui, password) == {}
    assert wrongly_answered([*ANSWERED, *UI], ui, password) == {}
    assert websockets_that_open(ui, password) == []


def assert_said_once(password: str, log: str) -> None:
    """The password is in the second line that the service printed and nowhere else."""
    secret = password.partition(":")[2]
    assert log.count(secret) == 1
    assert log.splitlines()[1].startswith(f"password: {password}, shown once; it is in /")
    arguments = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True)
    assert secret not in arguments.stdout


def assert_wrong_passwords_are_told_of(desk: Desk, ui: str) -> None:
    for given, problem in (
        ("-u PREFECT_API_AUTH_STRING", "asks for a password: set PREFECT_API_AUTH_STRING"),
        ("PREFECT_API_AUTH_STRING=a:b", "refuses the password in PREFECT_API_AUTH_STRING"),
    ):
        for command in ("charts", "serve"):
            done = desk.type(f"env {given} nalssi {command}")
            line = f"nalssi: Prefect's server at {ui}/api {problem}\n"
            assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_a_laptop(desk: Desk, site: str) -> None:
    lines = PAGE[LAPTOP]
    serving = lines.index("nalssi serve")
    typed(desk, *lines[:serving])
    (desk.home / "weather" / "sources.toml").write_text("")  # not those of the example
    add_source(desk, "front", site)
    service = desk.start(lines[serving], "serve.log")
    wait_until(lambda: "UI: " in desk.said("serve.log") or service.poll() is not None)
    said = desk.said("serve.log").splitlines()[0]
    due = r"hourly at \d{4}-\d\d-\d\d \d\d:10|daily at \d{4}-\d\d-\d\d 04:40"
    assert re.fullmatch(
        f"serving hourly, daily, backfill into {desk.home}/weather; next: ({due}) KST; UI: .+", said
    )
    ui = said.rpartition(" ")[2]
    *_, backfill, _ = typed(
        desk, *(line.replace(SHOWN[LAPTOP], ui) for line in lines[serving + 1 :])
    )
    assert "Completed" in backfill
    with Warehouse(desk.home / "weather").reader() as con:
        uris = con.execute("SELECT uri FROM documents").fetchall()
    assert (f"{CHECKOUT.as_uri()}/data/samples/01-seed-glued-spaced.txt",) in uris
    assert (desk.home / "weather" / "gallery" / "index.html").exists()

    password = desk.type("cat ~/.prefect/nalssi-auth").stdout.strip()
    assert_guarded(ui, password)
    (loaded,) = Api(f"{ui}/api", password).filter(
        "flow_runs", flows={"name": {"any_": ["weather"]}}
    )
    see_in_browser(ui, loaded["name"], password)
    assert_said_once(password, desk.said("serve.log"))
    assert_wrong_passwords_are_told_of(desk, ui)

    service.send_signal(signal.SIGTERM)
    assert service.wait() == 0
    assert "Traceback" not in desk.said("serve.log")
    assert not children(service)
    wait_until(lambda: not Api(f"{ui}/api").answers())


@pytest.fixture(scope="module")
def api(desk: Desk) -> Api:
    """A server with its deployments and a worker, set up as the page says."""
    address = f"http://127.0.0.1:{free_port()}"
    lines = [
        line.replace(SHOWN[SERVER], address).replace("4300", address.rpartition(":")[2])
        for line in PAGE[SERVER]
    ]
    starting = next(n for n, line in enumerate(lines) if line.startswith("prefect server start"))
    *set_up, start_worker, _ = lines[starting + 1 :]
    desk.exports.clear()
    typed(desk, PAGE[LAPTOP][0], *lines[:starting])
    desk.start(lines[starting], "server.log")
    api = Api(f"{address}/api", desk.type("cat ~/prefect-auth").stdout.strip())
    wait_until(api.answers)
    typed(desk, *set_up)
    desk.start(start_worker, "worker.log")
    return api


@pytest.fixture(scope="module")
def runs(desk: Desk, site: str, api: Api) -> Runs:
    """Asked for at once: two backfills, and three hourly runs that were due while nobody was there.

    Each as it ended.
    """
    api.pause("hourly")  # it may be about to be due now, too
    if begun := [r["id"] for r in api.filter("flow_runs") if r["state_type"] in UNDER_WAY]:
        api.ended(begun)
    # It may have just been due, here or on the laptop: then the front page is due in an hour.
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


def test_every_load_joins_to_its_flow_run_and_no_two_wrote_at_once(desk: Desk, runs: Runs) -> None:
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


def test_a_runs_artifacts_tell_what_it_loaded_and_lead_to_the_gallery(
    desk: Desk, api: Api, runs: Runs
) -> None:
    artifacts = api.artifacts(runs["backfill"][0]["id"])
    assert artifacts["load"]["type"] == "markdown"
    assert "| documents read | 1 |" in artifacts["load"]["data"]
    index = desk.home / "weather" / "gallery" / "index.html"
    assert index.exists()
    assert index.as_uri() in artifacts["gallery"]["data"]
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


def test_a_run_started_by_hand(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    assert "Completed" in typed(desk, PAGE[SERVER][-1])[0]


def test_a_relative_source_belongs_to_the_warehouses_folder_and_a_missing_one_is_named(
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


def test_what_is_backed_up_can_be_restored(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
    said = typed(desk, *PAGE[BACKUP])
    assert said[1] == said[-1]


def test_what_to_watch(desk: Desk, runs: Runs) -> None:  # noqa: ARG001
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
    """The last test: it takes the server away."""
    *_, server, worker = desk.started
    kill(worker)
    folder = desk.home / "interrupted"
    ingest = "env PREFECT_CLIENT_MAX_RETRIES=1 nalssi ingest"  # not waiting until it is back
    run = desk.start(f"{ingest} - --warehouse {folder}", "mid.log", stdin=subprocess.PIPE)
    wait_until((folder / "spool").exists)  # it has begun, and waits for its input
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
