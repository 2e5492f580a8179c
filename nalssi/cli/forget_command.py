"""The command `nalssi forget`: remove documents or official observations from a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import WarehouseOption
from nalssi.common.day_range import DayRange


@app.command()
@expand_option_groups
def forget(
    warehouse: WarehouseOption,
    uri: Annotated[
        str | None,
        typer.Option(help="Only documents with this address; * and ? stand for other characters."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(help="Only documents of this site; * and ? stand for other characters."),
    ] = None,
    observations: Annotated[
        bool, typer.Option("--observations", help="Remove official observations, not documents.")
    ] = False,
    station: Annotated[
        list[int] | None,
        typer.Option(help="Only observations of the station with this number; may be repeated."),
    ] = None,
    days: DayRange = DayRange(),  # noqa: B008  # it is immutable
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove. Without it, only count what would be removed.")
    ] = False,
) -> None:
    """Remove documents, and the sightings, rejects, snapshots and readings that only they show.

    With --observations, remove official observations and determine the hours of the affected
    snapshots again. Values from captures of KMA's feed stay; they are removed with their documents.
    Loading the same sources or files again brings everything back.
    """
    from nalssi.warehouse import WarehouseError

    if observations and (uri or site):
        fail(["--observations does not go with --uri or --site"], 2)
    if not observations and (station or days.since or days.until):
        fail(["--station, --since and --until go with --observations"], 2)
    if not (observations or uri or site):
        fail(["forget needs --uri or --site, or --observations"], 2)
    try:
        if observations:
            _forget_observations(warehouse, station or [], days, yes)
        else:
            _forget_documents(warehouse, uri, site, yes)
    except WarehouseError as error:
        fail([str(error)])
    if not yes:
        print("nothing was changed; --yes removes them")


def _forget_documents(warehouse: Path, uri: str | None, site: str | None, yes: bool) -> None:
    from nalssi.common.tables import print_fields
    from nalssi.warehouse import Warehouse
    from nalssi.warehouse.forget_documents import forget, preview

    # The preview fails if there is no warehouse; `forget` would create one.
    removed = preview(Warehouse(warehouse), uri=uri, site=site)
    if yes and removed.documents:
        # If `forget` removes nothing, an interrupted command had removed the documents before, and
        # `forget` has now published that. So the counts of the preview are printed.
        done = forget(Warehouse(warehouse), uri=uri, site=site)
        removed = done if done.documents else removed
    if not removed.documents:
        fail(["no document matches"])
    print_fields((table, f"{rows:,}") for table, rows in vars(removed).items())


def _forget_observations(
    warehouse: Path,
    stations: list[int],
    days: DayRange,
    yes: bool,
) -> None:
    from nalssi.common.tables import print_fields
    from nalssi.timing import ObservationSelection, forget_observations, preview_observations
    from nalssi.warehouse import Warehouse

    selection = ObservationSelection(stations, days.since, days.until)
    removed = preview_observations(Warehouse(warehouse), selection)
    if yes and removed.observations:
        # As in `_forget_documents`: an interrupted command may have removed them before.
        done = forget_observations(Warehouse(warehouse), selection)
        removed = done if done.observations else removed
    if not removed.observations:
        fail(["no observation matches"])
    print_fields(
        [
            ("observations", f"{removed.observations:,} of {removed.stations:,} stations"),
            ("days", f"{removed.since} to {removed.until}"),
            ("hours", f"{removed.timed:,} snapshots have their hour from these"),
        ]
    )
