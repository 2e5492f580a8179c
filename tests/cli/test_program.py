"""The program `nalssi` in a process of its own: imports, signals, pipes and limits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nalssi.api import load
from nalssi.common.paths import SAMPLES
from tests.cli.run_nalssi import imported_modules, nalssi_process

SEED = SAMPLES / "01-seed-glued-spaced.txt"

pytestmark = pytest.mark.process


@pytest.mark.parametrize(
    ("arguments", "slow"),
    [
        (["--help"], {"prefect", "matplotlib", "pandera", "polars", "duckdb"}),
        (["stations", "list"], {"prefect", "matplotlib", "pandera", "polars"}),
        (["sql", "SELECT 1", "--warehouse", "nowhere"], {"prefect", "matplotlib", "pandera"}),
        (["parse", SEED], {"prefect", "matplotlib", "pandera", "duckdb"}),
        (
            ["draw", "map", SEED, "-o", os.devnull, "--format", "svg"],
            {"prefect", "pandera", "duckdb", "pyarrow"},
        ),
    ],
)
def test_quick_commands_do_not_import_slow_libraries(arguments, slow):
    assert not imported_modules(*arguments) & slow


def test_ctrl_c_ends_a_long_query_with_one_line(tmp_path: Path):
    made = load(SEED, into=tmp_path).warehouse.folder
    # The first rows are printed, so that it is known when the query is under way.
    rows = "SELECT range, hash(range) FROM range(1000000000000)"
    command = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    command += "from nalssi.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", command, "sql", "--warehouse", made, rows, "--format", "csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        assert asking.stdout
        assert asking.stderr
        asking.stdout.readline()
        asking.send_signal(signal.SIGINT)
        asking.stdout.read()
        assert asking.stderr.read() == "nalssi: interrupted\n"
        assert asking.wait(600) == 130


OTHER_EXCEPTIONS = {
    "another exception": "raise ValueError('exception in a conversion') from None",
    "a failed import": "raise ImportError('initialization failed') from None",
    "a disk error": "raise OSError(5, 'interrupted system call') from None",
    "an error of the command": "fail(['cannot read the warehouse'])",
    "an exit": "raise SystemExit(1) from None",
}


@pytest.mark.parametrize("exception", OTHER_EXCEPTIONS)
def test_ctrl_c_ends_a_command_if_a_library_raises_another_exception(exception: str):
    run = _run_fake_command(f"""
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(600)
        except KeyboardInterrupt:
            {OTHER_EXCEPTIONS[exception]}
    """)
    assert run.returncode == 130
    assert run.stderr.splitlines()[-1] == "nalssi: interrupted"
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) == (2 if "command" in exception else 1)


def test_ctrl_c_ends_a_command_if_a_destructor_drops_the_exception():
    run = _run_fake_command("""
        class Dropping:
            def __del__(self):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(600)

        made = Dropping()
        del made
        time.sleep(600)
    """)
    assert (run.returncode, run.stderr) == (130, "nalssi: interrupted\n")


def test_an_exception_without_ctrl_c_is_reported_as_it_is():
    run = _run_fake_command("raise ValueError('nobody pressed a key')")
    assert run.returncode == 1
    assert "nobody pressed a key" in run.stderr
    assert "interrupted" not in run.stderr


def _run_fake_command(body: str) -> subprocess.CompletedProcess[str]:
    """Run the program with one more command, `fake`, that has this body."""
    lines = [
        *(
            "import os, signal, sys, time",
            "from nalssi.cli.messages import fail",
            "from nalssi.cli.app import app",
        ),
        *("@app.command()", "def fake():", textwrap.indent(textwrap.dedent(body), "    ")),
        *("sys.argv = ['nalssi', 'fake']", "from nalssi.__main__ import main", "main()"),
    ]
    program = "\n".join(lines)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=600
    )


def test_a_closed_pipe_is_not_an_error(tmp_path: Path):
    made = load(SEED, into=tmp_path).warehouse.folder
    command = "from nalssi.cli import main; main()"
    query = "FROM range(100000)"
    many = (
        f"{sys.executable} -c '{command}' sql --warehouse {made} '{query}' --format csv | head -1"
    )
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", many], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_query_that_reaches_its_time_limit_ends_with_one_line(tmp_path: Path) -> None:
    folder = load(SEED, into=tmp_path).warehouse.folder
    endless = "SELECT sum(hash(range)) FROM range(1000000000000)"
    run = nalssi_process("sql", endless, "--timeout", "0.5", "--warehouse", folder)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("nalssi: ")
    assert "longer than 0.5 seconds" in run.stderr
    assert run.stderr.count("\n") == 1
