"""Arrange the labels of a region's stations in lanes, so that no label covers another.

A lane is a line of labels along the temperature axis. The region charts draw one or more lanes
for a region.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

POINT_DIAMETER: Final = 0.095  # inches
LABEL_GAP: Final = 0.04  # inches between a point and its label
STATION_GAP: Final = 0.06  # inches between two stations of a lane

RIGHT: Final = 1  # the side of its point on which a label stands
LEFT: Final = -1
Extent = tuple[float, float]
"""The left and right end of a point with its label, in inches from the left end of the axis."""


@dataclass(frozen=True)
class StationLabel:
    """The label of a station: its text, its lane (0 is the first) and its side (RIGHT or LEFT)."""

    station_id: int
    temperature_c: float
    text: str
    lane: int
    side: int


def assign_lanes(
    stations: Sequence[tuple[int, str, float]],
    limits: tuple[int, int],
    width: float,
    text_width: Callable[[str], float],
) -> tuple[StationLabel, ...]:
    """Return a label with its lane and its side for every station (id, text, °C).

    `limits` are the ends of the axis in °C, `width` is its length in inches, and `text_width`
    returns the width of a label in inches. Each lane in turn takes as many of the remaining
    stations as possible, so that few lanes are needed. Labels are sorted by lane.
    """
    low, high = limits
    inches_per_c = width / (high - low)
    extents: dict[tuple[int, int], Extent] = {}
    for station_id, text, temperature in stations:
        at = (temperature - low) * inches_per_c
        reach = POINT_DIAMETER / 2 + LABEL_GAP + text_width(text)
        right, left = (at - POINT_DIAMETER / 2, at + reach), (at - reach, at + POINT_DIAMETER / 2)
        if right[1] <= width or left[0] < 0:
            extents[station_id, RIGHT] = right
        if left[0] >= 0:
            extents[station_id, LEFT] = left
    remaining = {station_id: (text, temperature) for station_id, text, temperature in stations}
    labels: list[StationLabel] = []
    lane = 0
    while remaining:
        chosen = _fill_lane({key: ends for key, ends in extents.items() if key[0] in remaining})
        for station_id, side in _prefer_right(chosen, extents):
            text, temperature = remaining.pop(station_id)
            labels.append(StationLabel(station_id, temperature, text, lane, side))
        lane += 1
    return tuple(labels)


def _fill_lane(extents: Mapping[tuple[int, int], Extent]) -> list[tuple[int, int]]:
    """Choose as many labels as fit in one lane. Return (station id, side) from left to right.

    `extents` has the left and right end of each label with its point, by station id and side. The
    label whose right end is leftmost is taken first. This gives the most labels: it is the interval
    scheduling problem.
    """
    chosen: list[tuple[int, int]] = []
    used_until = -math.inf
    for (station_id, side), (start, end) in sorted(
        extents.items(), key=lambda item: (item[1][1], item[0])
    ):
        is_chosen = any(station_id == other for other, _ in chosen)
        if not is_chosen and start >= used_until + STATION_GAP:
            chosen.append((station_id, side))
            used_until = end
    return chosen


def _prefer_right(
    chosen: Sequence[tuple[int, int]], extents: Mapping[tuple[int, int], Extent]
) -> list[tuple[int, int]]:
    """Return the labels of a lane, moved to the right of their points where the lane has room.

    Labels on the right are easiest to read. `chosen` are the labels as (station id, side) from left
    to right; the result has the same form. `extents` has the left and right end of each label with
    its point, by station id and side.
    """
    moved: list[tuple[int, int]] = []
    free_until = math.inf
    for station_id, side in reversed(chosen):
        right = extents.get((station_id, RIGHT))
        fits = right is not None and right[1] + STATION_GAP <= free_until
        moved.append((station_id, RIGHT if fits else side))
        free_until = extents[moved[-1]][0]
    return moved[::-1]
