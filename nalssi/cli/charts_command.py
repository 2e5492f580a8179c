"""The command `nalssi charts`: draw the charts of a warehouse.

The choice of formats repeats `nalssi.charts.chart_kinds.IMAGE_FORMATS`, because typer needs an
enumeration; `tests/cli/test_options.py` compares them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from nalssi.charts.chart_kinds import KindName
from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.options import (
    Language,
    SinceOption,
    UntilOption,
    VerboseOption,
    WarehouseOption,
)

ImageFormat = StrEnum("ImageFormat", ["png", "svg"])


@app.command()
def charts(
    warehouse: WarehouseOption,
    lang: Annotated[
        list[Language], typer.Option("--lang", help="Language of the charts; may be repeated.")
    ] = [Language.ko],  # noqa: B006  # typer copies it
    image: Annotated[
        list[ImageFormat], typer.Option("--format", help="File format; may be repeated.")
    ] = [ImageFormat.png, ImageFormat.svg],  # noqa: B006
    kind: Annotated[
        list[KindName] | None, typer.Option("--kind", help="Only this kind; may be repeated.")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    region: Annotated[
        int | None, typer.Option(min=1, max=10, help="Only this region, 1 to 10.")
    ] = None,
    station: Annotated[int | None, typer.Option(help="Only the station with this number.")] = None,
    verbose: VerboseOption = False,
) -> None:
    """Draw charts of the readings in the warehouse, as a Prefect flow."""
    result = run_flow(
        "charts",
        verbose,
        warehouse=warehouse.absolute(),
        lang=[language.value for language in lang],
        formats=[form.value for form in image],
        since=since and since.date(),
        until=until and until.date(),
        region=region,
        station=station,
        **({"kinds": [each.value for each in kind]} if kind else {}),
    )
    print_result(result, warehouse)
