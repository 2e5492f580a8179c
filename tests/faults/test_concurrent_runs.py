"""Concurrent runs on one warehouse: one writes, the others wait, no row is lost or doubled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .fault_runs import Done, assert_equal, assert_whole, rows, start

AT_ONCE = {False: 3, True: 8}
"""Number of runs, in `make test` and in `make faults`."""


def test_ingests_at_once_make_what_one_makes(
    tmp_path: Path, sources: list[str], undisturbed: Path, everything: bool
) -> None:
    folder = tmp_path / "warehouse"
    runs = AT_ONCE[everything]
    # Each run leaves out another part of the sources, so every source is in all runs but one.
    shares = [[s for n, s in enumerate(sources) if n % runs != i] for i in range(runs)]
    processes = [start(folder, share, "--only-load") for share in shares]
    ends = []
    for process in processes:
        with process:
            out, error = process.communicate()
            ends.append(Done(process.returncode, out.split(), error))
    for end in ends:
        assert end.status == 0, end.error
        # The only message is about waiting for another writer.
        assert all(line.startswith("waiting for") for line in end.error.splitlines()), end.error
    assert any(end.error for end in ends), "no run waited: they did not run at the same time"
    assert_whole(folder)
    assert rows(folder) == rows(undisturbed)


@pytest.mark.make_faults
def test_three_that_draw_at_once_make_what_one_makes(warehouse: Path, half_loaded: Path) -> None:
    shutil.rmtree(warehouse / "charts")
    shutil.rmtree(warehouse / "gallery")
    processes = [start(warehouse, ["-"], "--only-draw") for _ in range(3)]
    for process in processes:
        with process:
            _, error = process.communicate()
        assert (process.returncode, error) == (0, "")
    assert_equal(warehouse, half_loaded)
