"""Resolve relative paths among the parameters of a run.

The working directory of a deployed run is chosen by its worker and is often an empty temporary
folder. So a relative path of a deployed run starts at the warehouse folder, whose absolute path the
deployment has. If a user runs a flow from a shell or from Python, relative paths start at the
working directory.
"""

from __future__ import annotations

from pathlib import Path

from prefect.context import FlowRunContext

from nalssi.sources.remote_objects import refuse_credentials


def resolve_source(source: str, warehouse: Path) -> str:
    """Return the file, folder, glob or address of a source, with a relative path resolved.

    In a deployment, a relative file, folder or glob is joined to the warehouse folder. Addresses
    (with `://`) and absolute paths are returned unchanged. Raises ValueError for an address with a
    user name or a password.
    """
    refuse_credentials(source)
    if not _is_deployed() or "://" in source:
        return source
    return str(warehouse / source)  # joining an absolute path returns the absolute path


def resolve_file(file: Path, warehouse: Path) -> Path:
    """Return the path of a file. In a deployment, a relative one starts at the warehouse folder."""
    return warehouse / file if _is_deployed() else file


def checked_warehouse(warehouse: Path) -> Path:
    """Return the warehouse folder. Raise ValueError if a deployment has a relative path for it."""
    if _is_deployed() and not warehouse.is_absolute():
        raise ValueError(f"the warehouse {warehouse} of a deployment needs an absolute path")
    return warehouse


def _is_deployed() -> bool:
    # The attribute `prefect.runtime.deployment.id` would ask Prefect's server: 0.2 s.
    context = FlowRunContext.get()
    flow_run = context.flow_run if context else None
    return flow_run is not None and flow_run.deployment_id is not None
