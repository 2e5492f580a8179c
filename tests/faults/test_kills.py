"""Signals at random moments: after one more run the warehouse equals an undisturbed one."""

from __future__ import annotations

import itertools
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

SEED = 20251219
MOMENTS = {False: 4, True: 50}
"""Number of kills, in `make test` and in `make faults`."""
ROUND = 5
"""Kills before a run without a fault. Each killed run has more to load than the one before."""
KINDS = {
    "ingest": ("extract", "load", "commit"),
    "quality": ("quality",),
    "publish": ("publish",),
    "gallery": ("charts", "gallery"),
}
KIND = {stage: kind for kind, stages in KINDS.items() for stage in stages}
TRIES = 12


@dataclass(frozen=True)
class Moment:
    """When to kill: after a share of a stage's duration in an undisturbed run."""

    stage: str
    part: float


def moments(number: int) -> Iterator[Moment]:
    """Random moments, equally many in each of the four kinds of work."""
    chance = random.Random(SEED)
    for kind in itertools.islice(itertools.cycle(KINDS), number):
        yield Moment(chance.choice(KINDS[kind]), chance.random())


def stopped(
    process: subprocess.Popen[str], stage: str, delay: float, number: signal.Signals
) -> str:
    """Send a signal some seconds after a stage has begun. Return the stage that it interrupted."""
    last = ""
    with process:
        assert process.stdout
        for line in process.stdout:
            last = line.strip()
            if last == stage:
                time.sleep(delay)
                process.send_signal(number)
                break
        rest = process.stdout.read().split()
    wait_until_over(process)
    return rest[-1] if rest else last


def kill(folder: Path, sources: Sequence[str], moment: Moment, duration: float) -> Iterator[str]:
    """Kill runs until one dies in the intended kind of work. Return the interrupted stages."""
    delay = moment.part * duration
    for _ in range(TRIES):
        hit = stopped(start(folder, sources), moment.stage, delay, signal.SIGKILL)
        if hit != "done":  # the run ended before the signal
            yield hit
        if KIND.get(hit) == KIND[moment.stage]:
            return
        delay /= 2  # the machine was slower when the durations were measured


def test_a_run_after_killed_runs_completes_the_warehouse(
    tmp_path: Path,
    sources: list[str],
    undisturbed: Path,
    durations: dict[str, float],
    everything: bool,
) -> None:
    wanted = list(moments(MOMENTS[everything]))
    hits: Counter[str] = Counter()
    for first in range(0, len(wanted), ROUND):
        folder = tmp_path / str(first)
        some = wanted[first : first + ROUND]
        for number, moment in enumerate(some, 1):
            now = sources[: len(sources) * number // len(some)]
            met = list(kill(folder, now, moment, durations[moment.stage]))
            print(f"{moment.stage} {moment.part:.0%}: hit in {', '.join(met)}")
            hits.update(KIND[stage] for stage in met)
        run_successfully(folder, sources)
        assert_equal(folder, undisturbed)
    print(f"killed in {dict(hits)}")
    for kind in KINDS:
        assert hits[kind] >= len(wanted) // len(KINDS), f"{kind} was not met often enough"


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
    assert stopped(process, stage, 0, number) != "done"
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
