"""The command `nalssi parse`: print the readings of sources, without a warehouse.

The columns of the output are in `nalssi/parse.py`.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

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

ParseFormat = Literal["table", "ndjson", "csv"]


@app.command()
@expand_option_groups
def parse(
    sources: SourceArguments,
    form: Annotated[ParseFormat, typer.Option("--format", help="Format of the output.")] = "table",
    rejects: Annotated[
        Path | None,
        typer.Option(help="Write the rejected lines to this file, in the same format."),
    ] = None,
    skipped: SkippedFileOption = None,
    kind: KindOption = None,
    options: Options = NO_OPTIONS,
) -> None:
    """Print the readings in SOURCE: a dry run without a warehouse and without Prefect."""
    from nalssi.parse import FrameWriter, ParseCounts
    from nalssi.parse import parse as parse_sources

    let_signals_interrupt_reads()  # after polars was imported
    check_writable(skipped)
    counts = ParseCounts()
    with ExitStack() as stack:
        readings_writer = FrameWriter(sys.stdout, form)
        rejects_writer = None
        if rejects:
            try:
                file = stack.enter_context(rejects.open("w", encoding="utf-8"))
            except OSError as error:
                fail([file_and_reason(error, rejects)])
            rejects_writer = FrameWriter(file, form)
        for readings, rejected in parse_sources(sources, kind, options, counts):
            readings_writer.write(readings)
            if rejects_writer:
                rejects_writer.write(rejected)
    print(counts, file=sys.stderr)
    write_skipped(counts.skipped, skipped)
    problems = with_hint(counts.problems, skipped)
    if not counts.ticker_lines:
        problems.append(f"no ticker found in {', '.join(sources)}")
    if problems:
        fail(problems)
