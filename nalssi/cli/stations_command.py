"""The command `nalssi stations`: list, find and locate KMA's stations.

It reads only the reference CSV files, so it is fast and needs no warehouse. The queries are in
`station_queries/`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.options import OutputFormat
from nalssi.cli.workbook_source import source
from schemas.vocabulary import REFERENCE, region_ids

stations = typer.Typer(help="List, find and locate KMA's weather stations.", no_args_is_help=True)
app.add_typer(stations, name="stations")

FormatOption = Annotated[OutputFormat, typer.Option("--format", help="Format of the output.")]
LAST_REGION = max(region_ids())
QUERIES = Path(__file__).with_name("station_queries")


@stations.command("list")
def list_stations(
    region: Annotated[
        int | None,
        typer.Option(help=f"Only this forecast region, from 1 (north) to {LAST_REGION} (south)."),
    ] = None,
    form: FormatOption = "table",
) -> None:
    """List the open stations by number."""
    empty = f"no region {region}: regions are 1 to {LAST_REGION}"
    _print_stations("list", {"region": region}, form, empty)


@stations.command("find")
def find(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name in Hangul or Latin, or a station number.")
    ],
    form: FormatOption = "table",
) -> None:
    """Find open and closed stations with a present or former name that is or resembles NAME."""
    name = _decode_argument(name)
    _print_stations("find", {"name": name.strip()}, form, f"no station resembles {name!r}")


@stations.command("near")
def near(
    latitude: Annotated[
        float, typer.Argument(metavar="LATITUDE", min=-90, max=90, help="Degrees north.")
    ],
    longitude: Annotated[
        float, typer.Argument(metavar="LONGITUDE", min=-180, max=180, help="Degrees east.")
    ],
    count: Annotated[int, typer.Option(min=1, help="Number of stations.")] = 5,
    form: FormatOption = "table",
) -> None:
    """List the open stations nearest to a position, with their distance in km, nearest first."""
    position: dict[str, object] = {"latitude": latitude, "longitude": longitude, "count": count}
    _print_stations("near", position, form, "no station")


def _decode_argument(text: str) -> str:
    """Return a command-line argument decoded as UTF-8, also in a locale without Hangul, such as C.

    Exits with status 2 if the argument is not UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(text).decode()
        except UnicodeError:
            fail([f"{text}: not in UTF-8"], 2)
    return text


def _print_stations(
    query_name: str, parameters: dict[str, object], form: OutputFormat, message_if_empty: str
) -> None:
    import duckdb

    from nalssi.warehouse.query import query
    from nalssi.warehouse.result_formats import OutputError, write_result

    with duckdb.connect() as con:
        for table in ("stations", "stations_history", "regions"):
            con.read_csv(str(REFERENCE / f"{table}.csv")).create(table)
        sql = (QUERIES / f"{query_name}.sql").read_text(encoding="utf-8")
        result = query(con, sql, parameters)
        if not any(result.batches()):
            fail([message_if_empty])
        try:
            write_result(result, form, sys.stdout, about=source)
        except OutputError as error:
            fail([str(error)])
