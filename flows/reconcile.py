"""The flow `reconcile`: official hourly values against the snapshots that print no hour."""

from __future__ import annotations

from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from nalssi.reconcile.update import Update, update
from nalssi.warehouse import Warehouse


@flow
def reconcile(files: list[Path], warehouse: Path) -> Update:
    """Load ASOS files, find the hours of snapshots, and bring quality up to date."""
    return compare(files, warehouse)


@task(cache_policy=NO_CACHE)
def compare(files: list[Path], warehouse: Path) -> Update:
    """Load and compare in one transaction, and publish."""
    done = update(Warehouse(warehouse), files)
    log = get_run_logger()
    for line in f"{done.observations}\n{done.summary}".splitlines():
        log.info(line)
    create_markdown_artifact(
        f"# Reconciliation\n\n```\n{done.observations}\n\n{done.summary}\n```",
        key="reconciliation",
        description="Snapshots beside official hourly values",
    )
    return done
