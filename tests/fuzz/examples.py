"""How many examples a property gets: few among all tests, many from `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

VARIABLE = "NALSSI_FUZZ_EXAMPLES"
FEW = settings(
    max_examples=int(os.environ.get(VARIABLE, "8")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
