"""Run `nalssi` in a test: in the test's own process, or in a process of its own."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nalssi.cli import app


def nalssi(*arguments: object, stdin: str = "") -> Result:
    """Run a command in this process. An exception that the command does not handle is raised."""
    return CliRunner().invoke(
        app, [str(argument) for argument in arguments], input=stdin, catch_exceptions=False
    )


def typed(command: str, folder: Path, variables: Mapping[str, str]) -> Result:
    """Run a command line of the documentation in this process, which has imported everything.

    The line begins with `nalssi`, may end with a comment, and has no other syntax of the shell.
    """
    name, *arguments = shlex.split(command, comments=True)
    assert name == "nalssi"
    assert not {">", "|", "<", "&", "&&", ";"} & set(arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for variable, value in variables.items():
            patch.setenv(variable, value)
        return CliRunner().invoke(app, arguments, catch_exceptions=False)


def nalssi_process(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a new process, as a shell does."""
    return _python("from nalssi.cli import main; main()", *arguments)


def imported_modules(*arguments: object) -> set[str]:
    """Run a command in a new process, and return the top-level modules that it imports."""
    code = (
        "import sys\n"
        "from nalssi.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    run = _python(code, *arguments)
    assert run.returncode == 0, run.stderr
    return set(run.stderr.split())


def _python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
