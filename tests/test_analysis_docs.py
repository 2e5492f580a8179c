"""The commands and the Python of docs/analysis.md do what the page says, in its order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nalssi
from nalssi.common.paths import CHECKOUT, SAMPLES
from tests.cli.run_nalssi import typed

PAGE = (CHECKOUT / "docs" / "analysis.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
ANSWERS = re.findall(
    r'^```\n\$ (nalssi sql "[^"]*"|[^\n]+)\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analysis")
    nalssi.load(SAMPLES, into=folder / "warehouse")
    return folder


def run(command: str, folder: Path) -> str:
    """Run a command line and return its output: in a shell if it has the syntax of a shell."""
    warehouse = {"NALSSI_WAREHOUSE": str(folder / "warehouse")}
    if not needs_shell(command):
        inside = typed(command, folder, warehouse)
        assert inside.exit_code == 0, inside.output
        return inside.stdout
    names = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environment = os.environ | names | warehouse
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    return done.stdout


def needs_shell(command: str) -> bool:
    name, *arguments = shlex.split(command)
    return name != "nalssi" or bool({">", "|"} & set(arguments))


def test_the_page_shows_nine_commands() -> None:
    assert len(COMMANDS) == 9


@pytest.mark.process
@pytest.mark.parametrize("command", COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_succeeds(command: str, folder: Path) -> None:
    run(command, folder)


@pytest.mark.process
@pytest.mark.parametrize(("command", "answer"), ANSWERS, ids=range(len(ANSWERS)))
def test_a_printed_answer_is_the_answer(command: str, answer: str, folder: Path) -> None:
    lines = [line.rstrip() for line in run(command, folder).splitlines()]
    expected = [line.rstrip() for line in answer.splitlines()]
    assert lines[: len(expected)] == expected


def test_the_python_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)  # noqa: S102  # the page is ours
    assert names["seoul"].height > 1
    assert (
        names["days"]["observed_on"].to_list() == names["seoul"]["observed_on"].unique().to_list()
    )
    assert names["hottest"].height == 3
    assert names["table"].num_rows >= names["days"].height
