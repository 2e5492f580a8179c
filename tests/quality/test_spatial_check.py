"""The buddy check over many lists at once is titanlib's."""

from __future__ import annotations

import numpy as np
import pytest
import titanlib
from hypothesis import given, settings
from hypothesis import strategies as st

from nalssi.quality.snapshot_grid import STATIONS, places
from nalssi.quality.spatial_check import Buddies, buddy_check
from nalssi.quality.thresholds import THRESHOLDS, threshold
from schemas.vocabulary import station_ids

PLACES = places()


def titanlib_outliers(temperatures: np.ndarray, buddies: Buddies) -> np.ndarray:
    """titanlib on one list, each station by itself and each pass on what the last one left:
    its answer then depends neither on the order of stations nor on threads."""
    outlier = np.zeros(temperatures.size, bool)
    for _ in range(int(threshold("spatial_iterations"))):
        used = np.flatnonzero(~np.isnan(temperatures) & ~outlier)
        place = PLACES[used]
        points = titanlib.Points(
            place["latitude"].to_numpy(),
            place["longitude"].to_numpy(),
            place["elevation_m"].to_numpy(),
        )
        found = [
            titanlib.buddy_check(
                points,
                temperatures[used],
                np.array([buddies.radius]),
                np.array([buddies.num_min]),
                buddies.threshold,
                buddies.max_elev_diff,
                threshold("spatial_elevation_gradient"),
                buddies.min_std,
                1,
                np.eye(used.size, dtype=int)[station],
            )[station]
            for station in range(used.size)
        ]
        outlier[used[np.array(found) == 1]] = True
    return outlier


@pytest.mark.parametrize("kind", ["dense", "sparse"])
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.15, 1.0), errors=st.integers(0, 6))
def test_it_finds_what_titanlib_finds(kind: str, seed: int, share: float, errors: int) -> None:
    rng = np.random.default_rng(seed)
    temperatures = 15 - 0.0065 * PLACES["elevation_m"].to_numpy() + rng.normal(0, 2, len(STATIONS))
    temperatures[rng.random(len(STATIONS)) > share] = np.nan
    temperatures[rng.choice(len(STATIONS), errors)] += rng.normal(0, 15, errors)
    temperatures = temperatures.round(1)
    outlier, judged = buddy_check(temperatures[None], Buddies.of(kind), np.arange(len(STATIONS)))
    assert outlier[0].tolist() == titanlib_outliers(temperatures, Buddies.of(kind)).tolist()
    assert not (outlier & ~judged).any()


def test_places_stand_in_the_order_of_the_grid() -> None:
    assert tuple(PLACES["station_id"]) == STATIONS == station_ids()


def test_every_threshold_has_a_unit_and_a_source() -> None:
    assert all(entry.unit and entry.source for entry in THRESHOLDS.values())
