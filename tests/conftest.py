"""Settings, options and markers of all tests.

Tests that start a process are marked `process`; `make check` leaves them out, and the files of
`slow_files`. A test that starts a process without the mark fails, so the mark cannot be forgotten.
"""

from __future__ import annotations

import gc
import multiprocessing.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from nalssi.capture.landing import Landing
from nalssi.common.cores import usable_cores
from nalssi.warehouse import Warehouse, warehouse_folder
from tests.slow_files import SLOW_FILES

# Hundreds of processes of the tests import the same modules: bytecode is saved, as in the Makefile.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Collecting all tests makes half a million objects that stay. To look through them at every garbage
# collection took 3 % of the time of the tests.
gc.disable()

# The machines that run this are shared: how long an example takes says nothing about the code. The
# examples are the same in every run, so that a change is judged by what it changes. `make
# properties` tries ten times as many, and `make fuzz` tries new ones.
settings.register_profile(
    "nalssi",
    deadline=None,
    derandomize=True,
    max_examples=10,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("many", parent=settings.get_profile("nalssi"), max_examples=100)
settings.register_profile("fuzz", parent=settings.get_profile("many"), derandomize=False)
settings.load_profile("nalssi")

TESTS = Path(__file__).parent
PROCESS_FOLDERS = ("browser", "faults")
"""Folders in which every test starts a process: a browser, or a run that is killed."""
PROCESS_FIXTURE = "prefect_server"
"""A fixture that starts a process for the tests that use it."""
SLOW_FOLDERS = (
    "flows",
    "gallery",
    "warehouse",
    "export",
    "timing",
    "charts",
    "quality",
    "cli",
    "capture",
)
"""Folders with slow files, of which the slowest come first."""
PROCESS_EVENTS = {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty"}
"""Audit events of CPython that report a new process."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults",
        choices=("sample", "all"),
        default="sample",
        help="tests/faults: a fixed sample, or all of it (`make faults`)",
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="also more cases of the same kinds as in `make test` (`make thorough`)",
    )
    parser.addoption(
        "--services",
        action="store_true",
        help="also the tests that operate a server, a worker and a service (`make services`)",
    )
    parser.addoption(
        "--browser",
        action="store_true",
        help="also the tests that drive Chromium (`make browser`)",
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers: two more than cores, because tests of flows often wait.

    Tests that start no process do not wait, and every worker collects all tests.
    """
    waits = "not process" not in config.getoption("markexpr")
    return usable_cores() + 2 * waits


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "make_faults: takes minutes: only with --faults=all")
    config.addinivalue_line(
        "markers", "make_thorough: a further case of its kind: only with --thorough"
    )
    config.addinivalue_line(
        "markers", "make_services: operates services for minutes: only with --services"
    )
    config.addinivalue_line("markers", "process: starts a process: not part of `make check`")
    config.addinivalue_line("markers", "slow: in one of SLOW_FILES: not part of `make check`")
    # pytest-xdist would begin with the files of many tests, which are not the slow ones.
    config.option.loadscopereorder = False


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import the tests of the browser without --browser: importing playwright takes 1 s."""
    ignored = collection_path == TESTS / "browser" and not config.getoption("--browser")
    return True if ignored else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that start processes, deselect long ones, and put slow files first."""
    for item in items:
        folder = _folder(item.path)
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)
        if folder in PROCESS_FOLDERS or PROCESS_FIXTURE in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.process)
    left_to_targets = set()
    if config.getoption("--faults") != "all":
        left_to_targets.add("make_faults")
    if not config.getoption("--thorough"):
        left_to_targets.add("make_thorough")
    if not config.getoption("--services"):
        left_to_targets.add("make_services")
    if left_to_targets:
        deselected = [
            item for item in items if left_to_targets & {m.name for m in item.iter_markers()}
        ]
        items[:] = [item for item in items if item not in deselected]
        config.hook.pytest_deselected(items=deselected)
    # A worker of pytest-xdist runs a whole file. The slow files come first, so that no worker is
    # left with one of them at the end, while the others have nothing to do.
    starting = {item.path for item in items if item.get_closest_marker("process")}
    slow = {name: place for place, name in enumerate(SLOW_FOLDERS)}
    items.sort(
        key=lambda item: (
            item.path not in starting,
            slow.get(_folder(item.path), len(slow)),
        )
    )


def pytest_collection_finish() -> None:
    """Exclude from garbage collection what collecting the tests has made, and collect rarely.

    Collections at Python's usual thresholds take 3 % of the time of the tests.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()


@cache
def _is_slow(file: Path) -> bool:
    """Whether a file is one of those that take longest."""
    folder, name = file.parent.relative_to(TESTS), file.stem.removeprefix("test_")
    return name in SLOW_FILES.get("" if folder == Path() else str(folder), ())


@cache
def _folder(file: Path) -> str:
    """The folder of `tests/` that a file is in, or the name of the file."""
    return file.relative_to(TESTS).parts[0]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """An empty landing, in the warehouse `tmp_path`."""
    landing = Landing(Warehouse(tmp_path))
    with landing.locked():
        pass
    return landing


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prefect's database with no run in it, to be copied.

    It is made from nalssi's script. Prefect's migrations take 7 s of CPU time for the same tables.
    """
    from flows.prefect_database import DATABASE, SCRIPT  # importing flows sets Prefect's variables

    database = tmp_path_factory.mktemp("prefect") / DATABASE
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(SCRIPT.read_text("utf-8"))
    return database


@pytest.fixture(scope="session", autouse=True)
def _new_databases_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a new warehouse in this process begin with a copy of an empty database.

    Hundreds of tests make a warehouse. Three quarters of the time for one are the migrations, the
    checks of the reference tables and the comments, which give the same database every time: here
    they run once in each process. Commands in processes of their own make their databases anew.
    """
    restore = warehouse_folder.restore_database
    empty: list[Warehouse] = []  # made when the first test needs it

    def restore_or_copy(database: Path, published: Path) -> None:
        restore(database, published)
        if database.exists():
            return
        if not empty:
            empty.append(Warehouse(tmp_path_factory.mktemp("empty")))
            with empty[0].writer():
                pass
        if database != empty[0].database:
            shutil.copyfile(empty[0].database, database)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse_folder, "restore_database", restore_or_copy)
        yield


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name file contents by their argument: a gzip's bytes hold the time at which it was made.

    pytest-xdist requires that all workers collect tests of the same names.
    """
    return argname if isinstance(val, bytes) and len(val) > 32 else None


_started: list[str] = []
"""Processes that were started since a test or a fixture began."""
_starting_fixtures: set[tuple[str, str]] = set()
"""Fixtures, by folder and name, that have started a process."""


def _record_process(event: str, arguments: tuple[Any, ...]) -> None:
    if event in PROCESS_EVENTS:
        _started.append(f"{event} {arguments[:1]}")


sys.addaudithook(_record_process)

# Processes of the start method "spawn" raise no audit event in CPython 3.11 to 3.13.
_spawn = multiprocessing.util.spawnv_passfds  # type: ignore[attr-defined]


def _audited_spawn(path: bytes, *arguments: Any) -> Any:
    sys.audit("os.posix_spawn", path)
    return _spawn(path, *arguments)


multiprocessing.util.spawnv_passfds = _audited_spawn  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """Remember fixtures that start processes: later tests use what the first one started."""
    before = len(_started)
    result = yield
    if len(_started) > before:
        _starting_fixtures.add((fixturedef.baseid, fixturedef.argname))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a test that has started a process, itself or by a fixture, without the mark."""
    result = yield
    definitions = getattr(item, "_fixtureinfo", None)
    fixtures = {
        (each.baseid, name)
        for name, some in (definitions.name2fixturedefs.items() if definitions else ())
        for each in some
    }
    if (_started or fixtures & _starting_fixtures) and not item.get_closest_marker("process"):
        started = _started or sorted(fixtures & _starting_fixtures)
        pytest.fail(f"starts a process, so mark it with pytest.mark.process: {started}", False)
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Forget the processes of the test before."""
    _started.clear()
