"""Extraction on Dask clusters: workers read objects of a failing server, and one is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from distributed import Client

from flows.run_flow import FlowError, run_flow
from flows.task_runners import ClusterError, check_workers, task_runner
from nalssi.common.cores import usable_cores
from nalssi.common.paths import SAMPLES
from nalssi.sources.planning import PartitionSizes
from nalssi.warehouse import Warehouse
from tests.flows import prefect_api
from tests.sources.range_server import RangeSite, serve
from tests.sources.sample_sources import Record, write_warc

pytestmark = pytest.mark.usefixtures("prefect_server")

ARCHIVES = 3
STARTING = 600  # seconds for a process to start, because the machines are small and shared

# The worker that will be killed loads this: it accepts a partition, creates a file, and hangs.
VICTIM = """
import pathlib, time
import nalssi.staging
from nalssi.common.cores import usable_cores

def stage(partition, staged, progress=None):
    pathlib.Path({marker!r}).touch()
    time.sleep(600)

nalssi.staging.stage = stage
"""


@pytest.fixture
def archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Archives of sample pages. Each archive is a partition, and every page is in two of them."""
    small = PartitionSizes(target_bytes=1)  # so that each archive is a partition
    monkeypatch.setattr("nalssi.sources.planning.DEFAULT_SIZES", small)
    pages = [page.read_bytes() for page in sorted(SAMPLES.glob("*.txt"))]
    for number in range(ARCHIVES):
        records = [
            Record(f"https://a.example/{place}", page, "text/plain", kind="conversion")
            for place, page in enumerate(pages)
            if place % ARCHIVES in (number, (number + 1) % ARCHIVES)
        ]
        write_warc(tmp_path / f"{number}.wet.gz", records)
    return [str(tmp_path / f"{number}.wet.gz") for number in range(ARCHIVES)]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """A function that starts a Dask command. The process is killed after the test."""
    with ExitStack() as stack:

        def started(command: str, *arguments: object) -> subprocess.Popen[bytes]:
            module = [sys.executable, "-m", f"distributed.cli.dask_{command}", "--no-dashboard"]
            place = ["--scheduler-file", str(tmp_path / "scheduler.json")]
            log = stack.enter_context((tmp_path / f"{command}.log").open("ab"))
            process = subprocess.Popen(
                [*module, *place, *map(str, arguments)], stdout=log, stderr=log, cwd=tmp_path
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield started


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + STARTING
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} did not come"
        time.sleep(0.05)


def running_scheduler(folder: Path, start: Callable[..., subprocess.Popen[bytes]]) -> str:
    """Start a scheduler, and return its address."""
    start("scheduler", "--port", 0)
    wait_for(folder / "scheduler.json")
    address: str = json.loads((folder / "scheduler.json").read_text())["address"]
    return address


def contents(folder: Path) -> dict[str, list[Any]]:
    """All rows of a warehouse, without load ids, which differ between runs."""
    facts = {
        "documents": "FROM documents ORDER BY ALL",
        "snapshots": "FROM snapshots ORDER BY ALL",
        "sightings": "SELECT * EXCLUDE (load_id) FROM sightings ORDER BY ALL",
        "readings": "FROM readings ORDER BY ALL",
        "rejects": "FROM rejects ORDER BY ALL",
        "quality": "FROM quality ORDER BY ALL",
    }
    with Warehouse(folder).reader() as con:
        return {table: con.execute(query).fetchall() for table, query in facts.items()}


def connections() -> int:
    """The number of connections to a Prefect server that the process keeps for its next tasks.

    The server of the next run may have another address.
    """
    from prefect.events.worker import EventsWorker

    return len(EventsWorker._instances)


@pytest.mark.make_thorough
def test_workers_that_read_objects_and_are_lost_make_the_warehouse_of_the_local_runner(
    tmp_path: Path, archives: list[str], start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    victims, marker = tmp_path / "victim.py", tmp_path / "taken"
    victims.write_text(VICTIM.format(marker=str(marker)))
    address = running_scheduler(tmp_path, start)
    worker = ["--no-nanny", "--nthreads", 1]
    victim = start("worker", *worker, "--preload", victims)
    start("worker", *worker)
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=STARTING)

    killer = subprocess.Popen(
        [sys.executable, "-c", WAIT_AND_KILL, str(marker), str(victim.pid), str(STARTING)]
    )
    files = {f"/{Path(archive).name}": Path(archive).read_bytes() for archive in archives}
    with serve(RangeSite(files, faults=["cut", "slow down"] * ARCHIVES)) as site:
        done = run_flow(
            "ingest",
            sources=[site.url + name for name in files],
            warehouse=tmp_path / "dask",
            runner="dask",
            dask_address=address,
        )
        assert site.faults == []
    assert killer.wait() == 0
    assert victim.wait() == -signal.SIGKILL

    assert not done.problems
    assert done.load
    assert done.load.flow_run_id
    task_runs = prefect_api.task_runs(done.load.flow_run_id, at_least=ARCHIVES + 2)
    extractions = [task_run for task_run in task_runs if task_run["name"].startswith("extract ")]
    assert len(extractions) == ARCHIVES
    assert all(task_run["state_type"] == "COMPLETED" for task_run in extractions)
    with Client(address, set_as_default=False) as client:
        assert set(client.run(connections).values()) == {0}
    run_flow("ingest", sources=archives, warehouse=tmp_path / "local")
    assert contents(tmp_path / "dask") == contents(tmp_path / "local")


def test_workers_that_cannot_reach_the_temporary_server_are_an_error_before_the_run() -> None:
    info = {"workers": {"tcp://203.0.113.7:1": {"host": "203.0.113.7"}}}
    client = SimpleNamespace(
        wait_for_workers=lambda *_, **__: None, scheduler_info=lambda **_: info
    )
    with pytest.raises(ClusterError, match=r"203\.0\.113\.7 cannot reach .*PREFECT_API_URL"):
        check_workers(client, "tcp://203.0.113.7:8786")


def test_a_cluster_without_workers_is_an_error(
    tmp_path: Path,
    start: Callable[..., subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flows.task_runners.FIRST_WORKER_TIMEOUT_S", 0.5)
    address = running_scheduler(tmp_path, start)
    with pytest.raises(FlowError, match="no workers"):
        run_flow(
            "ingest",
            sources=[str(SAMPLES)],
            warehouse=tmp_path / "warehouse",
            runner="dask",
            dask_address=address,
        )


WAIT_AND_KILL = """
import os, pathlib, signal, sys, time
marker, pid, seconds = pathlib.Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
deadline = time.monotonic() + seconds
while not marker.exists():
    if time.monotonic() > deadline:
        sys.exit("the worker that was to be lost got no task")
    time.sleep(0.05)
os.kill(pid, signal.SIGKILL)
"""


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let temporary clusters have one worker, because each imports all libraries anew."""
    monkeypatch.setattr("flows.task_runners.usable_cores", lambda: 1)


@pytest.mark.usefixtures("one_worker")
def test_without_an_address_a_temporary_cluster_extracts(
    tmp_path: Path, archives: list[str]
) -> None:
    done = run_flow("ingest", sources=archives, warehouse=tmp_path / "warehouse", runner="dask")
    assert done.load
    assert done.load.documents_read == 2 * len(list(SAMPLES.glob("*.txt")))


def test_a_temporary_cluster_has_a_worker_for_each_core() -> None:
    clusters: list[dict[str, Any]] = []

    @contextmanager
    def record(*, cluster_kwargs: dict[str, Any]) -> Iterator[None]:
        clusters.append(cluster_kwargs)
        yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("prefect_dask.task_runners.DaskTaskRunner", record)
        with task_runner("dask", None):
            pass
    assert clusters[0]["n_workers"] == usable_cores()


@pytest.mark.usefixtures("one_worker")
def test_a_worker_of_a_temporary_cluster_uses_one_thread() -> None:
    with task_runner("dask", None) as cluster:
        threads = cluster.client.run(pl.thread_pool_size)  # type: ignore[attr-defined]
    assert list(threads.values()) == [1]
