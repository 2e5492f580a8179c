"""Checks of single readings and single lists: nothing is compared with anything else.

Each takes `readings` (`snapshot, station_id, condition, temperature_c`) and `snapshots` (rows
of `lists.SNAPSHOT_SCHEMA`, numbered by place) and returns rows of `lists.ROW_SCHEMA`.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from nalssi.common.reference import reference
from nalssi.quality.snapshot_grid import ROW_SCHEMA, TEST_NAME
from nalssi.quality.thresholds import threshold
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
    dates = dates.drop_nulls()
    if dates.is_empty():
        return ROW_SCHEMA.to_frame()
    first, last = dates["observed_on"].min(), dates["observed_on"].max()
    all_along = spans().filter(
        (pl.col("opened_on") <= first) & (pl.col("closed_on") > last).fill_null(True)
    )
    open_then = pl.col("observed_on").is_between("opened_on", "closed_on", closed="left")
    still_open = pl.col("closed_on").is_null() & (pl.col("observed_on") >= pl.col("opened_on"))
    closed = (
        readings.select("snapshot", "station_id")
        .join(all_along, on="station_id", how="anti")  # nearly all stations end here
        .join(dates, on="snapshot")
        .join(spans(), on="station_id", how="left")
        .group_by("snapshot", "station_id")
        .agg(is_open=(open_then | still_open).fill_null(False).any())
        .filter(~pl.col("is_open"))
    )
    return _rows(closed, "closed_station", pl.lit(FLAG_FAIL))


@cache
def spans() -> pl.DataFrame:
    """When each station observed: `station_id, opened_on, closed_on` (the first day after; null:
    still open), periods of other names and places joined where one follows the other."""
    follows = pl.col("valid_from") == pl.col("valid_to").shift(1).over("station_id")
    return (
        reference("station_history")
        .sort("station_id", "valid_from")
        .with_columns(span=(~follows.fill_null(False)).cum_sum())
        .group_by("station_id", "span", maintain_order=True)
        .agg(opened_on=pl.col("valid_from").first(), closed_on=pl.col("valid_to").last())
        .drop("span")
    )


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
    return readings.select(
        "snapshot", "station_id", flag=flag.cast(pl.Int8), test=pl.lit(test, TEST_NAME)
    ).drop_nulls("flag")
