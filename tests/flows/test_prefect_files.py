"""`prefect.yaml` and `prefect.toml` are for Prefect's own commands.

They repeat settings of the code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.utilities.templating import apply_values

from flows.deployments import deployed_paths, deployments
from flows.settings import PREFECT_SETTINGS
from nalssi.common.paths import CHECKOUT

pytestmark = pytest.mark.process  # Prefect starts one to describe the machine


def environment(table: Mapping[str, Any], prefix: str = "PREFECT") -> Iterator[tuple[str, str]]:
    """The environment variables of Prefect that mean the same as these settings."""
    for key, value in table.items():
        name = f"{prefix}_{key.upper()}"
        if isinstance(value, Mapping):
            yield from environment(value, name)
        else:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def test_prefect_commands_in_the_checkout_have_the_settings_of_nalssis_commands() -> None:
    settings = tomllib.loads((CHECKOUT / "prefect.toml").read_text("utf-8"))
    assert dict(environment(settings)) == PREFECT_SETTINGS


def test_prefect_deploy_creates_the_deployments_of_nalssi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NALSSI_WAREHOUSE", str(tmp_path))
    document = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text("utf-8"))
    written = apply_values(document["deployments"], deployed_paths())
    assert written == [
        {
            "name": deployment.name,
            "description": deployment.description,
            "entrypoint": deployment.entrypoint,
            "parameters": deployment.parameters,
            "concurrency_limit": {
                "limit": deployment.concurrency_limit,
                "collision_strategy": deployment.concurrency_options.collision_strategy.value,
            },
            "tags": ["nalssi"],
            "work_pool": {"name": "nalssi"},
        }
        | (
            {
                "schedules": [
                    {"cron": scheduled.schedule.cron, "timezone": scheduled.schedule.timezone}
                    for scheduled in deployment.schedules
                ]
            }
            if deployment.schedules
            else {}
        )
        for deployment in deployments(tmp_path)
    ]
