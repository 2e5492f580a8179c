"""Further cases of a kind, which `make test` leaves to `make thorough`."""

from __future__ import annotations

from typing import Any

import pytest


def thorough(*values: Any) -> Any:
    """Return a parameter set of a test for `make thorough` only."""
    return pytest.param(*values, marks=pytest.mark.make_thorough)
