"""The data of charts of a period: statistics of days from the views, and counts of readings.

`station_days` and `region_days` read the views `daily_stations` and `daily_regions`, which define
the means and decide which days are representative. `flag_days` and `failed_tests` take the frame of
`chart_readings.selected_readings`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.mean_basis import MeanBasis

if TYPE_CHECKING:
    import duckdb

QUERIES: Final = Path(__file__).parent
DAY_COLUMNS: Final = (
    "observed_on", "mean_c", "low_c", "high_c", "readings", "hours", "lists", "first_at",
    "last_at", "representative",
)  # fmt: skip
"""The columns of the statistics of a day, for a station or a region. Temperatures are in °C. The
views `daily_stations` and `daily_regions` explain the columns."""


def station_days(con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter) -> pl.DataFrame:
    """Return the statistics of each selected station by day.

    Columns: `region_id, station_id, name_ko, name_en` and DAY_COLUMNS. Rows are sorted by region,
    then by station from north to south, then by day.
    """
    return _query(con, "station_days.sql", reading_filter, "since", "until", "region", "station")


def region_days(con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter) -> pl.DataFrame:
    """Return the statistics of each selected region by day.

    Columns: `region_id` and DAY_COLUMNS. Rows are sorted by region and day. If the filter selects a
    station, the statistics are those of the station.
    """
    if reading_filter.station is not None:
        return station_days(con, reading_filter).select("region_id", *DAY_COLUMNS)
    return _query(con, "region_days.sql", reading_filter, "since", "until", "region")


def mean_basis(days: pl.DataFrame) -> MeanBasis:
    """Return the kinds of means that some days have: daily means, means of lists or both.

    `days` has the columns `representative` and `lists` of `station_days`.
    """
    other = days.filter(~pl.col("representative"))["lists"]
    lists = (other.min(), other.max()) if len(other) else None
    return MeanBasis(bool(days["representative"].any()), lists)  # type: ignore[arg-type]


def flag_days(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the number of readings by day and flag: `day, flag, frozen, count`.

    `day` is the day of observation. If it is unknown, it is the printed date, or null if there is
    none. `frozen` says whether the readings are of a frozen feed.
    """
    return (
        readings.group_by(
            "flag",
            day=pl.coalesce("observed_on", "printed_on"),
            frozen=pl.col("failed").list.contains("frozen_feed"),
        )
        .agg(count=pl.len())
        .sort("day", "flag", "frozen")
    )


def failed_tests(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the number of readings that failed each quality check.

    Columns: `test` (the name of the check), `count`. The largest count is first.
    """
    return (
        readings.select(test=pl.col("failed").explode(empty_as_null=True))
        .drop_nulls()
        .group_by("test")
        .agg(count=pl.len())
        .sort("count", "test", descending=[True, False])
    )


def _query(
    con: duckdb.DuckDBPyConnection, name: str, reading_filter: ReadingFilter, *parameters: str
) -> pl.DataFrame:
    sql = (QUERIES / name).read_text(encoding="utf-8")
    values: dict[str, Any] = {each: getattr(reading_filter, each) for each in parameters}
    frame: pl.DataFrame = con.sql(sql, params=values).pl()
    return frame
