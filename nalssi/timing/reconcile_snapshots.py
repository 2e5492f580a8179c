"""Compare snapshots with the official hours and write `reconciliations`.

A dated snapshot is compared with the hours of its date. If it fits none of them for certain, or
bears no date, or a date known to be false (a frozen feed), it is compared with all hours. What is
written depends on readings, dates, observations and on what quality found without us, never on
earlier verdicts, so that recomputing a part gives the same as recomputing everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.sql_steps import read_steps
from nalssi.quality import update_quality
from nalssi.timing.hour_likelihood import Fit, score_hours
from nalssi.timing.nearest_hours import (
    DAYS_BEFORE,
    LATE_HOURS,
    MIN_STATIONS,
    Shortlist,
    nearest_before_date,
    nearest_of_all,
    nearest_of_date,
)
from nalssi.timing.official_hours import (
    COLUMN_OF,
    NO_READING,
    STATIONS,
    OfficialHours,
    Tenths,
    read_official_hours,
)
from schemas.contracts import check, polars_schema

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
SNAPSHOTS_AT_ONCE = 16_384
UNDATED = np.iinfo(np.int32).min


@dataclass(frozen=True)
class ReconcileCounts:
    """How many snapshots were compared anew, by verdict."""

    compared: int
    verdicts: dict[str, int]


def affected_snapshots(con: duckdb.DuckDBPyConnection, changed_hours: pl.DataFrame) -> pl.DataFrame:
    """`snapshot_id` of what has to be compared anew when values of these hours have changed.

    `changed_hours`: `observed_at`, as an ObservationReport has it.
    """
    con.register("changed_hours", changed_hours.to_arrow())
    found: pl.DataFrame = con.sql(STEPS["affected"], params={"days_before": DAYS_BEFORE}).pl()
    con.unregister("changed_hours")
    return found


def reconcile(
    con: duckdb.DuckDBPyConnection,
    changed: pl.DataFrame | None = None,
) -> ReconcileCounts:
    """Bring `reconciliations` up to date for changed snapshots, or all; then quality's flags.

    `changed`: `snapshot_id` of snapshots added, removed or `affected` by new observations; None for
    everything. Snapshots that were never compared, or that quality has come to hold for frozen,
    are compared too. Works on the writer's open connection, inside its transaction.
    """
    _choose(con, changed)
    archive = read_official_hours(con)
    todo = con.sql("SELECT count(*) AS n FROM todo").pl().item()
    results = []
    for first in range(0, todo, SNAPSHOTS_AT_ONCE):
        results.append(_compare_some(con, archive, first))
    rows = pl.concat(results) if results else pl.DataFrame(schema=polars_schema("reconciliations"))
    con.execute(STEPS["forget"])
    con.register("compared", check("reconciliations", rows).to_arrow())
    con.execute(STEPS["add"])
    con.unregister("compared")
    touched = None if changed is None else con.sql(STEPS["wanted_ids"]).pl()
    con.execute(STEPS["done"])
    update_quality(con, touched)
    counts = rows.group_by("verdict").len().sort("verdict")
    return ReconcileCounts(rows.height, dict(counts.iter_rows()))


def _choose(con: duckdb.DuckDBPyConnection, changed: pl.DataFrame | None) -> None:
    """Make `todo` and `todo_readings`, the snapshots to compare."""
    if changed is None:
        con.execute(STEPS["wanted_all"])
    else:
        con.register("changed", changed.select(pl.col("snapshot_id").cast(pl.String)).to_arrow())
        con.execute(STEPS["wanted"])
        con.unregister("changed")
    # What only our own verdict has made frozen in quality's eyes must not count as known.
    proven = con.sql(STEPS["proven"]).pl()
    if proven.height:
        con.execute(STEPS["forget_proofs"])
        update_quality(con, proven)
    for step in ("frozen", "newly_frozen", "todo", "todo_readings"):
        con.execute(STEPS[step])


def _compare_some(
    con: duckdb.DuckDBPyConnection, archive: OfficialHours, first: int
) -> pl.DataFrame:
    """Rows of `reconciliations` for the snapshots from `first` on."""
    params = {"first": first, "end": first + SNAPSHOTS_AT_ONCE}
    todo = con.sql(STEPS["some_todo"], params=params).pl()
    readings = con.sql(STEPS["some_readings"], params=params).pl()
    lists = np.full((todo.height, len(STATIONS)), NO_READING, dtype=np.int16)
    columns = readings["station_id"].replace_strict(COLUMN_OF, return_dtype=pl.Int64)
    lists[readings["place"].to_numpy(), columns.to_numpy()] = readings["tenths"].to_numpy()
    days = todo["day"].cast(pl.Int32).fill_null(UNDATED).to_numpy()
    return compare(todo["snapshot_id"], lists, days, todo["frozen"].to_numpy(), archive)


def compare(
    snapshot_ids: pl.Series,
    lists: Tenths,
    days: npt.NDArray[np.int32],
    frozen: npt.NDArray[np.bool_],
    archive: OfficialHours,
) -> pl.DataFrame:
    """Rows of `reconciliations`.

    `lists`: tenths of a degree by the archive's STATIONS; `days`: since 1970, or UNDATED; `frozen`:
    the date is known to be false, or may be.
    """
    of_date = np.flatnonzero((days != UNDATED) & ~frozen)
    near = nearest_of_date(lists[of_date], days[of_date], archive)
    fit = score_hours(
        lists[of_date],
        near,
        archive,
        last_hours=_begin(days[of_date]) + 23,
        earlier=nearest_before_date(lists[of_date], days[of_date], archive),
    )
    dated = _table(of_date, lists, near, fit, archive, days, "date")
    unsure = dated.filter(pl.col("verdict") != "matched", pl.col("verdict") != "late_feed")
    rest = np.union1d(np.setdiff1d(np.arange(len(lists)), of_date), unsure["place"].to_numpy())
    near = nearest_of_all(lists[rest], archive)
    fit = score_hours(lists[rest], near, archive)
    free = _table(rest, lists, near, fit, archive, days, "all")
    # Of dated snapshots, only proof goes beyond what their date's hours show.
    proven = free.filter(pl.col("verdict") == "frozen_feed")
    kept = dated.join(proven, on="place", how="anti")
    free = free.join(kept, on="place", how="anti")
    ids = snapshot_ids.alias("snapshot_id").to_frame().with_row_index("place")
    rows = (
        pl.concat([kept, free])
        .sort("place")
        .join(ids.cast({"place": pl.Int64}), on="place", maintain_order="left")
    )
    return rows.select(polars_schema("reconciliations").names())


def _begin(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """The first hour of days in Korea."""
    return days.astype(np.int64) * 24 - KST_HOURS


def _table(
    places: npt.NDArray[np.intp],
    lists: Tenths,
    near: Shortlist,
    fit: Fit,
    archive: OfficialHours,
    days: npt.NDArray[np.int32],
    searched: str,
) -> pl.DataFrame:
    """The columns of `reconciliations`, with `place` in the lists instead of the id."""
    hours = np.append(archive.hours, 0).astype(np.int64)[fit.row]
    day, dated = _begin(days[places]), days[places] != UNDATED
    compared = np.isfinite(fit.distance_c)
    certain = fit.good & fit.unambiguous
    late = certain & dated & (hours >= day - LATE_HOURS) & (hours < day)
    # A little after midnight is no proof either: clocks differ.
    apart = dated & ((hours < day - LATE_HOURS) | (hours > day + 23 + LATE_HOURS))
    frozen = certain & fit.exact & apart
    printed = (lists[places] != NO_READING).sum(axis=1)
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
        "place": places,
        "hour": hours,
        "certain": certain,
        "distance_c": fit.distance_c,
        "margin_c": fit.margin_c,
        "stations": np.where(compared, fit.stations, 0).astype(np.int16),
        "verdict": verdict.astype(object),
    }
    known = pl.col("certain") & pl.col("verdict").is_in(["matched", "late_feed", "frozen_feed"])
    instant = pl.from_epoch(pl.col("hour") * 3600, time_unit="s").cast(pl.Datetime("us"))
    return pl.DataFrame(columns, schema_overrides={"place": pl.Int64, "verdict": pl.String}).select(
        "place",
        observed_at=pl.when(known).then(instant.dt.replace_time_zone("UTC")),
        distance_c=pl.col("distance_c").fill_nan(None).round(3),
        margin_c=pl.col("margin_c").fill_nan(None).round(3),
        stations="stations",
        searched=pl.lit(searched),
        verdict="verdict",
    )
