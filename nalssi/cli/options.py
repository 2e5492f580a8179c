"""Options and arguments that several commands have. Each is declared once.

An option of a single command is declared in the module of that command. Options that are fields of
a dataclass of the library are declared there, with `CommandOption`: see `option_groups`. The
formats of output repeat lists of the library, because importing it would make every command slow to
start; `tests/cli/test_options.py` compares them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nalssi.charts.picture_days import PICTURE_DAYS_VARIABLE
from nalssi.common.command_option import CommandOption
from nalssi.common.paths import WAREHOUSE_IN_CHECKOUT, default_warehouse
from nalssi.common.site_address import SITE_URL_VARIABLE, site_address
from nalssi.locale.locales import LOCALES
from nalssi.sources.formats import KINDS, Kind
from nalssi.sources.remote_objects import refuse_credentials


def _checked_site_url(url: str | None) -> str | None:
    """Return the value of `--site-url`. Raises BadParameter if it is not a usable site address."""
    try:
        site_address(url or "")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return url


OutputFormat = Literal["table", "csv", "json", "ndjson", "parquet", "markdown", "xlsx"]


def _without_credentials(sources: list[str]) -> list[str]:
    for source in sources:
        try:
            refuse_credentials(source)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    return sources


SourceArguments = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="File, folder, glob, address (`https://`, `s3://`), list of paths or `-`.",
        callback=_without_credentials,
    ),
]
KindOption = Annotated[
    Kind | None,
    CommandOption(
        "Format of all sources. Without it, the format of each file is detected.", choices=KINDS
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
        show_default=f"{WAREHOUSE_IN_CHECKOUT} in a checkout, else in the user's data directory",
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
GalleryLanguagesOption = Annotated[
    tuple[str, ...],
    CommandOption(
        "Language of the gallery's start page; may be repeated. The gallery always has both"
        " languages.",
        choices=tuple(LOCALES),
    ),
]
SiteUrlOption = Annotated[
    str | None,
    typer.Option(
        "--site-url",
        metavar="URL",
        envvar=SITE_URL_VARIABLE,
        callback=_checked_site_url,
        help="Web address at which the gallery is published. Embed codes, link previews and"
        " the sitemap need it.",
        show_default=False,
    ),
]
PictureDaysOption = Annotated[
    int,
    typer.Option(
        "--picture-days",
        metavar="N",
        min=1,
        envvar=PICTURE_DAYS_VARIABLE,
        help="Number of newest days that keep picture files; files of older days are removed. Pages"
        " of older days still show maps and plots.",
    ),
]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Also show Prefect's log lines.")]
