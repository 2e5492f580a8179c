"""A fault at each place where a command changes files: nothing is lost, and a re-run completes it.

A first run of a command finds its failpoints. At each of them the command is killed once, meets a
full disk once, and a read-only disk once. Then it runs again without a fault, and the result must
be that of a command that met no fault.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.made_once import made_once

from .failpoints import ERRORS, KILL, Failpoint, Fault
from .folder_state import complete_state, lasting_name, state
from .watched_commands import COMMANDS, STATES
from .watched_runs import Ended, call, run_watched

SAMPLE = ("load",)
"""The commands whose sample is part of `make test`."""
SAMPLED_POINTS = 1
"""The number of failpoints of each fault in the sample."""
SEED = 20251219
NOTES = (
    "nalssi.duckdb is missing: continuing from published.duckdb",
    "NALSSI_LANDING_MONTHS",
    "NALSSI_STAGED_DAYS",
)
"""Ends of messages that are not errors: a restored copy is loaded, a retention has removed
files."""
NOTHING_TO_DO = (
    "import into an empty folder",
    "no document matches",
    "no observation matches",
    "exists: choose another name",
    "is not empty: --replace moves its content away",
)
"""Ends of messages of a command whose work is done."""
KINDS = (KILL, *ERRORS)


def started(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return the folder of a state that commands start from. Tests copy it."""

    def make(folder: Path) -> None:
        if name == "nothing":
            return
        before, step = STATES[name]
        shutil.copytree(started(factory, before), folder, dirs_exist_ok=True)
        ended = run_watched(step, folder, folder.with_name("log"))
        assert (ended.status, ended.error) == (0, "")

    return made_once(factory, f"state {name}", make)


class Undisturbed:
    """A command without faults: its failpoints, and the states before and after it."""

    def __init__(self, factory: pytest.TempPathFactory, name: str) -> None:
        start, self.command = COMMANDS[name]
        self.start = started(factory, start)
        folder = made_once(factory, f"command {name}", self._run)
        points = json.loads((folder / "points.json").read_text())
        self.visits = [(Failpoint(*point), paths) for point, paths in points]
        self.before, self.after = json.loads((folder / "states.json").read_text())
        self.folder = folder / "place" / "folder"

    def _run(self, made: Path) -> None:
        folder = made / "place" / "folder"
        shutil.copytree(self.start, folder)
        before = call(state, folder, log=made / "log")
        ended = run_watched(self.command, folder, made / "log")
        assert ended.status == 0, ended.error
        after = call(complete_state, folder, log=made / "log")
        points = [((point.operation, point.place), paths) for point, paths in ended.visits]
        (made / "points.json").write_text(json.dumps(points))
        (made / "states.json").write_text(json.dumps([before, after]))

    @property
    def points(self) -> dict[Failpoint, int]:
        """The number of visits of each failpoint."""
        found: dict[Failpoint, int] = {}
        for point, _ in self.visits:
            found[point] = found.get(point, 0) + 1
        return found

    def faults(self, kind: str) -> Iterator[Fault]:
        """Yield the faults of a kind: at the first visit of each failpoint.

        A process is also killed at the last visit.
        """
        for point, visits in self.points.items():
            yield Fault(kind, point)
            if kind == KILL and visits > 1:
                yield Fault(kind, point, visits)


@pytest.fixture(
    params=[
        name if name in SAMPLE else pytest.param(name, marks=pytest.mark.make_faults)
        for name in COMMANDS
    ],
    scope="module",
)
def undisturbed_command(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Undisturbed:
    """A command that ran without faults."""
    return Undisturbed(tmp_path_factory, request.param)


@pytest.mark.parametrize("kind", KINDS)
def test_a_command_that_failed_loses_nothing_and_is_completed_by_the_next(
    kind: str, undisturbed_command: Undisturbed, tmp_path: Path, everything: bool
) -> None:
    command = undisturbed_command
    faults = list(command.faults(kind))
    if not everything:
        faults = random.Random(f"{SEED} {kind}").sample(faults, SAMPLED_POINTS)
    wrong = []
    for number, fault in enumerate(faults):
        try:
            _check(command, fault, tmp_path / str(number))
        except AssertionError as error:
            wrong.append(f"{fault.point}, visit {fault.visit}: {str(error).splitlines()[0][:400]}")
        shutil.rmtree(tmp_path / str(number))
    print(f"{len(command.points)} failpoints, {len(faults)} faults")
    assert not wrong, f"{len(wrong)} of {len(faults)}:\n" + "\n".join(wrong)


def _check(command: Undisturbed, fault: Fault, place: Path) -> None:
    """Run a command with a fault, then again without, and check what is there each time."""
    folder = place / "folder"
    shutil.copytree(command.start, folder)
    ended = run_watched(command.command, folder, place / "log", fault)
    assert fault.point in ended.points, f"not reached: {ended}"
    if fault.kind == KILL:
        assert ended.status == -9, ended
    else:
        _check_message(ended, ERRORS[fault.kind], folder)
    left = call(state, folder, log=place / "log")
    for table in command.before.keys() - {"files"}:  # what readers see
        assert left[table] in (command.before[table], command.after[table]), f"{table} differs"
    again = run_watched(command.command, folder, place / "log")
    tables = command.after.keys() - {"files"}
    if all(left.get(table) == command.after[table] for table in tables) and again.status:
        # What failed after it was published is complete: nothing is left to import or to forget.
        assert again.error.rstrip().endswith(NOTHING_TO_DO), again.error
        return
    assert again.status == 0, again.error
    _assert_equal(call(complete_state, folder, log=place / "log"), command.after)


def _check_message(ended: Ended, error: int, folder: Path) -> None:
    """Check that a command has reported an error in one line, or could do without what failed."""
    if ended.status == 0:
        return
    assert ended.status == 1, ended
    lines = [line for line in ended.error.splitlines() if not line.endswith(NOTES)]
    assert len(lines) == 1, ended.error
    assert lines[0].startswith("nalssi: ")
    assert os.strerror(error).lower() in lines[0].lower()
    assert str(folder) in lines[0]


def _assert_equal(found: dict[str, object], expected: dict[str, object]) -> None:
    """Check that two states are equal; name what differs."""
    names, wanted = found.pop("files"), expected["files"]
    assert isinstance(names, dict)
    assert isinstance(wanted, dict)
    assert names.keys() == wanted.keys(), f"files: {sorted(names.keys() ^ wanted.keys())[:5]}"
    assert [name for name in names if names[name] != wanted[name]] == []
    assert found == {name: value for name, value in expected.items() if name != "files"}


def test_every_new_file_comes_from_a_failpoint(undisturbed_command: Undisturbed) -> None:
    """A file that no failpoint has named was written in a way that the instruments do not see."""
    seen: set[Path] = set()
    for point, paths in undisturbed_command.visits:
        places = [Path(path) for path in paths]
        if point.operation == "rename":
            source = places[0]
            start = undisturbed_command.start / source.relative_to(undisturbed_command.folder)
            written = source in seen or any(source in path.parents for path in seen)
            # DuckDB names the folders of years.
            assert written or start.exists() or source.name.startswith("year="), source
        seen.update(Path(lasting_name(path)) for path in paths)
    folder = undisturbed_command.folder
    before, after = (
        states["files"] for states in (undisturbed_command.before, undisturbed_command.after)
    )
    for name, content in after.items():
        if before.get(name) != content:
            path = folder / name
            assert path in seen or seen & set(path.parents), path
