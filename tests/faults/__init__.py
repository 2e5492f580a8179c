"""Faults: after any failure the warehouse is consistent, and the next run completes the work."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.fault_runs")
