"""Read all official temperatures into memory, as a station grid with one row per hour.

Twenty years of 97 stations take 38 MB. Hours are numbered from 1970-01-01 UTC. A Korean day begins
nine hours before the UTC day of the same date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from nalssi.common.sql_steps import read_steps
from nalssi.common.station_grid import NO_VALUE, Tenths, empty_grid, has_value, station_columns
from schemas.vocabulary import OBSERVATION_SOURCES

Hours = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
VALUES_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class OfficialHours:
    """The official temperatures. Row i of the grid `tenths` has those of `hours[i]`.

    `hours` ascend. The grid has an extra last row without values for all hours without
    observations. The number of this row is `missing`, and `row_of` returns it for such hours.
    """

    hours: Hours
    tenths: Tenths

    @property
    def missing(self) -> int:
        """The number of the row for hours without observations. The row has no values."""
        return len(self.hours)

    @cached_property
    def station_sets(self) -> npt.NDArray[np.bool_]:
        """The distinct sets of stations that have values in the same hour: sets by grid columns."""
        packed = np.unique(np.packbits(has_value(self.tenths), axis=1), axis=0)
        sets = np.unpackbits(packed, axis=1, count=self.tenths.shape[1])
        return sets.astype(np.bool_)

    def row_of(self, hours: npt.NDArray[np.integer]) -> Rows:
        """Return the grid row of each hour, or `missing` if the hour has no observations."""
        if not len(self.hours):
            return np.zeros(hours.shape, dtype=np.int32)
        rows = np.searchsorted(self.hours, hours).astype(np.int32)
        is_known = self.hours[np.minimum(rows, self.missing - 1)] == hours
        return np.where(is_known, rows, np.int32(self.missing))


def read_official_hours(
    con: duckdb.DuckDBPyConnection, sources: Sequence[str] = OBSERVATION_SOURCES
) -> OfficialHours:
    """Read all official temperatures of some sources from the table `observations`."""
    params = {"sources": list(sources)}
    hours = con.sql(STEPS["hours"], params=params).to_arrow_table().column("hour").to_numpy()
    official = OfficialHours(hours.astype(np.int32), empty_grid(len(hours) + 1, NO_VALUE))
    for batch in con.sql(STEPS["tenths"], params=params).to_arrow_reader(VALUES_AT_ONCE):
        hour, station, value = (column.to_numpy() for column in batch.columns)
        official.tenths[official.row_of(hour), station_columns()[station]] = value
    return official
