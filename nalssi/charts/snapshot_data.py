"""The data of a chart of one snapshot: the readings to draw, and the number of excluded ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl

from schemas.vocabulary import FLAG_GOOD, FLAG_MISSING, FLAG_NOT_EVALUATED

READING_COLUMNS: Final = (
    "station_id",
    "name_ko",
    "name_en",
    "region_id",
    "latitude",
    "longitude",
    "temperature_c",
    "condition_group",
    "flag",
)

FLAG_CLOSED_STATION: Final = 0
"""The display flag of a good reading whose station has closed and belongs to no region."""

IS_DRAWN: Final = pl.col("flag").is_in((FLAG_GOOD, FLAG_NOT_EVALUATED))
"""Whether a reading is drawn, by its display flag: the rule of the view `usable_readings`."""


def with_display_flags(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the readings with the flag that charts and gallery show.

    A reading without a temperature is missing; a good reading without a region is one of a closed
    station (`FLAG_CLOSED_STATION`). Other flags stay as they are.
    """
    flag = (
        pl.when(pl.col("temperature_c").is_null())
        .then(FLAG_MISSING)
        .when(IS_DRAWN & pl.col("region_id").is_null())
        .then(FLAG_CLOSED_STATION)
        .otherwise(pl.col("flag").cast(pl.Int64))
    )
    return readings.with_columns(flag=flag)


@dataclass(frozen=True)
class SnapshotData:
    """One snapshot, ready to be drawn.

    `readings` holds the readings to draw, sorted by station id, with the columns
    `READING_COLUMNS`. Temperatures are in °C; only the condition group may be null.
    `excluded` counts the other readings by display flag.
    """

    snapshot_id: str
    observed_on: date | None
    observed_at: datetime | None
    readings: pl.DataFrame
    excluded: Mapping[int, int]

    @classmethod
    def from_readings(
        cls,
        snapshot_id: str,
        observed_on: date | None,
        observed_at: datetime | None,
        readings: pl.DataFrame,
    ) -> SnapshotData:
        """Split all readings of a snapshot (`READING_COLUMNS`) into drawn and excluded ones."""
        flagged = with_display_flags(readings.select(READING_COLUMNS)).sort("station_id")
        excluded = flagged.filter(~IS_DRAWN).group_by("flag").len().sort("flag")
        return cls(
            snapshot_id,
            observed_on,
            observed_at,
            flagged.filter(IS_DRAWN),
            dict(excluded.iter_rows()),
        )

    @property
    def content(self) -> bytes:
        """All values that are drawn, as bytes: equal content gives equal charts."""
        head = repr((self.observed_on, self.observed_at, sorted(self.excluded.items())))
        return head.encode() + self.readings.write_csv().encode()
