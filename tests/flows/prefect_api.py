"""Queries to Prefect's API: runs, task runs, artifacts and logs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.settings import get_current_settings

SECONDS = 300  # time for the server to record events


def flow_run(flow_run_id: str) -> dict[str, Any]:
    (found,) = _filter("flow_runs", flow_runs={"id": {"any_": [flow_run_id]}})
    return found


def flow_runs_named(name: str) -> list[dict[str, Any]]:
    return _filter("flow_runs", flow_runs={"name": {"any_": [name]}})


def newest_run(name: str, warehouse: Path) -> dict[str, Any]:
    """The newest flow run of this name on a warehouse: other tests may use the name on others."""
    found = [
        run for run in flow_runs_named(name) if run["parameters"]["warehouse"] == str(warehouse)
    ]
    return max(found, key=lambda run: str(run["start_time"]))


def task_runs(flow_run_id: str, at_least: int) -> list[dict[str, Any]]:
    """The task runs of a flow run, when at least this many have ended."""
    EventsWorker.drain_all()
    found: list[dict[str, Any]] = []
    for _ in _attempts(f"{at_least} ended task runs of {flow_run_id}"):
        found = _filter("task_runs", flow_runs={"id": {"any_": [flow_run_id]}})
        ended = [run for run in found if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED")]
        if len(ended) >= at_least:
            break
    return found


def _attempts(awaited: str) -> Iterator[None]:
    """Allow attempts to find something while the server may still be recording; then fail."""
    deadline = time.monotonic() + SECONDS
    while True:
        yield
        assert time.monotonic() < deadline, f"the server has not recorded {awaited}"
        time.sleep(0.2)


def edges(flow_run_id: str, at_least: int) -> dict[str, set[str]]:
    """The tasks of a flow run, each with the tasks that it comes after, by name without number."""
    found = task_runs(flow_run_id, at_least)
    names = {run["id"]: re.sub(r"-[0-9a-f]{3}$", "", run["name"]) for run in found}
    return {
        names[run["id"]]: {
            names[given["id"]] for inputs in run["task_inputs"].values() for given in inputs
        }
        for run in found
    }


def artifacts(flow_run_id: str) -> dict[str, Any]:
    """The artifacts of a flow run by key."""
    found = _filter("artifacts", artifacts={"flow_run_id": {"any_": [flow_run_id]}})
    return {artifact["key"]: artifact["data"] for artifact in found}


def events(name: str, flow_run_id: str | None) -> list[dict[str, Any]]:
    """The events of this name that are related to a flow run, when there is at least one."""
    EventsWorker.drain_all()
    run = f"prefect.flow-run.{flow_run_id}"
    found: list[dict[str, Any]] = []
    for _ in _attempts(f"an event {name} of {run}"):
        response = httpx.post(
            f"{get_current_settings().api.url}/events/filter",
            json={"filter": {"event": {"name": [name]}}},
            timeout=SECONDS,
        )
        found = [
            event
            for event in response.raise_for_status().json()["events"]
            if run in [related["prefect.resource.id"] for related in event["related"]]
        ]
        if found:
            break
    return found


def logs(flow_run_id: str) -> list[str]:
    APILogWorker.drain_all()
    found = _filter("logs", logs={"flow_run_id": {"any_": [flow_run_id]}})
    return [log["message"] for log in found]


def warnings(flow_run_id: str | None) -> list[str]:
    """The messages of level WARNING or higher, in order of time."""
    APILogWorker.drain_all()
    found = _filter("logs", logs={"flow_run_id": {"any_": [flow_run_id]}, "level": {"ge_": 30}})
    return [log["message"] for log in sorted(found, key=lambda log: str(log["timestamp"]))]


def _filter(what: str, **criteria: Any) -> list[dict[str, Any]]:
    response = httpx.post(
        f"{get_current_settings().api.url}/{what}/filter", json=criteria, timeout=SECONDS
    )
    response.raise_for_status()
    found: list[dict[str, Any]] = response.json()
    return found
