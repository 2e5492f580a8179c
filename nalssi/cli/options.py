"""Options and arguments that several commands have. Each is declared once.

An option of a single command is declared in the module of that command. The choices repeat lists of
the library, because importing the library would make every command slow to start;
`tests/cli/test_options.py` compares them.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from nalssi.cli.messages import fail
from nalssi.common.paths import default_warehouse
from nalssi.sources.formats import Kind

if TYPE_CHECKING:
    from nalssi.sources import Options

OutputFormat = Literal["table", "csv", "json", "ndjson", "parquet", "markdown"]
Language = StrEnum("Language", ["ko", "en"])
"""The languages of charts and gallery. It is an enumeration, because typer does not accept a list
of literals."""

SourceArguments = Annotated[
    list[str], typer.Argument(metavar="SOURCE", help="File, folder, glob, web address or `-`.")
]
KindOption = Annotated[
    Kind | None,
    typer.Option("--kind", help="Read the sources as this kind, whatever they look like."),
]
TextColumnOption = Annotated[
    str | None,
    typer.Option(
        "--text-column", help="Column of a corpus that holds the text.", rich_help_panel="Corpora"
    ),
]
UrlColumnOption = Annotated[
    str | None,
    typer.Option(
        "--url-column",
        help="Column of a corpus that holds the address.",
        rich_help_panel="Corpora",
    ),
]
DateColumnOption = Annotated[
    str | None,
    typer.Option(
        "--date-column",
        help="Column of a corpus that holds the capture time.",
        rich_help_panel="Corpora",
    ),
]
DateTimezoneOption = Annotated[
    str | None,
    typer.Option(
        "--date-timezone",
        help="Time zone of capture times that do not state one.",
        rich_help_panel="Corpora",
    ),
]
SkippedFileOption = Annotated[
    Path | None,
    typer.Option(
        "--skipped",
        metavar="FILE",
        help="Write a list of the skipped files to this file: source, format and cause, as CSV"
        " (*.csv) or NDJSON.",
    ),
]

WarehouseOption = Annotated[
    Path,
    typer.Option(
        "--warehouse",
        envvar="NALSSI_WAREHOUSE",
        help="Folder of the warehouse.",
        default_factory=default_warehouse,
        show_default="data/warehouse in a checkout, else in the user's data directory",
    ),
]
SourcesFileOption = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        envvar="NALSSI_SOURCES",
        help="File that lists the pages to capture.",
        show_default="sources.toml in the warehouse",
    ),
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="Only this day and later days, such as 2025-12-19.",
    ),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="Only this day and earlier days.",
    ),
]

GalleryLanguagesOption = Annotated[
    list[Language],
    typer.Option(
        "--lang",
        help="Language of the gallery's start page; may be repeated. The gallery always has both"
        " languages.",
    ),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Also show Prefect's log lines.")]


def corpus_options(
    text_column: str | None,
    url_column: str | None,
    date_column: str | None,
    date_timezone: str | None,
) -> Options:
    """Return the options that describe a corpus. Exit with status 2 if the time zone is unknown."""
    from nalssi.sources import Options

    if date_timezone:
        try:
            ZoneInfo(date_timezone)
        except (KeyError, ValueError):
            fail([f"--date-timezone: unknown time zone {date_timezone!r}"], 2)
    return Options(text_column, url_column, date_column, date_timezone)
