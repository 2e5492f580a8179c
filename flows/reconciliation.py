"""The flow `reconcile`: load official hours, and find the observed hours of snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

import nalssi.timing
from flows.final_states import failure_message, final_state
from flows.relative_paths import checked_warehouse, resolve_file
from nalssi.observations import files_in, load_observations
from nalssi.timing import snapshots_to_reconcile, summarize_reconciliations
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction


@dataclass(frozen=True)
class ReconcileResult:
    """The result of a run of the flow `reconcile`.

    It has texts and counts only. Prefect keeps results until the process ends, and DuckDB would
    then report frames that come from it as leaked.
    """

    flow_run: str
    """The name that Prefect gave to the run."""
    observations: str
    """A report on the files with official hours."""
    failures: tuple[str, ...]
    """The files that could not be used, each with line and cause."""
    used: int
    """The number of files with usable rows. Each member of a zip counts as a file."""
    compared: int
    """The number of snapshots that this run compared."""
    summary: str
    """A report on all snapshots of the warehouse."""


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    return f"reconcile {parameters['warehouse']} with {len(parameters['files'])} files"


@flow(flow_run_name=_run_name)
def reconcile(
    warehouse: Path, files: Sequence[Path] = (), folder: Path | None = None
) -> ReconcileResult:
    """Load KMA's hourly values, then find the hours of the snapshots that they affect.

    The values come from `files` and from every file with official hours in `folder`. Without any
    file, the run compares the snapshots that were loaded since the last run.
    """
    named = [resolve_file(file, checked_warehouse(warehouse)) for file in files]
    in_folder = files_in(resolve_file(folder, warehouse)) if folder else []
    result = find_hours(warehouse, [*named, *in_folder])
    unused = len(result.failures)
    message = f"{unused} of {unused + result.used} files could not be used"
    if not result.used and result.failures:
        message = failure_message(result.failures, message)
    return final_state(result, result.failures, used=result.used > 0, message=message)


@task(cache_policy=NO_CACHE)
def find_hours(warehouse: Path, files: Sequence[Path]) -> ReconcileResult:
    """Load official hours, reconcile snapshots and update their quality, then publish.

    All changes are in one transaction.
    """
    with Warehouse(warehouse).writer() as con, transaction(con):
        observations = load_observations(con, files)
        changed = snapshots_to_reconcile(con, observations.changed_hours)
        compared = nalssi.timing.reconcile(con, changed).compared
        summary = summarize_reconciliations(con)
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
