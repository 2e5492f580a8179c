"""Signals in each stage: after one more run the warehouse equals an undisturbed one.

`test_failpoints` kills commands at each place where they change files.
"""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from .fault_runs import (
    assert_equal,
    files,
    in_session,
    run_successfully,
    start,
    wait_until,
    wait_until_over,
)


def stopped(process: subprocess.Popen[str], stage: str, number: signal.Signals) -> str:
    """Send a signal when a stage has begun. Return the stage that it interrupted."""
    last = ""
    with process:
        assert process.stdout
        for line in process.stdout:
            last = line.strip()
            if last == stage:
                process.send_signal(number)
                break
        rest = process.stdout.read().split()
    wait_until_over(process)
    return rest[-1] if rest else last


@pytest.mark.make_faults
@pytest.mark.parametrize(
    ("number", "stage"),
    [
        *((signal.SIGINT, stage) for stage in ("extract", "load", "quality", "charts", "gallery")),
        *((signal.SIGTERM, stage) for stage in ("load", "quality", "gallery")),
    ],
)
def test_an_interrupted_run_leaves_the_warehouse_whole(
    number: signal.Signals,
    stage: str,
    warehouse: Path,
    sources: list[str],
    undisturbed: Path,
) -> None:
    process = start(warehouse, sources)
    assert stopped(process, stage, number) != "done"
    if number == signal.SIGINT:  # SIGINT cleans up; SIGTERM ends the process at once
        assert process.returncode == 130
        assert not [name for name in files(warehouse) if "being-made" in name]
    else:
        assert process.returncode == -number
    run_successfully(warehouse, sources)
    assert_equal(warehouse, undisturbed)


def test_processes_that_draw_end_when_the_run_is_killed(tmp_path: Path, sources: list[str]) -> None:
    process = start(tmp_path / "warehouse", sources, "--processes", "2")
    with process:
        assert process.stdout
        while process.stdout.readline() != "charts\n":
            pass
        wait_until(lambda: len(in_session(process.pid)) >= 3)
        process.kill()
        wait_until_over(process)
