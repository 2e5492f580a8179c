"""What all commands share: the app, options that several take, and how errors are said."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

from nalssi.common.errors import file_and_reason
from nalssi.common.korea_time import KST
from nalssi.common.paths import default_warehouse
from nalssi.common.safe_text import safe_text

if TYPE_CHECKING:
    from nalssi.sources import Options, Skipped

app = typer.Typer(
    help="nalssi (날씨): dated regional weather out of the tickers that Korean news sites print.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SourceKind = StrEnum(
    "SourceKind",
    ["text", "html", "xml", "jsonl", "parquet", "warc", "mhtml", "webarchive", "docx", "xlsx"],
)
QueryFormat = StrEnum("QueryFormat", ["table", "csv", "json", "ndjson", "parquet", "markdown"])

Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE", help="File, folder, glob, web address or `-`.")
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
SourcesFile = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        envvar="NALSSI_SOURCES",
        help="What to capture.",
        show_default="sources.toml in the warehouse",
    ),
]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="From this day on, as in 2025-12-19."),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Up to this day, itself included."),
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
SkippedFile = Annotated[
    Path | None,
    typer.Option(
        "--skipped",
        metavar="FILE",
        help="List the files that were not read here: source, format, cause; CSV or NDJSON.",
    ),
]


def say(message: str) -> None:
    """One line to the user, beside the command's output."""
    print(f"nalssi: {safe_text(message)}", file=sys.stderr)


def fail(problems: Iterable[str], status: int = 1) -> NoReturn:
    """Say what could not be used, a line each, and exit."""
    for problem in problems:
        say(problem)
    raise typer.Exit(status)


def check_writable(file: Path | None) -> None:
    """Make an empty file, if one is asked for; so a long run does not fail at its end."""
    if file is None:
        return
    try:
        file.write_bytes(b"")
    except OSError as error:
        fail([file_and_reason(error, file)])


def list_skipped(skipped: Sequence[Skipped], file: Path | None) -> None:
    """Write the files that were not read into `file`, as CSV if it is named so, else as NDJSON."""
    if file is None:
        return
    from nalssi.parse import Writer, listed

    form: Any = "csv" if file.suffix.lower() == ".csv" else "ndjson"
    with file.open("w", encoding="utf-8") as stream:
        Writer(stream, form).write(listed(skipped))


def with_hint(problems: Iterable[str], skipped_file: Path | None) -> list[str]:
    """The problems; the one that counts what was not read says how to list it."""
    from nalssi.sources.partition import NOT_READ

    hint = f"; listed in {skipped_file}" if skipped_file else "; --skipped FILE lists them"
    return [line + hint if line.startswith(NOT_READ) else line for line in problems]


def show_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows, their head first, in columns as wide as they need."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def korean(instant: datetime) -> datetime:
    """An instant in Korean time, as all of the warehouse shows it."""
    return instant.astimezone(KST)


def plain(choice: StrEnum | None) -> Any:
    """The plain text of a choice: the enums only list what typer accepts."""
    return choice and choice.value


def options_of(
    text_column: str | None,
    url_column: str | None,
    date_column: str | None,
    date_timezone: str | None,
) -> Options:
    """What the user says about a corpus; an unknown time zone is wrong usage."""
    from nalssi.sources import Options

    if date_timezone:
        try:
            ZoneInfo(date_timezone)
        except (KeyError, ValueError):
            fail([f"--date-timezone: no time zone {date_timezone!r}"], 2)
    return Options(text_column, url_column, date_column, date_timezone)
