"""A Prefect server for the tests that run flows in this process, and Prefect homes for others."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import settings, weather_tasks
from flows.prefect_server import without_heartbeats
from nalssi.charts.draw import DrawnCharts
from nalssi.charts.draw_options import DrawOptions
from tests.made_once import shared_folder

STARTUP_TIMEOUT_S = 900


@pytest.fixture(scope="session")
def prefect_server(
    prefect_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A server, on a database of its own, that the settings of this process name.

    All workers of pytest-xdist use one server: starting one takes as long as ten runs of a flow.
    The worker that started it is the last one to leave.
    """
    folder = shared_folder(tmp_path_factory, "prefect")
    address = folder / "address"
    settings.apply_settings()
    with (folder / "users").open("w") as users, ExitStack() as stack:
        with _locked(folder):
            starts = not address.exists()
            if starts:
                address.write_text(stack.enter_context(_started_server(folder, prefect_database)))
            else:
                fcntl.flock(users, fcntl.LOCK_SH)
                stack.enter_context(_server_at(address.read_text()))
        yield
        while starts:
            with _locked(folder):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:  # other workers still use it
                    pass
                else:
                    address.unlink()
                    break
            time.sleep(0.1)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other workers from starting, joining or leaving the server."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _started_server(folder: Path, database: Path) -> Iterator[str]:
    """Start a server that the settings name, and give its address.

    Runs send no heartbeats, as with the server of a command: the end of each would wait a second.
    """
    from prefect.settings import get_current_settings
    from prefect.testing import utilities

    home = tempfile.mkdtemp(dir=folder)  # a worker may start a server after another has stopped one
    shutil.copy(database, Path(home) / "prefect-test.db")  # as the harness names it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utilities, "mkdtemp", lambda: home)
        with (
            without_heartbeats(),
            utilities.prefect_test_harness(server_startup_timeout=STARTUP_TIMEOUT_S),
        ):
            yield str(get_current_settings().api.url)


@contextmanager
def _server_at(address: str) -> Iterator[None]:
    """Let the settings name a server that another worker has started, as Prefect's harness does."""
    from prefect.context import _temporary_global_settings_context, get_settings_context
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with (
        without_heartbeats(),
        temporary_settings({PREFECT_API_URL: address}),
        _temporary_global_settings_context(get_settings_context()),
    ):
        yield


@pytest.fixture(scope="module")
def prefect_home(prefect_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Prefect home of a user who has run a flow before."""
    home = tmp_path_factory.mktemp("prefect-home")
    shutil.copy(prefect_database, home / prefect_database.name)
    return home


@pytest.fixture(scope="module")
def few_charts() -> Iterator[None]:
    """Let runs draw maps in one language and one format: `test_flows.py` has runs that draw all."""
    draw_all = weather_tasks.draw_all

    def draw_maps(
        con: duckdb.DuckDBPyConnection, folder: Path, options: DrawOptions, **more: Any
    ) -> DrawnCharts:
        few = replace(
            options, kinds=["map"], langs=options.langs[:1], formats=list(options.formats)[:1]
        )
        return draw_all(con, folder, few, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weather_tasks, "draw_all", draw_maps)
        yield


@pytest.fixture(scope="module")
def one_language() -> Iterator[None]:
    """Let runs build galleries in Korean only: `test_flows.py` has runs that build both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weather_tasks, "GALLERY_LANGUAGES", ("ko",))
        yield
