"""The command that fetches: capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nalssi.cli.app import SourcesFile, Warehouse, app, fail, korean, show_table
from nalssi.cli.flow_commands import GalleryLanguages, Language, Verbose, _report, _run_flow

if TYPE_CHECKING:
    from flows.flow_results import CapturedSource


@app.command()
def capture(
    warehouse: Warehouse,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Only these sources of the file.")
    ] = [],  # noqa: B006  # typer copies it
    sources: SourcesFile = None,
    force: Annotated[
        bool, typer.Option("--force", help="Fetch those too that are not due yet.")
    ] = False,
    load: Annotated[
        bool, typer.Option("--load", help="Then load what arrived, draw, and build the gallery.")
    ] = False,
    lang: GalleryLanguages = [Language.ko],  # noqa: B006
    verbose: Verbose = False,
) -> None:
    """Fetch the listed pages that are due into the warehouse's landing: a Prefect flow."""
    from nalssi.capture.source_list import SOURCES, SourcesError, read_sources

    file = sources or warehouse / SOURCES
    try:  # before a server is started, which takes some seconds
        read_sources(file).named(names)
    except SourcesError as error:
        fail([str(error)])
    result = _run_flow(
        "hourly" if load else "capture",
        verbose,
        sources=file.absolute(),
        warehouse=warehouse.absolute(),
        names=names,
        force=force,
        **({"lang": [language.value for language in lang]} if load else {}),
    )
    _show(result.captures)
    _report(result, warehouse)


def _show(captures: list[CapturedSource]) -> None:
    rows = [("source", "outcome", "status", "bytes", "file")]
    for captured in captures:
        done, due = captured.attempt, captured.due_at
        rows.append(
            (
                captured.source,
                captured.outcome + (f" until {korean(due):%H:%M}" if due else ""),
                str(done.status or "") if done else "",
                f"{done.bytes:,}" if done and done.bytes is not None else "",
                (done.file or "") if done else "",
            )
        )
    show_table(rows)
