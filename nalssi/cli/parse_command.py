"""The command that only shows: parse."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nalssi.cli.app import (
    DateColumn,
    DateTimezone,
    KindOption,
    SkippedFile,
    Sources,
    TextColumn,
    UrlColumn,
    app,
    check_writable,
    fail,
    list_skipped,
    options_of,
    plain,
    with_hint,
)
from nalssi.common.errors import file_and_reason

ParseFormat = StrEnum("ParseFormat", ["table", "ndjson", "csv"])


@app.command()
def parse(
    sources: Sources,
    form: Annotated[
        ParseFormat, typer.Option("--format", help="Format of the output.")
    ] = ParseFormat.table,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the lines refused to this file, in the same format.")
    ] = None,
    skipped: SkippedFile = None,
    kind: KindOption = None,
    text_column: TextColumn = None,
    url_column: UrlColumn = None,
    date_column: DateColumn = None,
    date_timezone: DateTimezone = None,
) -> None:
    """Show what is read in SOURCE: a dry run, without warehouse and without Prefect."""
    from nalssi.parse import Counts, Writer
    from nalssi.parse import parse as parse_sources

    # polars has taken SIGINT over such that Ctrl-C no longer ends a wait for standard input.
    signal.siginterrupt(signal.SIGINT, True)
    check_writable(skipped)
    counts = Counts()
    options = options_of(text_column, url_column, date_column, date_timezone)
    with ExitStack() as stack:
        readings = Writer(sys.stdout, plain(form))
        refused = None
        if rejects:
            try:
                file = stack.enter_context(rejects.open("w", encoding="utf-8"))
            except OSError as error:
                fail([file_and_reason(error, rejects)])
            refused = Writer(file, plain(form))
        for found, not_found in parse_sources(sources, plain(kind), options, counts):
            readings.write(found)
            if refused:
                refused.write(not_found)
    print(counts, file=sys.stderr)
    list_skipped(counts.skipped, skipped)
    problems = with_hint(counts.problems, skipped)
    if not counts.ticker_lines:
        problems.append(f"no ticker found in {', '.join(sources)}")
    if problems:
        fail(problems)
