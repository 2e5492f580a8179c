"""Load official hours into a warehouse, find the hours of its snapshots with them, and publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nalssi.observations import load_observations
from nalssi.observations.observation_report import ObservationReport
from nalssi.timing.reconcile_snapshots import reconcile, snapshots_to_reconcile
from nalssi.timing.reconciliation_summary import ReconciliationSummary, summarize_reconciliations
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction


@dataclass(frozen=True)
class ReconciledFiles:
    """The result of `reconcile_files`; `str()` gives its report and its summary as text.

    It has the report on the loaded hours, the number of snapshots that were compared, and a summary
    of all reconciliations of the warehouse.
    """

    observations: ObservationReport
    compared: int
    summary: ReconciliationSummary

    def __str__(self) -> str:
        return f"{self.observations}\n{self.summary}"


def reconcile_files(warehouse: Warehouse, files: Sequence[Path]) -> ReconciledFiles:
    """Load files of official hours, compare the snapshots that they affect, update their quality.

    Snapshots that were never compared, and those whose official hours changed before, are compared
    too, also without files. All changes are in one transaction. A file that cannot be used is in
    `observations.failures`. Raises WarehouseError if the warehouse cannot be written.
    """
    with warehouse.writer() as con, transaction(con):
        observations = load_observations(con, files)
        changed = snapshots_to_reconcile(con, observations.changed_hours)
        compared = reconcile(con, changed).compared
        return ReconciledFiles(observations, compared, summarize_reconciliations(con))
