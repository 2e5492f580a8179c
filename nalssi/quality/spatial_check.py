"""A station against its neighbours: titanlib's buddy check, for many lists at once.

titanlib (Norwegian Meteorological Institute) checks one field a call; a load has tens of
thousands. This is the same check, made of matrix products over all lists of a batch: for each
station the mean and the deviation of its buddies within a radius, brought to its height; a
station more than so many deviations away is an outlier, and the next pass is made without it.
The tests hold it to titanlib's own answers.

One difference is deliberate: within a pass, titanlib lets outliers found so far drop out, so that
its answer depends on the order of stations (and, with threads, on chance); here they drop out
when the pass is complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

import numpy as np
import polars as pl

from nalssi.quality.snapshot_grid import (
    NO_VALUE,
    Bools,
    Floats,
    Ints,
    Lists,
    all_rows,
    celsius,
    places,
    rows_of,
    stations_of,
)
from nalssi.quality.thresholds import threshold
from schemas.vocabulary import FLAG_NOT_EVALUATED, FLAG_SUSPECT

TEST = "spatial"
EARTH_RADIUS_M = 6_371_000.0
LISTS_AT_ONCE = 2_048  # so that what is computed stays in the processor's cache


@dataclass(frozen=True)
class Buddies:
    """How a station's buddies are chosen and how far it may be from them (titanlib's terms)."""

    radius: float
    num_min: int
    max_elev_diff: float
    threshold: float
    min_std: float

    @classmethod
    def of(cls, kind: str) -> Buddies:
        """From the thresholds of `dense` or `sparse` lists."""
        return cls(
            threshold(f"spatial_{kind}_radius"),
            int(threshold(f"spatial_{kind}_buddies")),
            threshold(f"spatial_{kind}_elevation"),
            threshold(f"spatial_{kind}_threshold"),
            threshold(f"spatial_{kind}_least_deviation"),
        )


def spatial(lists: Lists, rows: Bools | None = None) -> pl.DataFrame:
    """Flag temperatures that are far from those around: suspect. Never fail: frost hollows,
    föhn and mountain tops are real.

    A station with too few buddies (islands, mountain tops) is not evaluated, and so is every
    station of a list too short for `short_list`. Lists of 40 stations or more are judged within
    a near radius, shorter ones within a wide one. This is the one check that vouches for a
    reading: where it says "not evaluated" and no other objects, the reading's flag is 2.
    """
    asked = np.arange(lists.snapshots.height) if rows is None else np.flatnonzero(rows)
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:  # numpy lets go of Python's lock
        return all_rows(chain(*pool.map(partial(_judged, lists), portions(lists, asked))))


def portions(lists: Lists, rows: Ints) -> Iterator[Ints]:
    """Rows in portions, lists of the same stations together: then few stations are absent."""
    dense = _dense(lists, rows)
    for some in (rows[dense], rows[~dense]):
        together = some[np.argsort(stations_of(lists.tenths, some), kind="stable")]
        for start in range(0, together.size, LISTS_AT_ONCE):
            yield together[start : start + LISTS_AT_ONCE]


def _dense(lists: Lists, rows: Ints) -> Bools:
    counts = lists.snapshots["station_count"].to_numpy()[rows]
    dense: Bools = counts >= threshold("spatial_dense_stations")
    return dense


def _judged(lists: Lists, rows: Ints) -> list[pl.DataFrame]:
    """What is to be said of lists that are all dense or all sparse."""
    kind = "dense" if _dense(lists, rows[:1]).all() else "sparse"
    tenths = lists.tenths[rows]
    columns = np.flatnonzero(tenths.max(axis=0) > NO_VALUE)
    temperatures = celsius(tenths[:, columns])
    outlier, judged = buddy_check(temperatures, Buddies.of(kind), columns)
    short = lists.snapshots["station_count"].to_numpy()[rows] < threshold("list_stations")
    judged[short] = False
    lonely = ~judged & ~outlier & ~np.isnan(temperatures)
    return [
        rows_of(outlier, FLAG_SUSPECT, TEST, rows, columns),
        rows_of(lonely, FLAG_NOT_EVALUATED, None, rows, columns),
    ]


def buddy_check(temperatures: Floats, buddies: Buddies, columns: Ints) -> tuple[Bools, Bools]:
    """Outliers, and the stations that had buddies enough to be judged, of lists (rows) ×
    those `columns` of STATIONS in °C, NaN where there is no temperature."""
    near = neighbours(buddies.radius, buddies.max_elev_diff)[np.ix_(columns, columns)]
    heights = places()["elevation_m"].to_numpy()[columns]
    gradient = threshold("spatial_elevation_gradient")
    present = ~np.isnan(temperatures)
    at_sea_level = np.where(present, temperatures - gradient * heights, 0.0)
    # Deviations from the list's mean: squares of small numbers lose no digits.
    at_sea_level -= at_sea_level.sum(axis=1, keepdims=True) / np.maximum(
        present.sum(axis=1, keepdims=True), 1
    )
    outlier = np.zeros_like(present)
    judged = np.zeros_like(present)
    again = np.arange(present.shape[0])
    for _ in range(int(threshold("spatial_iterations"))):
        far, enough = _pass(at_sea_level[again], present[again] & ~outlier[again], near, buddies)
        judged[again] |= present[again] & enough
        far &= present[again] & enough
        outlier[again] |= far
        again = again[far.any(axis=1)]  # nothing is new to the others
    return outlier, judged


def _pass(values: Floats, used: Bools, near: Floats, buddies: Buddies) -> tuple[Bools, Bools]:
    """Which values are far from their buddies among the used ones, and which have enough."""
    weight = used.astype(np.float64)
    weighted = values * weight
    count = weight @ near
    n = np.maximum(count, 1)
    mean = (weighted @ near) / n
    variance = np.maximum((weighted * weighted) @ near / n - mean * mean, 0.0)
    deviation = np.maximum(np.sqrt(variance + variance / n), buddies.min_std)
    return np.abs(values - mean) / deviation > buddies.threshold, count >= buddies.num_min


@cache
def neighbours(radius: float, max_elev_diff: float) -> Floats:
    """1 where two stations are buddies, else 0. Distances are straight lines in metres, as
    titanlib's; two numbers of one place (a station renumbered) are no buddies."""
    place = places()
    latitude = np.radians(place["latitude"].to_numpy())
    longitude = np.radians(place["longitude"].to_numpy())
    height = place["elevation_m"].to_numpy()
    haversine = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None])
        * np.cos(latitude)
        * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    distance = 2 * EARTH_RADIUS_M * np.sqrt(haversine)
    near = (
        (distance <= radius) & (distance > 0) & (np.abs(height[:, None] - height) <= max_elev_diff)
    )
    matrix: Floats = near.astype(np.float64)
    return matrix
