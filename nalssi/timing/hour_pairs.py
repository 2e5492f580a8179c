"""Pair lists with the official hours nearest to them, station by station.

`hour_likelihood` and `equal_hours` decide from these pairs which hour a list shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nalssi.common.station_grid import Tenths, has_value
from nalssi.timing.official_hours import OfficialHours
from nalssi.timing.shortlist import Shortlist

Flags = npt.NDArray[np.bool_]
"""True or False for each element, of any shape."""
Degrees = npt.NDArray[np.float64]
"""Temperatures, differences or statistics of them in °C, or numbers such as odds."""


@dataclass(frozen=True)
class Fit:
    """How well each list fits its nearest hour. Every array has one value per list.

    - `row`: the row of the nearest hour in the official hours; no hour if `distance_c` is NaN.
    - `distance_c`: the distance of the list from this hour, in °C; NaN if the list could not be
      compared with any hour.
    - `stations`: the number of stations that were compared.
    - `margin_c`: the distance of the second nearest hour minus `distance_c`; NaN if there is none.
    - `good`: True if the list fits the hour; `unambiguous`: True if no other hour is likely. The
      module `hour_likelihood` defines both.
    - `exact`: True if list and hour are equal at so many stations that it cannot be chance.
    - `equal`: True if list and hour are equal at every common station.
    """

    row: npt.NDArray[np.int32]
    distance_c: Degrees
    margin_c: Degrees
    stations: npt.NDArray[np.int16]
    good: Flags
    unambiguous: Flags
    exact: Flags
    equal: Flags


@dataclass(frozen=True)
class Pairs:
    """Lists, their shortlisted hours, and the differences between the two at each station.

    - `printed` (lists by stations): the lists' temperatures.
    - `columns`: the grid columns of the stations; stations that no list has are omitted.
    - `rows` (lists by hours): rows of the official hours.
    - `common` (lists by hours by stations): True if list and hour both have a temperature.
    - `difference` (same shape): the absolute difference in tenths of a degree; 0 if not `common`.
    - `comparable` (lists by hours): False where a list has fewer hours than the array has columns.
    - `compared` (lists): the number of hours with which the list could be compared.
    """

    printed: Tenths
    columns: npt.NDArray[np.intp]
    rows: npt.NDArray[np.int32]
    common: Flags
    difference: Tenths
    comparable: Flags
    compared: npt.NDArray[np.int32]

    def part(self, lists: npt.NDArray[np.intp]) -> Pairs:
        """Return the pairs of some lists: `lists` are their rows."""
        chosen = {name: array[lists] for name, array in vars(self).items() if name != "columns"}
        return Pairs(columns=self.columns, **chosen)


def pair_lists_with_hours(lists: Tenths, near: Shortlist, official: OfficialHours) -> Pairs:
    """Pair each list of the station grid `lists` with its hours in the shortlist `near`."""
    columns = np.flatnonzero(has_value(lists).any(axis=0))
    printed = lists[:, columns]
    values = official.tenths[near.rows[:, :, None], columns]
    common = has_value(printed)[:, None] & has_value(values)
    difference = np.abs(printed[:, None] - values) * common
    comparable = np.isfinite(near.distance_c)
    return Pairs(printed, columns, near.rows, common, difference, comparable, near.compared)
