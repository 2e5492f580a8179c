"""The flows `observations` and `reconcile`: load official hours, find the hours of snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.api_hub import (
    CALLS_OF_A_RUN,
    FetchedHours,
    fetch_if_configured,
    fetch_official_hours,
)
from flows.final_states import failure_message, final_state
from flows.relative_paths import checked_warehouse, resolve_file
from nalssi.observations import files_in
from nalssi.timing.reconcile_files import reconcile_files
from nalssi.warehouse import Warehouse


@dataclass(frozen=True)
class ReconcileResult:
    """The result of a run of the flow `reconcile` or `observations`.

    It has texts and counts only. Prefect keeps results until the process ends, and DuckDB would
    then report frames that come from it as leaked.
    """

    flow_run: str
    """The name that Prefect gave to the run."""
    observations: str
    """A report on the official hours that were loaded."""
    failures: tuple[str, ...]
    """One line for each file, or call to the API hub, that could not be used, with the cause."""
    used: int
    """The number of files of official hours with usable rows. Each member of a zip counts."""
    compared: int
    """The number of snapshots that this run compared."""
    summary: str
    """A report on the verdicts of all snapshots of the warehouse, as text."""


def _run_name() -> str:
    name, parameters = runtime.flow_run.flow_name, runtime.flow_run.parameters
    return f"{name} {parameters['warehouse']} with {len(parameters['files'])} files"


@flow(flow_run_name=_run_name)
def reconcile(
    warehouse: Path,
    files: Sequence[Path] = (),
    folder: Path | None = None,
    api_hub: bool = False,
) -> ReconcileResult:
    """Load KMA's hourly values, then find the hours of the snapshots that they affect.

    Without new values, the run compares the snapshots that were loaded since the last run, and
    those whose official hours have changed since.

    Args:
        warehouse: Folder of the warehouse.
        files: Files of hourly values from KMA's data portal.
        folder: A folder of which every file with official hours is loaded.
        api_hub: Also load the hours of the days of the warehouse's snapshots from KMA's API hub, if
            a key is configured.
    """
    named = [resolve_file(file, checked_warehouse(warehouse)) for file in files]
    in_folder = files_in(resolve_file(folder, warehouse)) if folder else []
    fetched = fetch_if_configured(warehouse, max_calls=CALLS_OF_A_RUN) if api_hub else None
    result = find_hours(warehouse, [*named, *in_folder], wait_for=[fetched])
    # The values that exist were used, so a failure of the API hub does not fail the run.
    return _end(result, fetched, used=result.used > 0 or fetched is not None)


@flow(flow_run_name=_run_name)
def observations(
    warehouse: Path,
    files: Sequence[Path] = (),
    api_hub: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> ReconcileResult:
    """Load KMA's hourly values from files or from its API hub, then find the hours of snapshots.

    Args:
        warehouse: Folder of the warehouse.
        files: Files of hourly values from KMA's data portal.
        api_hub: Fetch from KMA's API hub. This needs a key.
        since: First day to fetch from the API hub. Default: the days of the warehouse's snapshots.
        until: Last day to fetch from the API hub.
    """
    named = [resolve_file(file, checked_warehouse(warehouse)) for file in files]
    fetched = fetch_official_hours(warehouse, since, until) if api_hub else None
    result = find_hours(warehouse, named, wait_for=[fetched])
    return _end(result, fetched, used=result.used > 0 or bool(fetched and fetched.calls))


def _end(result: ReconcileResult, fetched: FetchedHours | None, *, used: bool) -> ReconcileResult:
    """Return the result of a run that loads official hours, with its final state (`final_state`).

    `fetched` is the result of the API hub, or None. `used`: the run could use some official hours.
    """
    unused = len(result.failures)
    message = f"{unused} of {unused + result.used} files could not be used"
    if fetched:
        report = (
            f"{fetched.report}\n{result.observations}" if result.used or unused else fetched.report
        )
        message = fetched.failures[0] if fetched.failures else message
        failures = (*fetched.failures, *result.failures)
        result = replace(result, observations=report, failures=failures)
    if not used and result.failures:
        message = failure_message(result.failures, message)
    return final_state(result, result.failures, used=used, message=message)


@task(cache_policy=NO_CACHE)
def find_hours(warehouse: Path, files: Sequence[Path]) -> ReconcileResult:
    """Load files of official hours, reconcile snapshots and update their quality, then publish.

    Without files, the snapshots that were loaded since the last run are reconciled, and those whose
    official hours have changed since. All changes are in one transaction.
    """
    done = reconcile_files(Warehouse(warehouse), files)
    observations, compared, summary = done.observations, done.compared, done.summary
    log = get_run_logger()
    log.info("%s", observations)
    log.info("%d snapshots compared", compared, extra={"counts": {"snapshots_compared": compared}})
    create_markdown_artifact(
        f"# Reconciliation\n\n{compared:,} snapshots compared.\n\n"
        f"```\n{observations}\n```\n\n## All snapshots\n\n```\n{summary}\n```",
        key="reconciliation",
        description="Official observations and the hours found by them",
    )
    return ReconcileResult(
        str(runtime.flow_run.name),
        str(observations),
        observations.failures,
        sum(file.used > 0 for file in observations.files),
        compared,
        str(summary),
    )
