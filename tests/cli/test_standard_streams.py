"""Output that is closed, full, cut short or in another encoding gives no traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nalssi.common.paths import SAMPLES
from tests.thorough import thorough

pytestmark = pytest.mark.process


NALSSI = Path(sys.executable).with_name("nalssi")
SEED = SAMPLES / "01-seed-glued-spaced.txt"
FULL = Path("/dev/full")


def shell(*command: object, to: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command with its streams redirected as a shell does it. `to` is the redirection."""
    script = f'"$0" "$@" {to}'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, str(NALSSI), *map(str, command)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONUTF8": "0"} | environment,
    )


COMMANDS = {
    "data": (["parse", SEED, "--format", "csv"], 0),
    "table": (["stations", "list"], 0),
    "version": (["--version"], 0),
    "failure": (["stations", "find", "zzzzzz"], 1),
}


REDIRECTIONS = [
    (">&-", "nalssi: the output is closed"),
    (">/dev/full", "nalssi: the output: no space left on device"),
    ("2>&-", ""),
    ("2>/dev/full", ""),
    (">&- 2>&-", ""),
]


@pytest.mark.parametrize(
    ("command", "to", "said"),
    [
        # Of the commands that print no message, only `data` has all cases in `make test`.
        (command, to, said) if command in ("data", "failure") else thorough(command, to, said)
        for command in COMMANDS
        for to, said in REDIRECTIONS
    ],
)
def test_a_closed_or_full_stream_is_one_line_and_an_exit_status(
    command: str, to: str, said: str
) -> None:
    if "/dev/full" in to and not FULL.exists():
        pytest.skip("this system has no /dev/full")
    arguments, status = COMMANDS[command]
    run = shell(*arguments, to=to)
    lines = run.stderr.decode().splitlines()
    assert "Traceback" not in run.stderr.decode()
    if to.startswith("2>"):  # the work and its status are what they are without a message
        assert (run.returncode, lines) == (status, [])
        assert bool(run.stdout) == (status == 0)
    else:
        assert run.returncode == 1
        problems = [line for line in lines if line.startswith("nalssi: ")]
        failure = "nalssi: no station resembles 'zzzzzz'"
        assert problems == ([] if not said else [failure] if command == "failure" else [said])


@pytest.mark.parametrize("command", ["data", "table"])
def test_a_pipe_that_is_closed_early_is_not_an_error(command: str) -> None:
    arguments, _ = COMMANDS[command]
    run = shell(*arguments, to="| head -1")
    assert run.returncode == 0
    assert run.stdout.count(b"\n") == 1
    assert b"Traceback" not in run.stderr
    assert b"nalssi:" not in run.stderr


def test_a_file_that_a_command_opens_does_not_become_its_closed_output(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(SEED.read_text("utf-8").replace("14.1℃", "14.1.1℃"), "utf-8")
    rejects = tmp_path / "rejects.ndjson"
    run = shell("parse", page, "--format", "ndjson", "--rejects", rejects, to=">&-")
    assert run.returncode == 1
    assert all("reason" in json.loads(line) for line in rejects.read_text("utf-8").splitlines())


C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


@pytest.mark.parametrize("given", ["cp949", "C", thorough("ascii"), thorough("cp1252")])
def test_data_is_utf_8_and_messages_are_escaped_in_an_encoding_without_hangul(given: str) -> None:
    environment = C_LOCALE if given == "C" else {"PYTHONIOENCODING": given}
    encoding = environment["PYTHONIOENCODING"] or "ascii"
    data = shell("parse", SEED, "--format", "csv", **environment)
    rows = list(csv.DictReader(io.StringIO(data.stdout.decode("utf-8"))))
    assert (data.returncode, len(rows), rows[0]["station_name"]) == (0, 16, "동두천")
    table = shell("stations", "find", "강릉", **environment)
    assert table.returncode == 0
    name = "강릉".encode(encoding, "backslashreplace").decode(encoding)
    assert name in table.stdout.decode(encoding)
    missing = shell("parse", "없는파일.txt", **environment)
    assert missing.returncode == 1
    for run in (data, table, missing):
        assert "Traceback" not in run.stderr.decode(encoding)
    assert "no such file or directory" in missing.stderr.decode(encoding)


@pytest.mark.parametrize(
    "command", [["parse", SEED], ["stations", "list", "--format", "markdown"], ["--help"]]
)
def test_tables_and_help_are_escaped_for_ascii(
    command: list[object],
) -> None:
    run = shell(*command, PYTHONIOENCODING="ascii")
    assert run.returncode == 0, run.stderr
    assert run.stdout.isascii()
    assert len(run.stdout) > 500
