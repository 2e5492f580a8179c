"""Update the table `quality` after a load or a comparison: run every check, write the flags.

The functions work on the writer's open connection, inside its transaction. The checks are in
modules such as `spatial_check`; `affected_snapshots` decides which snapshots are checked again.

The logical order is: find the lists that are printed under several dates (`repeated_lists`), which
needs no hours; conclude when the snapshots were observed (`conclusions`); run the checks, some of
which need hours (`quality`); conclude which readings are usable; group the lists of one hour
(`counts_as`). `update_quality` concludes the times first, to know which snapshots a change can
affect. After it has found the repeated lists, it concludes the times of snapshots again for which
`repeated_lists` has changed, so the result is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from nalssi.common.station_grid import Bools
from nalssi.conclusions import conclude_times, conclude_usable
from nalssi.quality import consistency_check, frozen_feed_check, spatial_check, step_check
from nalssi.quality.affected_snapshots import (
    MAX_LOOKUPS,
    all_changed_or_one_gone,
    hours_of,
    read_affected,
)
from nalssi.quality.distinct_observations import days_of, update_distinct_observations
from nalssi.quality.flags import all_findings, combine, names_of_tests
from nalssi.quality.snapshot_batch import SnapshotBatch

if TYPE_CHECKING:
    import duckdb

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
SNAPSHOTS_AT_ONCE = 100_000


def update_quality(
    con: duckdb.DuckDBPyConnection,
    changed: pl.DataFrame | None,
    *,
    max_lookups: int = MAX_LOOKUPS,
) -> pl.DataFrame | None:
    """Update the flags of all snapshots that a change can affect, and their conclusions.

    `changed`: `snapshot_id` of every snapshot that was added or removed, or whose sightings or
    reconciliation changed, and those that `conclusions.neighbouring_snapshots` returned for them
    before sightings were removed; None to check all snapshots. Pass None if `reconciliations` were
    deleted but their snapshots were not. The resulting table is always the same as after checking
    all snapshots. `max_lookups` affects only the speed (see `affected_snapshots`).

    Returns the `snapshot_id` of the checked snapshots, or None if all were checked.
    """
    changed = None if changed is None else changed.select("snapshot_id").unique()
    if changed is not None:
        if changed.is_empty():
            return changed
        if all_changed_or_one_gone(con, changed):
            changed = None
    former_hours = hours_of(con, changed)
    concluded = conclude_times(con, changed)
    batch, to_judge = read_affected(con, changed, former_hours, max_lookups)
    judged = None if batch.is_complete and to_judge.all() else batch.ids_of(to_judge)
    repeated = _update_repeated_lists(con, batch, to_judge, judged)
    if not repeated.is_empty():
        concluded = pl.concat([concluded, conclude_times(con, repeated)])
    _delete(con, "quality", judged)
    for flags in judge(batch, to_judge):
        _insert(con, batch, flags)
    written = _united(judged, changed, concluded.select("snapshot_id"))
    conclude_usable(con, written)
    days = None
    if written is not None:
        former_days = concluded.select(pl.col("former_day").alias("day")).drop_nulls()
        days = pl.concat([former_days, days_of(con, written)]).unique()
    update_distinct_observations(con, days)
    return judged


def _united(*ids: pl.DataFrame | None) -> pl.DataFrame | None:
    """Return the distinct `snapshot_id` of all frames.

    None means all snapshots, so the result is None if one of the arguments is None.
    """
    frames = [frame for frame in ids if frame is not None]
    return pl.concat(frames).unique() if len(frames) == len(ids) else None


def _update_repeated_lists(
    con: duckdb.DuckDBPyConnection, batch: SnapshotBatch, rows: Bools, ids: pl.DataFrame | None
) -> pl.DataFrame:
    """Write the rows of `repeated_lists` of snapshots, and return the `snapshot_id`s that changed.

    `rows` marks the snapshots in the batch, `ids` has their ids (None for all).
    """
    found = batch.repeated.rows(batch.grid, rows)
    with registered(con, "quality_repeated", found):
        if ids is None:
            changed: pl.DataFrame = con.sql(STEPS["changed_repeated"]).pl()
        else:
            with registered(con, "quality_wanted", ids):
                changed = con.sql(STEPS["changed_repeated_wanted"]).pl()
        if not changed.is_empty():
            _delete(con, "repeated_lists", ids)
            con.execute(STEPS["insert_repeated"])
    return changed


def _delete(con: duckdb.DuckDBPyConnection, table: str, ids: pl.DataFrame | None) -> None:
    """Delete the rows of the snapshots `ids` (`snapshot_id`) from a table; if None, all rows."""
    if ids is None:
        con.execute(STEPS[f"delete_all_{table}"])
    else:
        with registered(con, "quality_wanted", ids):
            con.execute(STEPS[f"delete_{table}"])


def judge(batch: SnapshotBatch, rows: Bools) -> Iterator[pl.DataFrame]:
    """Run every check on the snapshots of a batch that are marked in `rows`.

    The other snapshots of the batch are only compared with them. Yields frames with one row per
    reading that is not good, as `flags.combine` returns them. The result is divided into several
    frames to save memory, because a frozen feed flags every reading of a snapshot.
    """
    grid = batch.grid
    stuck = batch.stuck_findings
    findings = all_findings(
        [
            batch.value_findings,
            stuck.filter(rows[stuck["grid_row"].to_numpy()]),
            step_check.step(grid, rows),
            consistency_check.one_hour_two_values(grid, rows),
        ]
    )
    wanted = np.flatnonzero(rows)
    for start in range(0, wanted.size, SNAPSHOTS_AT_ONCE):
        portion = wanted[start : start + SNAPSHOTS_AT_ONCE]
        in_portion = np.zeros(rows.size, np.bool_)
        in_portion[portion] = True
        numbers = pl.Series(portion.astype(np.uint32)).implode()
        yield combine(
            all_findings(
                [
                    findings.filter(pl.col("grid_row").is_in(numbers)),
                    frozen_feed_check.frozen_feed(grid, batch.repeated, in_portion),
                    spatial_check.spatial(grid, in_portion),
                ]
            )
        )


def _insert(con: duckdb.DuckDBPyConnection, batch: SnapshotBatch, flags: pl.DataFrame) -> None:
    with (
        registered(con, "quality_rows", flags),
        registered(con, "quality_grid_rows", batch.grid.numbered_ids()[flags["grid_row"].unique()]),
        registered(con, "quality_test_names", names_of_tests(flags["tests"])),
    ):
        con.execute(STEPS["insert"])
