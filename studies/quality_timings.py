"""Measure the time and the memory that the quality checks take.

`quality_study` runs these timings after the validation.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import numpy as np

from nalssi.common.station_grid import STATIONS
from nalssi.quality import update_quality
from nalssi.quality.frozen_feed_check import find_repeated_lists, snapshot_flags
from nalssi.quality.snapshot_agreement import find_agreements
from schemas.contracts import TABLES, polars_schema
from studies.synthetic_weather import (
    SHORT_LIST,
    START,
    Floats,
    column_of,
    readings_of,
    snapshot_grid,
    weather,
)


def timings(snapshots: int, compared: int) -> Iterator[tuple[str, str, str]]:
    """Measure the quality checks; yield rows of the table `time`: `what, time, rate`.

    `snapshots` is the number of snapshots in the warehouse. `compared` is the number of snapshots
    among which frozen feeds are searched.
    """
    con = warehouse(*many_snapshots(snapshots))
    start = time.perf_counter()
    update_quality(con, None)
    took = time.perf_counter() - start
    readings = con.sql("SELECT count(*) FROM readings").pl().item()
    rate = f"{readings / took:,.0f} readings/s"
    yield f"all checks, {snapshots:,} lists of 16, into the table", f"{took:.1f} s", rate
    one = con.sql("SELECT snapshot_id FROM snapshots ORDER BY snapshot_id LIMIT 1").pl()
    start = time.perf_counter()
    update_quality(con, one)
    took = time.perf_counter() - start
    yield "the same after one list more", f"{took:.1f} s", ""
    con.close()

    grid = snapshot_grid(*many_snapshots(compared))
    start = time.perf_counter()
    snapshot_flags(grid, find_repeated_lists(grid, find_agreements(grid.tenths)))
    took = time.perf_counter() - start
    rate = f"{compared / took:,.0f} lists/s"
    yield f"frozen feeds among {compared:,} lists", f"{took:.1f} s", rate
    tracemalloc.start()
    snapshot_flags(grid, find_repeated_lists(grid, find_agreements(grid.tenths)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = grid.tenths.nbytes
    yield "their memory", f"{(size + peak) / 1e6:,.0f} MB", f"of it the grid {size / 1e6:,.0f} MB"


def many_snapshots(rows: int) -> tuple[Floats, list[date | None]]:
    """Return the temperatures and dates of `rows` snapshots, ten for every hour.

    One snapshot in five is a copy of an older one (a frozen feed). One value in 500 is missing.
    """
    rng = np.random.default_rng(5)
    hours = rows // 10
    years = np.arange(hours) % (24 * 3650)
    parts = [years[start : start + 20_000] for start in range(0, hours, 20_000)]
    now = np.concatenate([weather(np.sort(part), seed) for seed, part in enumerate(parts)])
    shown = np.repeat(np.arange(hours), 10)
    late = rng.random(shown.size) < 0.2
    shown[late] = np.maximum(shown[late] - rng.integers(24, 24 * 30, int(late.sum())), 0)
    temperatures = np.full((shown.size, len(STATIONS)), np.nan, np.float32)
    columns = [column_of(station) for station in SHORT_LIST]
    temperatures[:, columns] = now[shown][:, columns]
    temperatures[rng.random(temperatures.shape, np.float32) < 0.002] = np.nan
    day = np.repeat(np.arange(hours) // 24, 10)
    return temperatures, [START.date() + timedelta(int(number)) for number in day]


def warehouse(temperatures: Floats, days: list[date | None]) -> duckdb.DuckDBPyConnection:
    """Create a database in memory with the tables that `update_quality` reads."""
    con = duckdb.connect()
    for table in TABLES:
        empty = polars_schema(table).to_frame()  # noqa: F841
        con.execute(f'CREATE TABLE "{table}" AS SELECT * FROM empty')  # noqa: S608
    grid = snapshot_grid(temperatures, days)
    described = grid.snapshots.with_row_index("number")  # noqa: F841
    con.execute(
        "INSERT INTO snapshots SELECT snapshot_id, observed_on, NULL, station_count FROM described"
    )
    con.execute(
        "INSERT INTO documents SELECT snapshot_id, snapshot_id, 'site' || number % 50, '', NULL "
        "FROM described"
    )
    con.execute(
        "INSERT INTO sightings "
        "SELECT snapshot_id, snapshot_id, 1, observed_on, 'ticker', 1, '' FROM described"
    )
    printed = readings_of(grid)  # noqa: F841
    con.execute(
        "INSERT INTO readings SELECT snapshot_id, station_id, 'name', 'clear', '', temperature_c "
        "FROM printed JOIN described ON grid_row = number"
    )
    return con
