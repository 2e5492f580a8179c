"""A set of snapshots in memory: what the checks know of each snapshot, and the station grid.

A grid takes 216 bytes per snapshot, so a million snapshots fit in memory. The module holds data
only; the checks are in modules of their own, and `snapshot_batch` reads grids from the database.
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
        "late_feed": pl.Boolean(),
        "sites": pl.List(pl.String()),
    }
)
"""What the checks know of a snapshot.

- `date_source`: the most reliable one of its sightings.
- `observed_at`: the hour of the feed, or else the reconciled hour.
- `proven_frozen`, `late_feed`: verdicts of the comparison with official hours.
- `sites`: the sites that showed the snapshot; unknown sites are left out.
"""

NO_DAY = 2**31 - 1
"""The day number of an undated snapshot."""

US_PER_HOUR = 3_600_000_000


@dataclass(frozen=True)
class SnapshotGrid:
    """Snapshots (`SNAPSHOT_SCHEMA`) and, row for row, their temperatures (`tenths`)."""

    snapshots: pl.DataFrame
    tenths: Tenths

    @classmethod
    def without_readings(cls, snapshots: pl.DataFrame) -> SnapshotGrid:
        """A grid to which `add_readings` adds the temperatures."""
        return cls(snapshots, empty_grid(snapshots.height))

    def add_readings(self, readings: pl.DataFrame) -> None:
        """Write readings (`grid_row, station_id, temperature_c`) into the grid."""
        tenths = (readings["temperature_c"] * 10).round().cast(pl.Int16).fill_null(int(NO_VALUE))
        columns = station_columns()[readings["station_id"].to_numpy()]
        self.tenths[readings["grid_row"].to_numpy(), columns] = tenths.to_numpy()

    @property
    def height(self) -> int:
        """The number of snapshots."""
        return self.snapshots.height

    def numbered_ids(self) -> pl.DataFrame:
        """`grid_row, snapshot_id` of every snapshot."""
        return self.snapshots.select("snapshot_id").with_row_index("grid_row")

    def rows_with(self, snapshot_ids: pl.Series) -> Bools:
        """True for each row whose snapshot id is one of these."""
        return self.snapshots["snapshot_id"].is_in(snapshot_ids.implode()).to_numpy()

    @cached_property
    def days(self) -> Ints:
        """The date of each snapshot in days since 1970-01-01; NO_DAY where unknown."""
        days = self.snapshots["observed_on"].cast(pl.Int32).fill_null(NO_DAY)
        return days.cast(pl.Int64).to_numpy()

    @cached_property
    def hours(self) -> Floats:
        """The known hour of each snapshot in hours since 1970-01-01 UTC; NaN where unknown."""
        microseconds = self.snapshots["observed_at"].dt.epoch("us").cast(pl.Float64)
        return (microseconds / US_PER_HOUR).fill_null(np.nan).to_numpy()
