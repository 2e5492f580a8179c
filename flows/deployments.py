"""The deployments that `prefect.yaml` declares, for a process that serves them itself.

`prefect deploy --all` reads the same file and takes `places` as its build step, so schedules,
limits and parameters are written down once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.templating import apply_values

from nalssi.capture.source_list import SOURCE_LIST_FILE
from nalssi.common.paths import default_warehouse, project_file

DECLARED = project_file("prefect.yaml")


def places(warehouse: Path | None = None, sources: Path | None = None) -> dict[str, str]:
    """What `prefect.yaml` calls `warehouse`, `sources` and `observations`: absolute paths.

    Where nothing is given: what `NALSSI_WAREHOUSE` and `NALSSI_SOURCES` of whoever deploys say,
    else the checkout's warehouse, and the file in its folder.
    """
    folder = (warehouse or default_warehouse()).absolute()
    listed = sources or Path(os.environ.get("NALSSI_SOURCES") or folder / SOURCE_LIST_FILE)
    return {
        "warehouse": str(folder),
        "sources": str(listed.absolute()),
        "observations": str(folder / "observations"),
    }


def declared(placed: Mapping[str, str]) -> list[RunnerDeployment]:
    """Every deployment of `prefect.yaml`, to be run by the process that asks."""
    document = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    return [_deployment(**entry) for entry in apply_values(document["deployments"], dict(placed))]


def _deployment(
    *,
    name: str,
    description: str,
    entrypoint: str,
    parameters: dict[str, Any],
    concurrency_limit: dict[str, Any],
    tags: list[str],
    work_pool: dict[str, Any],  # noqa: ARG001  # whoever serves runs it itself
    schedules: list[dict[str, Any]] | None = None,
) -> RunnerDeployment:
    flow: Flow[..., Any] = load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
    deployment = flow.to_deployment(
        name,
        description=description,
        parameters=parameters,
        schedules=[Schedule(**schedule) for schedule in schedules or []],
        concurrency_limit=ConcurrencyLimitConfig(**concurrency_limit),
        tags=tags,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(deployment, RunnerDeployment)  # a coroutine only where a loop runs already
    return deployment
