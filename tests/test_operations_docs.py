"""The commands of docs/operations.md that need no server. `make services` runs all commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from nalssi.api import load
from nalssi.common.paths import CHECKOUT, SAMPLES
from tests.cli.run_nalssi import typed
from tests.flows.prefect_services import commands

PAGE = commands(CHECKOUT / "docs" / "operations.md")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    load(SAMPLES / "01-seed-glued-spaced.txt", into=home / "weather")
    return home


@pytest.mark.parametrize("heading", ["Metrics for Prometheus", "The doctor", "Backup and restore"])
def test_the_commands_of_a_section_succeed(home: Path, heading: str) -> None:
    variables = {
        "NALSSI_WAREHOUSE": str(home / "weather"),
        "PREFECT_HOME": str(home / ".prefect"),
        "PREFECT_API_URL": "",
    }
    lines = PAGE[heading]
    assert lines
    for line in lines:
        done = typed(line.replace("~", str(home)), home, variables)
        assert done.exit_code == 0, f"{line}\n{done.output}"
