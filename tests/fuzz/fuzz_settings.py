"""The number of examples for each property: few in `make test`, more in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

VARIABLE = "NALSSI_FUZZ_EXAMPLES"
FUZZ = settings(
    max_examples=int(os.environ.get(VARIABLE, "5")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
