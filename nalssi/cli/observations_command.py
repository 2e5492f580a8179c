"""The command `nalssi observations`: load official hourly values from files or KMA's API hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nalssi.cli.app import app
from nalssi.cli.flow_runs import run_flow
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import VerboseOption, WarehouseOption
from nalssi.common.day_range import DayRange


@app.command()
@expand_option_groups
def observations(
    warehouse: WarehouseOption,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Files of hourly values from KMA's data portal."),
    ] = [],  # noqa: B006  # typer copies it
    origin: Annotated[
        Literal["apihub"] | None,
        typer.Option("--from", help="Fetch missing hours from KMA's API hub. This needs a key."),
    ] = None,
    days: DayRange = DayRange(),  # noqa: B008  # it is immutable
    verbose: VerboseOption = False,
) -> None:
    """Load official hourly values (KMA's ASOS), and find the hours of snapshots with them.

    This runs as a Prefect flow. With --from apihub it fetches the hours that the warehouse lacks:
    those of --since to --until, or of the days of its snapshots. The key is read from
    NALSSI_APIHUB_KEY, from the file in NALSSI_APIHUB_KEY_FILE, or from the Prefect Secret
    nalssi-apihub-key.
    """
    if bool(files) == bool(origin):
        fail(["observations needs files or --from apihub, and not both"], 2)
    if not origin and (days.since or days.until):
        fail(["--since and --until go with --from apihub"], 2)
    result = run_flow(
        "observations",
        verbose,
        files=files,
        warehouse=warehouse.absolute(),
        api_hub=origin == "apihub",
        since=days.since,
        until=days.until,
    )
    print(result.observations)
    print(result.summary)
    if result.failures:
        fail(result.failures)
