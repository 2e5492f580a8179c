"""The command `nalssi capture`: fetch the pages of the source list that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nalssi.charts.picture_days import PICTURE_DAYS
from nalssi.cli.app import app
from nalssi.cli.flow_runs import print_result, run_flow
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import (
    GalleryLanguagesOption,
    PictureDaysOption,
    SiteUrlOption,
    SourcesFileOption,
    VerboseOption,
    WarehouseOption,
)
from nalssi.common.korea_time import KST

if TYPE_CHECKING:
    from flows.flow_results import CapturedSource


@app.command()
@expand_option_groups
def capture(
    warehouse: WarehouseOption,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Only these sources of the list.")
    ] = [],  # noqa: B006  # typer copies it
    sources: SourcesFileOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also fetch sources that are not due.")
    ] = False,
    load: Annotated[
        bool,
        typer.Option(
            "--load", help="Then load the fetched pages, draw the charts and build the gallery."
        ),
    ] = False,
    lang: GalleryLanguagesOption = ("ko",),
    site_url: SiteUrlOption = None,
    picture_days: PictureDaysOption = PICTURE_DAYS,
    verbose: VerboseOption = False,
) -> None:
    """Fetch the listed pages that are due into the warehouse's landing, as a Prefect flow."""
    from nalssi.capture.source_list import SOURCE_LIST_FILE, SourceListError, read_source_list

    file = sources or warehouse / SOURCE_LIST_FILE
    try:  # before a server is started, which takes some seconds
        read_source_list(file).named(names)
    except SourceListError as error:
        fail([str(error)])
    result = run_flow(
        "hourly" if load else "capture",
        verbose,
        source_list=file.absolute(),
        warehouse=warehouse.absolute(),
        names=names,
        force=force,
        **({"lang": lang, "site_url": site_url, "picture_days": picture_days} if load else {}),
    )
    _print_captures(result.captures)
    print_result(result, warehouse)


def _print_captures(captures: list[CapturedSource]) -> None:
    from nalssi.common.tables import print_table

    rows = []
    for captured in captures:
        attempt, due = captured.attempt, captured.due_at
        rows.append(
            (
                captured.source,
                captured.outcome + (f" until {due.astimezone(KST):%H:%M}" if due else ""),
                str(attempt.status or "") if attempt else "",
                f"{attempt.bytes:,}" if attempt and attempt.bytes is not None else "",
                (attempt.file or "") if attempt else "",
            )
        )
    print_table(("source", "outcome", "status", "bytes", "file"), rows)
