"""Update the table `conclusions`: per snapshot, its time and how many readings are usable.

The conclusions follow from the evidence alone (see the package's docstring), so they can be drawn
again at any time. Views read them instead of joining the tables of the evidence, so that a query
about one day reads only that day. `docs/decisions/model-of-time.md` gives the reasons of the rules.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from schemas.vocabulary import USABLE_FLAGS

if TYPE_CHECKING:
    import duckdb

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
DELAY_HOURS = 3
"""The longest time from an hour of observation until sites print it. Sites print 23:00 after
midnight, but no page of which the hour is known prints 22:00: the delay is less than two hours. One
more hour is for caches."""
ALL_SNAPSHOTS = "SELECT snapshot_id FROM snapshots"


def conclude(con: duckdb.DuckDBPyConnection) -> None:
    """Draw all conclusions again from the evidence: update the whole table `conclusions`."""
    conclude_times(con, None)
    conclude_usable(con, None)


def conclude_times(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame | None) -> pl.DataFrame:
    """Conclude when snapshots were observed, and write the rows of `conclusions` that change.

    `wanted` is a frame with the `snapshot_id` of each snapshot whose evidence has changed; None for
    all snapshots. The times of other snapshots that depend on these are concluded too, and the rows
    of removed snapshots are deleted.

    Two groups of columns in the written rows are only preliminary. `usable` and `unusable` say that
    all readings are usable: call `conclude_usable` after the checks, which need the hours.
    `counts_as` and the columns that belong to it say that each list is a distinct observation,
    until `quality.distinct_observations` compares the lists.

    Returns a frame with a row for each written row: `snapshot_id`, and `former_day`, the day of the
    snapshot before the change (null if it had no row).
    """
    if wanted is None:
        con.execute(STEPS["delete_removed"])
        wanted = con.sql(ALL_SNAPSHOTS).pl()
    else:
        wanted = neighbouring_snapshots(con, wanted)
    with registered(con, "conclude_wanted", wanted):
        con.execute(STEPS["times"], {"delay_hours": DELAY_HOURS})
        changed: pl.DataFrame = con.sql(STEPS["changed_times"]).pl()
    with registered(con, "conclude_changed", changed):
        con.execute(STEPS["delete_changed"])
        con.execute(STEPS["insert_times"])
    con.execute(STEPS["drop_times"])
    return changed


def neighbouring_snapshots(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return the `snapshot_id` of some snapshots, and of others whose time depends on their times.

    `wanted` has the `snapshot_id` of the given snapshots. The time of a snapshot depends on the
    snapshot in the capture of the same page before it, and on the snapshots of the same site whose
    dates are at most a day earlier or later.
    """
    with registered(con, "conclude_wanted", wanted.select("snapshot_id")):
        found: pl.DataFrame = con.sql(STEPS["neighbours"]).pl()
    return found


def conclude_usable(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame | None) -> None:
    """Conclude which readings are usable, from the flags in the table `quality`.

    `wanted` is a frame with the `snapshot_id` of each snapshot whose flags or times have changed;
    None for all snapshots. Rows of `conclusions` are written sorted by id.
    """
    if wanted is None:
        wanted = con.sql(ALL_SNAPSHOTS).pl()
    with registered(con, "conclude_wanted", wanted):
        con.execute(STEPS["usable"], {"usable_flags": list(USABLE_FLAGS)})
        con.execute(STEPS["delete"])
    con.execute(STEPS["insert_usable"])
    con.execute(STEPS["drop_usable"])
