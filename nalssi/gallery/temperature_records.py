"""Days on which a station had a higher or lower temperature than on all its earlier days.

Such a temperature is a record, also if a later day has exceeded it. The records are those of
the collected data, not official ones. On the first days with data of a station, nearly every value
would be a record. So a record counts only if the station has at least `EARLIER_DAYS` earlier days
with readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import polars as pl

EARLIER_DAYS: Final = 30
"""The smallest number of earlier days with readings that a station needs for a record."""

Extreme = Literal["high", "low"]


@dataclass(frozen=True)
class StationRecord:
    """A temperature (°C) beyond all earlier ones of a station, and its previous record.

    `before_c` and `before_on` are the value and the day of the previous record.
    """

    name_ko: str
    name_en: str
    value_c: float
    before_c: float
    before_on: date


@dataclass(frozen=True)
class DayOfRecords:
    """The records of stations on a day, highs or lows (`extreme`), the most extreme first.

    `of_all` says whether the first record is also one of all stations: beyond all their values of
    earlier days, of which there are at least `EARLIER_DAYS`, and not exceeded on this day.
    `last_at` is the last hour of observation or capture of the day at these stations; None if none
    is known.
    """

    day: date
    extreme: Extreme
    records: Sequence[StationRecord]
    of_all: bool
    last_at: datetime | None


def days_of_records(station_days: pl.DataFrame, count: int) -> list[DayOfRecords]:
    """Return the newest days with records, the newest first.

    These are at most `count` days with records of high temperatures, and at most `count` with
    records of low ones. A day with both is in the result twice.

    `station_days` has `observed_on, station_id, name_ko, name_en, low_c, high_c, last_at`, a row
    for each station and day, sorted by day. `last_at` is the last hour of observation or capture of
    the day at the station, null if unknown.
    """
    found = [*_days(station_days, "high", count), *_days(station_days, "low", count)]
    return sorted(found, key=lambda each: (each.day, each.extreme), reverse=True)


def _days(station_days: pl.DataFrame, extreme: Extreme, count: int) -> list[DayOfRecords]:
    sign = 1 if extreme == "high" else -1
    # Temperatures have one decimal; whole tenths compare exactly.
    tenths = (pl.col(f"{extreme}_c") * 10 * sign).round().cast(pl.Int32)
    values = station_days.select(
        "observed_on", "station_id", "name_ko", "name_en", "last_at", value=tenths
    )
    before = pl.col("value").cum_max().shift(1)
    beyond = values.with_columns(
        before=before.over("station_id"),
        earlier=pl.int_range(pl.len()).over("station_id"),
    ).with_columns(is_record=pl.col("value") > pl.col("before").fill_null(-(2**31)))
    # The day of the record before: the last row of the station that set one.
    beyond = beyond.with_columns(
        before_on=pl.when("is_record")
        .then("observed_on")
        .forward_fill()
        .shift(1)
        .over("station_id")
    )
    records = beyond.filter("is_record", pl.col("earlier") >= EARLIER_DAYS)
    of_all = _days_of_all(values)
    newest = records["observed_on"].unique().sort(descending=True).head(count)
    chosen = records.filter(pl.col("observed_on").is_in(newest.implode())).sort(
        "observed_on", "value", "station_id", descending=[True, True, False]
    )
    return [
        DayOfRecords(
            day=rows["observed_on"][0],
            extreme=extreme,
            records=[
                StationRecord(
                    name_ko=row["name_ko"],
                    name_en=row["name_en"],
                    value_c=sign * row["value"] / 10,
                    before_c=sign * row["before"] / 10,
                    before_on=row["before_on"],
                )
                for row in rows.to_dicts()
            ],
            of_all=of_all.get(rows["observed_on"][0]) == rows["value"][0],
            last_at=rows["last_at"].max(),  # type: ignore[arg-type]
        )
        for rows in chosen.partition_by("observed_on", maintain_order=True)
    ]


def _days_of_all(values: pl.DataFrame) -> dict[date, int]:
    """Return the most extreme value of each day on which it is beyond all of the earlier days.

    The station of this value may have too few earlier days for a record. `values` has `observed_on`
    and `value`, which is larger the more extreme it is.
    """
    days = values.group_by("observed_on").agg(pl.col("value").max()).sort("observed_on")
    earlier = pl.int_range(pl.len())
    before = pl.col("value").cum_max().shift(1)
    found = days.filter(pl.col("value") > before, earlier >= EARLIER_DAYS)
    return dict(found.select("observed_on", "value").iter_rows())
