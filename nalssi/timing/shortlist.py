"""Shortlists: the few official hours that are nearest to each list of temperatures.

A search computes the distances of many lists from many hours. A list keeps its SHORTLIST nearest
hours. `nearest_hours` searches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nalssi.timing.official_hours import OfficialHours, Rows

Degrees = npt.NDArray[np.float32]
"""Temperatures or differences in °C."""

SHORTLIST = 8
"""The number of nearest hours that are kept for each list."""
GROUP = 32
"""The number of columns in a group of distances. `_smallest` first looks at the minimum of each
group."""


@dataclass(frozen=True)
class Shortlist:
    """The nearest hours of each list, nearest first. Arrays have the shape lists by SHORTLIST.

    - `rows`: rows of the official hours; of no meaning where `distance_c` is infinite.
    - `distance_c`: the distance in °C; infinite after the last hour of a list that could be
      compared with fewer hours.
    - `stations`: the number of stations that were compared.
    - `compared` (one per list): the number of hours with which the list could be compared.
    - `present` (one per list): the number of searched hours that have any official value.
    """

    rows: Rows
    distance_c: Degrees
    stations: npt.NDArray[np.int16]
    compared: npt.NDArray[np.int32]
    present: npt.NDArray[np.int32]

    def part(self, lists: slice | npt.NDArray[np.intp]) -> Shortlist:
        """Return the shortlists of some lists: `lists` are their rows."""
        return Shortlist(**{name: array[lists] for name, array in vars(self).items()})


def mean_distance(
    total: npt.NDArray[np.integer], stations: npt.NDArray[np.int16], min_stations: int
) -> Degrees:
    """Return the mean difference in °C; infinite if there are fewer than `min_stations` stations.

    `total` is the sum of differences in tenths of a degree; `stations` is how many were compared.
    """
    enough = stations >= min_stations
    mean = total.astype(np.float32) / (np.maximum(stations, 1).astype(np.float32) * 10)
    return np.where(enough, mean, np.float32(np.inf))


def shorten(
    rows: Rows, distance: Degrees, stations: npt.NDArray[np.int16], present: npt.NDArray[np.int32]
) -> Shortlist:
    """Return the SHORTLIST nearest hours of each list, nearest first, then earliest first.

    The arguments have the meaning of the fields of `Shortlist`. But `rows`, `distance` (in °C) and
    `stations` have a column for each hour that was compared, in any order.
    """
    compared = np.isfinite(distance).sum(axis=1, dtype=np.int32)
    if distance.shape[1] > SHORTLIST:
        rows, distance, stations = _take(_smallest(distance), rows, distance, stations)
    order = np.lexsort((rows, distance), axis=1)
    rows, distance, stations = _take(order, rows, distance, stations)
    return Shortlist(rows, distance, stations, compared, present)


def _smallest(distance: Degrees) -> npt.NDArray[np.intp]:
    """Return the indices of the SHORTLIST smallest distances of each row, in any order.

    A row is divided into groups. The smallest distances are in the SHORTLIST groups with the
    smallest minima. Computing the minima is fast. Partitioning whole rows would take most of the
    time of the search.
    """
    lists, width = distance.shape
    whole = width - width % GROUP
    if whole // GROUP <= SHORTLIST:
        return np.argpartition(distance, SHORTLIST - 1, axis=1)[:, :SHORTLIST]
    minima = distance[:, :whole].reshape(lists, -1, GROUP).min(axis=2)
    groups = np.argpartition(minima, SHORTLIST - 1, axis=1)[:, :SHORTLIST]
    inside = (groups[:, :, None] * GROUP + np.arange(GROUP)).reshape(lists, -1)
    rest = np.broadcast_to(np.arange(whole, width), (lists, width - whole))
    index = np.hstack([inside, rest])
    near = np.argpartition(np.take_along_axis(distance, index, axis=1), SHORTLIST - 1, axis=1)
    return np.take_along_axis(index, near[:, :SHORTLIST], axis=1)


def _take(
    order: npt.NDArray[np.intp], rows: Rows, distance: Degrees, stations: npt.NDArray[np.int16]
) -> tuple[Rows, Degrees, npt.NDArray[np.int16]]:
    return (
        np.take_along_axis(rows, order, axis=1),
        np.take_along_axis(distance, order, axis=1),
        np.take_along_axis(stations, order, axis=1),
    )


def merge(one: Shortlist, other: Shortlist, first_row: int) -> Shortlist:
    """Merge the shortlists of the same lists from two searches, and keep the nearest hours.

    Rows in `other` count from `first_row` of the official hours. Rows in `one` and in the result
    are rows of the official hours.
    """
    merged = shorten(
        np.hstack([one.rows, other.rows + np.int32(first_row)]),
        np.hstack([one.distance_c, other.distance_c]),
        np.hstack([one.stations, other.stations]),
        one.present + other.present,
    )
    return replace(merged, compared=one.compared + other.compared)


def no_hours(lists: int, official: OfficialHours) -> Shortlist:
    """Return shortlists without an hour for a number of lists: the state before a search.

    All `rows` are the row of `official` that has no values, all distances are infinite.
    """
    shape = (lists, SHORTLIST)
    return Shortlist(
        np.full(shape, official.missing, dtype=np.int32),
        np.full(shape, np.inf, dtype=np.float32),
        np.zeros(shape, dtype=np.int16),
        np.zeros(lists, dtype=np.int32),
        np.zeros(lists, dtype=np.int32),
    )


def stack(parts: list[Shortlist]) -> Shortlist:
    """Join the shortlists of different lists to one, in the order of `parts`."""
    return Shortlist(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.distance_c for part in parts]),
        np.concatenate([part.stations for part in parts]),
        np.concatenate([part.compared for part in parts]),
        np.concatenate([part.present for part in parts]),
    )
