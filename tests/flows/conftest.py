"""A Prefect server for the tests that run flows in this process, and Prefect homes for others."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import prefect
import pytest

from flows import settings

DATABASE = "prefect.db"
STARTUP_TIMEOUT_S = 900


@pytest.fixture(scope="session")
def prefect_database(pytestconfig: pytest.Config) -> Path:
    """Prefect's database with no run in it, to be copied.

    Prefect needs some 10 s of CPU time for the migrations of an empty database, so this is made
    once for each release of Prefect and kept in pytest's cache.
    """
    folder = pytestconfig.cache.mkdir(f"prefect-{prefect.__version__}")  # type: ignore[union-attr]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers of pytest-xdist wait here
        if not (folder / DATABASE).exists():
            home = folder / "home"
            shutil.rmtree(home, ignore_errors=True)
            upgrade = ["-m", "prefect", "server", "database", "upgrade", "--yes"]
            subprocess.run(
                [sys.executable, *upgrade],
                env=os.environ | {"PREFECT_HOME": str(home)},
                capture_output=True,
                check=True,
            )
            (home / DATABASE).replace(folder / DATABASE)
    return folder / DATABASE


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
    shutil.copy(prefect_database, home / DATABASE)
    return home
