"""The command `nalssi ingest`: load tickers, without charts and gallery."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import (
    KindOption,
    SkippedFileOption,
    SourceArguments,
    VerboseOption,
    WarehouseOption,
)
from nalssi.cli.skipped_files import check_writable, write_skipped
from nalssi.sources.partition import NO_OPTIONS, Options

Runner = Literal["local", "dask"]


@app.command()
@expand_option_groups
def ingest(
    warehouse: WarehouseOption,
    sources: SourceArguments,
    kind: KindOption = None,
    runner: Annotated[
        Runner, typer.Option(help="Where to extract: in threads of this process, or with Dask.")
    ] = "local",
    dask_address: Annotated[
        str | None,
        typer.Option(
            help="Address of a running Dask scheduler. Without it, --runner dask starts a temporary"
            " cluster on this machine."
        ),
    ] = None,
    options: Options = NO_OPTIONS,
    skipped: SkippedFileOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Load tickers into the warehouse, as a Prefect flow."""
    if dask_address and runner != "dask":
        fail(["--dask-address goes with --runner dask"], 2)
    check_writable(skipped)
    result = run_flow(
        "ingest",
        verbose,
        sources=sources,
        warehouse=warehouse.absolute(),
        kind=kind,
        options=options,
        runner=runner,
        dask_address=dask_address,
    )
    write_skipped(result.skipped, skipped)
    print_result(result, warehouse, skipped)
