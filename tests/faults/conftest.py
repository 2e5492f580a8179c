"""Warehouses that were made without faults, for comparison."""

from __future__ import annotations

import itertools
import shutil
import time
from pathlib import Path

import pytest

from .fault_runs import run_successfully, start, write_sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The sources of all tests."""
    return write_sources(tmp_path_factory.mktemp("faults") / "sources")


@pytest.fixture(scope="session")
def half(sources: list[str]) -> list[str]:
    """The first half of the sources."""
    return sources[: len(sources) // 2]


@pytest.fixture(scope="session")
def measured(
    sources: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, float]]:
    """A warehouse that one undisturbed run made, and the seconds that each stage took."""
    folder = tmp_path_factory.mktemp("undisturbed") / "warehouse"
    started: dict[str, float] = {}
    with start(folder, sources) as process:
        assert process.stdout
        for line in process.stdout:
            started[line.strip()] = time.monotonic()
    assert process.returncode == 0
    pairs = itertools.pairwise(started.items())
    return folder, {stage: end - begin for (stage, begin), (_, end) in pairs}


@pytest.fixture(scope="session")
def undisturbed(measured: tuple[Path, dict[str, float]]) -> Path:
    """A warehouse of all sources, with charts and gallery, that one undisturbed run made."""
    return measured[0]


@pytest.fixture(scope="session")
def durations(measured: tuple[Path, dict[str, float]]) -> dict[str, float]:
    """Seconds that each stage of an undisturbed run takes."""
    return measured[1]


@pytest.fixture(scope="session")
def half_loaded(half: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of half the sources. Tests copy it and do not change it."""
    folder = tmp_path_factory.mktemp("half") / "warehouse"
    run_successfully(folder, half)
    return folder


@pytest.fixture
def warehouse(half_loaded: Path, tmp_path: Path) -> Path:
    """A copy of the warehouse of half the sources, for one test."""
    return Path(shutil.copytree(half_loaded, tmp_path / "warehouse"))


@pytest.fixture(scope="session")
def everything(request: pytest.FixtureRequest) -> bool:
    """Whether all faults are tested, or only the sample of `make test`."""
    return bool(request.config.getoption("--faults") == "all")
