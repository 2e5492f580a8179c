"""Remove official observations, and derive anew what rested on them.

A file of wrong values can be taken back this way, and so can hours that an earlier version read
wrongly. Loading a file again brings its values back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from nalssi.common.sql_steps import read_steps
from nalssi.timing.reconcile_snapshots import affected_snapshots, reconcile
from nalssi.warehouse import Warehouse
from nalssi.warehouse.warehouse_folder import transaction

STEPS = read_steps(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class ObservationSelection:
    """Observations of some stations (none given: all) and of the Korean days from `since` to
    `until`, both included (None: no limit)."""

    stations: Sequence[int] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ForgottenObservations:
    """The observations that go, or would go: how many, of how many stations, and of which days.

    `timed`: snapshots whose hour was found to be one of theirs. `since` and `until`: the first and
    the last Korean day, ISO 8601; None without observations.
    """

    observations: int
    stations: int
    since: str | None
    until: str | None
    timed: int


def preview_observations(
    warehouse: Warehouse, selection: ObservationSelection
) -> ForgottenObservations:
    """What `forget_observations` would remove; nothing is changed.

    Raises WarehouseError where there is no warehouse.
    """
    with warehouse.reader() as con:
        return _choose(con, selection)


def forget_observations(
    warehouse: Warehouse, selection: ObservationSelection
) -> ForgottenObservations:
    """Remove the observations selected, compare the snapshots that they bore upon, and publish.

    Reconciliations and quality flags are afterwards those of a warehouse that never had these
    observations. Raises WarehouseError where there is no warehouse: none is made.
    """
    preview_observations(warehouse, selection)
    with warehouse.writer() as con, transaction(con):
        gone = _choose(con, selection)
        changed_hours = con.sql(STEPS["changed_hours"]).pl()
        con.execute(STEPS["forget"])
        con.execute(STEPS["done"])
        reconcile(con, affected_snapshots(con, changed_hours))
    return gone


def _choose(
    con: duckdb.DuckDBPyConnection, selection: ObservationSelection
) -> ForgottenObservations:
    """Make the table `forgotten` of what is selected, and count it."""
    chosen = {
        "stations": list(selection.stations) or None,
        "since": selection.since,
        "until": selection.until,
    }
    con.execute(STEPS["forgotten"], chosen)
    return ForgottenObservations(**con.sql(STEPS["counts"]).pl().row(0, named=True))
