"""The command line: one verb a command.

Exit status 0: done. 1: something asked for could not be used; the rest was done. 2: wrong usage.
An error is one line on stderr. What a command needs is imported inside it: Prefect, matplotlib and
the dataframe libraries take longer to import than most commands take to run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from nalssi import __version__
from nalssi.paths import SAMPLES, default_warehouse

if TYPE_CHECKING:
    from flows.results import Result
    from nalssi.sources import Options

app = typer.Typer(
    help="nalssi (날씨): dated regional weather out of the tickers that Korean news sites print.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
stations = typer.Typer(help="KMA's weather stations.", no_args_is_help=True)
app.add_typer(stations, name="stations")

ParseFormat = StrEnum("ParseFormat", ["table", "ndjson", "csv"])
QueryFormat = StrEnum("QueryFormat", ["table", "csv", "json", "ndjson", "parquet", "markdown"])
Language = StrEnum("Language", ["ko", "en"])
Image = StrEnum("Image", ["png", "svg"])
Runner = StrEnum("Runner", ["local", "dask"])
SourceKind = StrEnum("SourceKind", ["text", "html", "xml", "jsonl", "parquet", "warc"])

Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE…", help="File, folder, glob, web address or `-`.")
]
Warehouse = Annotated[
    Path,
    typer.Option(
        "--warehouse",
        envvar="NALSSI_WAREHOUSE",
        help="Folder of the warehouse.",
        default_factory=default_warehouse,
        show_default="data/warehouse of the checkout",
    ),
]
KindOption = Annotated[
    SourceKind | None, typer.Option("--kind", help="What the sources are, whatever they look like.")
]
TextColumn = Annotated[
    str | None,
    typer.Option(help="Column of a corpus that holds the text.", rich_help_panel="Corpora"),
]
UrlColumn = Annotated[
    str | None, typer.Option(help="Column that holds the address.", rich_help_panel="Corpora")
]
DateColumn = Annotated[
    str | None,
    typer.Option(help="Column that holds the time of capture.", rich_help_panel="Corpora"),
]
DateTimezone = Annotated[
    str | None,
    typer.Option(help="Time zone of capture times that name none.", rich_help_panel="Corpora"),
]
Languages = Annotated[list[Language], typer.Option("--lang", help="Language of the charts.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show Prefect's log lines too.")]


def main() -> NoReturn:
    """Run the command that the arguments name, and exit with its status."""
    try:
        app()
    except KeyboardInterrupt:
        _say("interrupted")
        raise SystemExit(130) from None
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more can be said on it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(0)


def _say(message: str) -> None:
    print(f"nalssi: {message}", file=sys.stderr)


def _fail(problems: Iterable[str], status: int = 1) -> NoReturn:
    for problem in problems:
        _say(problem)
    raise typer.Exit(status)


def _version(asked: bool) -> None:
    if asked:
        print(f"nalssi {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    warehouse: Warehouse,
    sources: Sources = [],  # noqa: B006  # typer copies it
    kind: KindOption = None,
    lang: Languages = [Language.ko],  # noqa: B006
    text_column: TextColumn = None,
    url_column: UrlColumn = None,
    date_column: DateColumn = None,
    date_timezone: DateTimezone = None,
    verbose: Verbose = False,
) -> None:
    """The main job, a Prefect flow: load tickers into the warehouse and draw their charts.

    Without SOURCE: the sample pages of the checkout.
    """
    result = _run_flow(
        "weather",
        verbose,
        sources=sources or [str(SAMPLES)],
        warehouse=warehouse.absolute(),
        kind=_value(kind),
        options=_options_of(text_column, url_column, date_column, date_timezone),
        lang=[language.value for language in lang],
    )
    _report(result, warehouse)


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
    verbose: Verbose = False,
) -> None:
    """Load tickers into the warehouse: a Prefect flow."""
    if dask_address and runner is not Runner.dask:
        _fail(["--dask-address goes with --runner dask"], 2)
    result = _run_flow(
        "ingest",
        verbose,
        sources=sources,
        warehouse=warehouse.absolute(),
        kind=_value(kind),
        options=_options_of(text_column, url_column, date_column, date_timezone),
        runner=_value(runner),
        dask_address=dask_address,
    )
    _report(result, warehouse)


@app.command()
def charts(
    warehouse: Warehouse,
    lang: Languages = [Language.ko],  # noqa: B006
    image: Annotated[list[Image], typer.Option("--format", help="File format.")] = [  # noqa: B006
        Image.png,
        Image.svg,
    ],
    verbose: Verbose = False,
) -> None:
    """Draw the charts of what the warehouse holds: a Prefect flow."""
    result = _run_flow(
        "charts",
        verbose,
        warehouse=warehouse.absolute(),
        lang=[language.value for language in lang],
        formats=[form.value for form in image],
    )
    _report(result, warehouse)


@app.command()
def parse(
    sources: Sources,
    form: Annotated[
        ParseFormat, typer.Option("--format", help="Format of the output.")
    ] = ParseFormat.table,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the lines refused to this file, in the same format.")
    ] = None,
    kind: KindOption = None,
    text_column: TextColumn = None,
    url_column: UrlColumn = None,
    date_column: DateColumn = None,
    date_timezone: DateTimezone = None,
) -> None:
    """Show what is read in SOURCE: a dry run, without warehouse and without Prefect."""
    from contextlib import ExitStack

    from nalssi.parse import Counts, Writer
    from nalssi.parse import parse as parse_sources

    counts = Counts()
    options = _options_of(text_column, url_column, date_column, date_timezone)
    with ExitStack() as stack:
        readings = Writer(sys.stdout, _value(form))
        refused = None
        if rejects:
            try:
                file = stack.enter_context(rejects.open("w", encoding="utf-8"))
            except OSError as error:
                _fail([f"{rejects}: {error.strerror}"])
            refused = Writer(file, _value(form))
        for found, not_found in parse_sources(sources, _value(kind), options, counts):
            readings.write(found)
            if refused:
                refused.write(not_found)
    print(counts, file=sys.stderr)
    if not counts.ticker_lines:
        counts.problems.append(f"no ticker found in {', '.join(sources)}")
    if counts.problems:
        _fail(counts.problems)


def _value(choice: StrEnum | None) -> Any:
    """The plain text of a choice: the enums only list what typer accepts."""
    return choice and choice.value


def _options_of(
    text_column: str | None,
    url_column: str | None,
    date_column: str | None,
    date_timezone: str | None,
) -> Options:
    from nalssi.sources import Options

    if date_timezone:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(date_timezone)
        except (ZoneInfoNotFoundError, ValueError):
            _fail([f"--date-timezone: no time zone {date_timezone!r}"], 2)
    return Options(text_column, url_column, date_column, date_timezone)


def _run_flow(name: Any, verbose: bool, **parameters: Any) -> Result:
    from flows.run import FlowError
    from flows.run import run as run_flow

    try:
        return run_flow(name, verbose=verbose, **parameters)
    except FlowError as error:
        _fail([str(error)])


def _report(result: Result, warehouse: Path) -> None:
    """Say in a few lines what a flow did; exit with status 1 if something could not be used."""
    problems = list(result.problems)
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
        if not load.documents_with_ticker:
            problems.append(f"no ticker found in {load.documents_read:,} documents")
    if result.charts:
        folder = Path(os.path.commonpath(result.charts))
        folder = folder if folder.is_dir() else folder.parent
        print(
            f"charts     {len(result.charts):,} in {_near(folder)}, {result.charts_drawn:,} drawn"
        )
    print(f"warehouse  {_near(warehouse)}")
    if problems:
        _fail(problems)


def _near(path: Path) -> Path:
    """A path as seen from here, if it lies below."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
