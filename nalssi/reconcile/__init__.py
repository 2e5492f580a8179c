"""The hour that a ticker does not print, found by comparing it with official observations.

`load_observations` brings KMA's hourly ASOS files into the table `observations`; `reconcile` finds
for each snapshot the hour that fits, if exactly one does; `summary` tells how it went;
`forget_observations` removes official values. The method, its limits and what was measured are in
`docs/reconcile.md`.
"""

from nalssi.reconcile.forget import (
    ForgottenObservations,
    Selection,
    forget_observations,
    preview_observations,
)
from nalssi.reconcile.forms import files_in
from nalssi.reconcile.observations import ObservationReport, load_observations
from nalssi.reconcile.report import Summary, summary
from nalssi.reconcile.run import Reconciled, affected, reconcile

__all__ = [
    "ForgottenObservations",
    "ObservationReport",
    "Reconciled",
    "Selection",
    "Summary",
    "affected",
    "files_in",
    "forget_observations",
    "load_observations",
    "preview_observations",
    "reconcile",
    "summary",
]
