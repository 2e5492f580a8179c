"""Update the table `quality` after a load or a comparison: run every check, write the flags.

The functions work on the writer's open connection, inside its transaction. They write `quality` and
`conclusions`. The checks are in modules such as `spatial_check`;
`affected_snapshots` decides which snapshots are checked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from nalssi.common.station_grid import Bools
from nalssi.conclusions import conclude_times, conclude_usable
from nalssi.quality import consistency_check, frozen_feed_check, spatial_check, step_check
from nalssi.quality.affected_snapshots import MAX_LOOKUPS, read_affected
from nalssi.quality.flags import all_findings, combine, names_of_tests
from nalssi.quality.snapshot_batch import SnapshotBatch

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
SNAPSHOTS_AT_ONCE = 100_000


def update_quality(
    con: duckdb.DuckDBPyConnection,
    changed: pl.DataFrame | None,
    *,
    max_lookups: int = MAX_LOOKUPS,
) -> None:
    """Update the flags of all snapshots that a change can affect, and their conclusions.

    `changed`: `snapshot_id` of every snapshot that was added or removed, or whose sightings or
    reconciliation changed; None to check all snapshots. Pass None if `reconciliations` were deleted
    but their snapshots were not. The resulting table is always the same as after checking all
    snapshots. `max_lookups` affects only the speed (see `affected_snapshots`).
    """
    changed = None if changed is None else changed.select("snapshot_id").unique()
    if changed is not None and changed.is_empty():
        return
    if changed is None:
        con.execute(STEPS["delete_conclusions"])  # Rows of removed snapshots go, too.
        changed_ids = con.sql("SELECT snapshot_id FROM snapshots").pl()
    else:
        changed_ids = changed
    conclude_times(con, changed_ids)
    batch, to_judge = read_affected(con, changed, max_lookups)
    judged = batch.ids_of(to_judge)
    if batch.is_complete and to_judge.all():
        con.execute("DELETE FROM quality")  # Rows of removed snapshots go, too.
    else:
        with registered(con, "quality_wanted", judged):
            con.execute(STEPS["delete"])
    for flags in judge(batch, to_judge):
        _insert(con, batch, flags)
    conclude_usable(con, pl.concat([judged, changed_ids]).unique())


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
                    frozen_feed_check.frozen_feed(grid, batch.agreements, in_portion),
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
