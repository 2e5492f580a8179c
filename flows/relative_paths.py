"""Paths that a run is given: in a deployment, relative ones belong to the warehouse's folder.

A deployed run's working directory is its worker's own choice, often an empty temporary folder, so a
relative path would name nothing there. The warehouse's folder is the one place that a deployment
knows by its absolute path. Where a person runs a flow from a shell or from Python, relative paths
belong to the working directory, as everywhere.
"""

from __future__ import annotations

from pathlib import Path

from prefect import runtime


def resolve_source(source: str, warehouse: Path) -> str:
    """A source as this run can find it: a file, folder or glob relative to the warehouse's folder
    if the run is a deployment's; web addresses and absolute paths as they are."""
    if runtime.deployment.id is None or "://" in source:
        return source
    return str(warehouse / source)  # an absolute path stays itself


def resolve_file(file: Path, warehouse: Path) -> Path:
    """A file as this run can find it, as `resolve_source` has it."""
    return file if runtime.deployment.id is None else warehouse / file


def checked_warehouse(warehouse: Path) -> Path:
    """The warehouse's folder. Raises ValueError if a deployment names it by a relative path."""
    if runtime.deployment.id is not None and not warehouse.is_absolute():
        raise ValueError(f"the warehouse {warehouse} of a deployment needs an absolute path")
    return warehouse
