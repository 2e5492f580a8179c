"""A changed snapshot changes the findings of `step` only within `REACH_H` hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from nalssi.common.station_grid import NOT_LISTED, STATIONS, station_columns
from nalssi.quality.snapshot_grid import SNAPSHOT_SCHEMA, SnapshotGrid
from nalssi.quality.step_check import REACH_H, step

NEIGHBOURS = station_columns()[[98, 99, 108, 112, 119, 201]]
MIDNIGHT = datetime(2024, 5, 1, tzinfo=UTC)


def suspect(hours: np.ndarray, tenths: np.ndarray) -> np.ndarray:
    """The values that are suspect, hours by NEIGHBOURS. `tenths` is NOT_LISTED where unknown."""
    snapshots = pl.DataFrame(
        {"observed_at": [MIDNIGHT + timedelta(hours=int(hour)) for hour in hours]}
    )
    columns = [
        pl.lit(None, kind).alias(name) if name not in snapshots.columns else pl.col(name).cast(kind)
        for name, kind in SNAPSHOT_SCHEMA.items()
    ]
    grid = SnapshotGrid.without_readings(snapshots.select(columns))
    grid.tenths[:, NEIGHBOURS] = tenths
    found = step(grid)
    mask = np.zeros((hours.size, len(STATIONS)), bool)
    mask[found["grid_row"].to_numpy(), station_columns()[found["station_id"].to_numpy()]] = True
    return mask[:, NEIGHBOURS]


def test_a_change_reaches_no_farther_than_stated() -> None:
    rng = np.random.default_rng(3)
    farthest = 0
    for _ in range(150):
        hours = np.cumsum(rng.choice([1, 6, 9, 11, 12, 13], 14, p=[0.1, 0.1, 0.1, 0.2, 0.4, 0.1]))
        tenths = rng.choice([0, 30, 90, 160, 240, 320], (14, NEIGHBOURS.size))
        tenths[rng.random(tenths.shape) < 0.2] = NOT_LISTED
        before = suspect(hours, tenths)
        changed = rng.integers(14)
        tenths[changed] = rng.choice([0, 80, 160, 300, NOT_LISTED], NEIGHBOURS.size)
        differs = (suspect(hours, tenths) != before).any(axis=1)
        farthest = max(farthest, np.abs(hours[differs] - hours[changed]).max(initial=0))
    assert 24 < farthest <= REACH_H
