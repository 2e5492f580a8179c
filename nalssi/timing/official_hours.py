"""The official values as one dense matrix: hours by stations, in tenths of a degree.

Twenty years of 97 stations are 34 MB. Hours are counted from the Unix epoch; a day of Korean time
begins nine hours before the day of UTC that bears its date.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from nalssi.common.sql_steps import read_steps
from schemas.vocabulary import station_ids

Tenths = npt.NDArray[np.int16]
Hours = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
NO_VALUE = np.int16(10_000)
"""An official value that is missing: far from every temperature and every NO_READING."""
NO_READING = np.int16(-20_000)
"""A temperature that a list does not print; its distance to NO_VALUE still fits int16."""
STATIONS = np.array(station_ids(), dtype=np.int16)
COLUMN_OF = {int(station): column for column, station in enumerate(STATIONS)}
ROWS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class OfficialHours:
    """Official temperatures: `hours` ascending, `tenths[row, column]` for `STATIONS[column]`.

    `tenths` has one row more than there are hours, without values, which stands for every hour
    that the archive lacks: `row_of` gives it as `missing`.
    """

    hours: Hours
    tenths: Tenths

    @property
    def missing(self) -> int:
        """The row that stands for an hour without values."""
        return len(self.hours)

    def row_of(self, hours: npt.NDArray[np.integer]) -> Rows:
        """The rows of these hours, `missing` where there is none."""
        if not len(self.hours):
            return np.zeros(hours.shape, dtype=np.int32)
        rows = np.searchsorted(self.hours, hours).astype(np.int32)
        found = self.hours[np.minimum(rows, self.missing - 1)] == hours
        return np.where(found, rows, np.int32(self.missing))


def read_official_hours(con: duckdb.DuckDBPyConnection) -> OfficialHours:
    """All of `observations`, read in batches."""
    hours = con.sql(STEPS["hours"]).to_arrow_table().column("hour").to_numpy()
    tenths = np.full((len(hours) + 1, len(STATIONS)), NO_VALUE, dtype=np.int16)
    archive = OfficialHours(hours.astype(np.int32), tenths)
    column_of = np.zeros(int(STATIONS.max()) + 1, dtype=np.int16)
    column_of[STATIONS] = np.arange(len(STATIONS), dtype=np.int16)
    for batch in con.sql(STEPS["tenths"]).to_arrow_reader(ROWS_AT_ONCE):
        hour, station, value = (column.to_numpy() for column in batch.columns)
        tenths[archive.row_of(hour), column_of[station]] = value
    return archive
