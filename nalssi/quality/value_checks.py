"""Checks of single readings: `missing`, `range` and `closed_station`.

Each check takes `readings` (`grid_row, station_id, condition, temperature_c`) and returns
findings (`flags.FINDING_SCHEMA`). Readings are not compared with each other.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from nalssi.common.reference import reference
from nalssi.quality.flags import FINDING_SCHEMA, TEST_NAME
from nalssi.quality.thresholds import threshold
from schemas.vocabulary import FLAG_FAIL, FLAG_MISSING, FLAG_SUSPECT

TEMPERATURE = pl.col("temperature_c")


def missing(readings: pl.DataFrame) -> pl.DataFrame:
    """Return findings: a reading without a temperature is missing.

    Its condition may still be good. `readings` has the columns `grid_row, station_id,
    temperature_c`.
    """
    return findings(readings, "missing", pl.when(TEMPERATURE.is_null()).then(FLAG_MISSING))


def out_of_range(readings: pl.DataFrame) -> pl.DataFrame:
    """Return findings: a temperature outside Korea's records is suspect, one far outside fails.

    A temperature equal to a record passes. The limits are the thresholds `range_record_…` and
    `range_fail_…`. `readings` has the columns `grid_row, station_id, temperature_c`.
    """
    impossible = ~TEMPERATURE.is_between(threshold("range_fail_low"), threshold("range_fail_high"))
    unheard_of = ~TEMPERATURE.is_between(
        threshold("range_record_low"), threshold("range_record_high")
    )
    flag = pl.when(impossible).then(FLAG_FAIL).when(unheard_of).then(FLAG_SUSPECT)
    return findings(readings, "range", flag)


def closed_station(readings: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Return findings: a reading fails if its station was not in use on the snapshot's date.

    A page that prints a closed station can print its last value for years. A station number can
    also have been out of use for some time. Readings of an undated snapshot pass. `snapshots` has a
    row for each snapshot (`SNAPSHOT_SCHEMA`). `readings` has the columns `grid_row, station_id`;
    `grid_row` is the row of the reading's snapshot in `snapshots`, from 0.
    """
    dates = snapshots.select("observed_on", grid_row=pl.int_range(pl.len(), dtype=pl.UInt32))
    dates = dates.drop_nulls()
    if dates.is_empty():
        return FINDING_SCHEMA.to_frame()
    first, last = dates["observed_on"].min(), dates["observed_on"].max()
    open_throughout = station_periods().filter(
        (pl.col("opened_on") <= first) & (pl.col("closed_on") > last).fill_null(True)
    )
    open_then = pl.col("observed_on").is_between("opened_on", "closed_on", closed="left")
    still_open = pl.col("closed_on").is_null() & (pl.col("observed_on") >= pl.col("opened_on"))
    closed = (
        readings.select("grid_row", "station_id")
        # This join drops nearly all readings, so that the others cost little.
        .join(open_throughout, on="station_id", how="anti")
        .join(dates, on="grid_row")
        .join(station_periods(), on="station_id", how="left")
        .group_by("grid_row", "station_id")
        .agg(is_open=(open_then | still_open).fill_null(False).any())
        .filter(~pl.col("is_open"))
    )
    return findings(closed, "closed_station", pl.lit(FLAG_FAIL))


@cache
def station_periods() -> pl.DataFrame:
    """Return the periods in which each station was open: `station_id, opened_on, closed_on`.

    `closed_on` is the first day after the period; null if the station is open. If a station changed
    its name or position without a gap, the periods before and after are merged.
    """
    follows = pl.col("valid_from") == pl.col("valid_to").shift(1).over("station_id")
    return (
        reference("station_history")
        .sort("station_id", "valid_from")
        .with_columns(period=(~follows.fill_null(False)).cum_sum())
        .group_by("station_id", "period", maintain_order=True)
        .agg(opened_on=pl.col("valid_from").first(), closed_on=pl.col("valid_to").last())
        .drop("period")
    )


def findings(readings: pl.DataFrame, test: str, flag: pl.Expr) -> pl.DataFrame:
    """Return a finding of `test` for each reading for which `flag` is not null.

    `readings` has the columns `grid_row, station_id`, and those of the expression `flag`.
    """
    return readings.select(
        "grid_row", "station_id", flag=flag.cast(pl.Int8), test=pl.lit(test, TEST_NAME)
    ).drop_nulls("flag")
