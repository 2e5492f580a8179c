"""What the charts of a period show, summed up from readings; nothing here draws.

Each takes `frames.readings`: all readings of a selection, with their flags. Readings of
snapshots without a day have no place in time: only what counts flags and tests has them too.
"""

from __future__ import annotations

import polars as pl

from nalssi.charts.snapshot_data import DRAWN, with_flags


def exact_mean(name: str, decimals: int) -> pl.Expr:
    """The mean of a column of so many decimals, in hundredths. It adds whole numbers up: sums of
    floats come out a little otherwise whenever threads finish in another order."""
    unit = 10**decimals
    total = (pl.col(name) * unit).round().cast(pl.Int64).sum()
    mean: pl.Expr = (total / pl.len() / unit).round(2)
    return mean


def _dated(readings: pl.DataFrame) -> pl.DataFrame:
    return with_flags(readings.filter(pl.col("observed_on").is_not_null()))


def station_days(readings: pl.DataFrame) -> pl.DataFrame:
    """Usable readings by station and day, stations from north to south within their regions:
    `region_id, station_id, name_ko, name_en, observed_on, mean_c, low_c, high_c`."""
    place = ("region_id", "latitude", "station_id", "name_ko", "name_en")
    temperature = pl.col("temperature_c")
    return (
        _dated(readings)
        .filter(DRAWN)
        .group_by(*place, "observed_on")
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
    """Usable readings by day and region, each station counting once however often it was read:
    `observed_on, region_id, mean_c, low_c, high_c` (as the view `daily_regions` has it)."""
    return (
        station_days(readings)
        .group_by("observed_on", "region_id")
        .agg(exact_mean("mean_c", 2), pl.col("low_c").min(), pl.col("high_c").max())
        .sort("observed_on", "region_id")
    )


def flag_days(readings: pl.DataFrame) -> pl.DataFrame:
    """Readings by day and flag, the frozen ones apart: `observed_on` (null for the undated),
    `flag, frozen, count`."""
    return (
        with_flags(readings)
        .group_by("observed_on", "flag", frozen=pl.col("failed").list.contains("frozen_feed"))
        .agg(count=pl.len())
        .sort("observed_on", "flag", "frozen")
    )


def failed_tests(readings: pl.DataFrame) -> pl.DataFrame:
    """How many readings each test stopped, the most first: `test, count`."""
    return (
        readings.select(test=pl.col("failed").explode(empty_as_null=True))
        .drop_nulls()
        .group_by("test")
        .agg(count=pl.len())
        .sort("count", "test", descending=[True, False])
    )
