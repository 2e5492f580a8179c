"""Commands about KMA's stations: list, find, near.

They read the reference files alone, so that they answer at once and without a warehouse.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import QueryFormat, app, fail, plain
from schemas.vocabulary import REFERENCE

stations = typer.Typer(help="KMA's open weather stations.", no_args_is_help=True)
app.add_typer(stations, name="stations")

Format = Annotated[QueryFormat, typer.Option("--format", help="Format of the output.")]
SQL = Path(__file__).with_name("station_queries")


@stations.command("list")
def list_stations(
    region: Annotated[
        int | None, typer.Option(help="Only this forecast region, 1 (north) to 10 (south).")
    ] = None,
    form: Format = QueryFormat.table,
) -> None:
    """All open stations, by number."""
    _answer("list", {"region": region}, form, f"no region {region}: they are 1 to 10")


@stations.command("find")
def find(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name, Hangul or Latin, or a station number.")
    ],
    form: Format = QueryFormat.table,
) -> None:
    """Stations whose name, past or present, is or resembles NAME; closed ones too."""
    name = _as_typed(name)
    _answer("find", {"name": name.strip()}, form, f"no station resembles {name!r}")


@stations.command("near")
def near(
    latitude: Annotated[
        float, typer.Argument(metavar="LATITUDE", min=-90, max=90, help="Degrees north.")
    ],
    longitude: Annotated[
        float, typer.Argument(metavar="LONGITUDE", min=-180, max=180, help="Degrees east.")
    ],
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 5,
    form: Format = QueryFormat.table,
) -> None:
    """The open stations nearest to a place, with their distance."""
    place: dict[str, object] = {"latitude": latitude, "longitude": longitude, "count": count}
    _answer("near", place, form, "no station")


def _as_typed(text: str) -> str:
    """An argument that is text and no path, also in a locale without Hangul, such as C."""
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(text).decode()
        except UnicodeError:
            fail([f"{text}: not in UTF-8"], 2)
    return text


def _answer(question: str, parameters: dict[str, object], form: QueryFormat, nothing: str) -> None:
    import duckdb

    from nalssi.warehouse.query import query
    from nalssi.warehouse.result_formats import OutputError, write_result

    with duckdb.connect() as con:
        for table in ("stations", "stations_history", "regions"):
            con.read_csv(str(REFERENCE / f"{table}.csv")).create(table)
        result = query(con, (SQL / f"{question}.sql").read_text(encoding="utf-8"), parameters)
        if not any(result.batches()):
            fail([nothing])
        try:
            write_result(result, plain(form), sys.stdout)
        except OutputError as error:
            fail([str(error)])
