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
"""Numbers of hours since 1970-01-01 00:00 UTC."""
Rows = npt.NDArray[np.int32]
"""Rows of the grid `OfficialHours.tenths`."""

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
VALUES_AT_ONCE = 1_000_000
"""The number of official values that are fetched from the database at once."""


@dataclass(frozen=True)
class OfficialHours:
    """The official temperatures of many hours, as a station grid with one row per hour.

    - `hours`: the number of each hour (since 1970 UTC), ascending
    - `tenths`: the grid, in tenths of a degree; row i has the values of `hours[i]`. One more row,
      the last, has no values. It stands for all hours without observations: its number is
      `missing`, and `row_of` returns it for such hours.
    """

    hours: Hours
    tenths: Tenths

    @property
    def missing(self) -> int:
        """The number of the row for hours without observations. The row has no values."""
        return len(self.hours)

    @cached_property
    def station_sets(self) -> npt.NDArray[np.bool_]:
        """The distinct sets of stations that have values in the same hour, as rows of Booleans.

        The columns are the columns of the grid. There are far fewer sets than hours, so the common
        stations of a list with all hours are counted by set.
        """
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
    """Read the official temperatures of all hours from the table `observations`.

    Only rows whose `source` is one of `sources` are read.
    """
    params = {"sources": list(sources)}
    hours = con.sql(STEPS["hours"], params=params).to_arrow_table().column("hour").to_numpy()
    official = OfficialHours(hours.astype(np.int32), empty_grid(len(hours) + 1, NO_VALUE))
    for batch in con.sql(STEPS["tenths"], params=params).to_arrow_reader(VALUES_AT_ONCE):
        hour, station, value = (column.to_numpy() for column in batch.columns)
        official.tenths[official.row_of(hour), station_columns()[station]] = value
    return official
