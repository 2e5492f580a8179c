"""The data of charts of a period: daily values and counts, computed from readings.

Every function takes the frame of `chart_readings.selected_readings`. Readings of undated
snapshots count only in `flag_days` and `failed_tests`.
"""

from __future__ import annotations

import polars as pl


def exact_mean(name: str, decimals: int) -> pl.Expr:
    """Return an expression for the mean of a column, rounded to two decimals.

    `decimals` is the number of decimals of the column's values. The values are added as integers,
    because a sum of floats depends on the order in which threads finish.
    """
    unit = 10**decimals
    total = (pl.col(name) * unit).round().cast(pl.Int64).sum()
    mean: pl.Expr = (total / pl.len() / unit).round(2)
    return mean


def station_days(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the mean, lowest and highest usable reading of each station on each day.

    Columns: `region_id, station_id, name_ko, name_en, observed_on, mean_c, low_c, high_c`. Rows are
    sorted by region, then by station from north to south, then by day.
    """
    station = ("region_id", "latitude", "station_id", "name_ko", "name_en")
    temperature = pl.col("temperature_c")
    return (
        readings.filter("usable", pl.col("observed_on").is_not_null())
        .group_by(*station, "observed_on")
        .agg(
            mean_c=exact_mean("temperature_c", 1), low_c=temperature.min(), high_c=temperature.max()
        )
        .sort(
            "region_id",
            "latitude",
            "station_id",
            "observed_on",
            descending=[False, True, False, False],
        )
        .drop("latitude")
    )


def region_days(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the mean, lowest and highest usable reading of each region on each day.

    Columns: `observed_on, region_id, mean_c, low_c, high_c`. Every station counts once a day,
    however many readings it has. The view `daily_regions` computes the same.
    """
    return (
        station_days(readings)
        .group_by("observed_on", "region_id")
        .agg(exact_mean("mean_c", 2), pl.col("low_c").min(), pl.col("high_c").max())
        .sort("observed_on", "region_id")
    )


def flag_days(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the number of readings by day and flag: `observed_on, flag, frozen, count`.

    `observed_on` is null for undated readings. `frozen` says whether the readings are of a frozen
    feed.
    """
    return (
        readings.group_by(
            "observed_on", "flag", frozen=pl.col("failed").list.contains("frozen_feed")
        )
        .agg(count=pl.len())
        .sort("observed_on", "flag", "frozen")
    )


def failed_tests(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the number of readings that failed each test: `test, count`, largest count first."""
    return (
        readings.select(test=pl.col("failed").explode(empty_as_null=True))
        .drop_nulls()
        .group_by("test")
        .agg(count=pl.len())
        .sort("count", "test", descending=[True, False])
    )
