"""The buddy check over many snapshots at once gives titanlib's results."""

from __future__ import annotations

import numpy as np
import pytest
import titanlib
from hypothesis import given
from hypothesis import strategies as st

from nalssi.common.station_grid import STATIONS, station_positions
from nalssi.quality.spatial_check import BuddyCheck, buddy_check, southern_warmth
from nalssi.quality.thresholds import THRESHOLDS, threshold
from schemas.vocabulary import station_ids
from tests.examples import examples

POSITIONS = station_positions()


def titanlib_outliers(temperatures: np.ndarray, check: BuddyCheck) -> np.ndarray:
    """The outliers that titanlib finds in one snapshot.

    titanlib checks each station in a call of its own, and each pass runs without the outliers of
    the pass before. Its result then depends neither on the order of stations nor on threads.
    """
    heights = POSITIONS["elevation_m"].to_numpy()
    level = np.nanmean(temperatures - threshold("spatial_elevation_gradient") * heights)
    temperatures = temperatures - southern_warmth(np.array([[level]]), check.southern_warmth)[0]
    tolerances = check.station_tolerances()
    outlier = np.zeros(temperatures.size, bool)
    for _ in range(int(threshold("spatial_iterations"))):
        used = np.flatnonzero(~np.isnan(temperatures) & ~outlier)
        positions = POSITIONS[used]
        points = titanlib.Points(
            positions["latitude"].to_numpy(),
            positions["longitude"].to_numpy(),
            positions["elevation_m"].to_numpy(),
        )
        found = [
            titanlib.buddy_check(
                points,
                temperatures[used],
                np.array([check.radius]),
                np.array([check.num_min]),
                tolerances[used[station]],
                check.max_elev_diff,
                threshold("spatial_elevation_gradient"),
                check.min_std,
                1,
                np.eye(used.size, dtype=int)[station],
            )[station]
            for station in range(used.size)
        ]
        outlier[used[np.array(found) == 1]] = True
    return outlier


@pytest.mark.parametrize("density", ["dense", "sparse"])
@examples(25)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.15, 1.0), errors=st.integers(0, 6))
def test_outliers_are_those_of_titanlib(density: str, seed: int, share: float, errors: int) -> None:
    rng = np.random.default_rng(seed)
    temperatures = (
        15 - 0.0065 * POSITIONS["elevation_m"].to_numpy() + rng.normal(0, 2, len(STATIONS))
    )
    temperatures[rng.random(len(STATIONS)) > share] = np.nan
    temperatures[rng.choice(len(STATIONS), errors)] += rng.normal(0, 15, errors)
    temperatures = temperatures.round(1)
    outlier, judged = buddy_check(
        temperatures[None], BuddyCheck.of(density), np.arange(len(STATIONS))
    )
    assert outlier[0].tolist() == titanlib_outliers(temperatures, BuddyCheck.of(density)).tolist()
    assert not (outlier & ~judged).any()


def test_station_positions_are_in_the_order_of_the_grid() -> None:
    assert tuple(POSITIONS["station_id"]) == STATIONS == station_ids()


def test_every_threshold_has_a_unit_and_a_reason() -> None:
    assert all(entry.unit and entry.reason for entry in THRESHOLDS.values())
