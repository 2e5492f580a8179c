"""The ends of the axes of temperatures and of changes, in charts and in pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from nalssi.charts.color_scale import STEP_C

SHORTEST_AXIS_C: Final = 15
SHORTEST_HALF_AXIS_C: Final = 10
"""An axis of changes reaches at least this number of °C below zero and above zero."""


def temperature_limits(temperatures: Sequence[float]) -> tuple[int, int]:
    """Return the ends of an axis in °C: multiples of 5 around the temperatures.

    The axis is at least SHORTEST_AXIS_C long.
    """
    low = math.floor(min(temperatures) / STEP_C) * STEP_C
    high = math.ceil(max(temperatures) / STEP_C) * STEP_C
    while high - low < SHORTEST_AXIS_C:
        room_below, room_above = min(temperatures) - low, high - max(temperatures)
        if room_below <= room_above:
            low -= STEP_C
        else:
            high += STEP_C
    return low, high


def change_limits(changes: Iterable[float]) -> tuple[int, int]:
    """Return the ends of an axis of changes in °C: multiples of 5, equally far from zero.

    Each is at least SHORTEST_HALF_AXIS_C from zero.
    """
    largest = max([SHORTEST_HALF_AXIS_C, *map(abs, changes)])
    limit = math.ceil(largest / STEP_C) * STEP_C
    return -limit, limit
