"""When a snapshot was observed: the hour that a ticker does not print.

`reconcile` compares each snapshot with the official hours and finds the hour that fits, if exactly
one does; `summary` tells how well the snapshots fit; `forget_observations` removes official values
and derives again what rested on them. The method, its limits and its measurements are in
`docs/reconcile.md`.
"""

from nalssi.timing.compare_snapshots import Reconciled, affected, reconcile
from nalssi.timing.fit_summary import Summary, summary
from nalssi.timing.forget_observations import (
    ForgottenObservations,
    Selection,
    forget_observations,
    preview_observations,
)

__all__ = [
    "ForgottenObservations",
    "Reconciled",
    "Selection",
    "Summary",
    "affected",
    "forget_observations",
    "preview_observations",
    "reconcile",
    "summary",
]
