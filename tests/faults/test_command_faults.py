"""Faults of real commands with Prefect: kills, concurrent runs, interrupts, damaged files."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from nalssi.warehouse import Warehouse
from tests.progress_lines import without_progress

from .fault_runs import (
    ENVIRONMENT,
    NALSSI,
    Done,
    assert_equal,
    assert_refused,
    assert_whole,
    nalssi,
    rows,
    wait_until,
    wait_until_over,
)

SEED = 20251219
KILLS = 4
AT_ONCE = 8


@contextmanager
def server(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A Prefect server of these tests that answers. It is stopped at the end."""
    address = environment_of(home, port)["PREFECT_API_URL"]
    start = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    with subprocess.Popen(
        start,
        env=ENVIRONMENT | environment_of(home, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            wait_until(lambda: answers(f"{address}/health"), 900)
            yield process
        finally:
            with suppress(ProcessLookupError):  # a test has killed it
                os.killpg(process.pid, signal.SIGTERM)


def environment_of(home: Path, port: int) -> dict[str, str]:
    """Return the environment of a user who has this server."""
    address = f"http://127.0.0.1:{port}/api"
    return {"PREFECT_HOME": str(home), "PREFECT_API_URL": address}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a user who has a Prefect server. The server is for these tests only."""
    home, port = tmp_path_factory.mktemp("prefect"), free_port()
    with server(home, port):
        yield environment_of(home, port)


def answers(address: str) -> bool:
    """Whether a server answers."""
    try:
        with urllib.request.urlopen(address, timeout=60):
            return True
    except (urllib.error.URLError, OSError):
        return False


def start_command(
    environment: Mapping[str, str], *arguments: object, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    """Start a command in a session of its own, without waiting for it."""
    return subprocess.Popen(
        [str(NALSSI), *map(str, arguments)],
        env={**ENVIRONMENT, **environment},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.make_faults
def test_a_run_after_killed_runs_completes_the_warehouse(
    tmp_path: Path, half: Sequence[str], prefect: dict[str, str]
) -> None:
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "warehouse"
    started = time.monotonic()
    assert nalssi("run", *half, "--warehouse", undisturbed, environment=prefect).error == ""
    duration = time.monotonic() - started
    chance = random.Random(SEED)
    for kill in range(KILLS):
        part = chance.uniform(0.2, 0.9)
        with start_command(prefect, "run", *half, "--warehouse", folder) as run:
            time.sleep(part * duration)
            run.kill()
        print(f"kill {kill + 1} after {part:.0%}: status {run.returncode}")
        wait_until_over(run)
    assert nalssi("run", *half, "--warehouse", folder, environment=prefect).error == ""
    assert_equal(folder, undisturbed)


@pytest.mark.make_faults
def test_a_run_whose_server_was_killed_says_so_and_the_next_run_completes_it(
    tmp_path: Path, half: Sequence[str], half_loaded: Path
) -> None:
    home, port, folder = tmp_path / "home", free_port(), tmp_path / "warehouse"
    home.mkdir()
    environment = environment_of(home, port)
    command = ("run", *half, "--warehouse", folder)
    with server(home, port) as process:
        with start_command(environment, *command) as run:
            wait_until((folder / "staged").exists)
            os.killpg(process.pid, signal.SIGKILL)
            _, error = run.communicate(timeout=1800)
        wait_until_over(run)
    print(f"status {run.returncode}: {error}")
    assert_refused(
        Done(run.returncode, [], without_progress(error)), environment["PREFECT_API_URL"]
    )
    with server(home, port):
        done = nalssi(*command, environment=environment)
    assert done.status == 0, done.error
    assert_whole(folder)
    assert rows(folder) == rows(half_loaded)


@pytest.mark.make_faults
def test_eight_ingests_at_once_make_what_one_makes(
    tmp_path: Path, sources: Sequence[str], undisturbed: Path, prefect: dict[str, str]
) -> None:
    folder = tmp_path / "warehouse"
    shares = [[s for n, s in enumerate(sources) if n % AT_ONCE != i] for i in range(AT_ONCE)]
    runs = [start_command(prefect, "ingest", *share, "--warehouse", folder) for share in shares]
    for run in runs:
        with run:
            _, error = run.communicate()
        assert run.returncode == 0, error
    assert_whole(folder)
    assert rows(folder) == rows(undisturbed)
    with Warehouse(folder).reader() as con:
        assert con.table("loads").shape[0] == AT_ONCE


@pytest.mark.make_faults
def test_a_flow_says_in_one_line_what_is_wrong_with_the_warehouse(
    warehouse: Path, sources: Sequence[str], prefect: dict[str, str]
) -> None:
    command = ["ingest", *sources, "--warehouse", warehouse]
    limit = ["prlimit", "--fsize=1000000:"]
    database = Warehouse(warehouse).database
    assert_refused(
        nalssi(*command, wrapper=limit, environment=prefect),
        f"cannot write {database}: ",
        "File too large",
    )
    with Warehouse(warehouse).writer() as con:
        con.execute("INSERT INTO meta.migrations VALUES (9999, '9999_future', now())")
    for run in (command, ["gallery", "--warehouse", warehouse]):
        assert_refused(nalssi(*run, environment=prefect), "use a newer nalssi")
    database.write_bytes(b"no database\n" * 1000)
    assert_refused(nalssi(*command, environment=prefect), f"cannot write {database}: ")


def test_ctrl_c_ends_a_dry_run_that_waits_for_its_input(tmp_path: Path) -> None:
    with start_command({"TMPDIR": str(tmp_path)}, "parse", "-", stdin=subprocess.PIPE) as waiting:
        wait_until(lambda: list(tmp_path.glob("nalssi-*/*")))  # into which it copies its input
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(600) == 130
        assert waiting.stderr
        assert waiting.stderr.read() == "nalssi: interrupted\n"
    assert not list(tmp_path.iterdir())


def test_forget_does_not_create_a_warehouse(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    refused = nalssi("forget", "--site", "*", "--yes", "--warehouse", folder)
    assert_refused(refused, f"no warehouse in {folder}")
    assert not folder.exists()
