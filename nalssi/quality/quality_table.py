"""Bring the table `quality` up to date with what a load or a comparison has changed.

Works on the writer's open connection, inside its transaction, and writes only `quality` and, of
the same snapshots, `conclusions`.
Looking again at what a change can have affected gives the same rows as looking at everything.

What can a changed snapshot affect? Besides itself:

- the lists that agree with it (frozen feeds), whatever their dates;
- the lists of its own hour, and those of known hours up to 36 hours away whose steps turn out
  otherwise than they stand (a value is judged by its neighbours, these by theirs, and these by
  theirs, each up to 12 hours away);
- the lists within a month of its date in which a station stands still because of it, or does no
  longer (stuck station).

These are nearly always few beside itself, or none; then what was read to find them is enough to
judge it by, and nothing is read twice.

A snapshot that is gone has left nothing to find its neighbours by: then everything is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from nalssi.quality import frozen_feed_check, sequence_checks, spatial_check, value_checks
from nalssi.quality.flags import combine, names_of
from nalssi.quality.snapshot_grid import NO_DAY, SNAPSHOT_SCHEMA, Bools, Floats, Lists, all_rows
from nalssi.quality.thresholds import threshold

SQL = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.sql")}
FEW = 200
"""So many snapshots are looked up in the tables; for more, the whole table is read."""
READINGS_AT_ONCE = 1_000_000
LISTS_AT_ONCE = 100_000
REACH_HOURS = 3 * sequence_checks.LONGEST_STEP_H
STUCK_DAYS = int(threshold("stuck_days"))


def update_quality(con: duckdb.DuckDBPyConnection, changed: pl.DataFrame | None) -> None:
    """Make the rows of `quality` for what the changed snapshots can have affected anew, and with
    them the rows of `conclusions`.

    `changed`: `snapshot_id` of every snapshot added or removed, or whose sightings or
    comparison changed; None: look at everything. Where comparisons (`reconciliations`) of
    snapshots that stay were deleted, pass None.
    """
    wanted = None if changed is None else changed.select("snapshot_id").unique()
    if wanted is not None and wanted.is_empty():
        return
    if wanted is None or _everything(con, wanted):
        batch = read(con, None)
        targets = np.ones(batch.lists.snapshots.height, np.bool_)
        again = None
        con.execute("DELETE FROM quality")
    else:
        batch, targets = affected(con, wanted)
        again = batch.lists.snapshots.filter(targets).select("snapshot_id")
        with _registered(con, "quality_wanted", again):
            con.execute(
                "DELETE FROM quality WHERE snapshot_id IN (SELECT snapshot_id FROM quality_wanted)"
            )
    for judged in judge(batch, targets):
        _write(con, batch, judged)
    update_snapshot_summary(con, again)


def update_snapshot_summary(
    con: duckdb.DuckDBPyConnection, again: pl.DataFrame | None = None
) -> None:
    """Make the rows of `conclusions` anew: of these snapshots (`snapshot_id`), or of all.

    Follows from `snapshots`, `reconciliations` and `quality` alone.
    """
    if again is None:
        con.execute("DELETE FROM conclusions")
        again = con.sql("SELECT snapshot_id FROM snapshots").pl()
    with _registered(con, "quality_wanted", again):
        con.execute("DELETE FROM conclusions WHERE snapshot_id IN (FROM quality_wanted)")
        con.execute(SQL["conclude"])


@dataclass(frozen=True)
class Batch:
    """Lists, and what the checks of single readings say of them. Not `still`: no station can be
    stuck in the lists to be judged, and the lists that would show it are not here."""

    lists: Lists
    findings: pl.DataFrame
    still: bool = True

    def rows(self, snapshot_ids: pl.Series) -> Bools:
        return self.lists.snapshots["snapshot_id"].is_in(snapshot_ids.implode()).to_numpy()


def read(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame | None) -> Batch:
    """The named snapshots, or all, as a batch. Readings pass through in portions, so that what
    is held in memory is the grid."""
    if wanted is None:
        wanted = con.sql("SELECT snapshot_id FROM snapshots").pl()
    with _registered(con, "quality_wanted", wanted):
        described = con.sql(SQL["lists"]).pl()
    instant = SNAPSHOT_SCHEMA["observed_at"]
    snapshots = described.with_columns(pl.col("observed_at").cast(instant)).cast(SNAPSHOT_SCHEMA)
    lists = Lists.empty(snapshots)
    findings = []
    numbered = snapshots.select("snapshot_id").with_row_index("snapshot")
    with _registered(con, "quality_lists", numbered):
        for portion in con.sql(SQL["readings"]).to_arrow_reader(READINGS_AT_ONCE):
            readings = pl.DataFrame(portion)
            lists.put(readings)
            findings += [
                value_checks.missing(readings),
                value_checks.out_of_range(readings),
                value_checks.closed_station(readings, snapshots),
                value_checks.contradictory(readings),
                value_checks.short_list(readings, snapshots),
            ]
    return Batch(lists, all_rows(findings))


def affected(con: duckdb.DuckDBPyConnection, changed: pl.DataFrame) -> tuple[Batch, Bools]:
    """The snapshots that a change can have affected: a batch that holds all that is needed to
    judge them, and which of its rows they are."""
    batch = _in_context(con, changed, hours=2 * REACH_HOURS, days=2 * STUCK_DAYS)
    lists, now = batch.lists, batch.rows(changed["snapshot_id"])
    targets = lists.agreements.agreeing_with(now)
    targets |= within(lists.hours, now, 0)  # one hour, two values
    targets |= batch.rows(_ids(con, "compared", changed))
    near = within(lists.hours, now, REACH_HOURS)
    targets |= _otherwise(con, batch, "step", sequence_checks.step(lists, near), near)
    if batch.still:
        days = np.where(lists.days == NO_DAY, np.nan, lists.days)
        near = within(days, now, STUCK_DAYS)
        targets |= _otherwise(
            con, batch, "stuck_station", sequence_checks.stuck_station(lists, near), near
        )
    again = lists.snapshots.filter(targets).select("snapshot_id")
    if changed.height > FEW or not (targets & ~now).any():
        return batch, targets
    batch = _in_context(con, again, hours=REACH_HOURS, days=STUCK_DAYS)
    return batch, batch.rows(again["snapshot_id"])


def _in_context(
    con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame, *, hours: int, days: int
) -> Batch:
    """The wanted snapshots with those to compare them with. Lists near in date are many, and
    matter only where a station stands still; they are not read where none does."""
    if wanted.height > FEW:
        return read(con, None)
    alike = pl.concat([wanted["snapshot_id"], _similar(con, wanted)]).unique()
    near = [alike, _ids(con, "near_hours", wanted, hours=hours), _ids(con, "compared", wanted)]
    still = _stands_still(con, wanted)
    if still:
        near.append(_ids(con, "near_dates", wanted, days=days))
    batch = read(con, pl.concat(near).unique().to_frame())
    return Batch(replace(batch.lists, compared=batch.rows(alike)), batch.findings, still)


def within(moments: Floats, marked: Bools, reach: float) -> Bools:
    """The rows no farther in time from a marked row than that. NaN is no time, near nothing."""
    known = ~np.isnan(moments)
    centres = np.unique(moments[marked & known])
    if not centres.size:
        return np.zeros(moments.size, np.bool_)
    place = np.searchsorted(centres, moments)
    since = moments - centres[np.maximum(place - 1, 0)]
    until = centres[np.minimum(place, centres.size - 1)] - moments
    near: Bools = known & (np.minimum(np.abs(since), np.abs(until)) <= reach)
    return near


def _stands_still(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> bool:
    """Whether a station may be stuck, or have been held to be, in any list within reach."""
    dates = int(threshold("stuck_dates"))
    near = _ids(con, "near_dates", wanted, days=STUCK_DAYS).to_frame()
    with _registered(con, "quality_near", near):
        found = con.sql(SQL["still"], params={"dates": dates})
        return bool(found.fetchall()[0][0])


def _otherwise(
    con: duckdb.DuckDBPyConnection, batch: Batch, test: str, now: pl.DataFrame, near: Bools
) -> Bools:
    """The lists, of those that are near, of which `quality` says otherwise than the test now."""
    numbered = batch.lists.snapshots.select("snapshot_id").with_row_index("snapshot").filter(near)
    with _registered(con, "quality_lists", numbered):
        before = con.sql(SQL["before"], params={"test": test}).pl()
    key = ["snapshot", "station_id"]
    differ = pl.concat(
        [
            before.join(now, on=key, how="anti").select("snapshot"),
            now.join(before, on=key, how="anti").select("snapshot"),
        ]
    )
    found = np.zeros(near.size, np.bool_)
    found[differ["snapshot"].to_numpy()] = True
    return found


def judge(batch: Batch, targets: Bools) -> Iterator[pl.DataFrame]:
    """Run every check on the target rows of a batch, in the context of the others: a row for each
    reading that is not good, as `combine` makes it. In portions, for frozen feeds flag every
    reading of a list, which may be most there are."""
    lists = batch.lists
    along_time = all_rows(
        [
            sequence_checks.stuck_station(lists, targets & batch.still),
            sequence_checks.step(lists, targets),
            sequence_checks.one_hour_two_values(lists, targets),
        ]
    )
    wanted = np.flatnonzero(targets)
    for start in range(0, wanted.size, LISTS_AT_ONCE):
        part = wanted[start : start + LISTS_AT_ONCE]
        numbers = pl.Series(part.astype(np.uint32)).implode()
        rows = np.zeros(targets.size, np.bool_)
        rows[part] = True
        yield combine(
            all_rows(
                [
                    batch.findings.filter(pl.col("snapshot").is_in(numbers)),
                    along_time.filter(pl.col("snapshot").is_in(numbers)),
                    frozen_feed_check.frozen_feed(lists, rows),
                    spatial_check.spatial(lists, rows),
                ]
            )
        )


def _write(con: duckdb.DuckDBPyConnection, batch: Batch, judged: pl.DataFrame) -> None:
    numbered = batch.lists.snapshots.select("snapshot_id").with_row_index("snapshot")
    numbered = numbered[judged["snapshot"].unique()]
    with (
        _registered(con, "quality_rows", judged),
        _registered(con, "quality_lists", numbered),
        _registered(con, "quality_names", names_of(judged["tests"])),
    ):
        con.execute(SQL["write"])


def _everything(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> bool:
    """Whether all has to be looked at: all has changed, or one that changed is gone."""
    with _registered(con, "quality_wanted", wanted):
        found = con.sql(SQL["everything"]).fetchall()
    return bool(found[0][0])


def _ids(
    con: duckdb.DuckDBPyConnection, query: str, wanted: pl.DataFrame, **parameters: int
) -> pl.Series:
    with _registered(con, "quality_wanted", wanted):
        found: pl.DataFrame = con.sql(SQL[query], params=parameters).pl()
    return found["snapshot_id"]


def _similar(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> pl.Series:
    # Two queries: as one, DuckDB plans it ten times as slow.
    with _registered(con, "quality_wanted", wanted):
        printed = con.sql(SQL["printed"]).pl()
    with _registered(con, "quality_printed", printed):
        least = int(threshold("frozen_common_stations"))
        found: pl.DataFrame = con.sql(SQL["similar"], params={"least": least}).pl()
    return found["snapshot_id"]


@contextmanager
def _registered(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Let SQL see a frame under a name."""
    con.register(name, frame)
    try:
        yield
    finally:
        con.unregister(name)
