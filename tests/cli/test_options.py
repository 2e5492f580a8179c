"""The choices of options are those of the library, and every option describes itself."""

from __future__ import annotations

from typing import get_args

import typer

from flows.task_runners import Runner as FlowRunner
from nalssi import export, parse_output
from nalssi.cli import app
from nalssi.cli.export_command import ExportFormat
from nalssi.cli.ingest_command import Runner
from nalssi.cli.options import OutputFormat
from nalssi.cli.parse_command import ParseFormat
from nalssi.cli.table_command import Columns, Measure, Rows
from nalssi.warehouse import period_table
from nalssi.warehouse.result_formats import FORMATS


def test_the_choices_of_options_are_those_of_the_library() -> None:
    assert get_args(OutputFormat) == tuple(FORMATS)
    assert get_args(ParseFormat) == (*get_args(parse_output.Format), "xlsx")
    assert get_args(Rows) == period_table.BYS
    assert get_args(Columns) == period_table.OFS
    assert get_args(Measure) == period_table.MEASURES
    assert get_args(ExportFormat) == export.FORMATS
    assert get_args(Runner) == get_args(FlowRunner)


def test_the_help_of_exactly_the_repeatable_options_says_so() -> None:
    root = typer.main.get_command(app)
    options = [
        (f"{name} {option.name}", option)
        for name, command in root.commands.items()
        for option in command.params
        if option.param_type_name == "option"
    ]
    several = {name for name, option in options if option.multiple}
    assert several == {name for name, option in options if "may be repeated" in option.help}
    assert {"export flags", "charts langs", "sql param"} <= several
