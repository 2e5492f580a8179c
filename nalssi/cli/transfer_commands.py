"""Commands that carry content out of a warehouse, back in, or away: export, import, forget."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import Since, Until, Warehouse, app, fail, plain
from nalssi.common.errors import system_reason

ExportFormat = StrEnum("ExportFormat", ["parquet", "csv", "geojson", "duckdb"])


@app.command("export")
def export_(
    warehouse: Warehouse,
    out: Annotated[Path, typer.Option(help="File, or for parquet folder, to write.")],
    form: Annotated[
        ExportFormat, typer.Option("--format", help="Format of the export.")
    ] = ExportFormat.parquet,
    since: Since = None,
    until: Until = None,
    region: Annotated[
        list[int] | None, typer.Option(help="Only this region, 1 to 10; may be repeated.")
    ] = None,
    station: Annotated[
        list[int] | None, typer.Option(help="Only this station's number; may be repeated.")
    ] = None,
    snapshot: Annotated[str | None, typer.Option(help="Only this snapshot's id.")] = None,
    flags: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these quality flags, as in 1,2 (default for csv and geojson): "
            "1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing; may be repeated."
        ),
    ] = None,
) -> None:
    """Write what is published to files for other tools, with its attribution and what was left out.

    A parquet export without filters is a whole archive: `nalssi import` makes a warehouse of it.
    """
    from nalssi.export import ExportError, export, flags_to_keep
    from nalssi.warehouse import Warehouse as Folder
    from nalssi.warehouse import WarehouseError

    try:
        about = export(
            Folder(warehouse),
            out,
            plain(form),
            since=since.date() if since else None,
            until=until.date() if until else None,
            regions=region or (),
            stations=station or (),
            snapshot=snapshot,
            flags=[flag for text in flags or () for flag in _numbers(text)] or None,
        )
    except (ExportError, WarehouseError, ValueError) as error:
        fail([str(error)])
    except OSError as error:
        fail([f"{out}: {system_reason(error)}"])
    print(f"{about.rows['readings']:,} readings in {out}")
    for reason, readings in about.left_out.items():
        print(f"left out: {readings:,} {reason}")
    if more := flags_to_keep(about.selection.get("flags"), about.left_out):
        print(f"--flags {more} keeps those left out for their flag")


def _numbers(flags: str) -> list[int]:
    try:
        return [int(flag) for flag in flags.split(",")]
    except ValueError:
        fail([f"--flags {flags}: expected numbers, as in 1,2"], 2)


@app.command("import")
def import_(
    warehouse: Warehouse,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A whole parquet export.")],
) -> None:
    """Make a warehouse of a whole parquet export; it equals the one that was exported."""
    from nalssi.export import ExportError, import_export
    from nalssi.warehouse import Warehouse as Folder
    from nalssi.warehouse import WarehouseError

    try:
        rows = import_export(folder, Folder(warehouse))
    except (ExportError, WarehouseError) as error:
        fail([str(error)])
    for table, count in rows.items():
        print(f"{table:<16} {count:,}")


@app.command()
def forget(
    warehouse: Warehouse,
    uri: Annotated[str | None, typer.Option(help="Addresses, with * and ?.")] = None,
    site: Annotated[str | None, typer.Option(help="Sites, with * and ?.")] = None,
    observations: Annotated[
        bool, typer.Option("--observations", help="Official hourly values instead of sources.")
    ] = False,
    station: Annotated[
        list[int] | None,
        typer.Option(help="Only observations of this station's number; may be repeated."),
    ] = None,
    since: Since = None,
    until: Until = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without, only say what would go.")
    ] = False,
) -> None:
    """Remove what bad sources brought: documents, sightings, and what nothing else sighted.

    With --observations: remove official hourly values, and find the hours of snapshots anew.
    Without --yes, only count what would be removed. Loading the same source again brings it back.
    """
    from nalssi.warehouse import WarehouseError

    if observations and (uri or site):
        fail(["--observations does not go with --uri or --site"], 2)
    if not observations and (station or since or until):
        fail(["--station, --since and --until go with --observations"], 2)
    if not (observations or uri or site):
        fail(["forget needs --uri or --site, or --observations"], 2)
    try:
        if observations:
            _forget_observations(warehouse, station or [], since, until, yes)
        else:
            _forget_sources(warehouse, uri, site, yes)
    except WarehouseError as error:
        fail([str(error)])
    if not yes:
        print("nothing was changed; --yes takes them back")


def _forget_sources(warehouse: Path, uri: str | None, site: str | None, yes: bool) -> None:
    from nalssi.warehouse import Warehouse as Folder
    from nalssi.warehouse.forget_documents import forget, preview

    # Looked up first in any case: where there is no warehouse, none is made.
    gone = preview(Folder(warehouse), uri=uri, site=site)
    if yes and gone.documents:
        gone = forget(Folder(warehouse), uri=uri, site=site)
    if not gone.documents:
        fail(["no document matches"])
    for table, rows in vars(gone).items():
        print(f"{table:<10} {rows:,}")


def _forget_observations(
    warehouse: Path,
    stations: list[int],
    since: datetime | None,
    until: datetime | None,
    yes: bool,
) -> None:
    from nalssi.timing import ObservationSelection, forget_observations, preview_observations
    from nalssi.warehouse import Warehouse as Folder

    selection = ObservationSelection(stations, since and since.date(), until and until.date())
    gone = preview_observations(Folder(warehouse), selection)
    if yes and gone.observations:
        gone = forget_observations(Folder(warehouse), selection)
    if not gone.observations:
        fail(["no observation matches"])
    print(f"observations  {gone.observations:,} of {gone.stations:,} stations")
    print(f"days          {gone.since} to {gone.until}")
    print(f"hours         {gone.timed:,} snapshots have theirs from among these")
