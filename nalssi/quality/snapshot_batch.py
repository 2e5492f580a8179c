"""Make a batch of snapshots, and run the checks of single readings on them.

A batch is the input of the other checks: the snapshots to check and the snapshots to compare them
with. Results that several callers need are computed once per batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from nalssi.common.station_grid import Bools
from nalssi.quality import consistency_check, value_checks
from nalssi.quality.flags import all_findings
from nalssi.quality.frozen_feed_check import RepeatedLists, find_repeated_lists
from nalssi.quality.snapshot_agreement import Agreements, find_agreements
from nalssi.quality.snapshot_grid import SNAPSHOT_SCHEMA, SnapshotGrid
from nalssi.quality.stuck_station_check import stuck_station

if TYPE_CHECKING:
    import duckdb

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
READINGS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class SnapshotBatch:
    """Snapshots in memory and the findings of the checks of single readings.

    `compared` marks the rows among which agreeing snapshots are searched (None: all). `has_stuck`
    is False if no station can be stuck in the snapshots to check; the batch then lacks the
    snapshots that are needed to find stuck stations. `is_complete` is True if the batch holds every
    snapshot of the warehouse.
    """

    grid: SnapshotGrid
    value_findings: pl.DataFrame
    compared: Bools | None = None
    has_stuck: bool = True
    is_complete: bool = False

    @cached_property
    def agreements(self) -> Agreements:
        """The snapshots of the batch that agree: they print the same list of temperatures."""
        return find_agreements(self.grid.tenths, self.compared)

    @cached_property
    def repeated(self) -> RepeatedLists:
        """The lists that are printed under several dates."""
        return find_repeated_lists(self.grid, self.agreements)

    @cached_property
    def stuck_findings(self) -> pl.DataFrame:
        """The findings of the check `stuck_station`; none if `has_stuck` is False."""
        return stuck_station(self.grid) if self.has_stuck else all_findings([])

    def ids_of(self, rows: Bools) -> pl.DataFrame:
        """Return a frame with the `snapshot_id` of the rows marked in `rows`."""
        return self.grid.snapshots.filter(rows).select("snapshot_id")


def read_batch(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame | None = None) -> SnapshotBatch:
    """Read the snapshots whose `snapshot_id` is in `wanted`, or all snapshots if it is None.

    The snapshots of the batch are sorted by id. Readings are read in portions, so that only the
    grid and the findings stay in memory.
    """
    is_complete = wanted is None
    if wanted is None:
        wanted = con.sql("SELECT snapshot_id FROM snapshots").pl()
    with registered(con, "quality_wanted", wanted):
        snapshots = con.sql(STEPS["snapshots"]).pl()
    instant = SNAPSHOT_SCHEMA["observed_at"]
    snapshots = snapshots.with_columns(pl.col("observed_at").cast(instant)).cast(SNAPSHOT_SCHEMA)
    grid = SnapshotGrid.without_readings(snapshots)
    findings = []
    with registered(con, "quality_grid_rows", grid.numbered_ids()):
        for portion in con.sql(STEPS["readings"]).to_arrow_reader(READINGS_AT_ONCE):
            readings = pl.DataFrame(portion)
            grid.add_readings(readings)
            findings += _findings(readings, snapshots)
    return SnapshotBatch(grid, all_findings(findings), is_complete=is_complete)


def batch_of(snapshots: pl.DataFrame, readings: pl.DataFrame) -> SnapshotBatch:
    """Return a batch of snapshots that are in no database.

    `snapshots` has the columns of SNAPSHOT_SCHEMA and is sorted by id. `readings` has the columns
    `snapshot_id, station_id, condition, temperature_c`.
    """
    grid = SnapshotGrid.without_readings(snapshots)
    readings = readings.join(grid.numbered_ids(), on="snapshot_id", maintain_order="left")
    grid.add_readings(readings)
    return SnapshotBatch(grid, all_findings(_findings(readings, snapshots)), is_complete=True)


def _findings(readings: pl.DataFrame, snapshots: pl.DataFrame) -> list[pl.DataFrame]:
    """Return the findings of the checks of single readings, a frame for each check."""
    return [
        value_checks.missing(readings),
        value_checks.out_of_range(readings),
        value_checks.closed_station(readings, snapshots),
        consistency_check.contradictory(readings),
        consistency_check.short_snapshot(readings, snapshots),
    ]
