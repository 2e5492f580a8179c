"""Warehouses that were made without faults, for comparison."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.made_once import made_once

from .fault_runs import run_successfully, source_list, write_sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory, everything: bool) -> list[str]:
    """The sources of all tests. The sample of `make test` has each third page."""
    step = 1 if everything else 3
    folder = made_once(tmp_path_factory, "fault-sources", lambda made: write_sources(made, step))
    return source_list(folder, step)


@pytest.fixture(scope="session")
def half(sources: list[str]) -> list[str]:
    """The first half of the sources."""
    return sources[: len(sources) // 2]


@pytest.fixture(scope="session")
def undisturbed(sources: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of all sources, with charts and gallery, that one undisturbed run made."""
    return made_once(tmp_path_factory, "undisturbed", lambda made: run_successfully(made, sources))


@pytest.fixture(scope="session")
def half_loaded(half: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of half the sources. Tests copy it and do not change it."""
    return made_once(tmp_path_factory, "half-loaded", lambda folder: run_successfully(folder, half))


@pytest.fixture
def warehouse(half_loaded: Path, tmp_path: Path) -> Path:
    """A copy of the warehouse of half the sources, for one test."""
    return Path(shutil.copytree(half_loaded, tmp_path / "warehouse"))


@pytest.fixture(scope="session")
def everything(request: pytest.FixtureRequest) -> bool:
    """Whether all faults are tested, or only the sample of `make test`."""
    return bool(request.config.getoption("--faults") == "all")
