"""SIGINT and SIGTERM at random moments of a command that runs a flow.

The command prints one line, exits with status 130 or 143, and leaves no Prefect server behind.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.progress_lines import without_progress

from .fault_runs import ENVIRONMENT, NALSSI, assert_equal, nalssi, wait_until

SEED = 20251219
SIGNALS = 20
LINES = {signal.SIGINT: "nalssi: interrupted\n", signal.SIGTERM: "nalssi: terminated\n"}
BOUND_S = 120
"""Seconds in which a command must end, on a machine much slower than GRACE_S assumes."""


@dataclass(frozen=True)
class Moment:
    """When to send which signal: after a share of the duration of an undisturbed run.

    `group` sends the signal to all processes of the run, as a terminal does.
    """

    number: signal.Signals
    part: float
    group: bool


def moments() -> Iterator[Moment]:
    """Random moments. SIGINT comes from a terminal or from `kill`, SIGTERM from `kill`."""
    chance = random.Random(SEED)
    for n in range(SIGNALS):
        number = signal.SIGINT if n % 2 else signal.SIGTERM
        yield Moment(number, chance.uniform(0, 0.95), number == signal.SIGINT and n % 4 == 1)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has a Prefect home and no server running."""
    kept = {n: v for n, v in ENVIRONMENT.items() if not n.startswith("PREFECT_")}
    return kept | {"PREFECT_HOME": str(tmp_path / "prefect")}


def servers(home: str) -> list[str]:
    """The command lines of processes that use this Prefect home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:  # the process has just ended
            continue
        if home.encode() in environment and command:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


def catches_signals(pid: int) -> bool:
    """Whether a process has installed its signal handlers."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def interrupted(
    command: list[str], environment: dict[str, str], moment: Moment, delay: float
) -> tuple[int, str]:
    """Start a command and send it a signal. Return its status and its stderr."""
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        wait_until(lambda: catches_signals(process.pid))
        time.sleep(delay)
        if moment.group:
            os.killpg(process.pid, moment.number)
        else:
            process.send_signal(moment.number)
        _, said = process.communicate(timeout=BOUND_S)
    return process.returncode, without_progress(said)


@pytest.mark.make_faults
def test_a_signal_at_any_moment_ends_a_run_with_one_line_and_leaves_no_process(
    tmp_path: Path, sources: list[str], environment: dict[str, str]
) -> None:
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "warehouse"
    run = ["run", *sources, "--warehouse"]
    # The first start of Prefect's server takes longer, as it makes its database.
    assert nalssi(*run, tmp_path / "first", environment=environment).status == 0
    begun = time.monotonic()
    assert nalssi(*run, undisturbed, environment=environment).status == 0
    duration = time.monotonic() - begun

    command = [str(NALSSI), *run, str(folder)]
    for moment in moments():
        delay = moment.part * duration
        while (ended := interrupted(command, environment, moment, delay)) == (0, ""):
            shutil.rmtree(folder)  # the run ended before the signal: try again with a shorter delay
            delay /= 2
        print(f"{moment}: after {delay:.1f} s, status {ended[0]}, {ended[1]!r}")
        assert ended == (128 + moment.number, LINES[moment.number])
        wait_until(lambda: not servers(environment["PREFECT_HOME"]), BOUND_S)
    assert nalssi(*run, folder, environment=environment).status == 0
    assert_equal(folder, undisturbed)
