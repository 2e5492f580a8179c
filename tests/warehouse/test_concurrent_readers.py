"""Reads from other processes while loads go on: none fails, each sees whole loads.

`make faults` makes a thousand of them from four processes, `make test` forty from two.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, pairwise
from multiprocessing import get_context
from pathlib import Path

import pytest

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts

from .make_parts import Page, Ticker, part

STATIONS = (108, 133, 159)
WHAT_THERE_IS = """
    SELECT
        (SELECT count(*) FROM loads),
        (SELECT sum(documents_new) FROM loads), (SELECT count(*) FROM documents),
        (SELECT sum(sightings_new) FROM loads), (SELECT count(*) FROM sightings),
        (SELECT sum(snapshots_new) FROM loads), (SELECT count(*) FROM snapshots),
        (SELECT sum(readings_new) FROM loads), (SELECT count(*) FROM readings),
        (SELECT sum(station_count) FROM snapshots), (SELECT count(*) FROM quality)
"""


def two_pages(number: int) -> list[Page]:
    """Two new lists. Each is too short to be judged, so that `quality` has a row a reading."""
    day = date(2024, 1, 1) + timedelta(number)
    values = {station: round(number % 20 + station / 10, 1) for station in STATIONS}
    return [
        Page(f"https://example.kr/{number}/{hour}", [Ticker(day, values | {108: float(hour)})])
        for hour in range(2)
    ]


def read_again_and_again(folder: Path, times: int) -> list[int]:
    """Open, read and close the published copy repeatedly.

    Return the number of loads that each read saw. It reads `times` times, and then until it has
    seen three different states.
    """
    loads: list[int] = []
    while len(loads) < times or len(set(loads)) < 3:
        with Warehouse(folder).reader() as con:
            (row,) = con.execute(WHAT_THERE_IS).fetchall()
        seen = row[0]
        whole = (seen, *[2 * seen] * 6, *[2 * len(STATIONS) * seen] * 4)
        assert row == whole, f"a torn read: {row}"
        loads.append(seen)
    return loads


@pytest.mark.process
@pytest.mark.parametrize(
    ("reads", "processes"), [(40, 2), pytest.param(1000, 4, marks=pytest.mark.make_faults)]
)
def test_every_read_sees_whole_loads_while_loads_go_on(
    tmp_path: Path, reads: int, processes: int
) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")

    def load(number: int) -> None:
        load_parts(warehouse, [part(tmp_path / f"part-{number}", two_pages(number))])

    load(0)
    with get_context("spawn").Pool(processes) as pool:
        readers = [
            pool.apply_async(read_again_and_again, (warehouse.folder, reads // processes))
            for _ in range(processes)
        ]
        for number in count(1):
            load(number)
            if all(reader.ready() for reader in readers):
                break
    seen = [reader.get() for reader in readers]
    assert sum(map(len, seen)) >= reads
    assert all(earlier <= later for loads in seen for earlier, later in pairwise(loads))
