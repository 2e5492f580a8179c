"""The flow `reconcile`: official observations in, hours of snapshots out."""

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
from nalssi.warehouse.warehouse_folder import transaction


@dataclass(frozen=True)
class Reconciliation:
    """What a run did: what became of the files, how much was compared, and how all stands.

    Texts and counts alone: frames that come from DuckDB would, held by Prefect until the process
    ends, make it complain of leaks.
    """

    flow_run: str
    observations: str
    failures: tuple[str, ...]
    """Why a file could not be used: file, line, cause."""
    used: int
    """Files of which rows were used, each member of a zip for itself."""
    compared: int
    summary: str


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    return f"reconcile {parameters['warehouse']} with {len(parameters['files'])} files"


@flow(flow_run_name=_run_name)
def reconcile(
    warehouse: Path, files: Sequence[Path] = (), folder: Path | None = None
) -> Reconciliation:
    """Load KMA's hourly values, then find the hours of the snapshots that they bear upon.

    The values are those of `files` and of every official-hours file in `folder`, if there is one.
    Without any: compare the snapshots that were loaded since the last time.
    """
    named = [resolve_file(file, checked_warehouse(warehouse)) for file in files]
    in_folder = files_in(resolve_file(folder, warehouse)) if folder else []
    done = find_hours(warehouse, [*named, *in_folder])
    unused = len(done.failures)
    message = f"{unused} of {unused + done.used} files could not be used"
    if not done.used and done.failures:
        message = failure_message(done.failures, message)
    return final_state(done, done.failures, used=done.used > 0, message=message)


@task(cache_policy=NO_CACHE)
def find_hours(warehouse: Path, files: Sequence[Path]) -> Reconciliation:
    """Observations, reconciliations and quality in one transaction; then publish."""
    with Warehouse(warehouse).writer() as con, transaction(con):
        observations = load_observations(con, files)
        changed = snapshots_to_reconcile(con, observations.changed_hours)
        compared = nalssi.timing.reconcile(con, changed).compared
        overall = summarize_reconciliations(con)
    log = get_run_logger()
    log.info("%s", observations)
    log.info("%d snapshots compared", compared, extra={"counts": {"snapshots_compared": compared}})
    create_markdown_artifact(
        f"# Reconciliation\n\n{compared:,} snapshots compared.\n\n"
        f"```\n{observations}\n```\n\n## All snapshots\n\n```\n{overall}\n```",
        key="reconciliation",
        description="Official observations and the hours found by them",
    )
    return Reconciliation(
        str(runtime.flow_run.name),
        str(observations),
        observations.failures,
        sum(file.used > 0 for file in observations.files),
        compared,
        str(overall),
    )
