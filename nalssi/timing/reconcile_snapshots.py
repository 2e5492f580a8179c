"""Compare snapshots with the official hours and write the table `reconciliations`.

A dated snapshot is compared with the hours of its date. If none of them certainly fits, or if the
snapshot has no date or a false date (a frozen feed), it is compared with all hours. The result
depends on readings, dates, observations and the lists that are printed under several dates
(`repeated_lists`), none of which depends on earlier results. So comparing only the changed
snapshots gives the same result as comparing all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.sql_steps import read_steps
from nalssi.common.station_grid import Tenths, empty_grid, has_value, station_columns
from nalssi.quality import update_quality
from nalssi.timing.hour_likelihood import Fit, score_hours
from nalssi.timing.nearest_hours import (
    DAYS_BEFORE,
    LATE_HOURS,
    MIN_STATIONS,
    BlockSizes,
    Shortlist,
    nearest_before_date,
    nearest_of_all,
    nearest_of_date,
)
from nalssi.timing.official_hours import OfficialHours, read_official_hours
from schemas.contracts import check, polars_schema
from schemas.vocabulary import OBSERVATION_SOURCES

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
NOT_FEED = tuple(source for source in OBSERVATION_SOURCES if source != "feed")
"""The sources with which a capture of the feed is compared: all but the feed."""
UNDATED = np.iinfo(np.int32).min
"""The number that stands for the day of a snapshot without a date."""


@dataclass(frozen=True)
class ReconcileCounts:
    """The number of snapshots that were compared, in total and by verdict."""

    compared: int
    verdicts: dict[str, int]


def snapshots_to_reconcile(
    con: duckdb.DuckDBPyConnection, changed_hours: pl.DataFrame
) -> pl.DataFrame:
    """Return the `snapshot_id` of each snapshot whose result may change with the changed hours.

    `changed_hours` has the column `observed_at`, as in `ObservationReport`.
    """
    con.register("changed_hours", changed_hours.to_arrow())
    ids: pl.DataFrame = con.sql(
        STEPS["snapshots_to_reconcile"], params={"days_before": DAYS_BEFORE}
    ).pl()
    con.unregister("changed_hours")
    return ids


def reconcile(
    con: duckdb.DuckDBPyConnection,
    changed: pl.DataFrame | None = None,
    *,
    sizes: BlockSizes | None = None,
) -> ReconcileCounts:
    """Update `reconciliations`, then the quality flags.

    `changed`: `snapshot_id` of snapshots that were added or removed, and of those that
    `snapshots_to_reconcile` returns; None for all snapshots. Snapshots that were never compared are
    compared too, those whose list became or ceased to be repeated (`repeated_lists`, which
    `update_quality` writes), and those that the hours in `meta.changed_hours` affect. A snapshot
    whose feed states the hour is not compared with observations of a feed. Works on the writer's
    open connection, inside its transaction. `sizes` change speed and memory, not the result.
    """
    sizes = sizes or BlockSizes()
    if changed is not None:
        pending = snapshots_to_reconcile(con, con.sql(STEPS["changed_hours"]).pl())
        changed = pl.concat([changed.select(pl.col("snapshot_id").cast(pl.String)), pending])
    _choose_snapshots(con, changed)
    unstated, total = con.sql(STEPS["count_todo"]).pl().row(0)
    results = [
        *_compare_blocks(con, OBSERVATION_SOURCES, 0, unstated, sizes),
        *_compare_blocks(con, NOT_FEED, unstated, total, sizes),
    ]
    rows = pl.concat(results) if results else pl.DataFrame(schema=polars_schema("reconciliations"))
    con.execute(STEPS["delete_old"])
    con.register("compared", check("reconciliations", rows).to_arrow())
    con.execute(STEPS["insert_new"])
    con.unregister("compared")
    touched = None if changed is None else con.sql(STEPS["wanted_ids"]).pl()
    con.execute(STEPS["forget_changed_hours"])
    con.execute(STEPS["drop_tables"])
    update_quality(con, touched)
    counts = rows.group_by("verdict").len().sort("verdict")
    return ReconcileCounts(rows.height, dict(counts.iter_rows()))


def _choose_snapshots(con: duckdb.DuckDBPyConnection, changed: pl.DataFrame | None) -> None:
    """Create the tables `todo` and `todo_readings` with the snapshots to compare."""
    if changed is None:
        con.execute(STEPS["want_all"])
    else:
        con.register("changed", changed.select(pl.col("snapshot_id").cast(pl.String)).to_arrow())
        con.execute(STEPS["want_changed"])
        con.unregister("changed")
    for step in ("want_changed_frozen", "todo", "todo_readings"):
        con.execute(STEPS[step])


def _compare_blocks(
    con: duckdb.DuckDBPyConnection, sources: Sequence[str], start: int, end: int, sizes: BlockSizes
) -> Iterator[pl.DataFrame]:
    """Compare snapshots `start` to `end` of `todo` with the official hours of some sources.

    Yields rows of `reconciliations`, a frame for each block of snapshots.
    """
    if start < end:
        official = read_official_hours(con, sources)
        for first in range(start, end, sizes.snapshots):
            yield _compare_block(con, official, first, min(first + sizes.snapshots, end), sizes)


def _compare_block(
    con: duckdb.DuckDBPyConnection, official: OfficialHours, first: int, end: int, sizes: BlockSizes
) -> pl.DataFrame:
    """Return rows of `reconciliations` for a block of snapshots of the table `todo`.

    The block has the snapshots from number `first` to number `end`, without `end`.
    """
    params = {"first": first, "end": end}
    todo = con.sql(STEPS["block_of_todo"], params=params).pl()
    readings = con.sql(STEPS["block_of_readings"], params=params).pl()
    lists = empty_grid(todo.height)
    columns = station_columns()[readings["station_id"].to_numpy()]
    lists[readings["number"].to_numpy(), columns] = readings["tenths"].to_numpy()
    days = todo["day"].cast(pl.Int32).fill_null(UNDATED).to_numpy()
    return compare(todo["snapshot_id"], lists, days, todo["frozen"].to_numpy(), official, sizes)


def compare(
    snapshot_ids: pl.Series,
    lists: Tenths,
    days: npt.NDArray[np.int32],
    frozen: npt.NDArray[np.bool_],
    official: OfficialHours,
    sizes: BlockSizes | None = None,
) -> pl.DataFrame:
    """Compare snapshots in memory with official hours; return rows of `reconciliations`.

    `lists` is a station grid with one row per snapshot. `days` is the Korean day of each snapshot,
    in days since 1970, or UNDATED. `frozen` marks the snapshots whose date is or may be false.
    """
    of_date = np.flatnonzero((days != UNDATED) & ~frozen)
    near = nearest_of_date(lists[of_date], days[of_date], official, sizes)
    fit = score_hours(
        lists[of_date],
        near,
        official,
        last_hours=_first_hour(days[of_date]) + 23,
        earlier=nearest_before_date(lists[of_date], days[of_date], official, sizes),
        sizes=sizes,
    )
    by_date = _verdicts(of_date, lists, near, fit, official, days, "date")
    unsure = by_date.filter(pl.col("verdict") != "matched", pl.col("verdict") != "late_feed")
    rest = np.union1d(np.setdiff1d(np.arange(len(lists)), of_date), unsure["index"].to_numpy())
    near = nearest_of_all(lists[rest], official, sizes)
    fit = score_hours(lists[rest], near, official, sizes=sizes)
    by_all = _verdicts(rest, lists, near, fit, official, days, "all")
    # A dated snapshot keeps the result of its date's hours unless all hours prove a frozen feed.
    proven = by_all.filter(pl.col("verdict") == "frozen_feed")
    kept = by_date.join(proven, on="index", how="anti")
    by_all = by_all.join(kept, on="index", how="anti")
    ids = snapshot_ids.alias("snapshot_id").to_frame().with_row_index("index")
    rows = (
        pl.concat([kept, by_all])
        .sort("index")
        .join(ids.cast({"index": pl.Int64}), on="index", maintain_order="left")
    )
    return rows.select(polars_schema("reconciliations").names())


def _first_hour(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the first hour of Korean days, in hours since 1970 UTC."""
    return days.astype(np.int64) * 24 - KST_HOURS


def _verdicts(
    indices: npt.NDArray[np.intp],
    lists: Tenths,
    near: Shortlist,
    fit: Fit,
    official: OfficialHours,
    days: npt.NDArray[np.int32],
    searched: str,
) -> pl.DataFrame:
    """Decide the verdict of each list at `indices` from its fit.

    Returns rows of `reconciliations`. Instead of the snapshot's id, they have `index`, the row of
    the snapshot in `lists`.
    """
    hours = np.append(official.hours, 0).astype(np.int64)[fit.row]
    first_hour, dated = _first_hour(days[indices]), days[indices] != UNDATED
    compared = np.isfinite(fit.distance_c)
    certain = fit.good & fit.unambiguous
    late = certain & dated & (hours >= first_hour - LATE_HOURS) & (hours < first_hour)
    # An hour shortly after the date is no proof of a frozen feed either: clocks differ.
    outside = (hours < first_hour - LATE_HOURS) | (hours > first_hour + 23 + LATE_HOURS)
    frozen = certain & fit.exact & dated & outside
    printed = has_value(lists[indices]).sum(axis=1)
    verdict = np.select(
        [
            printed < MIN_STATIONS,
            near.present == 0,
            ~compared,
            late,
            frozen,
            certain,
            fit.good,
        ],
        [
            "too_few_stations",
            "no_observations",
            "too_few_stations",
            "late_feed",
            "frozen_feed",
            "matched",
            "ambiguous",
        ],
        default="poor_fit",
    )
    columns = {
        "index": indices,
        "hour": hours,
        "certain": certain,
        "distance_c": fit.distance_c,
        "margin_c": fit.margin_c,
        "stations": np.where(compared, fit.stations, 0).astype(np.int16),
        "verdict": verdict.astype(object),
    }
    known = pl.col("certain") & pl.col("verdict").is_in(["matched", "late_feed", "frozen_feed"])
    instant = pl.from_epoch(pl.col("hour") * 3600, time_unit="s").cast(pl.Datetime("us"))
    return pl.DataFrame(columns, schema_overrides={"index": pl.Int64, "verdict": pl.String}).select(
        "index",
        observed_at=pl.when(known).then(instant.dt.replace_time_zone("UTC")),
        distance_c=pl.col("distance_c").fill_nan(None).round(3),
        margin_c=pl.col("margin_c").fill_nan(None).round(3),
        stations="stations",
        searched=pl.lit(searched),
        verdict="verdict",
    )
