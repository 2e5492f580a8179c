"""The undisturbed warehouses that all others are compared with."""

from __future__ import annotations

import itertools
import shutil
import time
from pathlib import Path

import pytest

from .fault_runs import run_successfully, start, write_sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What all tests load."""
    return write_sources(tmp_path_factory.mktemp("faults") / "sources")


@pytest.fixture(scope="session")
def half(sources: list[str]) -> list[str]:
    """Part of the sources."""
    return sources[: len(sources) // 2]


@pytest.fixture(scope="session")
def measured(
    sources: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, float]]:
    """A warehouse made in one go, and how many seconds each stage took."""
    folder = tmp_path_factory.mktemp("undisturbed") / "warehouse"
    begun: dict[str, float] = {}
    with start(folder, sources) as process:
        assert process.stdout
        for line in process.stdout:
            begun[line.strip()] = time.monotonic()
    assert process.returncode == 0
    pairs = itertools.pairwise(begun.items())
    return folder, {stage: end - begin for (stage, begin), (_, end) in pairs}


@pytest.fixture(scope="session")
def undisturbed(measured: tuple[Path, dict[str, float]]) -> Path:
    """A warehouse of all sources, charts and gallery included, made in one go."""
    return measured[0]


@pytest.fixture(scope="session")
def durations(measured: tuple[Path, dict[str, float]]) -> dict[str, float]:
    """Seconds that each stage takes."""
    return measured[1]


@pytest.fixture(scope="session")
def half_loaded(half: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of half the sources; to be copied, never to be changed."""
    folder = tmp_path_factory.mktemp("half") / "warehouse"
    run_successfully(folder, half)
    return folder


@pytest.fixture
def warehouse(half_loaded: Path, tmp_path: Path) -> Path:
    """A warehouse in which something is already; for each test its own."""
    return Path(shutil.copytree(half_loaded, tmp_path / "warehouse"))


@pytest.fixture(scope="session")
def everything(request: pytest.FixtureRequest) -> bool:
    """Whether all of it is run, or the sample."""
    return bool(request.config.getoption("--faults") == "all")
