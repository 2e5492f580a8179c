"""Examine Prefect for `nalssi doctor`: its database, its server, and runs that never ended.

No server is started, and Prefect is not imported. If `PREFECT_API_URL` names a server, the runs are
those of that server; else those of the database in Prefect's home.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from flows.password import FILE as PASSWORD_FILE
from flows.prefect_history import (
    ACTIVE_STATES,
    ActiveRun,
    open_database,
    orphaned,
    orphaned_runs,
    prefect_database,
    prefect_home,
)
from nalssi.common.errors import first_line
from nalssi.common.korea_time import KST
from nalssi.doctor.findings import Finding, results

LARGE_BYTES: Final = 1_000_000_000
"""The size in bytes above which the database makes Prefect's server slow on a small machine."""
TIMEOUT_S: Final = 10
CHECKS: Final = {
    "prefect database": "damage, an unknown migration, more than 1 GB, a password that others can"
    " read",
    "runs": "runs that Prefect takes for active although their process has ended",
}
"""The checks of Prefect by name, and what each looks for, in the table of `docs/operations.md`
(`make docs`)."""
_MIGRATIONS: Final = "server/database/_migrations/versions/sqlite"


def examine_prefect(now: datetime | None = None) -> list[Finding]:
    """Return the findings about Prefect. Raises no error: a check that fails is a finding."""
    now = now or datetime.now(UTC)
    findings = results("prefect database", _check_database, "Prefect's database is sound")
    return findings + results("runs", lambda: _check_runs(now), "no run is left active in Prefect")


def _check_database() -> Iterator[Finding]:
    """Yield findings about the SQLite database in Prefect's home, and about its password file."""
    database, check = prefect_database(), "prefect database"
    password = prefect_home() / PASSWORD_FILE
    if sys.platform != "win32" and password.exists() and password.stat().st_mode & 0o077:
        message = f"other users can read the password in {password}"
        yield Finding(check, "error", message, f"chmod 600 {password}")
    if not database.exists():
        yield Finding(check, "ok", f"there is no {database} yet; the first run makes it")
        return
    size = database.stat().st_size
    try:
        with closing(open_database(database)) as connection:
            damage = [text for (text,) in connection.execute("PRAGMA quick_check(3)")]
            revisions = [text for (text,) in connection.execute("SELECT * FROM alembic_version")]
    except sqlite3.Error as error:
        damage, revisions = [first_line(error)], []
    if damage != ["ok"]:
        yield Finding(
            check,
            "error",
            f"{database}: {damage[0]}",
            f"mv {database} {database}.damaged: the next run makes a new one; the warehouse does"
            " not need it",
        )
        return
    if unknown := [each for each in revisions if not _is_known(each)]:
        yield Finding(
            check,
            "error",
            f"{database} has the migration {unknown[0]}, which the installed Prefect does not know",
            f"install the newer Prefect again, or mv {database} {database}.newer",
        )
    if not os.access(database, os.W_OK) or database.stat().st_mode & stat.S_IWUSR == 0:
        yield Finding(
            check, "error", f"this user cannot write {database}", f"sudo chown $(id -un) {database}"
        )
    shown = f"{database}: {size / 1e6:,.0f} MB"
    if size > LARGE_BYTES:
        yield Finding(
            check,
            "warning",
            shown,
            "export PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED=events,flow_runs where the server"
            " starts: it then removes old runs",
        )
    else:
        yield Finding(check, "ok", shown)


def _is_known(revision: str) -> bool:
    """Whether the installed Prefect has the migration with this id (`revision`).

    If not, a newer Prefect has migrated the database.
    """
    package = find_spec("prefect")
    if package is None or package.origin is None:
        return True  # the check of versions reports it
    folder = Path(package.origin).parent / _MIGRATIONS
    names = re.compile(rf"_{re.escape(revision)}_.*\.py$")
    return not folder.is_dir() or any(names.search(path.name) for path in folder.iterdir())


def _check_runs(now: datetime) -> Iterator[Finding]:
    """Yield a finding for each run that is active according to Prefect but has no process."""
    address = os.environ.get("PREFECT_API_URL")
    try:
        runs = orphaned(_runs_of_server(address), now) if address else orphaned_runs(now=now)
    except sqlite3.Error:
        return  # the check of the database reports it
    except ConnectionError as error:
        message = f"Prefect's server at {address} {error}"
        yield Finding("runs", "error", message, "start the server, or unset PREFECT_API_URL")
        return
    for run in runs:
        yield Finding(
            "runs",
            "warning",
            f"the run {run} has the state {run.state} since"
            f" {run.since.astimezone(KST):%Y-%m-%d %H:%M} KST, but its process has ended",
            f"prefect --no-prompt flow-run delete {run.run_id}",
        )


def _runs_of_server(address: str) -> list[ActiveRun]:
    """Return the active runs of a server. Raises ConnectionError if it does not answer."""
    import httpx

    states = {"state": {"type": {"any_": list(ACTIVE_STATES)}}}
    try:
        with httpx.Client(base_url=address, timeout=TIMEOUT_S, **_credentials()) as client:
            runs = _posted(client, "flow_runs", {"flow_runs": states, "limit": 200})
            ids = sorted({run["flow_id"] for run in runs})
            flows = _posted(client, "flows", {"flows": {"id": {"any_": ids}}}) if ids else []
    except httpx.HTTPStatusError as error:
        raise ConnectionError(f"answers with HTTP status {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ConnectionError(f"does not answer: {first_line(error)}") from error
    names = {flow["id"]: flow["name"] for flow in flows}
    return [_run_of(run, names.get(run["flow_id"], "?")) for run in runs]


def _posted(client: Any, what: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(f"{client.base_url}{what}/filter", json=query)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found


def _credentials() -> dict[str, Any]:
    if text := os.environ.get("PREFECT_API_AUTH_STRING"):
        user, _, password = text.partition(":")
        return {"auth": (user, password)}
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"headers": {"Authorization": f"Bearer {key}"}}
    return {}


def _run_of(run: dict[str, Any], flow: str) -> ActiveRun:
    changed = datetime.fromisoformat(run["state"]["timestamp"])
    return ActiveRun(
        run["id"],
        flow,
        run["name"],
        run["state_name"],
        datetime.fromisoformat(run["start_time"] or run["state"]["timestamp"]),
        changed,
        tuple(run["tags"]),
        run["deployment_id"] is not None,
        run["infrastructure_pid"],
    )
