"""The check `spatial`: compare each station with its neighbours (titanlib's buddy check).

titanlib (Norwegian Meteorological Institute) checks one field per call, and a load has tens of
thousands. This module computes the same check as matrix products over many snapshots. For each
station it takes the mean and the deviation of the stations within a radius, adjusted to its
height. A station that is more than an allowed number of deviations away is an outlier. The next
pass runs without the outliers. The tests compare the results with titanlib's.

One difference is deliberate. titanlib drops each outlier within a pass as soon as it is found, so
its result depends on the order of stations and, with threads, on chance. Here outliers are dropped
when the pass is complete.

Temperatures are compared at sea level. In short lists, whose neighbours are far away, the warmth of
the southern sea is also taken off (`southern_warmth`): in a cold outbreak Jeju is 5 °C warmer than
the mainland, and that is weather.

All limits are in `thresholds`, also those of stations with a tolerance of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.station_grid import (
    NO_VALUE,
    NOT_LISTED,
    STATIONS,
    Bools,
    Floats,
    Ints,
    Tenths,
    station_columns,
    station_positions,
    to_celsius,
)
from nalssi.quality.flags import all_findings, findings_at
from nalssi.quality.snapshot_grid import SnapshotGrid
from nalssi.quality.thresholds import THRESHOLDS, threshold
from schemas.vocabulary import FLAG_NOT_EVALUATED, FLAG_SUSPECT

TEST = "spatial"
EARTH_RADIUS_M = 6_371_000.0
SNAPSHOTS_AT_ONCE = 2_048  # The intermediate results fit into the processor's cache.


@dataclass(frozen=True)
class BuddyCheck:
    """The parameters of a buddy check: titanlib's, under titanlib's names, and two of our own.

    `radius` (m) and `max_elev_diff` (m) decide which stations are neighbours; at least `num_min` of
    them are needed. `threshold` is the allowed number of standard deviations, `min_std` (°C) the
    smallest standard deviation that is assumed. The two of our own are `southern_warmth` (°C per
    degree, see the function of this name) and `own_tolerances`: whether some stations have
    tolerances of their own (`thresholds`). They have them in short lists; in long lists, Gangneung
    and Busan have coastal neighbours.
    """

    radius: float
    num_min: int
    max_elev_diff: float
    threshold: float
    min_std: float
    southern_warmth: float
    own_tolerances: bool

    @classmethod
    def of(cls, density: str) -> BuddyCheck:
        """Return the parameters, from `thresholds`, for snapshots that are `dense` or `sparse`."""
        return cls(
            threshold(f"spatial_{density}_radius"),
            int(threshold(f"spatial_{density}_buddies")),
            threshold(f"spatial_{density}_elevation"),
            threshold(f"spatial_{density}_threshold"),
            threshold(f"spatial_{density}_min_deviation"),
            threshold(f"spatial_{density}_southern_warmth"),
            density == "sparse",
        )

    def station_tolerances(self) -> Floats:
        """Return how many standard deviations each station may be away from its neighbours."""
        tolerances: Floats = np.full(len(STATIONS), self.threshold)
        for known in THRESHOLDS.values() if self.own_tolerances else ():
            for station in known.stations:
                tolerances[station_columns()[station]] = known.value
        return tolerances


def spatial(grid: SnapshotGrid, rows: Bools | None = None) -> pl.DataFrame:
    """Return findings: outliers are suspect, readings without enough neighbours not evaluated.

    Outliers are never failed: frost hollows and föhn are real. Islands and mountain tops may have
    too few neighbours. The stations of a snapshot that is too short (`short_snapshot`) are not
    evaluated unless they are outliers. Snapshots of 40 stations or more are judged within a near
    radius, shorter ones within a wide radius. This is the only check that can confirm a reading:
    where it says "not evaluated" and no other check objects, the flag is 2.

    The findings are for the snapshots marked in `rows` (default: all).
    """
    wanted = np.arange(grid.height) if rows is None else np.flatnonzero(rows)
    # Threads help: numpy releases Python's global lock.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return all_findings(chain(*pool.map(partial(_judge, grid), _portions(grid, wanted))))


def _portions(grid: SnapshotGrid, rows: Ints) -> Iterator[Ints]:
    """Split grid rows into portions. The snapshots of a portion are all dense or all sparse.

    Snapshots with the same stations are in the same portion where possible, so that a portion has
    few stations.
    """
    dense = _is_dense(grid, rows)
    for some in (rows[dense], rows[~dense]):
        ordered = some[np.argsort(_station_sets(grid.tenths, some), kind="stable")]
        for start in range(0, ordered.size, SNAPSHOTS_AT_ONCE):
            yield ordered[start : start + SNAPSHOTS_AT_ONCE]


def _station_sets(tenths: Tenths, rows: Ints) -> npt.NDArray[np.bytes_]:
    """Return a sort key for each row, which is equal for snapshots that list the same stations."""
    bits = np.packbits(tenths[rows, : len(STATIONS)] > NOT_LISTED, axis=1)
    return bits.view(f"S{bits.shape[1]}").ravel()


def _is_dense(grid: SnapshotGrid, rows: Ints) -> Bools:
    counts = grid.snapshots["station_count"].to_numpy()[rows]
    dense: Bools = counts >= threshold("spatial_dense_stations")
    return dense


def _judge(grid: SnapshotGrid, rows: Ints) -> list[pl.DataFrame]:
    """Return two frames of findings for these grid rows: outliers, and stations not evaluated.

    The rows are all dense or all sparse.
    """
    check = BuddyCheck.of("dense" if _is_dense(grid, rows[:1]).all() else "sparse")
    tenths = grid.tenths[rows]
    columns = np.flatnonzero(tenths.max(axis=0) > NO_VALUE)
    temperatures = to_celsius(tenths[:, columns])
    outlier, judged = buddy_check(temperatures, check, columns)
    short = grid.snapshots["station_count"].to_numpy()[rows] < threshold("list_stations")
    judged[short] = False
    not_evaluated = ~judged & ~outlier & ~np.isnan(temperatures)
    return [
        findings_at(outlier, FLAG_SUSPECT, TEST, rows, columns),
        findings_at(not_evaluated, FLAG_NOT_EVALUATED, None, rows, columns),
    ]


def buddy_check(temperatures: Floats, check: BuddyCheck, columns: Ints) -> tuple[Bools, Bools]:
    """Return two masks: the temperatures that are outliers, and those that were checked.

    The masks and `temperatures` are snapshots by stations; a temperature is in °C, NaN if a station
    has none. `columns` are the grid columns of the stations. A value can be checked only if its
    station has enough neighbours with temperatures.
    """
    neighbours = neighbour_matrix(check.radius, check.max_elev_diff)[np.ix_(columns, columns)]
    tolerances = check.station_tolerances()[columns]
    heights = station_positions()["elevation_m"].to_numpy()[columns]
    gradient = threshold("spatial_elevation_gradient")
    present = ~np.isnan(temperatures)
    at_sea_level = np.where(present, temperatures - gradient * heights, 0.0)
    level = at_sea_level.sum(axis=1, keepdims=True) / np.maximum(
        present.sum(axis=1, keepdims=True), 1
    )
    # Deviations from the snapshot's mean are small numbers, whose squares lose no digits.
    at_sea_level -= level + southern_warmth(level, check.southern_warmth)[:, columns]
    outlier = np.zeros_like(present)
    judged = np.zeros_like(present)
    rows = np.arange(present.shape[0])
    for _ in range(int(threshold("spatial_iterations"))):
        used = present[rows] & ~outlier[rows]
        far, enough = _one_pass(at_sea_level[rows], used, neighbours, check, tolerances)
        judged[rows] |= present[rows] & enough
        far &= present[rows] & enough
        outlier[rows] |= far
        rows = rows[far.any(axis=1)]  # the other snapshots would give the same result again
    return outlier, judged


def southern_warmth(level: Floats, per_degree: float) -> Floats:
    """Return how much warmer (°C) each station is because it is in the south.

    At 0 °C or below, the warmth is `per_degree` for each degree of latitude south of the threshold
    `spatial_warmth_begins`. It decreases with `level`, and is 0 in hot weather. `level` are the
    mean temperatures of snapshots at sea level (a column). The result has a row for each snapshot
    and a column for each of STATIONS.
    """
    cold = 1 - np.clip(level / threshold("spatial_warmth_ends"), 0, 1)
    latitude = station_positions()["latitude"].to_numpy()
    degrees_south = np.maximum(threshold("spatial_warmth_begins") - latitude, 0)
    warmth: Floats = per_degree * cold * degrees_south
    return warmth


def _one_pass(
    values: Floats, used: Bools, neighbours: Floats, check: BuddyCheck, tolerances: Floats
) -> tuple[Bools, Bools]:
    """Make one pass of the buddy check over snapshots.

    `values` (°C) and `used` are snapshots by stations; only values marked in `used` count as
    neighbours. `neighbours` is stations by stations (1: neighbours). `tolerances` is the allowed
    number of standard deviations of each station.

    Returns two masks, snapshots by stations: the values that are too far from the mean of their
    neighbours, and the values with enough neighbours.
    """
    weight = used.astype(np.float64)
    weighted = values * weight
    count = weight @ neighbours
    n = np.maximum(count, 1)
    mean = (weighted @ neighbours) / n
    variance = np.maximum((weighted * weighted) @ neighbours / n - mean * mean, 0.0)
    deviation = np.maximum(np.sqrt(variance + variance / n), check.min_std)
    return np.abs(values - mean) / deviation > tolerances, count >= check.num_min


@cache
def neighbour_matrix(radius: float, max_elev_diff: float) -> Floats:
    """Return a matrix of stations by stations: 1 if two stations are neighbours, else 0.

    `radius` and `max_elev_diff` are in metres. Distances are straight lines, as in titanlib. Two
    station numbers of one position (a renumbered station) are not neighbours.
    """
    positions = station_positions()
    latitude = np.radians(positions["latitude"].to_numpy())
    longitude = np.radians(positions["longitude"].to_numpy())
    height = positions["elevation_m"].to_numpy()
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
