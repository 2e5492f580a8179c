"""The command `nalssi gallery`: draw the charts and build the static site of a warehouse."""

from __future__ import annotations

from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.options import (
    GalleryLanguagesOption,
    Language,
    VerboseOption,
    WarehouseOption,
)


@app.command()
def gallery(
    warehouse: WarehouseOption,
    lang: GalleryLanguagesOption = [Language.ko],  # noqa: B006  # typer copies it
    verbose: VerboseOption = False,
) -> None:
    """Draw the charts and build the gallery of the warehouse, as a Prefect flow."""
    result = run_flow(
        "gallery",
        verbose,
        warehouse=warehouse.absolute(),
        lang=[language.value for language in lang],
    )
    print_result(result, warehouse)
