"""One Prefect server for all tests of flows, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows import settings


@pytest.fixture(scope="session", autouse=True)
def prefect_server() -> Iterator[None]:
    settings.apply_settings()
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=900):
        yield
