"""The command `nalssi sql`: run a read-only query on a warehouse."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail, print_message
from nalssi.cli.options import OutputFormat, WarehouseOption
from nalssi.cli.workbook_source import source
from nalssi.common.errors import file_and_reason
from nalssi.common.process.workarounds import exit_at_once

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@app.command()
def sql(
    warehouse: WarehouseOption,
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="A read-only query.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("-f", "--file", help="Read the query from this file (`-`: standard input)."),
    ] = None,
    named: Annotated[
        str | None, typer.Option("--named", help="Run the named query with this name.")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the named queries.")] = False,
    form: Annotated[OutputFormat, typer.Option("--format", help="Format of the output.")] = "table",
    param: Annotated[
        list[str],
        typer.Option(
            "--param",
            metavar="K=V",
            help="Value of the parameter $K; may be repeated. It is read like 'V' in SQL: as a date"
            " or number where the query needs one, else as text. If the type is not clear, cast"
            " it: $K::INT.",
        ),
    ] = [],  # noqa: B006  # typer copies it
    timeout: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.001,
            help="Stop a query that takes longer. The time in which its rows are printed counts,"
            " also when a program reads them slowly through a pipe.",
        ),
    ] = 600,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="Memory that a query may use, such as 2GB. A query that needs more, such as a"
            " large sort, uses a private temporary folder.",
            show_default="80 % of the memory",
        ),
    ] = None,
) -> None:
    """Run SQL on the published copy. A query cannot change it or reach files or the network."""
    from nalssi.warehouse import Warehouse, WarehouseError
    from nalssi.warehouse.named_queries import with_place_numbers
    from nalssi.warehouse.query import QueryError
    from nalssi.warehouse.query import query as run_query
    from nalssi.warehouse.query_limits import TimeLimit, check_memory
    from nalssi.warehouse.result_formats import OutputError, write_result

    if sum(given is not None for given in (query, file, named)) != (not show_list):
        fail(["sql takes one of: a query, --file, --named, --list"], 2)
    if show_list:
        _print_named_queries()
        return
    if memory is not None:
        try:
            check_memory(memory)
        except ValueError as error:
            fail([f"--memory: {error}"], 2)
    limit = TimeLimit(timeout)
    limit.give_up = lambda: _give_up(limit.message)
    texts = dict(_parameter(text) for text in param)
    text = query if query is not None else _read_query(file, named)
    try:
        with Warehouse(warehouse).reader(memory=memory) as con:
            parameters = with_place_numbers(con, texts) if named else texts
            result = run_query(con, text, parameters, limit)
            write_result(result, form, sys.stdout, about=lambda: _about(con))
    except (WarehouseError, QueryError, OutputError) as error:
        fail([str(error)])


def _about(con: DuckDBPyConnection) -> dict[str, object]:
    """Return the rows of a workbook's sheet `about`: its source, and counts of unusable readings.

    The counts are by flag; views of usable readings exclude these readings.
    """
    sql = "SELECT flag, count(*) FROM quality WHERE flag > 2 GROUP BY flag ORDER BY flag"
    excluded = con.execute(sql).fetchall()
    return {**source(), **{f"not usable, flag {flag}": count for flag, count in excluded}}


def _give_up(message: str) -> None:
    """Print a message and end the process: DuckDB runs an operation that cannot be interrupted."""
    print_message(message)
    exit_at_once()


def _read_query(file: Path | None, named: str | None) -> str:
    if file:
        try:
            if file == Path("-"):
                return sys.stdin.buffer.read().decode("utf-8")
            return file.read_text(encoding="utf-8")
        except OSError as error:
            fail([file_and_reason(error, file)])
        except UnicodeDecodeError:
            fail([f"{file}: not in UTF-8"])
    from nalssi.warehouse.named_queries import named_query

    try:
        return named_query(named or "").sql
    except KeyError as error:
        fail([error.args[0]])


def _print_named_queries() -> None:
    from nalssi.warehouse.named_queries import named_queries

    for query in named_queries():
        print(f"{query.name}: {query.description}")
        for name, meaning in query.parameters.items():
            print(f"    --param {name}=…  {meaning}")


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.isidentifier()):
        fail([f"--param {text}: expected name=value"], 2)
    return name, value
