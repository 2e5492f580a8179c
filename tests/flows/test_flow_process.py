"""Commands that run a flow: their output, their Prefect server, and signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from nalssi.common.paths import SAMPLES
from tests.flows.cross_site_requests import (
    ANSWERED,
    REFUSED,
    websockets_that_open,
    wrongly_answered,
)
from tests.progress_lines import without_progress
from tests.thorough import thorough

pytestmark = pytest.mark.process

NALSSI = Path(sys.executable).with_name("nalssi")


@pytest.fixture
def home(prefect_home: Path) -> Path:
    return prefect_home


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The environment of a user who has run a flow before and has no server running."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"PREFECT_HOME": str(home)}


@pytest.mark.make_thorough
def test_a_process_that_imports_the_flows_ends_without_output(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """Prefect runs deployments in such processes and would log their output.

    In `make test`, `test_settings.py` has such a process with Prefect's own log settings.
    """
    code = "from flows import settings; settings.apply_settings(); import flows.weather"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


def servers(home: Path) -> list[int]:
    """Process ids of the servers that use this Prefect home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if b"flows.prefect_server" in command and str(home).encode() in environment:
            found.append(int(process.name))
    return found


def address_and_password(server: int) -> tuple[str, str]:
    """The address of a server, and the password in its environment."""
    process = psutil.Process(server)
    listening = [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    password = process.environ()["PREFECT_SERVER_API_AUTH_STRING"]
    return f"http://127.0.0.1:{listening[0].laddr.port}", password


def wait_until(happened: Callable[[], object], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def waiting(tmp_path: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A run that waits for standard input, in a session of its own."""
    with subprocess.Popen(
        [NALSSI, "ingest", "-", "--warehouse", tmp_path],
        env=environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def test_a_run_prints_a_few_lines_and_stops_its_server(
    tmp_path: Path, home: Path, environment: dict[str, str]
) -> None:
    source = SAMPLES / "01-seed-glued-spaced.txt"
    done = subprocess.run(
        [NALSSI, "ingest", source, "nowhere.txt", "--warehouse", "warehouse"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = without_progress(done.stderr)
    assert said == "nalssi: nowhere.txt: no such file or directory\n"
    assert len(done.stdout.splitlines()) <= 8
    wait_until(lambda: not servers(home))


def test_a_killed_run_leaves_no_server_behind(home: Path, waiting: subprocess.Popen[bytes]) -> None:
    wait_until(lambda: servers(home))
    waiting.kill()
    wait_until(lambda: not servers(home))


def test_the_server_of_a_run_answers_nobody_else_and_ctrl_c_ends_both(
    tmp_path: Path, home: Path, waiting: subprocess.Popen[bytes]
) -> None:
    wait_until((tmp_path / "spool").exists)
    (server,) = servers(home)
    address, password = address_and_password(server)
    assert wrongly_answered(REFUSED, address, password) == {}
    assert wrongly_answered(ANSWERED, address, password) == {}
    assert websockets_that_open(address, password) == []
    assert password.encode() not in b"".join(
        Path(f"/proc/{pid}/cmdline").read_bytes() for pid in (server, waiting.pid)
    )

    os.killpg(waiting.pid, signal.SIGINT)  # a terminal signals all processes of the group
    assert waiting.wait(600) == 130
    assert waiting.stderr
    assert waiting.stderr.read() == b"nalssi: interrupted\n"
    wait_until(lambda: not servers(home))


@pytest.mark.parametrize(
    ("number", "stage", "line"),
    [
        # A run that works is interrupted by another test, with Ctrl-C.
        (signal.SIGINT, "importing", "interrupted"),
        (signal.SIGTERM, "importing", "terminated"),
        thorough(signal.SIGTERM, "starting its server", "terminated"),
        thorough(signal.SIGTERM, "running", "terminated"),
    ],
)
def test_a_signal_ends_a_run_with_one_line_at_any_moment(
    number: signal.Signals,
    stage: str,
    line: str,
    tmp_path: Path,
    home: Path,
    waiting: subprocess.Popen[bytes],
) -> None:
    begun = {
        "importing": lambda: catches_signals(waiting.pid),
        "starting its server": lambda: servers(home),
        "running": (tmp_path / "spool").exists,
    }
    wait_until(begun[stage])
    waiting.send_signal(number)
    assert waiting.wait(120) == 128 + number
    assert waiting.stderr
    assert waiting.stderr.read().decode() == f"nalssi: {line}\n"
    wait_until(lambda: not servers(home))


def catches_signals(pid: int) -> bool:
    """Whether a process has installed a handler for SIGTERM."""
    status = Path(f"/proc/{pid}/status").read_text()
    (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)
