"""When a snapshot was observed: the hour that a ticker does not print.

`reconcile` compares each snapshot with the official hours and finds the hour that fits, if exactly
one does. `summarize_reconciliations` counts verdicts and fits. `forget_observations`
removes official values and updates everything that was derived from them. `docs/reconcile.md`
explains the method, its limits and its measurements.
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
