"""Find the hour at which a snapshot was observed. Tickers on web pages do not print the hour.

`reconcile` compares each snapshot with the official hours. If exactly one hour fits, it is the
hour of the snapshot. `summarize_reconciliations` counts the results. `forget_observations` removes
official values and updates everything that was derived from them. `docs/reconcile.md` explains the
method, its limits and its measurements.
"""

from nalssi.timing.forget_observations import (
    ForgottenObservations,
    ObservationSelection,
    forget_observations,
    preview_observations,
)
from nalssi.timing.reconcile_snapshots import ReconcileCounts, reconcile, snapshots_to_reconcile
from nalssi.timing.reconciliation_summary import ReconciliationSummary, summarize_reconciliations

__all__ = [
    "ForgottenObservations",
    "ObservationSelection",
    "ReconcileCounts",
    "ReconciliationSummary",
    "forget_observations",
    "preview_observations",
    "reconcile",
    "snapshots_to_reconcile",
    "summarize_reconciliations",
]
