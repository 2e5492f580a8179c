"""Official values into a warehouse, and what they tell of its snapshots: all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nalssi.reconcile.observations import ObservationReport, load_observations
from nalssi.reconcile.report import Summary, summary
from nalssi.reconcile.run import Reconciled, affected, reconcile
from nalssi.warehouse import Warehouse


@dataclass(frozen=True)
class Update:
    """What was loaded, what was compared anew, and how all reconciliations stand after it."""

    observations: ObservationReport
    reconciled: Reconciled
    summary: Summary


def update(warehouse: Warehouse, files: Sequence[Path]) -> Update:
    """Load ASOS files and compare what they, or loads since the last time, have changed.

    Without files, snapshots that were never compared are. One transaction, then published. Files
    that cannot be used are in the report's `failures`.
    """
    with warehouse.writer() as con:
        con.begin()
        try:
            observations = load_observations(con, files)
            reconciled = reconcile(con, affected(con, observations.changed_hours))
            standing = summary(con)
        except BaseException:
            con.rollback()
            raise
        con.commit()
    return Update(observations, reconciled, standing)
