"""Snapshots in memory for the checks: one row of facts and one row of temperatures per snapshot.

A grid takes 216 bytes per snapshot, so a million snapshots fit in memory. This module holds data
only. The checks are in other modules, and `snapshot_batch` reads grids from the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from nalssi.common.station_grid import (
    NO_VALUE,
    Bools,
    Floats,
    Ints,
    Tenths,
    empty_grid,
    station_columns,
)

SNAPSHOT_SCHEMA = pl.Schema(
    {
        "snapshot_id": pl.String(),
        "observed_on": pl.Date(),
        "date_source": pl.String(),
        "observed_at": pl.Datetime("us", "UTC"),
        "station_count": pl.Int16(),
        "proven_frozen": pl.Boolean(),
        "sites": pl.List(pl.String()),
    }
)
"""The columns that describe a snapshot to the checks.

- `date_source`: the most reliable date source of the snapshot's sightings.
- `observed_at`: the hour of observation, as concluded.
- `proven_frozen`: the comparison with official hours proved that the date is false.
- `sites`: the known sites that showed the snapshot.
"""

NO_DAY = 2**31 - 1
"""The day number of a snapshot without a date."""

US_PER_HOUR = 3_600_000_000


@dataclass(frozen=True)
class SnapshotGrid:
    """Snapshots and their temperatures.

    Row i of `snapshots` (`SNAPSHOT_SCHEMA`) describes the snapshot whose temperatures, in tenths of
    a degree, are in row i of `tenths`.
    """

    snapshots: pl.DataFrame
    tenths: Tenths

    @classmethod
    def without_readings(cls, snapshots: pl.DataFrame) -> SnapshotGrid:
        """Return a grid of snapshots without temperatures. `add_readings` adds them later."""
        return cls(snapshots, empty_grid(snapshots.height))

    def add_readings(self, readings: pl.DataFrame) -> None:
        """Write readings (`grid_row, station_id, temperature_c`) into the grid.

        A reading without a temperature becomes NO_VALUE.
        """
        tenths = (readings["temperature_c"] * 10).round().cast(pl.Int16).fill_null(int(NO_VALUE))
        columns = station_columns()[readings["station_id"].to_numpy()]
        self.tenths[readings["grid_row"].to_numpy(), columns] = tenths.to_numpy()

    @property
    def height(self) -> int:
        """The number of snapshots."""
        return self.snapshots.height

    def numbered_ids(self) -> pl.DataFrame:
        """A frame with the columns `grid_row, snapshot_id`, one row per snapshot."""
        return self.snapshots.select("snapshot_id").with_row_index("grid_row")

    def rows_with(self, snapshot_ids: pl.Series) -> Bools:
        """Return True for each grid row whose snapshot id is in `snapshot_ids`."""
        return self.snapshots["snapshot_id"].is_in(snapshot_ids.implode()).to_numpy()

    @cached_property
    def days(self) -> Ints:
        """The date of each snapshot in days since 1970-01-01; NO_DAY if the date is unknown."""
        days = self.snapshots["observed_on"].cast(pl.Int32).fill_null(NO_DAY)
        return days.cast(pl.Int64).to_numpy()

    @cached_property
    def hours(self) -> Floats:
        """The hour of each snapshot in hours since 1970-01-01 UTC; NaN if the hour is unknown."""
        microseconds = self.snapshots["observed_at"].dt.epoch("us").cast(pl.Float64)
        return (microseconds / US_PER_HOUR).fill_null(np.nan).to_numpy()
