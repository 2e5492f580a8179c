"""Commands that read what is published: sql, status."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nalssi.cli.app import (
    QueryFormat,
    SourcesFile,
    Warehouse,
    app,
    fail,
    korean,
    plain,
    say,
    show_table,
)
from nalssi.common.errors import file_and_reason

if TYPE_CHECKING:
    from nalssi.status import Status


@app.command()
def sql(
    warehouse: Warehouse,
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="A read-only query.")] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="Read the query from this file.")
    ] = None,
    named: Annotated[
        str | None, typer.Option("--named", help="A query of the library, by name.")
    ] = None,
    library: Annotated[
        bool, typer.Option("--list", help="Show the library of named queries.")
    ] = False,
    form: Annotated[
        QueryFormat, typer.Option("--format", help="Format of the output.")
    ] = QueryFormat.table,
    param: Annotated[
        list[str],
        typer.Option(
            "--param",
            metavar="K=V",
            help="Value of the parameter $K, read as 'V' would be: as a date or a number where the"
            " query needs one (where that is not clear, cast it: $K::INT), else as text;"
            " may be repeated.",
        ),
    ] = [],  # noqa: B006
    timeout: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.001,
            help="Stop a query that takes longer, with the time in which its rows are printed: a"
            " program that reads them slowly through a pipe is cut off too.",
        ),
    ] = 600,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="What a query may take of memory, such as 2GB; what needs more, such as a large"
            " sort, uses a private temporary folder.",
            show_default="80 % of the memory",
        ),
    ] = None,
) -> None:
    """Run SQL on the published warehouse: no query can change it or reach a file or the network."""
    from nalssi.warehouse import Warehouse as Folder
    from nalssi.warehouse import WarehouseError
    from nalssi.warehouse.query import QueryError
    from nalssi.warehouse.query import query as run_query
    from nalssi.warehouse.query_limits import TimeLimit, check_memory
    from nalssi.warehouse.result_formats import OutputError, write_result

    if sum(given is not None for given in (query, file, named)) != (not library):
        fail(["sql takes one of: a query, --file, --named, --list"], 2)
    if library:
        _show_library()
        return
    if memory is not None:
        try:
            check_memory(memory)
        except ValueError as error:
            fail([f"--memory: {error}"], 2)
    limit = TimeLimit(timeout)
    limit.give_up = lambda: _give_up(limit.message)
    parameters = dict(_parameter(text) for text in param)
    text = query if query is not None else _query_from(file, named)
    try:
        with Folder(warehouse).reader(memory=memory) as con:
            write_result(run_query(con, text, parameters, limit), plain(form), sys.stdout)
    except (WarehouseError, QueryError, OutputError) as error:
        fail([str(error)])


def _give_up(message: str) -> None:
    """End the process while DuckDB goes on computing: it does not hear interrupts."""
    say(message)
    os._exit(1)


def _query_from(file: Path | None, named: str | None) -> str:
    if file:
        try:
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


def _show_library() -> None:
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


@app.command()
def status(
    warehouse: Warehouse,
    sources: SourcesFile = None,
    stale_after: Annotated[
        float | None,
        typer.Option(metavar="HOURS", min=0, help="Say so when the newest snapshot is older."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """How the warehouse and its captured sources stand; exit status 1 when something is stale.

    Stale is a source that was not got for three of its intervals, prints the same list for a day,
    or lost stations; and with --stale-after a newest snapshot that is older.
    """
    from datetime import timedelta

    from nalssi.capture.source_list import SOURCES, SourcesError, read_sources
    from nalssi.common.safe_text import data_stream
    from nalssi.status import status as status_of
    from nalssi.warehouse import Warehouse as Folder
    from nalssi.warehouse import WarehouseError

    file = sources or warehouse / SOURCES
    try:
        standing = status_of(
            Folder(warehouse),
            sources=read_sources(file) if sources or file.exists() else None,
            stale_after=None if stale_after is None else timedelta(hours=stale_after),
        )
    except (WarehouseError, SourcesError) as error:
        fail([str(error)])
    if as_json:
        told = json.dumps(standing.as_json(), ensure_ascii=False, indent=2)
        print(told, file=data_stream(sys.stdout))
    else:
        _show_status(standing)
    if standing.stale:
        fail(standing.stale)


def _show_status(standing: Status) -> None:
    newest, load = standing.newest_snapshot, standing.last_load
    print(f"warehouse  {standing.folder}")
    if rows := standing.rows:
        for table in ("documents", "snapshots", "sightings", "readings", "rejects", "quality"):
            print(f"{table:<10} {rows[table]:,}")
        print(f"{'compared':<10} {rows['reconciliations']:,} with", end=" ")
        print(f"{rows['observations']:,} official values", end="")
        verdicts = [f"{verdict} {count:,}" for verdict, count in standing.verdicts.items()]
        print(f": {', '.join(verdicts)}" if verdicts else "")
    else:
        print("nothing is loaded yet")
    if newest:
        hour = newest["observed_at"] or "hour unknown"
        print(f"dates      {standing.first_on} to {newest['observed_on']} ({hour}),", end=" ")
        print(f"{standing.newest_age_hours:,.0f} hours ago")
    if load:
        print(f"last load  {load['finished_at']:%Y-%m-%d %H:%M:%S%z}, {load['load_id']}")
    if standing.sources:
        _show_sources(standing)
    for name, size in standing.bytes_on_disk.items():
        if size:
            print(f"{name:<16} {size / 1e6:,.1f} MB")
    print(f"{'free':<16} {standing.bytes_free / 1e6:,.1f} MB")
    print("versions   " + ", ".join(f"{part} {of}" for part, of in standing.versions.items()))


def _show_sources(standing: Status) -> None:
    """A table of the captured sources; their times as everywhere in Korean time."""
    rows: list[tuple[str, ...]] = [
        ("source", "state", "got", "tried", "stations", "usually", "why")
    ]
    for one in standing.sources:
        rows.append(
            (
                one.source,
                one.state,
                *(f"{korean(at):%m-%d %H:%M}" if at else "" for at in (one.got_at, one.tried_at)),
                "" if one.stations is None else str(one.stations),
                "" if one.usual_stations is None else f"{one.usual_stations:g}",
                one.why or "",
            )
        )
    print()
    show_table(rows)
    if standing.not_loaded:
        print(f"{standing.not_loaded:,} captured pages are not loaded yet")
    print()
