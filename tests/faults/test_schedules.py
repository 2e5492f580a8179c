"""Writers, publishing and readers in every order: a reader sees the state published last, whole.

A schedule lets one process at a time go on from one failpoint to the next. It also kills a writer.
Its seed is printed, and gives the same schedule again.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.warehouse.make_parts import part
from tests.warehouse.test_concurrent_readers import STATIONS, WHAT_THERE_IS, two_pages

from .scheduled_processes import Scheduled, Stop, run_schedule
from .watched_runs import call

KILLED_IN = 60
"""In each of its steps, a writer is killed with the chance 1 in this number, once in a schedule."""
READS = 6


def make_parts(folder: str, number: int) -> None:
    """Write the parts of the loads."""
    for each in range(number):
        part(Path(folder) / f"part-{each}", two_pages(each))


def write(folder: Path, stop: Stop, _: Any, parts: list[Path]) -> None:
    """Load one part after another."""
    for each in parts:
        stop("before a load")
        load_parts(Warehouse(folder), [each])


def read(folder: Path, stop: Stop, tell: Any) -> None:
    """Read again and again. Tell what is there when the copy is opened, and what the reads saw."""
    warehouse = Warehouse(folder)
    for _ in range(READS):
        stop("before opening")
        if not warehouse.published.exists():
            tell(None)
            continue
        with warehouse.reader() as con:
            stop("opened")
            first = con.execute(WHAT_THERE_IS).fetchone()
            stop("read once")
            second = con.execute(WHAT_THERE_IS).fetchone()
        assert first == second, "the copy of a reader has changed"
        assert first is not None
        tell(first)


def parts_in(row: tuple[int, ...] | None) -> int:
    """Return how many parts a read saw. They must be there with all of their rows.

    A part counts once: a writer that was killed after its commit loads its part again.
    """
    if row is None:
        return 0
    parts = row[2] // 2
    assert tuple(row[1:]) == (*[2 * parts] * 6, *[2 * len(STATIONS) * parts] * 4), row
    return parts


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.make_faults) for seed in range(2, 41))]
)
def test_a_reader_sees_the_state_that_was_published_last(
    seed: int, tmp_path: Path, everything: bool
) -> None:
    print(f"seed {seed}")
    loads = 2 if everything else 1
    call(make_parts, str(tmp_path), 2 * loads, log=tmp_path / "log")
    parts = [tmp_path / f"part-{number}" for number in range(2 * loads)]
    folder = tmp_path / "warehouse"
    writers = [
        Scheduled(f"writer {n}", write, folder, tmp_path / f"w{n}", parts[n::2]) for n in range(2)
    ]
    readers = [Scheduled(f"reader {n}", read, folder, tmp_path / f"r{n}") for n in range(2)]
    published = Warehouse(folder).published
    states = [((0, 0), 0)]
    """The published copies: a pair of inode and time, and the number of loads in each."""
    expected: dict[str, int] = {}
    killed = False
    reads = 0

    def step(process: Scheduled, chance: random.Random) -> None:
        nonlocal killed, reads
        if process in writers and not killed and chance.randrange(KILLED_IN) == 0:
            print(f"{process.name} is killed at {process.at}")
            killed = True
            process.kill()
            process.start()
            return
        process.go_on()
        if process in writers and published.exists():
            copy = (published.stat().st_ino, published.stat().st_mtime_ns)
            if copy != states[-1][0]:
                states.append((copy, parts_in(what_there_is(str(folder)))))
                assert states[-2][1] <= states[-1][1], "an older state was published"
        if process.at == "opened":
            expected[process.name] = states[-1][1]
        while process.seen:
            assert parts_in(process.seen.pop()) == expected.pop(process.name, 0)
            reads += 1

    steps = run_schedule(seed, [*writers, *readers], step)
    print(f"{steps} steps, {len(states) - 1} publications, {reads} reads, killed: {killed}")
    assert reads == READS * len(readers)
    assert parts_in(what_there_is(str(folder))) == 2 * loads


def what_there_is(folder: str) -> tuple[int, ...]:
    """Return the counts of a warehouse."""
    with Warehouse(Path(folder)).reader() as con:
        row = con.execute(WHAT_THERE_IS).fetchone()
    assert row is not None
    return tuple(map(int, row))
