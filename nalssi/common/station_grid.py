"""The station grid: temperatures as a matrix with one column per station, for numpy.

A row is a snapshot or an official hour. Temperatures are whole tenths of a degree, as they are
printed, so that equality is exact. Every comparison of snapshots, hours or stations uses such a
grid. The packages that read the database fill the rows.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.reference import reference
from schemas.vocabulary import station_ids

Tenths = npt.NDArray[np.int16]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOT_LISTED = np.int16(-32768)
"""The value of a cell whose station the snapshot does not list, or whose column is padding."""

NO_VALUE = np.int16(-32767)
"""The value of a cell without a temperature: none is printed, or no official value exists. Every
greater number is a temperature. Differences with NO_VALUE and NOT_LISTED overflow: mask them with
`has_value`."""

STATIONS: tuple[int, ...] = station_ids()
"""The station number of each column, ascending. Further columns are padding (NOT_LISTED)."""

COLUMNS = -(-len(STATIONS) // 4) * 4
"""The width of a grid. A row fills whole 64-bit words, so that it can be hashed quickly."""


def empty_grid(rows: int, fill: np.int16 = NOT_LISTED) -> Tenths:
    """Return a grid without temperatures: `rows` rows of COLUMNS cells.

    Each cell is `fill`, except for padding columns, which are NOT_LISTED.
    """
    grid = np.full((rows, COLUMNS), fill, np.int16)
    grid[:, len(STATIONS) :] = NOT_LISTED
    return grid


def has_value(tenths: Tenths) -> Bools:
    """Return an array of booleans: whether each cell of a grid holds a temperature."""
    known: Bools = tenths > NO_VALUE
    return known


def to_celsius(tenths: Tenths) -> Floats:
    """Convert the tenths of a grid to °C. Cells without a temperature become NaN."""
    return np.where(has_value(tenths), tenths / 10, np.nan)


@cache
def station_columns() -> npt.NDArray[np.int16]:
    """Return the grid column of each station, indexed by station number; -1 for other numbers."""
    columns = np.full(max(STATIONS) + 1, -1, np.int16)
    columns[list(STATIONS)] = np.arange(len(STATIONS))
    return columns


@cache
def station_positions() -> pl.DataFrame:
    """Return `station_id, latitude, longitude, elevation_m` of each station, sorted by id.

    The position is the station's last one in `station_history`.
    """
    return (
        reference("station_history")
        .sort("station_id", "valid_from")
        .group_by("station_id", maintain_order=True)
        .last()
        .select("station_id", "latitude", "longitude", "elevation_m")
    )
