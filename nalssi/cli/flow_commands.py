"""Commands that run a Prefect flow: run, ingest, charts, gallery, reconcile; and serve."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nalssi.cli.app import (
    DateColumn,
    DateTimezone,
    KindOption,
    Since,
    SkippedFile,
    Sources,
    SourcesFile,
    TextColumn,
    Until,
    UrlColumn,
    Warehouse,
    app,
    check_writable,
    fail,
    list_skipped,
    options_of,
    plain,
    with_hint,
)
from nalssi.common.paths import SAMPLES
from nalssi.common.process import exit_on_signals

if TYPE_CHECKING:
    from flows.flow_results import FlowResult

Language = StrEnum("Language", ["ko", "en"])
Image = StrEnum("Image", ["png", "svg"])
ChartKind = StrEnum("ChartKind", ["map", "regions", "change", "series", "heatmap", "quality"])
Runner = StrEnum("Runner", ["local", "dask"])

Languages = Annotated[
    list[Language], typer.Option("--lang", help="Language of the charts; may be repeated.")
]
GalleryLanguages = Annotated[
    list[Language],
    typer.Option(
        "--lang",
        help="Language of the gallery's first page; may be repeated. Both are made.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show Prefect's log lines too.")]


@app.command()
def run(
    warehouse: Warehouse,
    sources: Sources = [],  # noqa: B006  # typer copies it
    kind: KindOption = None,
    lang: GalleryLanguages = [Language.ko],  # noqa: B006
    text_column: TextColumn = None,
    url_column: UrlColumn = None,
    date_column: DateColumn = None,
    date_timezone: DateTimezone = None,
    skipped: SkippedFile = None,
    verbose: Verbose = False,
) -> None:
    """The main job, a Prefect flow: load tickers into the warehouse and draw their charts.

    Without SOURCE: the sample pages of the checkout.
    """
    check_writable(skipped)
    result = _run_flow(
        "weather",
        verbose,
        sources=sources or [str(SAMPLES)],
        warehouse=warehouse.absolute(),
        kind=plain(kind),
        options=options_of(text_column, url_column, date_column, date_timezone),
        lang=[language.value for language in lang],
    )
    list_skipped(result.skipped, skipped)
    _report(result, warehouse, skipped)


@app.command()
def ingest(
    warehouse: Warehouse,
    sources: Sources,
    kind: KindOption = None,
    runner: Annotated[
        Runner, typer.Option(help="Where extraction runs: threads here, or a Dask cluster.")
    ] = Runner.local,
    dask_address: Annotated[
        str | None,
        typer.Option(help="A running Dask scheduler; without it, a temporary cluster here."),
    ] = None,
    text_column: TextColumn = None,
    url_column: UrlColumn = None,
    date_column: DateColumn = None,
    date_timezone: DateTimezone = None,
    skipped: SkippedFile = None,
    verbose: Verbose = False,
) -> None:
    """Load tickers into the warehouse: a Prefect flow."""
    if dask_address and runner is not Runner.dask:
        fail(["--dask-address goes with --runner dask"], 2)
    check_writable(skipped)
    result = _run_flow(
        "ingest",
        verbose,
        sources=sources,
        warehouse=warehouse.absolute(),
        kind=plain(kind),
        options=options_of(text_column, url_column, date_column, date_timezone),
        runner=plain(runner),
        dask_address=dask_address,
    )
    list_skipped(result.skipped, skipped)
    _report(result, warehouse, skipped)


@app.command()
def charts(
    warehouse: Warehouse,
    lang: Languages = [Language.ko],  # noqa: B006
    image: Annotated[
        list[Image], typer.Option("--format", help="File format; may be repeated.")
    ] = [  # noqa: B006
        Image.png,
        Image.svg,
    ],
    kind: Annotated[
        list[ChartKind] | None, typer.Option("--kind", help="Only this kind; may be repeated.")
    ] = None,
    since: Since = None,
    until: Until = None,
    region: Annotated[
        int | None, typer.Option(min=1, max=10, help="Only this region, 1 to 10.")
    ] = None,
    station: Annotated[int | None, typer.Option(help="Only this station's number.")] = None,
    verbose: Verbose = False,
) -> None:
    """Draw the charts of what the warehouse holds: a Prefect flow."""
    result = _run_flow(
        "charts",
        verbose,
        warehouse=warehouse.absolute(),
        lang=[language.value for language in lang],
        formats=[form.value for form in image],
        since=since and since.date(),
        until=until and until.date(),
        region=region,
        station=station,
        **({"kinds": [each.value for each in kind]} if kind else {}),
    )
    _report(result, warehouse)


@app.command()
def gallery(
    warehouse: Warehouse,
    lang: GalleryLanguages = [Language.ko],  # noqa: B006
    verbose: Verbose = False,
) -> None:
    """Draw the charts and build the static site of what the warehouse holds: a Prefect flow."""
    result = _run_flow(
        "gallery",
        verbose,
        warehouse=warehouse.absolute(),
        lang=[language.value for language in lang],
    )
    _report(result, warehouse)


@app.command()
def reconcile(
    warehouse: Warehouse,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="ASOS.csv", help="Files of hourly values as downloaded."),
    ] = [],  # noqa: B006
    verbose: Verbose = False,
) -> None:
    """Find the hours of snapshots by official hourly values (KMA's ASOS): a Prefect flow.

    Without files: compare what has been loaded since the last time.
    """
    done = _run_flow("reconcile", verbose, files=files, warehouse=warehouse.absolute())
    print(done.observations)
    print(done.summary)
    if done.failures:
        fail(done.failures)


@app.command()
def serve(
    warehouse: Warehouse,
    sources: SourcesFile = None,
) -> None:
    """Capture every hour and reconcile every day, until Ctrl-C; Prefect's UI starts more.

    The schedules are those of prefect.yaml. Prefect's server is the one that PREFECT_API_URL
    names; without, one of its own that runs as long.
    """
    exit_on_signals()
    from flows.run_flow import FlowError
    from flows.serve import serve

    try:
        serve(warehouse, sources)
    except FlowError as error:
        fail([str(error)])


def _run_flow(name: Any, verbose: bool, **parameters: Any) -> Any:
    exit_on_signals()
    from flows.run_flow import FlowError, run_flow

    try:
        return run_flow(name, verbose=verbose, **parameters)
    except FlowError as error:
        fail([str(error)])


def _report(result: FlowResult, warehouse: Path, skipped_file: Path | None = None) -> None:
    """Say in a few lines what a flow did; exit with status 1 if something could not be used."""
    if load := result.load:
        print(
            f"documents  {load.documents_read:,}: {load.documents_with_ticker:,} with a ticker,",
            end=" ",
        )
        print(f"{load.documents_new:,} new, {load.documents_skipped:,} known before")
        print(f"snapshots  {load.snapshots_new:,} new, {load.sightings_new:,} sightings")
        print(f"readings   {load.readings_new:,} new, from {load.reading_lines:,} lines")
        reasons = ", ".join(
            f"{reason} {lines:,}" for reason, lines in load.rejects_by_reason.items()
        )
        print(
            f"rejects    {load.rejected_lines + load.rejected_dates:,}{reasons and f': {reasons}'}"
        )
    if result.charts:
        folder = Path(os.path.commonpath(result.charts))
        folder = folder if folder.is_dir() else folder.parent
        print(
            f"charts     {len(result.charts):,} in {_near(folder)}, {result.charts_drawn:,} drawn"
        )
    if result.gallery:
        print(f"gallery    {_near(result.gallery)}")
    print(f"warehouse  {_near(warehouse)}")
    if result.problems:
        fail(with_hint(result.problems, skipped_file))


def _near(path: Path) -> Path:
    """A path as seen from here, if it lies below."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
