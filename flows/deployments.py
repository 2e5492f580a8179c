"""The deployments of nalssi: `hourly`, `daily` and `backfill`, with schedules and limits.

`nalssi serve` serves them itself. For a Prefect server with workers, create them in a work pool:

    python -m flows.deployments [WORK_POOL]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from prefect import deploy
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.capture import hourly
from flows.prefect_history import TAG
from flows.reconciliation import reconcile
from flows.weather import weather
from nalssi.capture.source_list import SOURCE_LIST_FILE
from nalssi.common.korea_time import KST_ZONE_NAME
from nalssi.common.paths import default_warehouse

WORK_POOL = "nalssi"
# Cron expressions in Korean time. KMA's hourly values reach the sites some minutes after the hour.
HOURLY = "10 * * * *"
DAILY = "40 4 * * *"


def deployed_paths(warehouse: Path | None = None, sources: Path | None = None) -> dict[str, str]:
    """Return the absolute paths `warehouse`, `sources` and `observations` of the deployments.

    The environment variables NALSSI_WAREHOUSE and NALSSI_SOURCES replace a path that is None. The
    default source list is `sources.toml` in the warehouse folder. Paths are absolute, because a
    worker runs the deployments in a folder of its own. For `prefect deploy`, this function is a
    build step of `prefect.yaml`.
    """
    folder = (warehouse or default_warehouse()).absolute()
    listed = Path(sources or os.environ.get("NALSSI_SOURCES") or folder / SOURCE_LIST_FILE)
    return {
        "warehouse": str(folder),
        "sources": str(listed.absolute()),
        "observations": str(folder / "observations"),
    }


def deployments(
    warehouse: Path | None = None, sources: Path | None = None
) -> list[RunnerDeployment]:
    """Return the deployments for a warehouse and a source list; see `deployed_paths`."""
    paths = deployed_paths(warehouse, sources)
    return [
        _deployment(
            hourly,
            "hourly",
            "Capture the sources, load their tickers, draw charts, build the gallery.",
            cron=HOURLY,
            # A missed hour cannot be captured later, so late runs are cancelled, not queued.
            collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW,
            source_list=paths["sources"],
            warehouse=paths["warehouse"],
        ),
        _deployment(
            reconcile,
            "daily",
            "Find the hours of new snapshots by official values, if there are any.",
            cron=DAILY,
            collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW,
            warehouse=paths["warehouse"],
            folder=paths["observations"],
            api_hub=True,
        ),
        _deployment(
            weather,
            "backfill",
            "Load saved pages, archives or corpora. Name them in `sources`."
            " Relative paths start at the warehouse folder.",
            # People start these runs, and none of them may be cancelled.
            collision_strategy=ConcurrencyLimitStrategy.ENQUEUE,
            warehouse=paths["warehouse"],
        ),
    ]


def _deployment(
    flow: Flow[..., Any],
    name: str,
    description: str,
    *,
    cron: str | None = None,
    collision_strategy: ConcurrencyLimitStrategy,
    **parameters: str | bool,
) -> RunnerDeployment:
    deployment = flow.to_deployment(
        name,
        description=description,
        parameters=parameters,
        schedules=[Cron(cron, timezone=KST_ZONE_NAME)] if cron else [],
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=collision_strategy),
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(deployment, RunnerDeployment)  # a coroutine only inside an event loop
    return deployment


def main() -> None:
    """Create or update the deployments in a work pool of the server in PREFECT_API_URL.

    The first argument of the program names the work pool. `deployed_paths` says which paths the
    deployments get.
    """
    deploy(
        *deployments(),
        work_pool_name=sys.argv[1] if len(sys.argv) > 1 else WORK_POOL,
        build=False,
        push=False,
        ignore_warnings=True,
    )


if __name__ == "__main__":
    main()
