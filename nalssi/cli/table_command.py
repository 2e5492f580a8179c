"""The command `nalssi table`: temperatures by place and period, from the published copy."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail, print_message
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import OutputFormat, WarehouseOption
from nalssi.cli.workbook_source import source
from nalssi.common.day_range import DayRange

Rows = Literal["region", "station"]
Columns = Literal["day", "month", "year"]
Measure = Literal["mean", "min", "max", "days"]


@app.command()
@expand_option_groups
def table(
    warehouse: WarehouseOption,
    by: Annotated[Rows, typer.Option(help="What a row is: a region or a station.")] = "region",
    of: Annotated[
        Columns, typer.Option(help="What a column is: a day, a month or a year.")
    ] = "month",
    measure: Annotated[
        Measure,
        typer.Option(help="Mean, lowest or highest temperature (°C), or days with a reading."),
    ] = "mean",
    days: DayRange = DayRange(),  # noqa: B008  # it is immutable
    representative: Annotated[
        bool,
        typer.Option(
            "--representative",
            help="Leave out values that are not representative: less than 80 % of the days have"
            " 80 % of their hours.",
        ),
    ] = False,
    form: Annotated[OutputFormat, typer.Option("--format", help="Format of the output.")] = "table",
) -> None:
    """Print temperatures as a table: regions or stations by month, year or day."""
    from nalssi.warehouse import Warehouse, WarehouseError
    from nalssi.warehouse.period_table import period_table
    from nalssi.warehouse.query import QueryError
    from nalssi.warehouse.result_formats import OutputError, write_result

    try:
        with Warehouse(warehouse).reader() as con:
            made = period_table(
                con,
                by,
                of,
                measure,
                since=days.since,
                until=days.until,
                representative_only=representative,
            )
            write_result(made.result, form, sys.stdout, about=source)
    except (WarehouseError, QueryError, OutputError) as error:
        fail([str(error)])
    if made.thin and measure != "days":
        left_out = "left out" if representative else "shown; --representative leaves them out"
        print_message(
            f"{made.thin:,} of {made.values:,} values are of few hours or days: {left_out}"
        )
