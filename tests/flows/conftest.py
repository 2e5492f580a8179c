"""A Prefect server for the tests that run flows in this process, and Prefect homes for others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import settings

STARTUP_TIMEOUT_S = 900


@pytest.fixture(scope="session")
def prefect_server(
    prefect_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A server, on a database of its own, that the settings of this process name."""
    folder = tmp_path_factory.mktemp("prefect")
    shutil.copy(prefect_database, folder / "prefect-test.db")  # as the harness names it
    settings.apply_settings()
    from prefect.testing import utilities

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utilities, "mkdtemp", lambda: str(folder))
        with utilities.prefect_test_harness(server_startup_timeout=STARTUP_TIMEOUT_S):
            yield


@pytest.fixture(scope="module")
def prefect_home(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Prefect home of a user who has run a flow before."""
    home = tmp_path_factory.mktemp("prefect-home")
    shutil.copy(prefect_database, home / prefect_database.name)
    return home
