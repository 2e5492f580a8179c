"""Settings for all tests."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# The machines that run this are shared: how long an example takes says nothing about the code.
settings.register_profile(
    "nalssi", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("nalssi")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults",
        choices=("sample", "all"),
        default="sample",
        help="tests/faults: a fixed sample, or all of it (`make faults`)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "make_faults: takes minutes: only with --faults=all")
    config.addinivalue_line("markers", "process: starts a process: not part of `make check`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--faults") == "all":
        return
    left_out = [item for item in items if item.get_closest_marker("make_faults")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name file contents by their argument: a gzip's bytes hold the time at which it was made.

    pytest-xdist requires that all workers collect tests of the same names.
    """
    return argname if isinstance(val, bytes) and len(val) > 32 else None
