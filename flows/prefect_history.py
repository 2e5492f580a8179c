"""Read the history of runs in Prefect's database, without Prefect and without a server.

Importing Prefect takes two seconds, and starting its server ten. `nalssi status` and `nalssi
doctor` need only a few rows of its SQLite database. They open it read-only.

A run that is active according to Prefect is *orphaned* if its process does not run any more: the
process was killed, or Prefect's server was killed before the process reported its end. `nalssi`
writes the process of each run into a tag of the run (`process_tag`). Runs of deployments are
processes with the id of the run in their environment. A run whose process is unknown is not
reported.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DATABASE = "prefect.db"
TAG = "nalssi"
"""The tag of each flow run of nalssi, by which people find the runs in Prefect's UI."""
PROCESS_TAG = "process"
ACTIVE_STATES = ("PENDING", "RUNNING", "CANCELLING")
START_TIME = timedelta(minutes=2)
"""A run of a deployment may be pending for this time before it has a process."""
SAME_START_S = 2
_RUN_ID_VARIABLE = "PREFECT__FLOW_RUN_ID"
"""The environment variable with the id of a deployment's run, in the process of that run."""

_ACTIVE = """
    SELECT flow_run.id, flow.name, flow_run.name, flow_run.state_name,
        coalesce(flow_run.start_time, flow_run.state_timestamp, flow_run.created),
        flow_run.state_timestamp, flow_run.tags, flow_run.deployment_id,
        flow_run.infrastructure_pid
    FROM flow_run JOIN flow ON flow.id = flow_run.flow_id
    WHERE flow_run.state_type IN ('PENDING', 'RUNNING', 'CANCELLING')
    ORDER BY flow_run.created
"""


@dataclass(frozen=True)
class ActiveRun:
    """A run that is active according to Prefect: its id, flow, name and state, as in its database.

    `changed_at` is when the state began. `deployed` is True if a deployment started the run.
    """

    run_id: str
    flow: str
    name: str
    state: str
    since: datetime
    """The start of the run, or of its state if it has not started."""
    changed_at: datetime
    tags: tuple[str, ...]
    deployed: bool
    infrastructure: str | None
    """The process that a worker has started, as `host:pid`."""

    def __str__(self) -> str:
        return f"{self.flow} {self.name!r} ({self.run_id})"


def prefect_home() -> Path:
    """Return Prefect's home folder: that in PREFECT_HOME, else `~/.prefect`.

    Prefect's profiles, which can name another home, are not read.
    """
    return Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()


def prefect_database() -> Path:
    """Return the path of Prefect's SQLite database. The file need not exist."""
    return prefect_home() / DATABASE


def open_database(database: Path) -> sqlite3.Connection:
    """Open an SQLite database read-only. Raises sqlite3.Error if it cannot be opened."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=5)


def process_tag() -> str:
    """Return the tag `process:HOST:ID:START` for the runs of this process.

    START is in seconds since 1970. It distinguishes the process from a later process with the same
    id.
    """
    import psutil  # takes 0.1 s to import

    started = psutil.Process().create_time()
    return f"{PROCESS_TAG}:{socket.gethostname()}:{os.getpid()}:{started:.0f}"


def orphaned_runs(database: Path | None = None, now: datetime | None = None) -> list[ActiveRun]:
    """Return the runs that are active according to Prefect although their processes have ended.

    `database` is Prefect's database by default. If there is none, the list is empty. Raises
    sqlite3.Error if the database cannot be read.
    """
    database = database or prefect_database()
    if not database.is_file():
        return []
    with closing(open_database(database)) as connection:
        active = [_active_run(row) for row in connection.execute(_ACTIVE)]
    return orphaned(active, now or datetime.now(UTC))


def orphaned(active: list[ActiveRun], now: datetime) -> list[ActiveRun]:
    """Return the runs among the active ones whose process ran on this machine and has ended."""
    if not active:
        return []
    processes = _run_processes()
    return [run for run in active if _has_ended(run, processes, now)]


def _has_ended(run: ActiveRun, processes: _RunProcesses, now: datetime) -> bool:
    """Return whether the process of a run has ended. False if this is unknown on this machine.

    `processes` are the processes of runs on this machine.
    """
    if run.run_id in processes.run_ids:
        return False
    tag = next((tag for tag in run.tags if tag.startswith(f"{PROCESS_TAG}:")), None)
    host, pid, started = _process(tag) if tag else (None, None, None)
    if pid is None and run.infrastructure:
        host, _, number = run.infrastructure.rpartition(":")
        pid = int(number) if number.isdecimal() else None
    if pid is not None:
        return host == socket.gethostname() and not _is_running(pid, started)
    return run.deployed and processes.complete and now - run.changed_at > START_TIME


def _process(tag: str) -> tuple[str | None, int | None, float | None]:
    """Return the host, id and start (seconds since 1970) of a process from its `process_tag`.

    Each is None if the tag has another form.
    """
    try:
        _, host, pid, started = tag.split(":")
        return host, int(pid), float(started)
    except ValueError:  # a tag of somebody else
        return None, None, None


def _is_running(pid: int, started: float | None) -> bool:
    """Whether the process with this id and start runs on this machine.

    `started` is in seconds since 1970; None if it is unknown. A process with the same id and
    another start is another process.
    """
    import psutil

    try:
        created = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
    return started is None or abs(created - started) < SAME_START_S


@dataclass(frozen=True)
class _RunProcesses:
    """The ids of the deployments' runs that have a process on this machine."""

    run_ids: frozenset[str]
    complete: bool
    """Whether all such runs were found. False if other users have Python processes, because their
    environment cannot be read."""


def _run_processes() -> _RunProcesses:
    import psutil

    found, complete = set(), True
    for process in psutil.process_iter(["name"]):
        try:
            if run_id := process.environ().get(_RUN_ID_VARIABLE):
                found.add(run_id)
        except psutil.AccessDenied:
            complete = complete and "python" not in (process.info["name"] or "").lower()
        except (psutil.Error, OSError):  # it has just ended
            continue
    return _RunProcesses(frozenset(found), complete)


def _active_run(row: tuple[Any, ...]) -> ActiveRun:
    run_id, flow, name, state, since, changed, tags, deployment, infrastructure = row
    return ActiveRun(
        run_id,
        flow,
        name,
        state,
        _instant(since),
        _instant(changed or since),
        tuple(json.loads(tags or "[]")),
        deployment is not None,
        infrastructure,
    )


def _instant(text: str) -> datetime:
    """Return an instant from its text in Prefect's database, which is UTC without an offset."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
