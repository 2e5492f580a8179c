"""The command `nalssi status`: the state of a warehouse and of its captured sources."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nalssi.cli.app import app
from nalssi.cli.messages import fail
from nalssi.cli.options import SourcesFileOption, WarehouseOption
from nalssi.common.korea_time import KST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nalssi.status import Status

TABLES = ("documents", "snapshots", "sightings", "readings", "rejects", "quality")


@app.command()
def status(
    warehouse: WarehouseOption,
    sources: SourcesFileOption = None,
    stale_after: Annotated[
        float | None,
        typer.Option(
            metavar="HOURS", min=0, help="Report the newest snapshot as stale when it is older."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    prometheus: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write metrics of Prometheus to this file, such as nalssi.prom."
        ),
    ] = None,
) -> None:
    """Print the state of the warehouse and its captured sources; exit with 1 for any problem.

    A stale source is a problem: it could not be fetched for three of its intervals, prints the same
    list for a day, or lost stations. With --stale-after, the newest snapshot can be stale too. Runs
    that never ended, because they were killed or the machine lost power, are problems too, and so
    are damaged lines in the log of captures.
    """
    from datetime import timedelta

    from nalssi.capture.source_list import SOURCE_LIST_FILE, SourceListError, read_source_list
    from nalssi.common.safe_text import data_stream
    from nalssi.status import status as status_of
    from nalssi.warehouse import Warehouse, WarehouseError

    file = sources or warehouse / SOURCE_LIST_FILE
    try:
        state = status_of(
            Warehouse(warehouse),
            sources=read_source_list(file) if sources or file.exists() else None,
            stale_after=None if stale_after is None else timedelta(hours=stale_after),
            unended_runs=_orphaned_runs(),
        )
        if prometheus:
            from nalssi.prometheus import write_metrics

            write_metrics(state, prometheus)
    except (WarehouseError, SourceListError) as error:
        fail([str(error)])
    if as_json:
        text = json.dumps(state.as_json(), ensure_ascii=False, indent=2)
        print(text, file=data_stream(sys.stdout))
    else:
        _print_status(state)
    if state.stale:
        fail(state.stale)


def _orphaned_runs() -> list[str]:
    """Return a line for each run that Prefect takes for active although its process has ended.

    Returns no line if Prefect's database cannot be read.
    """
    import sqlite3

    from flows.prefect_history import orphaned_runs

    try:
        return [
            f"the run {run} never ended: its process has ended (see nalssi doctor)"
            for run in orphaned_runs()
        ]
    except sqlite3.Error:  # nalssi doctor says what is wrong with Prefect's database
        return []


def _print_status(state: Status) -> None:
    from nalssi.common.tables import print_fields

    print_fields(_contents(state))
    if state.sources:
        _print_sources(state)
    megabytes = {name: size for name, size in state.bytes_on_disk.items() if size}
    megabytes["free"] = state.bytes_free
    versions = ", ".join(f"{part} {version}" for part, version in state.versions.items())
    print_fields(
        [
            *((name, f"{size / 1e6:,.1f} MB") for name, size in megabytes.items()),
            ("versions", versions),
        ]
    )


def _contents(state: Status) -> Iterator[tuple[str, str]]:
    """Yield pairs (label, text): the lines about the contents of the warehouse."""
    from nalssi.common.snapshot_time import SnapshotTime
    from nalssi.locale.locales import LOCALES

    yield "warehouse", str(state.folder)
    if rows := state.rows:
        for table in TABLES:
            yield table, f"{rows[table]:,}"
        verdicts = ", ".join(f"{verdict} {count:,}" for verdict, count in state.verdicts.items())
        yield (
            "compared",
            f"{rows['reconciliations']:,} with {rows['observations']:,} official values"
            + (f": {verdicts}" if verdicts else ""),
        )
    else:
        yield "loads", "none yet"
    if newest := state.newest_snapshot:
        time = SnapshotTime(newest["observed_on"], newest["clock_at"], newest["clock_source"])
        yield (
            "dates",
            f"{state.first_on} to {newest['observed_on']} ({LOCALES['en'].clock(time)}),"
            f" {state.newest_age_hours:,.0f} hours ago",
        )
    if load := state.last_load:
        yield "last load", f"{load['finished_at']:%Y-%m-%d %H:%M:%S%z}, {load['load_id']}"


def _print_sources(state: Status) -> None:
    """Print a table of the captured sources, and the number of pages that are not loaded.

    Times are Korean.
    """
    from nalssi.common.tables import print_table

    rows = [
        (
            source.source,
            source.state,
            *(
                f"{at.astimezone(KST):%m-%d %H:%M}" if at else ""
                for at in (source.got_at, source.tried_at)
            ),
            "" if source.stations is None else str(source.stations),
            "" if source.usual_stations is None else f"{source.usual_stations:g}",
            source.why or "",
        )
        for source in state.sources
    ]
    print()
    print_table(("source", "state", "got", "tried", "stations", "usually", "why"), rows)
    if state.not_loaded:
        print(f"{state.not_loaded:,} captured pages are not loaded yet")
    print()
