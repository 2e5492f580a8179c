"""Derive official hours from captures of KMA's feed: the observations whose source is `feed`.

A capture of the feed has the values of all stations and their hour. So it serves as official
values for the lists of other sites, like a file of KMA's data portal. These rows of `observations`
follow from `snapshots`, `readings`, `quality`, `repeated_lists` and the other observations alone.
A load, the removal of documents and the removal of observations update them in their own
transaction, for the hours that they affect.

A value is stored if

- no other source has a value for the station-hour (the portal and the API hub take precedence);
- no test of `EXCLUDING_TESTS` failed for the reading;
- the list was not printed under an earlier date (`repeated_lists`): else the feed is frozen;
- all captures of the hour that have a value for the station have the same one.

Loads in any order, or in pieces, give the same rows.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.sql_steps import read_steps, registered

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
EXCLUDING_TESTS = (
    "missing",
    "closed_station",
    "stuck_station",
    "range",
    "spatial",
)
"""The quality tests that keep a value of the feed from becoming an official one. `step`,
`consistency` and `frozen_feed` are not among them: they depend on hours that were found with
official values, so official values must not depend on them."""


def update_feed_observations(
    con: duckdb.DuckDBPyConnection, changed: pl.DataFrame | None = None
) -> None:
    """Derive again the official values from KMA's feed, for the hours of changed snapshots.

    `changed` has the column `snapshot_id`: captures of the feed that are new or whose flags have
    changed. None means all hours, which is necessary after a snapshot was removed. `con` is the
    writer's connection, inside its transaction. The hours whose values change are added to
    `meta.changed_hours`, from which `nalssi.timing` learns which snapshots to compare again.
    """
    if changed is None:
        con.execute(STEPS["all_hours"])
    else:
        with registered(con, "feed_wanted", changed):
            con.execute(STEPS["hours_of_snapshots"])
    _update(con)


def restore_feed_observations(con: duckdb.DuckDBPyConnection, hours: pl.DataFrame) -> None:
    """Derive again the official values from KMA's feed, for the given hours.

    Call this after values of the data portal or the API hub were removed: the feed may have values
    for the same hours. `hours` has the column `observed_at`.
    """
    with registered(con, "feed_wanted", hours):
        con.execute(STEPS["hours_given"])
    _update(con)


def _update(con: duckdb.DuckDBPyConnection) -> None:
    if con.execute("SELECT 1 FROM feed_hours LIMIT 1").fetchone():
        con.execute(STEPS["compare"], {"excluding_tests": list(EXCLUDING_TESTS)})
        for step in ("remove", "add", "note_changed_hours", "drop_tables"):
            con.execute(STEPS[step])
