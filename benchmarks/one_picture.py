"""The case `draw`: how much longer `nalssi draw` takes than importing its libraries.

The commands run in turn, each in a new process. The median of the import is subtracted from the
median of each command, for elapsed seconds and for CPU seconds (user and system).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.case_inputs import Setup
from benchmarks.measure import Row, TaskFailedError

MORE_S: Final = 1.5
"""The largest number of CPU seconds that a picture may take more than importing its libraries."""
LIBRARIES: Final = "import polars, matplotlib.figure"
SAMPLES: Final = Path(__file__).resolve().parent.parent / "data" / "samples"
PAGES: Final = {
    "16 stations": SAMPLES / "01-seed-glued-spaced.txt",
    "70 stations": SAMPLES / "04-full-glued-rain-or-snow.txt",
    "two lists": SAMPLES / "15-two-tickers.txt",
}
PICTURES: Final = (("map", "png"), ("map", "svg"), ("map", "pdf"), ("regions", "svg"))


@dataclass
class Runs:
    """The seconds and the CPU seconds of each run of a command, in order."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, command: list[str]) -> None:
        """Run the command once. Raises TaskFailedError if it fails."""
        start = time.monotonic()
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise TaskFailedError(f"{' '.join(command)}: exit status {process.returncode}")
        self.seconds.append(time.monotonic() - start)
        self.cpu.append(used.ru_utime + used.ru_stime)


def draw(setup: Setup) -> list[Row]:
    """Measure `nalssi draw` for several pages, kinds and formats; compare with its imports."""
    setup.folder.mkdir(parents=True, exist_ok=True)
    program = "from nalssi.cli import main; main()"
    commands = {"libraries": [sys.executable, "-c", LIBRARIES]}
    for content, page in PAGES.items():
        for kind, form in PICTURES:
            file = setup.folder / f"picture.{form}"
            arguments = ["draw", kind, str(page), "-o", str(file)]
            commands[f"{kind}, {form}, {content}"] = [sys.executable, "-c", program, *arguments]
    runs = {name: Runs() for name in commands}
    for _ in range(1 + setup.runs):  # the first run makes caches, such as that of fonts
        for name, command in commands.items():
            runs[name].add(command)
    least = runs.pop("libraries")
    rows = [Row("draw: import polars, matplotlib.figure", _figure(least, None))]
    for name, own in runs.items():
        more = _median(own.cpu) - _median(least.cpu)
        rows.append(Row(f"draw: {name}", _figure(own, least), f"≤ {MORE_S} s more", more <= MORE_S))
    return rows


def _median(seconds: list[float]) -> float:
    return statistics.median(seconds[1:])


def _figure(own: Runs, least: Runs | None) -> str:
    figure = f"{_median(own.seconds):.2f} s ({_median(own.cpu):.2f} s CPU)"
    if least is None:
        return figure
    seconds = _median(own.seconds) - _median(least.seconds)
    cpu = _median(own.cpu) - _median(least.cpu)
    return f"{figure}: {seconds:+.2f} s ({cpu:+.2f} s CPU, {cpu / _median(least.cpu) + 1:.2f} ×)"
