"""Find the lists that show one hour of observation, so that statistics count that hour once.

Two sites that print one list, and two lists of one hour with different stations, are one
*observation*. The columns `counts_as`, `lists` and `repeated` of the table `conclusions` say so.
Only lists with a usable reading are grouped:

1. Lists of the same known hour are one observation.
2. A list of unknown hour counts as the known hour with which it agrees: its temperatures equal
   those of a list of that hour at all common stations, at least five, and the hour is in its
   interval, not before 23:00 of the evening before its day. If it agrees with several hours, the
   hour with the most common stations counts, then the earliest.
3. The other lists of one day are taken from the longest to the shortest. A list joins the first
   observation that it agrees with at all common stations, at least five, and whose interval
   overlaps with its own. Otherwise it is an observation of its own, as is every list with fewer
   than five temperatures. So an observation has one value per station and one interval. Chains of
   agreement do not have this property: a short list can agree with two hours that differ.

Lists of unknown hour under different dates are never one observation. If they agree, the feed may
be frozen, and then both dates may be false (`frozen_feed_check`).

The result depends on the lists alone, not on the order in which they were loaded. A change of a day
changes at most the observations of that day, of the day before and of the two days after: an
observation has lists of at most two consecutive days.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from nalssi.common.station_grid import Ints, Tenths, empty_grid, has_value, station_columns
from nalssi.quality.agreement_join import rows_agree
from nalssi.quality.snapshot_batch import READINGS_AT_ONCE
from nalssi.quality.thresholds import threshold

if TYPE_CHECKING:
    import duckdb

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
MIN_COMMON = int(threshold("same_hour_common_stations"))
HOUR_US = 3_600_000_000
EVENING_UTC_HOUR = 14
"""23:00 in Korea, in UTC: a list of that hour can still be printed under the next date."""


def days_of(con: duckdb.DuckDBPyConnection, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct known days (column `day`) of the given snapshots (`snapshot_id`)."""
    with registered(con, "quality_wanted", snapshots):
        days: pl.DataFrame = con.sql(STEPS["days"]).pl()
    return days


def update_distinct_observations(
    con: duckdb.DuckDBPyConnection, changed_days: pl.DataFrame | None
) -> None:
    """Update `counts_as`, `lists` and `repeated` of the snapshots that a change can affect.

    `changed_days`: every `day` of a snapshot that was added, removed or concluded again, both
    before and after the change; None to update all snapshots. New rows of `conclusions` must count
    as themselves. The resulting columns are always the same as after updating all snapshots.
    """
    if changed_days is None:
        changed_days = con.sql(STEPS["all_days"]).pl()
    if changed_days.is_empty():
        return
    with registered(con, "changed_days", changed_days):
        con.execute(STEPS["near_days"])
    lists = con.sql(STEPS["lists"]).pl()
    groups = lists.select("snapshot_id", observation=pl.Series(_observations(con, lists)))
    with registered(con, "grouped_lists", groups):
        con.execute(STEPS["regrouped"])
    con.execute(STEPS["delete"])
    con.execute(STEPS["insert"])
    con.execute(STEPS["drop"])


def _observations(con: duckdb.DuckDBPyConnection, lists: pl.DataFrame) -> Ints:
    """Return the number of the observation of each list; equal numbers are one observation.

    The number is the row of one of the observation's lists. `lists` is sorted by id and has the
    columns `snapshot_id, day, hour, earliest, latest` (see `join_lists`).
    """
    observation: Ints = np.arange(lists.height)
    # Lists of one known hour have the number of the first of them.
    known = np.flatnonzero(lists["hour"].is_not_null().to_numpy())
    hours = lists["hour"].drop_nulls().to_numpy()
    _, first, inverse = np.unique(hours, return_index=True, return_inverse=True)
    observation[known] = known[first][inverse]
    compared = _compared_rows(lists)
    if compared.size:
        tenths = _temperatures(con, lists["snapshot_id"].gather(compared))
        joined = compared[join_lists(lists[compared], tenths)]
        observation[compared] = observation[joined]
    return observation


def _compared_rows(lists: pl.DataFrame) -> Ints:
    """Return the rows of `lists` whose temperatures must be compared.

    These are all lists of each day that has a list of unknown hour, and the lists of 23:00 of the
    evening before. `lists` has the columns `day` and `hour` (microseconds since 1970).
    """
    days = lists.filter(pl.col("hour").is_null())["day"].unique().implode()
    evening_us = pl.col("day").cast(pl.Int64) * 24 * HOUR_US + EVENING_UTC_HOUR * HOUR_US
    is_of_evening = pl.col("hour") >= evening_us
    is_compared = pl.col("day").is_in(days) | (
        is_of_evening & pl.col("day").dt.offset_by("1d").is_in(days)
    )
    rows: Ints = np.flatnonzero(lists.select(is_compared.fill_null(False)).to_series().to_numpy())
    return rows


def _temperatures(con: duckdb.DuckDBPyConnection, snapshot_ids: pl.Series) -> Tenths:
    """Read the temperatures of snapshots into a grid, one row per snapshot."""
    tenths = empty_grid(snapshot_ids.len())
    wanted = snapshot_ids.to_frame().with_row_index("grid_row")
    with registered(con, "quality_grid_rows", wanted):
        for portion in con.sql(STEPS["temperatures"]).to_arrow_reader(READINGS_AT_ONCE):
            readings = pl.DataFrame(portion)
            columns = station_columns()[readings["station_id"].to_numpy()]
            tenths[readings["grid_row"].to_numpy(), columns] = readings["tenths"].to_numpy()
    return tenths


def join_lists(lists: pl.DataFrame, tenths: Tenths) -> Ints:
    """Return, for each list, the row of the list with which it counts as one observation.

    `lists` has the columns `snapshot_id`, `day`, `hour` (null if unknown), `earliest` and `latest`
    (the ends of the interval of the hour), the last three in microseconds since 1970. Row i of
    `tenths` has the temperatures of list i. A list of known hour, a list with fewer than five
    temperatures, and the first list of an observation of unknown hour have their own row.
    """
    joined: Ints = np.arange(lists.height)
    union = tenths.copy()  # a row gets the temperatures of the lists that join it
    earliest, latest = lists["earliest"].to_numpy().copy(), lists["latest"].to_numpy().copy()
    values = pl.Series("values", has_value(tenths).sum(axis=1))
    rows = lists.with_columns(values).with_row_index("row").cast({"row": pl.Int64})
    known = rows.filter(pl.col("hour").is_not_null()).sort("hour", "snapshot_id")
    hours, known_rows = known["hour"].to_numpy(), known["row"].to_numpy()
    unknown = rows.filter(pl.col("hour").is_null(), pl.col("values") >= MIN_COMMON)
    longest_first = unknown.sort("day", -pl.col("values"), "snapshot_id")
    for day in longest_first.partition_by("day", maintain_order=True):
        first_rows: list[int] = []  # of the day's observations
        for row in day["row"].to_list():
            possible = slice(
                np.searchsorted(hours, earliest[row], "left"),
                np.searchsorted(hours, latest[row], "right"),
            )
            agreeing = _agreeing(tenths, row, known_rows[possible])
            if agreeing.size:
                common = has_value(tenths[agreeing]) & has_value(tenths[row])
                joined[row] = agreeing[np.argmax(common.sum(axis=1))]
                continue
            others = np.array(first_rows, np.int64)
            overlap = (earliest[others] <= latest[row]) & (earliest[row] <= latest[others])
            agreeing = _agreeing(union, row, others[overlap])
            if agreeing.size:
                first = joined[row] = agreeing[0]
                union[first] = np.maximum(union[first], union[row])
                earliest[first] = max(earliest[first], earliest[row])
                latest[first] = min(latest[first], latest[row])
            else:
                first_rows.append(row)
    return joined


def _agreeing(tenths: Tenths, row: int, others: Ints) -> Ints:
    """Return the rows of `others` whose lists agree with the list of `row`, in the same order.

    Lists agree if their temperatures (`tenths`) are equal at all common stations, at least five.
    """
    return others[rows_agree(tenths, np.full(others.size, row), others, MIN_COMMON)]
