"""The command `nalssi parse`: print the readings of sources, without a warehouse.

The columns of the output are in `nalssi/parse.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.option_groups import expand_option_groups
from nalssi.cli.options import (
    KindOption,
    SkippedFileOption,
    SourceArguments,
)
from nalssi.cli.skipped_files import check_writable, with_hint, write_skipped
from nalssi.common.errors import file_and_reason
from nalssi.common.process.workarounds import let_signals_interrupt_reads
from nalssi.sources.partition import NO_OPTIONS, Options

if TYPE_CHECKING:
    import polars as pl

    from nalssi.parse import ParseCounts
    from nalssi.parse_output import Format as FrameFormat

    Parsed = Iterator[tuple[pl.DataFrame, pl.DataFrame]]

ParseFormat = Literal["table", "ndjson", "csv", "xlsx"]


@app.command()
@expand_option_groups
def parse(
    sources: SourceArguments,
    form: Annotated[ParseFormat, typer.Option("--format", help="Format of the output.")] = "table",
    rejects: Annotated[
        Path | None,
        typer.Option(help="Write the rejected lines to this file, in the same format."),
    ] = None,
    flags: Annotated[
        bool,
        typer.Option(
            "--flags",
            help="Add the quality flag, the failed tests and the region of each reading. Frozen"
            " feeds are found among the sources, which are read twice.",
        ),
    ] = False,
    skipped: SkippedFileOption = None,
    kind: KindOption = None,
    options: Options = NO_OPTIONS,
) -> None:
    """Print the readings in SOURCE: a dry run without a warehouse and without Prefect."""
    from nalssi.parse import ParseCounts
    from nalssi.parse import parse as parse_sources

    let_signals_interrupt_reads()  # after polars was imported
    check_writable(skipped)
    counts = ParseCounts()
    parsed = parse_sources(sources, kind, options, counts, flags=flags)
    if form == "xlsx":
        _write_workbook(parsed, rejects, counts, sources)
    else:
        _write_frames(parsed, form, rejects)
    print(counts, file=sys.stderr)
    write_skipped(counts.skipped, skipped)
    problems = with_hint(counts.problems, skipped)
    if not counts.ticker_lines:
        problems.append(f"no ticker found in {', '.join(sources)}")
    if problems:
        fail(problems)


def _write_frames(parsed: Parsed, form: FrameFormat, rejects: Path | None) -> None:
    from nalssi.parse_output import FrameWriter

    with ExitStack() as stack:
        readings_writer = FrameWriter(sys.stdout, form)
        rejects_writer = None
        if rejects:
            try:
                file = stack.enter_context(rejects.open("w", encoding="utf-8"))
            except OSError as error:
                fail([file_and_reason(error, rejects)])
            rejects_writer = FrameWriter(file, form)
        for readings, rejected in parsed:
            readings_writer.write(readings)
            if rejects_writer:
                rejects_writer.write(rejected)


def _write_workbook(
    parsed: Parsed, rejects: Path | None, counts: ParseCounts, sources: list[str]
) -> None:
    """Write a workbook to standard output, with the sheets `readings, rejects, about`.

    `parsed` are the pairs (readings, rejects) of the batches. The sheet `about` states `counts` and
    `sources`. Exits with status 2 if `rejects`, the value of `--rejects`, is given or if standard
    output is a terminal, and with status 1 if the rows do not fit into a workbook.
    """
    from nalssi.common.workbook import WorkbookError
    from nalssi.export.manifest import source_facts
    from nalssi.parse_output import write_parsed_workbook
    from nalssi.warehouse.result_formats import OutputError, refuse_terminal

    if rejects:
        fail(["--rejects: a workbook has the rejected lines in its sheet `rejects`"], 2)
    try:
        refuse_terminal("xlsx", sys.stdout, "readings")
    except OutputError as error:
        fail([str(error)], 2)

    def about() -> dict[str, str]:
        return {**source_facts(), "sources": " ".join(sources), "counts": str(counts)}

    try:
        write_parsed_workbook(sys.stdout.buffer, parsed, about)
    except WorkbookError as error:
        fail([str(error)])
