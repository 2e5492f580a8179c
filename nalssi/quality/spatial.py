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
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from nalssi.quality.lists import Bools, Floats, Ints, Lists, all_rows, places, rows_of
from nalssi.quality.thresholds import threshold
from schemas.vocabulary import FLAG_NOT_EVALUATED, FLAG_SUSPECT

TEST = "spatial"
EARTH_RADIUS_M = 6_371_000.0
LISTS_AT_ONCE = 8_192


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
    counts = lists.snapshots["station_count"].to_numpy()
    found = []
    for part in portions(np.arange(counts.size) if rows is None else np.flatnonzero(rows)):
        dense = counts[part] >= threshold("spatial_dense_stations")
        for kind, chosen in (("dense", part[dense]), ("sparse", part[~dense])):
            if chosen.size:
                temperatures = lists.celsius(chosen)
                outlier, judged = buddy_check(temperatures, Buddies.of(kind))
                judged[counts[chosen] < threshold("list_stations")] = False
                lonely = ~judged & ~outlier & ~np.isnan(temperatures)
                found.append(rows_of(outlier, FLAG_SUSPECT, TEST, chosen))
                found.append(rows_of(lonely, FLAG_NOT_EVALUATED, None, chosen))
    return all_rows(found)


def portions(rows: Ints) -> Iterator[Ints]:
    for start in range(0, rows.size, LISTS_AT_ONCE):
        yield rows[start : start + LISTS_AT_ONCE]


def buddy_check(temperatures: Floats, buddies: Buddies) -> tuple[Bools, Bools]:
    """Outliers, and the stations that had buddies enough to be judged, of lists (rows) ×
    STATIONS (columns) in °C, NaN where there is no temperature."""
    near = neighbours(buddies.radius, buddies.max_elev_diff)
    heights = places()["elevation_m"].to_numpy()
    listed = np.flatnonzero(~np.isnan(temperatures).all(axis=0))  # most lists have 16 of 105
    outlier = np.zeros(temperatures.shape, np.bool_)
    judged = np.zeros(temperatures.shape, np.bool_)
    outlier[:, listed], judged[:, listed] = _buddy_check(
        temperatures[:, listed], heights[listed], near[np.ix_(listed, listed)], buddies
    )
    return outlier, judged


def _buddy_check(
    temperatures: Floats, heights: Floats, near: Floats, buddies: Buddies
) -> tuple[Bools, Bools]:
    gradient = threshold("spatial_elevation_gradient")
    present = ~np.isnan(temperatures)
    at_sea_level = np.where(present, temperatures - gradient * heights, 0.0)
    # Deviations from the list's mean: squares of small numbers lose no digits.
    at_sea_level -= at_sea_level.sum(axis=1, keepdims=True) / np.maximum(
        present.sum(axis=1, keepdims=True), 1
    )
    outlier = np.zeros_like(present)
    judged = np.zeros_like(present)
    for _ in range(int(threshold("spatial_iterations"))):
        used = (present & ~outlier).astype(np.float64)
        values = at_sea_level * used
        count = used @ near
        enough = count >= buddies.num_min
        n = np.maximum(count, 1)
        mean = (values @ near) / n
        variance = np.maximum((values * values) @ near / n - mean * mean, 0.0)
        deviation = np.maximum(np.sqrt(variance + variance / n), buddies.min_std)
        far = np.abs(at_sea_level - mean) / deviation > buddies.threshold
        judged |= present & enough
        outlier |= present & enough & far
    return outlier, judged


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
