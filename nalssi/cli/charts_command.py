"""The command `nalssi charts`: draw the charts of a warehouse."""

from __future__ import annotations

from nalssi.charts.draw_options import DrawOptions
from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import VerboseOption, WarehouseOption


@app.command()
@expand_option_groups
def charts(
    warehouse: WarehouseOption, drawing: DrawOptions, verbose: VerboseOption = False
) -> None:
    """Draw charts of the readings in the warehouse, as a Prefect flow."""
    result = run_flow("charts", verbose, warehouse=warehouse.absolute(), drawing=drawing)
    print_result(result, warehouse)
