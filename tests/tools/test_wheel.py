"""The wheel works outside a checkout: it is built, installed into a fresh environment and used.

The fresh environment holds the wheel alone. It finds the dependencies in the environment that runs
the tests, which has the locked ones, so that nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import pytest
from matplotlib import get_cachedir
from packaging.requirements import Requirement

from nalssi.common.paths import CHECKOUT, SAMPLES
from nalssi.common.version import __version__
from tools.lock_file import RUNTIME, pins

pytestmark = pytest.mark.process

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", folder, CHECKOUT], check=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def nalssi(
    wheel: Path, prefect_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Command:
    """The installed command, run in an empty folder, and with no data, by a user of Prefect."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", wheel], check=True)
    site = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    # A line of a .pth file is a folder to import from; .pth files in that folder, such as that of
    # the editable nalssi, are not read.
    Path(site.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    for name in ("empty", "home", "home/.prefect"):
        (folder / name).mkdir()
    shutil.copy(prefect_database, folder / "home" / ".prefect")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT", "NALSSI", "PYTHON", "COV_"))
    } | {
        "HOME": str(folder / "home"),
        "XDG_DATA_HOME": str(folder / "data"),
        "MPLCONFIGDIR": get_cachedir(),  # matplotlib need not build its font cache again
    }

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python.with_name("nalssi"), *arguments],
            cwd=folder / "empty",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    tracked = subprocess.check_output(
        ["git", "ls-files", "nalssi", "schemas", "flows", "data/samples"], cwd=CHECKOUT, text=True
    )
    expected = {
        path.replace("data/samples/", "nalssi/samples/", 1) for path in tracked.splitlines()
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


def test_the_locked_packages_satisfy_the_declared_dependencies() -> None:
    locked = {pin.name: pin.version for pin in pins(RUNTIME)}
    for line in requires("nalssi") or ():
        declared = Requirement(line)
        assert declared.specifier.contains(locked[declared.name]), line


def test_the_installed_command_says_its_version(nalssi: Command) -> None:
    assert nalssi("--version").stdout == f"nalssi {__version__}\n"


def test_the_installed_command_reads_pages(nalssi: Command) -> None:
    run = nalssi("parse", SAMPLES / "01-seed-glued-spaced.txt", "--format", "ndjson")
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) == 16


def test_the_installed_command_finds_stations(nalssi: Command) -> None:
    run = nalssi("stations", "find", "강릉")
    assert run.returncode == 0, run.stderr
    assert "105" in run.stdout


def test_the_installed_command_runs_the_flow_and_answers_questions(nalssi: Command) -> None:
    run = nalssi("run", SAMPLES / "01-seed-glued-spaced.txt")
    assert run.returncode == 0, run.stderr
    asked = nalssi("sql", "SELECT count(*) AS n FROM readings", "--format", "ndjson")
    assert json.loads(asked.stdout) == {"n": 16}
    assert "data/nalssi/warehouse" in nalssi("status").stdout
