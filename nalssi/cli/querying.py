"""Commands that read what is published: sql."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import QueryFormat, Warehouse, app, fail, plain


@app.command()
def sql(
    warehouse: Warehouse,
    query: Annotated[str | None, typer.Argument(help="A read-only query.")] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="Read the query from this file.")
    ] = None,
    form: Annotated[
        QueryFormat, typer.Option("--format", help="Format of the output.")
    ] = QueryFormat.table,
    param: Annotated[
        list[str], typer.Option("--param", metavar="K=V", help="Value of the parameter $K.")
    ] = [],  # noqa: B006
) -> None:
    """Run SQL on the published warehouse: no query can change it or reach a file or the network."""
    from nalssi.output import OutputError, write
    from nalssi.warehouse import Warehouse as Folder
    from nalssi.warehouse import WarehouseError
    from nalssi.warehouse.query import QueryError
    from nalssi.warehouse.query import query as run_query

    if (query is None) == (file is None):
        fail(["sql needs one query: as an argument or with --file"], 2)
    if file:
        try:
            query = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            fail([f"{file}: {getattr(error, 'strerror', None) or 'not in UTF-8'}"])
    parameters = dict(_parameter(text) for text in param)
    try:
        with Folder(warehouse).reader() as con:
            write(run_query(con, query or "", parameters), plain(form), sys.stdout)
    except (WarehouseError, QueryError, OutputError) as error:
        fail([str(error)])


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.isidentifier()):
        fail([f"--param {text}: expected name=value"], 2)
    return name, value
