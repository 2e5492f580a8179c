"""Lists as a grid: one row a snapshot, one column a station, temperatures in tenths of a degree.

A ticker is a vector over Korea's stations with holes in it. Checks that compare stations,
lists or hours with each other work on this grid: 216 bytes a snapshot, so that a million fit
in memory and are compared in whole columns. Tenths are what is printed: exact integers, so
"equal" means equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.reference import reference
from schemas.vocabulary import QUALITY_TESTS, station_ids

if TYPE_CHECKING:
    from nalssi.quality.snapshot_agreement import Agreements

Tenths = npt.NDArray[np.int16]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NOT_LISTED = np.int16(-32768)
"""Stands in the grid where a list lacks the station."""

NO_VALUE = np.int16(-32767)
"""Stands where a list has the station and no temperature; whatever is greater is one."""

STATIONS = station_ids()
"""The station of each of the first columns; columns beyond are padding, always NOT_LISTED."""

COLUMNS = -(-len(STATIONS) // 4) * 4
"""A row is a whole number of 64-bit words, which makes it quick to hash."""

TEST_NAME = pl.Enum(sorted(QUALITY_TESTS))

ROW_SCHEMA = pl.Schema(
    {"snapshot": pl.UInt32(), "station_id": pl.Int16(), "flag": pl.Int8(), "test": TEST_NAME}
)
"""What every check returns: a row for each reading that did not pass. `snapshot` is the row of
the batch; `test` is null where the check could not be made (flag 2)."""

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
"""What the checks know of a snapshot: `date_source` is the best of its sightings',
`observed_at` the known hour (feed's or reconciled), `proven_frozen` and `late_feed` are verdicts of
the comparison with official observations, `sites` where it was seen (null site left out)."""


@cache
def column_of() -> npt.NDArray[np.int16]:
    """Column of a station id, indexed by the id."""
    columns = np.full(max(STATIONS) + 1, -1, np.int16)
    columns[list(STATIONS)] = np.arange(len(STATIONS))
    return columns


@cache
def places() -> pl.DataFrame:
    """`station_id, latitude, longitude, elevation_m` of every column, where it stood last."""
    return (
        reference("station_history")
        .sort("station_id", "valid_from")
        .group_by("station_id", maintain_order=True)
        .last()
        .select("station_id", "latitude", "longitude", "elevation_m")
    )


@dataclass(frozen=True)
class Lists:
    """A batch of lists: `snapshots` (SNAPSHOT_SCHEMA) and, row for row, their `tenths`.
    `compared`: the rows among which agreeing lists are looked for, if not all."""

    snapshots: pl.DataFrame
    tenths: Tenths
    compared: Bools | None = None

    @classmethod
    def empty(cls, snapshots: pl.DataFrame) -> Lists:
        return cls(snapshots, np.full((snapshots.height, COLUMNS), NOT_LISTED, np.int16))

    @classmethod
    def of(cls, snapshots: pl.DataFrame, readings: pl.DataFrame) -> Lists:
        """From a frame of readings: `snapshot` (row of `snapshots`), `station_id`,
        `temperature_c`."""
        lists = cls.empty(snapshots)
        lists.put(readings)
        return lists

    def put(self, readings: pl.DataFrame) -> None:
        """Enter readings (`snapshot, station_id, temperature_c`) into the grid."""
        tenths = (readings["temperature_c"] * 10).round().cast(pl.Int16).fill_null(int(NO_VALUE))
        columns = column_of()[readings["station_id"].to_numpy()]
        self.tenths[readings["snapshot"].to_numpy(), columns] = tenths.to_numpy()

    @cached_property
    def agreements(self) -> Agreements:
        """Which lists agree on every station they have in common; found once a batch."""
        from nalssi.quality.snapshot_agreement import agreements

        return agreements(self.tenths, self.compared)

    @cached_property
    def frozen(self) -> npt.NDArray[np.int8]:
        """The flag that each list as a whole has as a frozen feed; found once a batch."""
        from nalssi.quality.frozen_feed_check import flags_of

        return flags_of(self)

    @cached_property
    def stuck(self) -> pl.DataFrame:
        """The readings of stuck stations, as `stuck_station` returns them; found once a batch."""
        from nalssi.quality.sequence_checks import find_stuck

        return find_stuck(self)

    @cached_property
    def days(self) -> Ints:
        """Dates as days since 1970-01-01; NO_DAY where unknown."""
        return (
            self.snapshots["observed_on"].cast(pl.Int32).fill_null(NO_DAY).cast(pl.Int64).to_numpy()
        )

    @cached_property
    def hours(self) -> Floats:
        """Known hours since 1970-01-01 (UTC); NaN where unknown."""
        microseconds = self.snapshots["observed_at"].dt.epoch("us").cast(pl.Float64)
        return (microseconds / US_PER_HOUR).fill_null(np.nan).to_numpy()


NO_DAY = 2**31 - 1
US_PER_HOUR = 3_600_000_000


def celsius(tenths: Tenths) -> Floats:
    """Temperatures in °C, NaN where there is none."""
    return np.where(tenths > NO_VALUE, tenths / 10, np.nan)


def stations_of(tenths: Tenths, rows: Ints) -> npt.NDArray[np.bytes_]:
    """Which stations lists name, as a key: lists of the same stations have the same."""
    bits = np.packbits(tenths[rows, : len(STATIONS)] > NOT_LISTED, axis=1)
    return bits.view(f"S{bits.shape[1]}").ravel()


def rows_of(
    mask: Bools,
    flag: int,
    test: str | None,
    rows: Ints | None = None,
    columns: Ints | None = None,
) -> pl.DataFrame:
    """The readings marked in a grid-shaped mask, as rows of a check.

    `rows` and `columns` tell what the rows and columns of the mask are, if it is a part of the
    grid: snapshots and places in STATIONS.
    """
    row, column = np.nonzero(mask if columns is not None else mask[:, : len(STATIONS)])
    snapshot = row if rows is None else rows[row]
    return pl.DataFrame(
        {
            "snapshot": snapshot.astype(np.uint32),
            "station_id": np.asarray(STATIONS, np.int16)[
                column if columns is None else columns[column]
            ],
        }
    ).with_columns(flag=pl.lit(flag, pl.Int8), test=pl.lit(test, TEST_NAME))


def all_rows(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """What several checks returned, in one frame."""
    return pl.concat([ROW_SCHEMA.to_frame(), *frames])
