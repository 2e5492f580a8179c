"""The command `nalssi draw`: draw one picture, without a server and without Prefect."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.compared_with import NOTHING, ComparedWith
from nalssi.charts.draw_options import SELECTING_FIELDS, DrawOptions
from nalssi.charts.picture_formats import IMAGE_FORMATS
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.cli.app import app
from nalssi.cli.messages import fail, print_message
from nalssi.cli.option_groups import OmitFields, expand_option_groups
from nalssi.cli.options import KindOption, WarehouseOption
from nalssi.common.command_option import CommandOption
from nalssi.common.errors import file_and_reason
from nalssi.common.process.workarounds import let_signals_interrupt_reads
from nalssi.common.safe_text import safe_text
from nalssi.drawing.drawing_errors import DrawingError, UnusableTitleError
from nalssi.locale.locales import LOCALES, Lang
from nalssi.sources.partition import NO_OPTIONS, Options

if TYPE_CHECKING:
    from nalssi.drawing.one_picture import Picture

_enumeration: Any = StrEnum  # Any: mypy knows members only from a literal
ChartName: Any = _enumeration("ChartName", {kind: kind for kind in KINDS})
ALL_READINGS = ReadingFilter()
DEFAULT_OPTIONS = DrawOptions()
STANDARD_OUTPUT = "-"


@app.command()
@expand_option_groups
def draw(
    warehouse: WarehouseOption,
    chart: Annotated[ChartName, typer.Argument(metavar="KIND", help=f"One of {', '.join(KINDS)}.")],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="File of the picture; its suffix is the format. `-` is standard output.",
        ),
    ],
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="File, folder, glob, web address or `-`, as in `nalssi parse`. Without it, the"
            " picture shows the warehouse.",
        ),
    ] = None,
    form: Annotated[
        str | None,
        CommandOption("Format, if the suffix does not say it.", "--format", choices=IMAGE_FORMATS),
    ] = None,
    lang: Annotated[Lang, CommandOption("Language.", choices=tuple(LOCALES))] = "ko",
    title: Annotated[str | None, CommandOption("Title instead of that of the chart.")] = None,
    day: Annotated[date | None, CommandOption("Only this day, such as 2025-12-19.")] = None,
    snapshot: Annotated[
        str | None, CommandOption("The list with this id; `nalssi parse --format csv` prints ids.")
    ] = None,
    selected: ReadingFilter = ALL_READINGS,
    compared_with: ComparedWith = NOTHING,
    drawing: Annotated[DrawOptions, OmitFields(SELECTING_FIELDS)] = DEFAULT_OPTIONS,
    kind: KindOption = None,
    options: Options = NO_OPTIONS,
) -> None:
    """Draw one picture of SOURCE or of the warehouse, as PNG, SVG or PDF.

    A picture of one list (map, regions, change) shows the list of --snapshot, or else the newest
    list of the selected days.
    """
    if day is not None:
        if selected.since or selected.until:
            fail(["--day cannot be used with --since or --until"], 2)
        selected = replace(selected, since=day, until=day)
    try:
        drawing = replace(
            drawing,
            kinds=(str(chart),),
            formats=(_format(output, form),),
            langs=(lang,),
            reading_filter=selected,
            compared_with=compared_with,
            title=title and safe_text(" ".join(title.split())),
        )
    except ValueError as error:
        fail([str(error)], 2)
    try:
        picture, problems = _draw(sources or [], warehouse, drawing, snapshot, kind, options)
    except UnusableTitleError as error:
        fail([f"--title: {error}"], 2)
    except DrawingError as error:
        fail([str(error)])
    for note in picture.notes:
        print_message(note)
    _write(output, picture.files[drawing.formats[0]])
    if problems:
        fail(problems)


def _draw(
    sources: list[str],
    warehouse: Path,
    drawing: DrawOptions,
    snapshot: str | None,
    kind: Any,
    options: Options,
) -> tuple[Picture, list[str]]:
    """Draw a picture of the sources, or of the warehouse if there are none.

    Returns the picture and a line of text for each problem of the sources. `snapshot` is the id of
    the list to show; None for the newest. `kind` is the format of the sources; None to detect it.
    Raises DrawingError if there is nothing to draw.
    """
    from nalssi.drawing.one_picture import draw_sources, draw_warehouse

    if not sources:
        return draw_warehouse(warehouse, drawing, snapshot), []
    from nalssi.drawing.source_lists import read_sources

    let_signals_interrupt_reads()  # after polars was imported
    lists = read_sources(sources, kind, options)
    picture, problems = draw_sources(lists, drawing, snapshot)
    return picture, list(problems)


def _format(output: str, form: str | None) -> str:
    """Return the format of the picture: `form`, or else the suffix of `output`, such as `png`.

    Exits with status 2 if there is neither.
    """
    if form is not None:
        return form
    if output == STANDARD_OUTPUT:
        fail(["standard output needs a --format"], 2)
    suffix = Path(output).suffix.removeprefix(".").lower()
    if suffix not in IMAGE_FORMATS:
        known = ", ".join(f".{each}" for each in IMAGE_FORMATS)
        fail([f"{output}: use one of the suffixes {known}, or --format"], 2)
    return suffix


def _write(output: str, content: bytes) -> None:
    if output == STANDARD_OUTPUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files

    path = Path(output).resolve()  # the target of a link, which a rename would replace
    try:
        if path.exists() and not path.is_file():  # a pipe, or a folder, which is an error
            path.write_bytes(content)
            return
        remove_stale_temporary_files(path.parent)
        with atomic_write(path) as partial:
            partial.write_bytes(content)
    except OSError as error:
        fail([file_and_reason(error, output)])
