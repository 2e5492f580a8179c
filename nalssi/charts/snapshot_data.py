"""What a chart of one snapshot is drawn from: the readings to draw, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl

from schemas.vocabulary import FLAG_GOOD, FLAG_MISSING, FLAG_NOT_EVALUATED

DRAWN_FLAGS: Final = (FLAG_GOOD, FLAG_NOT_EVALUATED)

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


CLOSED: Final = 0
"""Stands among the flags in `Sheet.left_out` for a good reading of a station that has closed
since and belongs to no region."""


@dataclass(frozen=True)
class Sheet:
    """One snapshot, ready to be drawn.

    `readings` has the columns of `READING_COLUMNS` (temperature in °C; nothing null but the
    condition group), sorted by station id, and only flags 1 (good) and 2 (not evaluated).
    `left_out` counts the other readings by flag, so that every reading is drawn or counted.
    """

    snapshot_id: str
    observed_on: date | None
    observed_at: datetime | None
    readings: pl.DataFrame
    left_out: Mapping[int, int]

    @classmethod
    def of(
        cls,
        snapshot_id: str,
        observed_on: date | None,
        observed_at: datetime | None,
        readings: pl.DataFrame,
    ) -> Sheet:
        """Part all of a snapshot's readings (`READING_COLUMNS`) into drawn and left out."""
        flagged = with_flags(readings.select(READING_COLUMNS)).sort("station_id")
        left_out = flagged.filter(~DRAWN).group_by("flag").len().sort("flag")
        return cls(
            snapshot_id, observed_on, observed_at, flagged.filter(DRAWN), dict(left_out.iter_rows())
        )

    @property
    def digest(self) -> bytes:
        """Of all that is drawn: two sheets with the same digest give the same chart."""
        head = repr((self.observed_on, self.observed_at, sorted(self.left_out.items())))
        return head.encode() + self.readings.write_csv().encode()


DRAWN: Final = pl.col("flag").is_in(DRAWN_FLAGS)


def with_flags(readings: pl.DataFrame) -> pl.DataFrame:
    """Settle `flag`: missing where there is no temperature, `CLOSED` for a drawable reading
    without a region; else as it is."""
    flag = (
        pl.when(pl.col("temperature_c").is_null())
        .then(FLAG_MISSING)
        .when(DRAWN & pl.col("region_id").is_null())
        .then(CLOSED)
        .otherwise(pl.col("flag").cast(pl.Int64))
    )
    return readings.with_columns(flag=flag)
