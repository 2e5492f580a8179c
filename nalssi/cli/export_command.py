"""The command `nalssi export`: write readings to files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import WarehouseOption
from nalssi.common.day_range import DayRange
from nalssi.common.errors import system_reason
from schemas.vocabulary import region_ids

ExportFormat = Literal["parquet", "csv", "geojson", "duckdb", "dataset", "xlsx"]


@app.command("export")
@expand_option_groups
def export_(
    warehouse: WarehouseOption,
    out: Annotated[Path, typer.Option(help="The file to write; a folder for parquet and dataset.")],
    form: Annotated[
        ExportFormat, typer.Option("--format", help="Format of the export.")
    ] = "parquet",
    days: DayRange = DayRange(),  # noqa: B008  # it is immutable
    region: Annotated[
        list[int] | None,
        typer.Option(help=f"Only this region, 1 to {max(region_ids())}; may be repeated."),
    ] = None,
    station: Annotated[
        list[int] | None, typer.Option(help="Only the station with this number; may be repeated.")
    ] = None,
    snapshot: Annotated[str | None, typer.Option(help="Only the snapshot with this id.")] = None,
    flags: Annotated[
        list[str] | None,
        typer.Option(
            help="Only readings with these quality flags, such as 1,2 (the default for csv,"
            " geojson and xlsx): 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing; may be"
            " repeated."
        ),
    ] = None,
) -> None:
    """Write readings to files for other tools, with attribution and counts of excluded readings.

    A parquet export without filters has everything: `nalssi import` makes a warehouse of it.
    """
    from nalssi.export import ExportError, export, flags_to_keep
    from nalssi.warehouse import Warehouse, WarehouseError

    try:
        manifest = export(
            Warehouse(warehouse),
            out,
            form,
            since=days.since,
            until=days.until,
            regions=region or (),
            stations=station or (),
            snapshot=snapshot,
            flags=[flag for text in flags or () for flag in _numbers(text)] or None,
        )
    except (ExportError, WarehouseError, ValueError) as error:
        fail([str(error)])
    except OSError as error:
        fail([f"{out}: {system_reason(error)}"])
    print(f"{manifest.rows['readings']:,} readings in {out}")
    for reason, readings in manifest.excluded.items():
        print(f"excluded: {readings:,} {reason}")
    if more := flags_to_keep(manifest.selection.get("flags"), manifest.excluded):
        print(f"--flags {more} also exports the readings that were excluded for their flag")


def _numbers(flags: str) -> list[int]:
    try:
        return [int(flag) for flag in flags.split(",")]
    except ValueError:
        fail([f"--flags {flags}: expected numbers, such as 1,2"], 2)
