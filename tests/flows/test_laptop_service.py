"""docs/operations.md, "A laptop": every command, for a user who has never used Prefect."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nalssi.common.paths import CHECKOUT
from nalssi.warehouse import Warehouse
from tests.flows.cross_site_requests import (
    ANSWERED,
    REFUSED,
    UI,
    websockets_that_open,
    wrongly_answered,
)
from tests.flows.operations_guide import (
    LAPTOP,
    PAGE,
    SHOWN,
    START,
    new_desk,
    news_site,
    set_up_warehouse,
    typed,
)
from tests.flows.prefect_services import Api, Desk, Process, see_in_browser, wait_until

pytestmark = [pytest.mark.process, pytest.mark.make_services]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty home."""
    desk = new_desk(tmp_path / "home")
    desk.home.mkdir()
    yield desk
    desk.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of the front page of a news site."""
    (tmp_path / "site").mkdir()
    with news_site(tmp_path / "site") as address:
        yield address


def children(process: Process) -> list[int]:
    """Return the ids of the processes in the session that a process leads."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,sess=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, session, _ in rows if int(session) == process.pid]


def assert_filters_requests(ui: str, password: str) -> None:
    """Check that the server refuses other sites and accepts Prefect's own clients and UI."""
    assert wrongly_answered(REFUSED, ui, password) == {}
    assert wrongly_answered([*ANSWERED, *UI], ui, password) == {}
    assert websockets_that_open(ui, password) == []


def assert_printed_once(password: str, log: str) -> None:
    """Check that the password is in the second line of the output and nowhere else."""
    secret = password.partition(":")[2]
    assert log.count(secret) == 1
    assert log.splitlines()[1].startswith(f"password: {password}, shown once; it is in /")
    arguments = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True)
    assert secret not in arguments.stdout


def assert_wrong_passwords_are_reported(desk: Desk, ui: str) -> None:
    for given, problem in (
        ("-u PREFECT_API_AUTH_STRING", "asks for a password: set PREFECT_API_AUTH_STRING"),
        ("PREFECT_API_AUTH_STRING=a:b", "refuses the password in PREFECT_API_AUTH_STRING"),
    ):
        for command in ("charts", "serve"):
            done = desk.type(f"env {given} nalssi {command}")
            line = f"nalssi: Prefect's server at {ui}/api {problem}\n"
            assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_the_commands_of_the_section_on_a_laptop_succeed(desk: Desk, site: str) -> None:
    set_up_warehouse(desk, site)
    service = desk.start(PAGE[LAPTOP][START], "serve.log")
    wait_until(lambda: "UI: " in desk.said("serve.log") or service.poll() is not None)
    said = desk.said("serve.log").splitlines()[0]
    due = r"hourly at \d{4}-\d\d-\d\d \d\d:10|daily at \d{4}-\d\d-\d\d 04:40"
    assert re.fullmatch(
        f"serving hourly, daily, backfill into {desk.home}/weather; next: ({due}) KST; UI: .+", said
    )
    ui = said.rpartition(" ")[2]
    *_, backfill, _ = typed(
        desk, *(line.replace(SHOWN[LAPTOP], ui) for line in PAGE[LAPTOP][START + 1 :])
    )
    assert "Completed" in backfill
    with Warehouse(desk.home / "weather").reader() as con:
        uris = con.execute("SELECT uri FROM documents").fetchall()
    assert (f"{CHECKOUT.as_uri()}/data/samples/01-seed-glued-spaced.txt",) in uris
    assert (desk.home / "weather" / "gallery" / "index.html").exists()

    password = desk.type("cat ~/.prefect/nalssi-auth").stdout.strip()
    assert_filters_requests(ui, password)
    (loaded,) = Api(f"{ui}/api", password).filter(
        "flow_runs", flows={"name": {"any_": ["weather"]}}
    )
    see_in_browser(ui, loaded["name"], password)
    assert_printed_once(password, desk.said("serve.log"))
    assert_wrong_passwords_are_reported(desk, ui)

    service.send_signal(signal.SIGTERM)
    assert service.wait() == 0
    assert "Traceback" not in desk.said("serve.log")
    assert not children(service)
    wait_until(lambda: not Api(f"{ui}/api").answers())
