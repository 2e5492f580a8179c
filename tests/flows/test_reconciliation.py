"""The flow `reconcile`, which finds the hours of snapshots by official values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.run_flow import run_flow
from nalssi.common.paths import SAMPLES
from nalssi.warehouse import Warehouse
from tests.observations.test_asos_table import HEADER, write

pytestmark = pytest.mark.usefixtures("prefect_server")

SEED = SAMPLES / "01-seed-glued-spaced.txt"
DAY, HOUR = date(2025, 12, 19), 15


def day_in_which_the_list_is_of(hour: int, folder: Path, path: Path) -> Path:
    """Write official values of a day that warms every hour, so that the list fits one hour only."""
    with Warehouse(folder).reader() as con:
        printed = con.execute("SELECT station_id, temperature_c FROM readings").fetchall()
    rows = [
        f"{station},,{DAY} {h:02}:00,{temperature + (h - hour) * 0.7:.1f},,,"
        for h in range(24)
        for station, temperature in printed
    ]
    return write(path, HEADER, *rows)


def test_a_list_gets_the_hour_whose_official_values_it_prints(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    run_flow("ingest", sources=[str(SEED)], warehouse=folder)
    good = day_in_which_the_list_is_of(HOUR, folder, tmp_path / "asos.csv")
    missing = tmp_path / "none.csv"

    done = run_flow("reconcile", files=[good, missing], warehouse=folder)

    assert done.compared == 1
    (failure,) = done.failures
    assert str(missing) in failure
    with Warehouse(folder).reader() as con:
        ((at, source),) = con.execute(
            "SELECT observed_at, hour_source FROM timed_snapshots"
        ).fetchall()
    assert (at.date(), at.hour, source) == (DAY, HOUR, "official")
