"""Find the snapshots whose quality must be checked again after a change, and read them.

A changed snapshot is checked again. It can also affect:

- the snapshots that agree with it, whatever their dates (frozen feed);
- the snapshots of its own hour (consistency);
- the snapshots of known hours up to 48 hours away (step): a value is compared with the values
  before and after it, up to 12 hours away, and a change can pass on over four such steps;
- the snapshots within a month of its date in which a station becomes stuck, or no longer is.

Usually, no other snapshot is affected. Then the batch that was read to find them is enough to check
the changed ones, and nothing is read twice. Checking only the affected snapshots gives the same
table as checking everything; property tests compare the two.

A removed snapshot cannot be looked up, so the snapshots that it affected are unknown, and
everything is checked.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from nalssi.common.station_grid import Bools, Floats
from nalssi.quality import step_check, stuck_station_check
from nalssi.quality.snapshot_batch import SnapshotBatch, read_batch
from nalssi.quality.snapshot_grid import NO_DAY, US_PER_HOUR
from nalssi.quality.thresholds import threshold

if TYPE_CHECKING:
    import duckdb

STEPS = read_steps(Path(__file__).with_suffix(".sql"))

MAX_LOOKUPS = 200
"""The largest number of distinct lists that are looked up in the tables. For more lists, reading
all snapshots is faster. The result is the same."""

STEP_REACH_H = step_check.REACH_H
STUCK_REACH_DAYS = int(threshold("stuck_days"))


def hours_of(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame | None) -> pl.DataFrame:
    """Return the known hours of the wanted snapshots, as concluded: column `observed_at` (UTC).

    Call it before the hours are concluded again: the snapshots near a former hour are affected too.
    If `wanted` is None (all snapshots), the result is empty, because all are checked anyway.
    """
    if wanted is None:
        return pl.DataFrame(schema={"observed_at": pl.Datetime("us", "UTC")})
    with registered(con, "quality_wanted", wanted):
        hours: pl.DataFrame = con.sql(STEPS["hours"]).pl()
    return hours


def read_affected(
    con: duckdb.DuckDBPyConnection,
    changed: pl.DataFrame | None,
    former_hours: pl.DataFrame,
    max_lookups: int,
) -> tuple[SnapshotBatch, Bools]:
    """Read the snapshots that a change affects, and the snapshots that they are compared with.

    `changed`: `snapshot_id` of the changed snapshots; None for all snapshots. `former_hours`: their
    hours before the change (`hours_of`). Returns all these snapshots as a batch, and a mask that
    is True for the affected ones. `max_lookups` is explained at `MAX_LOOKUPS`.
    """
    if changed is None:
        batch = read_batch(con)
        return batch, np.ones(batch.grid.height, np.bool_)
    # Twice the reach: first to the affected snapshots, then to those that they are compared with.
    batch = _read_with_context(
        con,
        changed,
        former_hours,
        2 * STEP_REACH_H,
        2 * STUCK_REACH_DAYS,
        max_lookups=max_lookups,
    )
    is_changed = batch.grid.rows_with(changed["snapshot_id"])
    affected = is_changed | _affected_rows(con, batch, former_hours, is_changed)
    if batch.is_complete or not (affected & ~is_changed).any():
        return batch, affected
    # The snapshots that agree with the affected ones have not been read yet.
    wanted = batch.ids_of(affected)
    batch = _read_with_context(
        con, wanted, former_hours, STEP_REACH_H, STUCK_REACH_DAYS, max_lookups=max_lookups
    )
    return batch, batch.grid.rows_with(wanted["snapshot_id"])


def all_changed_or_one_gone(con: duckdb.DuckDBPyConnection, changed: pl.DataFrame) -> bool:
    """Return whether all snapshots must be checked: if all have changed, or if one was removed.

    `changed` has the `snapshot_id` of each snapshot that was added, changed or removed.
    """
    with registered(con, "quality_wanted", changed):
        return bool(con.sql(STEPS["all_changed_or_one_gone"]).fetchall()[0][0])


def _read_with_context(
    con: duckdb.DuckDBPyConnection,
    wanted: pl.DataFrame,
    former_hours: pl.DataFrame,
    hours: int,
    days: int,
    *,
    max_lookups: int,
) -> SnapshotBatch:
    """Read the wanted snapshots (`snapshot_id`) and the snapshots that they are compared with.

    The latter are the snapshots that may print the same list, those whose known hour is at most
    `hours` from a known or former hour of a wanted one, and, if a station is stuck, those whose
    date is at most `days` from a wanted one. `former_hours` and `max_lookups` are the arguments of
    `read_affected`. Above `max_lookups` distinct lists, all snapshots are read.
    """
    contents = _distinct_contents(con, wanted)
    if contents["snapshot_id"].n_unique() > max_lookups:
        return read_batch(con)
    similar = pl.concat([wanted["snapshot_id"], _similar(con, contents)]).unique()
    with registered(con, "quality_former_hours", former_hours):
        context = [similar, _ids(con, "near_hours", wanted, hours=hours)]
    has_stuck = _has_stuck_station(con, wanted)
    if has_stuck:
        context.append(_ids(con, "near_dates", wanted, days=days))
    batch = read_batch(con, pl.concat(context).unique().to_frame())
    return replace(batch, compared=batch.grid.rows_with(similar), has_stuck=has_stuck)


def _distinct_contents(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return the readings of one of the wanted snapshots for each distinct list of temperatures.

    Columns: `snapshot_id, station_id, temperature_c`. A frozen feed shows one list under hundreds
    of dates; this list is then looked up only once.
    """
    with registered(con, "quality_wanted", wanted):
        printed = con.sql(STEPS["printed"]).pl()
    lists = printed.sort("snapshot_id", "station_id").group_by("snapshot_id").agg(pl.all())
    distinct = lists.sort("snapshot_id").unique(["station_id", "temperature_c"], keep="first")
    contents: pl.DataFrame = distinct.explode("station_id", "temperature_c")
    return contents


def _similar(con: duckdb.DuckDBPyConnection, contents: pl.DataFrame) -> pl.Series:
    # Separate from the query `printed`: DuckDB plans the two as one ten times as slow.
    with registered(con, "quality_printed", contents):
        min_common = int(threshold("frozen_common_stations"))
        ids: pl.DataFrame = con.sql(STEPS["similar"], params={"min_common": min_common}).pl()
    return ids["snapshot_id"]


def _has_stuck_station(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> bool:
    """Return whether a station may be stuck, or was flagged as stuck, near the wanted snapshots.

    Snapshots are near if their dates are at most STUCK_REACH_DAYS apart.
    """
    dates = int(threshold("stuck_dates"))
    near = _ids(con, "near_dates", wanted, days=STUCK_REACH_DAYS).to_frame()
    with registered(con, "quality_near", near):
        answer = con.sql(STEPS["has_stuck_station"], params={"dates": dates}).fetchall()
        return bool(answer[0][0])


def _ids(
    con: duckdb.DuckDBPyConnection, step: str, wanted: pl.DataFrame, **parameters: int
) -> pl.Series:
    with registered(con, "quality_wanted", wanted):
        ids: pl.DataFrame = con.sql(STEPS[step], params=parameters).pl()
    return ids["snapshot_id"]


def _affected_rows(
    con: duckdb.DuckDBPyConnection,
    batch: SnapshotBatch,
    former_hours: pl.DataFrame,
    is_changed: Bools,
) -> Bools:
    """Return a mask of the batch's rows, True for the snapshots that a changed one can affect.

    `is_changed` marks the changed snapshots. `former_hours` are their hours before the change
    (`hours_of`).
    """
    grid = batch.grid
    affected = batch.agreements.agreeing_with(is_changed)
    microseconds = former_hours["observed_at"].dt.epoch("us").to_numpy()
    hours = np.concatenate([grid.hours[is_changed], microseconds / US_PER_HOUR])
    affected |= within(grid.hours, hours, 0)
    near = within(grid.hours, hours, STEP_REACH_H)
    steps = step_check.step(grid, near)
    affected |= _differing_rows(con, batch, step_check.TEST, steps, near)
    if batch.has_stuck:
        days = np.where(grid.days == NO_DAY, np.nan, grid.days)
        near = within(days, days[is_changed], STUCK_REACH_DAYS)
        stuck = batch.stuck_findings.filter(near[batch.stuck_findings["grid_row"].to_numpy()])
        affected |= _differing_rows(con, batch, stuck_station_check.TEST, stuck, near)
    return affected


def within(times: Floats, centres: Floats, reach: float) -> Bools:
    """Return True for each of `times` that is at most `reach` away from one of `centres`.

    All are in one unit. The result is False for NaN, an unknown time.
    """
    known = ~np.isnan(times)
    centres = np.unique(centres[~np.isnan(centres)])
    if not centres.size:
        return np.zeros(times.size, np.bool_)
    index = np.searchsorted(centres, times)
    since = times - centres[np.maximum(index - 1, 0)]
    until = centres[np.minimum(index, centres.size - 1)] - times
    near: Bools = known & (np.minimum(np.abs(since), np.abs(until)) <= reach)
    return near


def _differing_rows(
    con: duckdb.DuckDBPyConnection,
    batch: SnapshotBatch,
    test: str,
    findings: pl.DataFrame,
    rows: Bools,
) -> Bools:
    """Return True for each row of the batch whose findings differ from the stored ones.

    `findings` are the new findings of the check `test`. Only snapshots marked in `rows` are
    compared.
    """
    with registered(con, "quality_grid_rows", batch.grid.numbered_ids().filter(rows)):
        stored = con.sql(STEPS["stored_findings"], params={"test": test}).pl()
    key = ["grid_row", "station_id"]
    differing = pl.concat(
        [
            stored.join(findings, on=key, how="anti").select("grid_row"),
            findings.join(stored, on=key, how="anti").select("grid_row"),
        ]
    )
    differs = np.zeros(rows.size, np.bool_)
    differs[differing["grid_row"].to_numpy()] = True
    return differs
