"""Remove official observations and update everything that was derived from them.

Use it to undo a file of wrong values, or hours that an earlier version read wrongly. Loading a file
again restores its values. Values of KMA's feed are not removed: they belong to the captures of the
feed, and `warehouse.forget_documents` removes both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from nalssi.common.sql_steps import read_steps
from nalssi.timing.reconcile_snapshots import reconcile, snapshots_to_reconcile
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.feed_observations import restore_feed_observations

STEPS = read_steps(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class ObservationSelection:
    """The stations and days whose observations are to be removed.

    `stations`: station numbers; empty for all stations. `since`, `until`: the first and the last
    Korean day, both included; None for no limit.
    """

    stations: Sequence[int] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ForgottenObservations:
    """Counts of the observations that were removed, or that a preview would remove.

    `stations`: the number of stations that have such observations. `since`, `until`: their first
    and last Korean day (ISO 8601); None if there are none. `timed`: the number of snapshots whose
    hour is the hour of one of them.
    """

    observations: int
    stations: int
    since: str | None
    until: str | None
    timed: int


def preview_observations(
    warehouse: Warehouse, selection: ObservationSelection
) -> ForgottenObservations:
    """Count the observations that `forget_observations` would remove, without removing them.

    Raises WarehouseError if there is no warehouse.
    """
    with warehouse.reader() as con:
        return _count_selected(con, selection)


def forget_observations(
    warehouse: Warehouse, selection: ObservationSelection
) -> ForgottenObservations:
    """Remove the selected observations, compare the affected snapshots again, and publish.

    Afterwards, reconciliations and quality flags are those of a warehouse that never had these
    observations. Returns the counts of what was removed. Raises WarehouseError if there is no
    warehouse (none is created), or if it cannot be written.
    """
    preview_observations(warehouse, selection)  # raises where `writer` would create a warehouse
    with warehouse.writer() as con, transaction(con):
        removed = _count_selected(con, selection)
        changed_hours = con.sql(STEPS["changed_hours"]).pl()
        con.execute(STEPS["delete"])
        con.execute(STEPS["drop_table"])
        restore_feed_observations(con, changed_hours)
        reconcile(con, snapshots_to_reconcile(con, changed_hours))
    return removed


def _count_selected(
    con: duckdb.DuckDBPyConnection, selection: ObservationSelection
) -> ForgottenObservations:
    """Create the temporary table `forgotten` (`station_id, observed_at`), and count its rows.

    It has the selected observations. `forget_observations` deletes them with it and drops it; after
    a preview, it ends with the connection.
    """
    parameters = {
        "stations": list(selection.stations) or None,
        "since": selection.since,
        "until": selection.until,
    }
    con.execute(STEPS["select"], parameters)
    return ForgottenObservations(**con.sql(STEPS["counts"]).pl().row(0, named=True))
