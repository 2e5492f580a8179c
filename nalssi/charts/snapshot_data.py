"""The data of a chart of one snapshot: the usable readings, and the number of excluded ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from nalssi.common.snapshot_time import SnapshotTime

READING_COLUMNS: Final = (
    "station_id",
    "name_ko",
    "name_en",
    "region_id",
    "latitude",
    "longitude",
    "temperature_c",
    "condition",
    "condition_ko",
    "condition_en",
    "condition_group",
    "flag",
    "usable",
)

FLAG_CLOSED_STATION: Final = 0
"""The flag of a reading that is good, but whose station has closed (see `chart_readings.sql`)."""


@dataclass(frozen=True)
class SnapshotData:
    """One snapshot, ready to be drawn.

    `readings` are the usable readings, sorted by station id, with the columns `READING_COLUMNS`.
    Temperatures are in °C; only the columns of the condition may be null. `excluded` is the number
    of excluded readings by flag.
    """

    snapshot_id: str
    time: SnapshotTime
    readings: pl.DataFrame
    excluded: Mapping[int, int]

    @classmethod
    def from_readings(
        cls, snapshot_id: str, time: SnapshotTime, readings: pl.DataFrame
    ) -> SnapshotData:
        """Return a snapshot, made from all its readings, usable or excluded.

        `readings` has the columns READING_COLUMNS, and may have more.
        """
        ordered = readings.select(READING_COLUMNS).sort("station_id")
        excluded = ordered.filter(~pl.col("usable")).group_by("flag").len().sort("flag")
        return cls(
            snapshot_id,
            time,
            ordered.filter("usable"),
            dict(excluded.iter_rows()),
        )

    @property
    def content(self) -> bytes:
        """The readings, time and excluded counts as bytes. Equal bytes give equal charts."""
        head = repr((self.time, sorted(self.excluded.items())))
        return head.encode() + self.readings.write_csv().encode()
