"""The command `nalssi reconcile`: find the hours of snapshots in official observations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.flow_runs import run_flow
from nalssi.cli.messages import fail
from nalssi.cli.options import VerboseOption, WarehouseOption


@app.command()
def reconcile(
    warehouse: WarehouseOption,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="ASOS.csv", help="Files of hourly observations from KMA's data portal."
        ),
    ] = [],  # noqa: B006  # typer copies it
    verbose: VerboseOption = False,
) -> None:
    """Find the hours of snapshots by official hourly observations (KMA's ASOS).

    This runs as a Prefect flow. It compares the snapshots that were never compared, and those whose
    official hours have changed, also without files.
    """
    result = run_flow("reconcile", verbose, files=files, warehouse=warehouse.absolute())
    print(result.observations)
    print(result.summary)
    if result.failures:
        fail(result.failures)
