"""Checks of single readings and single lists: nothing is compared with anything else.

Each takes `readings` (`snapshot, station_id, condition, temperature_c`) and `snapshots` (rows
of `lists.SNAPSHOT_SCHEMA`, numbered by place) and returns rows of `lists.ROW_SCHEMA`.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from nalssi.quality.lists import ROW_SCHEMA
from nalssi.quality.thresholds import threshold
from nalssi.reference import reference
from schemas.vocabulary import FLAG_FAIL, FLAG_MISSING, FLAG_NOT_EVALUATED, FLAG_SUSPECT

TEMPERATURE = pl.col("temperature_c")


def missing(readings: pl.DataFrame) -> pl.DataFrame:
    """No temperature is printed: missing. The condition of such a reading may still be good."""
    return _rows(readings, "missing", pl.when(TEMPERATURE.is_null()).then(FLAG_MISSING))


def out_of_range(readings: pl.DataFrame) -> pl.DataFrame:
    """Colder or warmer than Korea has ever been: suspect; by far: fail. A record itself passes."""
    impossible = ~TEMPERATURE.is_between(threshold("range_fail_low"), threshold("range_fail_high"))
    unheard_of = ~TEMPERATURE.is_between(
        threshold("range_record_low"), threshold("range_record_high")
    )
    flag = pl.when(impossible).then(FLAG_FAIL).when(unheard_of).then(FLAG_SUSPECT)
    return _rows(readings, "range", flag)


def closed_station(readings: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """The station's number was not yet, or no longer, in use on the list's date: fail.

    A page that prints a closed station prints its last value for ever. Where the history of a
    number has a gap, the station did not observe. An undated list cannot be judged and passes.
    """
    dates = snapshots.select("observed_on", snapshot=pl.int_range(pl.len(), dtype=pl.UInt32))
    read = readings.select("snapshot", "station_id").join(dates, on="snapshot")
    read = read.select("station_id", "observed_on").unique().drop_nulls()
    within = pl.col("observed_on") >= pl.col("valid_from")
    within &= pl.col("valid_to").is_null() | (pl.col("observed_on") < pl.col("valid_to"))
    periods = reference("station_history").select("station_id", "valid_from", "valid_to")
    never = (
        read.join(periods, on="station_id", how="left")
        .group_by("station_id", "observed_on")
        .agg(open=within.fill_null(False).any())
        .filter(~pl.col("open"))
    )
    closed = (
        readings.select("snapshot", "station_id")
        .join(never.select("station_id").unique(), on="station_id", how="semi")
        .join(dates, on="snapshot")
        .join(never, on=["station_id", "observed_on"], how="semi")
    )
    return _rows(closed, "closed_station", pl.lit(FLAG_FAIL))


def contradictory(readings: pl.DataFrame) -> pl.DataFrame:
    """Snow far above freezing, rain far below: condition and temperature contradict each other,
    and which of them is wrong cannot be told: suspect (`consistency`). A condition that says
    that it has ended (`눈 끝남`) is no falling snow."""
    falling = pl.col("condition").cast(pl.String)
    snow = falling.is_in(_codes("snow")) & (threshold("snow_warmest") < TEMPERATURE)
    rain = falling.is_in(_codes("rain")) & (threshold("rain_coldest") > TEMPERATURE)
    return _rows(readings, "consistency", pl.when(snow | rain).then(FLAG_SUSPECT))


def short_list(readings: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """A list of fewer than 12 stations: not evaluated (`consistency`).

    No site prints so few: lines were lost. That is no evidence against the lines that are left,
    but neither can anything vouch for them; the list is too short for the checks that compare.
    """
    short = snapshots.select(
        "station_count", snapshot=pl.int_range(pl.len(), dtype=pl.UInt32)
    ).filter(pl.col("station_count") < threshold("list_stations"))
    return _rows(
        readings.join(short, on="snapshot", how="semi"), "consistency", pl.lit(FLAG_NOT_EVALUATED)
    )


@cache
def _codes(group: str) -> list[str]:
    """Condition codes of falling `group`."""
    codes = reference("conditions").filter(pl.col("group") == group)["code"].drop_nulls()
    return sorted(code for code in codes.unique() if "_ended" not in code)


def _rows(readings: pl.DataFrame, test: str, flag: pl.Expr) -> pl.DataFrame:
    return (
        readings.select("snapshot", "station_id", flag=flag.cast(pl.Int8), test=pl.lit(test))
        .drop_nulls("flag")
        .match_to_schema(ROW_SCHEMA)
    )
