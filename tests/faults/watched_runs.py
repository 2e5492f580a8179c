"""Runs of commands with a fault at a failpoint, each in a process that is forked for it.

The processes are forked from one that has imported nalssi and has never used polars, whose threads
would not survive the fork. So a run costs what its work costs.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from .failpoints import Failpoint, Fault

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.preloaded"])
"""Starts processes by forking one that has imported nalssi."""


@dataclass(frozen=True)
class Ended:
    """The end of a watched run."""

    status: int
    """The exit status; the negative number of a signal."""
    error: str
    visits: list[tuple[Failpoint, list[str]]]
    """The failpoints that it reached, in order, and their paths."""

    @property
    def points(self) -> Counter[Failpoint]:
        """How often each failpoint was reached, in the order of the first visits."""
        return Counter(point for point, _ in self.visits)


def run_watched(
    work: Callable[..., None], folder: Path, log: Path, fault: Fault | None = None
) -> Ended:
    """Run `work(folder)` in a process of its own, as a command does, and watch the folder.

    `log` is a folder for the output.
    """
    log.mkdir(parents=True, exist_ok=True)
    trace, error = log / "trace", log / "error"
    trace.write_text("")
    process = FORKS.Process(target=_run, args=(work, folder, trace, error, fault))
    process.start()
    process.join()
    visits = []
    for line in trace.read_text().splitlines():
        operation, place, paths = json.loads(line)
        visits.append((Failpoint(operation, place), paths))
    assert process.exitcode is not None
    return Ended(process.exitcode, error.read_text(), visits)


def call(function: Callable[..., Any], *arguments: Any, log: Path) -> Any:
    """Return what a function returns in a process of its own; its result can be JSON."""
    log.mkdir(parents=True, exist_ok=True)
    answer, error = log / "answer", log / "error"
    process = FORKS.Process(target=_answer, args=(function, arguments, answer, error))
    process.start()
    process.join()
    assert process.exitcode == 0, error.read_text()
    return json.loads(answer.read_text())


def redirect(error: Path) -> None:
    """Write standard error to a file. Standard input and output become the null device."""
    descriptor = os.open(error, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 2)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115


def _run(
    work: Callable[..., None], folder: Path, trace: Path, error: Path, fault: Fault | None
) -> None:
    from flows.run_flow import error_line

    from .failpoints import watch

    redirect(error)
    watch([folder], trace, fault)
    status = 0
    try:
        work(folder)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    except Exception as problem:  # noqa: BLE001  # every error is one line, as in a command
        print(f"nalssi: {error_line(problem)}", file=sys.stderr)
        status = 1
    sys.stderr.flush()
    os._exit(status)


def _answer(
    function: Callable[..., Any], arguments: tuple[Any, ...], answer: Path, error: Path
) -> None:
    redirect(error)
    answer.write_text(json.dumps(function(*arguments)))
    os._exit(0)


def digest(content: object) -> str:
    """Return a short digest of rows or bytes."""
    data = content if isinstance(content, bytes) else repr(content).encode()
    return hashlib.sha256(data).hexdigest()[:16]
