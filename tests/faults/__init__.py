"""Faults: whatever happens to a run, the warehouse is whole and the next run puts things right."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.fault_runs")
