"""Where things are: the checkout, its data, and the warehouse folder."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLES = CHECKOUT / "data" / "samples"


def default_warehouse() -> Path:
    """`NALSSI_WAREHOUSE`, else `data/warehouse` of the checkout."""
    return Path(os.environ.get("NALSSI_WAREHOUSE") or CHECKOUT / "data" / "warehouse")
