"""Relative paths of a deployed run start at the warehouse folder, others where the user is."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext

from flows.relative_paths import checked_warehouse, resolve_file, resolve_source


@pytest.mark.parametrize(("deployment", "folder"), [(None, ""), (uuid4(), "/w/")])
def test_a_path_is_joined_to_the_warehouse_if_a_deployment_started_the_run(
    deployment: UUID | None, folder: str
) -> None:
    run = FlowRun.model_construct(deployment_id=deployment)
    with FlowRunContext.model_construct(flow_run=run):
        assert resolve_source("saved/*.txt", Path("/w")) == f"{folder}saved/*.txt"
        assert resolve_source("https://example.org/a", Path("/w")) == "https://example.org/a"
        assert resolve_file(Path("hours.csv"), Path("/w")) == Path(f"{folder}hours.csv")
        if deployment:
            with pytest.raises(ValueError, match="the warehouse w of a deployment needs"):
                checked_warehouse(Path("w"))
        else:
            assert checked_warehouse(Path("w")) == Path("w")


def test_without_a_run_paths_stay() -> None:
    assert resolve_source("saved", Path("/w")) == "saved"
