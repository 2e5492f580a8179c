"""Measure tasks, each in a process of its own, and compare the results with what is required."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_S = 240
"""A task that takes more seconds is stopped and counts as failed, so that other cases can run."""


class TaskFailedError(RuntimeError):
    """A task ended with an error, or was stopped. The message names the task and the cause."""


@dataclass(frozen=True)
class Measured:
    """The results of the runs of one task: seconds, CPU seconds and peak memory of each run.

    `counted` has the counts that the task printed, by name, such as `readings`.
    """

    seconds: list[float]
    cpu: list[float]
    peaks_mib: list[float]
    counted: dict[str, int]

    @property
    def median(self) -> float:
        """The median of the seconds of all runs."""
        return statistics.median(self.seconds)

    @property
    def peak_mib(self) -> float:
        """The largest peak memory of all runs, in MiB."""
        return max(self.peaks_mib)


@dataclass(frozen=True)
class Row:
    """A row of the report: what was measured, its figure, the requirement, and whether it is met.

    `reached` is None if there is no requirement.
    """

    what: str
    figure: str
    to_reach: str = ""
    reached: bool | None = None


def measure(runs: int, **tasks: Sequence[str]) -> dict[str, Measured]:
    """Run each task `runs` times, in turn with the other tasks; return the results by name.

    `tasks` are commands by name; each prints the JSON of `benchmarks.tasks` on its last line.
    Raises TaskFailedError if a task fails or takes longer than LONGEST_S.
    """
    results: dict[str, list[dict[str, object]]] = {name: [] for name in tasks}
    for _ in range(runs):
        for name, command in tasks.items():
            try:
                done = subprocess.run(
                    command, capture_output=True, check=True, text=True, timeout=LONGEST_S
                )
            except subprocess.TimeoutExpired:
                raise TaskFailedError(f"{name}: not done in {LONGEST_S} s") from None
            except subprocess.CalledProcessError as error:
                raise TaskFailedError(f"{name}: {' '.join(command)}\n{error.stderr}") from error
            results[name].append(json.loads(done.stdout.splitlines()[-1]))
    return {
        name: Measured(
            [float(str(run["seconds"])) for run in several],
            [float(str(run["cpu"])) for run in several if "cpu" in run],
            [float(str(run["peak_mib"])) for run in several],
            several[0]["counted"],  # type: ignore[arg-type]
        )
        for name, several in results.items()
    }


def task(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a task of `benchmarks.tasks`."""
    return [sys.executable, "-m", "benchmarks.tasks", name, *map(str, arguments)]


def ratio(what: str, ours: Measured, theirs: Measured, to_reach: float) -> Row:
    """Return a row with the ratio of our time to their time, which must be at most `to_reach`."""
    found = ours.median / theirs.median
    return Row(what, f"{found:.2f} ×", f"≤ {to_reach:g} ×", found <= to_reach)


def speed(
    what: str, ours: Measured, theirs: Measured, to_reach: float, *, cpu: bool = False
) -> Row:
    """Return a row with our speed divided by their speed, which must be at least `to_reach`.

    The figure has the median, the smallest and the largest quotient of the runs. With `cpu`, CPU
    seconds are compared, because other programs change them less.
    """
    ours_s, theirs_s = (ours.cpu, theirs.cpu) if cpu else (ours.seconds, theirs.seconds)
    turns = sorted(t / o for o, t in zip(ours_s, theirs_s, strict=True))
    found = statistics.median(turns)
    figure = f"{found:.2f} × ({turns[0]:.2f} to {turns[-1]:.2f})"
    return Row(what, figure, f"≥ {to_reach:g} ×", found >= to_reach)


def took(what: str, measured: Measured) -> Row:
    """Return a row with the time and the memory of a task, without a requirement."""
    counted = ", ".join(f"{count:,} {name}" for name, count in measured.counted.items())
    cpu = f" ({statistics.median(measured.cpu):.2f} s CPU)" if measured.cpu else ""
    figure = f"{measured.median:.2f} s{cpu}, {measured.peak_mib:,.0f} MiB"
    return Row(f"{what} ({counted})", figure)


def rate(what: str, count: int, measured: Measured, to_reach: int) -> Row:
    """Return a row with a rate per second, which must be at least `to_reach`."""
    found = count / measured.median
    return Row(what, f"{found:,.0f}/s", f"≥ {to_reach:,}/s", found >= to_reach)
