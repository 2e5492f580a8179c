"""Compare snapshots with the official hours and write the table `reconciliations`.

A dated snapshot is compared with the hours of its date. If none of them certainly fits, or if the
snapshot has no date or a false date (a frozen feed), it is compared with all hours. The result
depends on readings, dates, observations and the lists that are printed under several dates
(`repeated_lists`), none of which depends on earlier results. So comparing only the changed
snapshots gives the same result as comparing all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.sql_steps import read_steps
from nalssi.common.station_grid import empty_grid, station_columns
from nalssi.quality import update_quality
from nalssi.timing.compare_lists import UNDATED, compare
from nalssi.timing.nearest_hours import DAYS_BEFORE, BlockSizes
from nalssi.timing.official_hours import OfficialHours, read_official_hours
from schemas.contracts import check, polars_schema
from schemas.vocabulary import OBSERVATION_SOURCES

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
NOT_FEED = tuple(source for source in OBSERVATION_SOURCES if source != "feed")
"""The sources with which a capture of the feed is compared: all but the feed."""


@dataclass(frozen=True)
class ReconcileCounts:
    """The number of snapshots that were compared, in total and by verdict."""

    compared: int
    verdicts: dict[str, int]


def snapshots_to_reconcile(
    con: duckdb.DuckDBPyConnection, changed_hours: pl.DataFrame
) -> pl.DataFrame:
    """Return the `snapshot_id` of each snapshot whose result may change with the changed hours.

    `changed_hours` has the column `observed_at`, a row for each changed hour. The ids are sorted;
    there are none if no hour has changed.
    """
    con.register("changed_hours", changed_hours.to_arrow())
    ids: pl.DataFrame = con.sql(
        STEPS["snapshots_to_reconcile"], params={"days_before": DAYS_BEFORE}
    ).pl()
    con.unregister("changed_hours")
    return ids


def reconcile(
    con: duckdb.DuckDBPyConnection,
    changed: pl.DataFrame | None = None,
    *,
    sizes: BlockSizes | None = None,
) -> ReconcileCounts:
    """Update `reconciliations`, then the quality flags.

    `changed`: `snapshot_id` of snapshots that were added or removed, and of those that
    `snapshots_to_reconcile` returns; None for all snapshots. Also compared are: snapshots that
    were never compared; snapshots whose list became or ceased to be repeated (`repeated_lists`,
    which `update_quality` writes); and snapshots that the hours in `meta.changed_hours` affect. A
    snapshot whose feed states the hour is not compared with observations of a feed. Works on the
    writer's open connection, inside its transaction. `sizes` change speed and memory, not the
    result.
    """
    sizes = sizes or BlockSizes()
    if changed is not None:
        pending = snapshots_to_reconcile(con, con.sql(STEPS["changed_hours"]).pl())
        changed = pl.concat([changed.select(pl.col("snapshot_id").cast(pl.String)), pending])
    _choose_snapshots(con, changed)
    unstated, total = con.sql(STEPS["count_todo"]).pl().row(0)
    results = [
        *_compare_blocks(con, OBSERVATION_SOURCES, 0, unstated, sizes),
        *_compare_blocks(con, NOT_FEED, unstated, total, sizes),
    ]
    rows = pl.concat(results) if results else pl.DataFrame(schema=polars_schema("reconciliations"))
    con.execute(STEPS["delete_old"])
    con.register("compared", check("reconciliations", rows).to_arrow())
    con.execute(STEPS["insert_new"])
    con.unregister("compared")
    touched = None if changed is None else con.sql(STEPS["wanted_ids"]).pl()
    con.execute(STEPS["forget_changed_hours"])
    con.execute(STEPS["drop_tables"])
    update_quality(con, touched)
    counts = rows.group_by("verdict").len().sort("verdict")
    return ReconcileCounts(rows.height, dict(counts.iter_rows()))


def _choose_snapshots(con: duckdb.DuckDBPyConnection, changed: pl.DataFrame | None) -> None:
    """Create the temporary tables `wanted`, `todo` and `todo_readings`.

    `wanted` has the ids of the snapshots whose rows are replaced: those of `changed` (None: all)
    and those that need it without being changed. `todo` numbers those that still exist from 0,
    sorted so that neighbours are compared with the same hours; those whose feed states the hour
    come last. `todo_readings` has their temperatures.
    """
    if changed is None:
        con.execute(STEPS["want_all"])
    else:
        con.register("changed", changed.select(pl.col("snapshot_id").cast(pl.String)).to_arrow())
        con.execute(STEPS["want_changed"])
        con.unregister("changed")
    for step in ("want_changed_frozen", "todo", "todo_readings"):
        con.execute(STEPS[step])


def _compare_blocks(
    con: duckdb.DuckDBPyConnection, sources: Sequence[str], start: int, end: int, sizes: BlockSizes
) -> Iterator[pl.DataFrame]:
    """Compare snapshots `start` to `end` (excluded) of `todo` with official hours of `sources`.

    Yields rows of `reconciliations`, a frame for each block of `sizes.snapshots` snapshots.
    """
    if start < end:
        official = read_official_hours(con, sources)
        for first in range(start, end, sizes.snapshots):
            yield _compare_block(con, official, first, min(first + sizes.snapshots, end), sizes)


def _compare_block(
    con: duckdb.DuckDBPyConnection, official: OfficialHours, first: int, end: int, sizes: BlockSizes
) -> pl.DataFrame:
    """Return rows of `reconciliations` for a block of snapshots of the table `todo`.

    The block has the snapshots from number `first` to number `end`, without `end`.
    """
    params = {"first": first, "end": end}
    todo = con.sql(STEPS["block_of_todo"], params=params).pl()
    readings = con.sql(STEPS["block_of_readings"], params=params).pl()
    lists = empty_grid(todo.height)
    columns = station_columns()[readings["station_id"].to_numpy()]
    lists[readings["number"].to_numpy(), columns] = readings["tenths"].to_numpy()
    days = todo["day"].cast(pl.Int32).fill_null(UNDATED).to_numpy()
    return compare(todo["snapshot_id"], lists, days, todo["frozen"].to_numpy(), official, sizes)
