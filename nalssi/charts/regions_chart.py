"""The regions chart: the temperatures of a snapshot, by region from north to south.

The axis is limited to the temperatures of the snapshot, in steps of 5 °C and at least 15 °C long:
on an axis for all temperatures, a day's stations would lie on top of one another.
`region_rows` draws the rows of this chart and of the change chart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import color_scale, layout
from nalssi.charts.region_rows import RegionValues, draw_region_rows
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.locale.locales import LOCALES, Lang, chart_degrees

SHORTEST_AXIS_C: Final = 15


def figure(snapshot: SnapshotData, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the temperatures of a snapshot by region.

    `regions` is the reference table, from north to south. Raises ValueError for a snapshot
    without readings.
    """
    if snapshot.readings.is_empty():
        raise ValueError(f"snapshot {snapshot.snapshot_id} has no reading to draw")
    locale = LOCALES[lang]
    values = RegionValues(
        locale.charts.regions_title,
        (layout.day_and_clock(locale, snapshot), layout.station_counts(locale, snapshot)),
        locale.charts.regions_legend,
        axis_limits(snapshot.readings["temperature_c"].to_list()),
        color_scale.temperature_color,
        chart_degrees,
    )
    return draw_region_rows(snapshot.readings, regions, locale, values)


def axis_limits(temperatures: Sequence[float]) -> tuple[int, int]:
    """Return the ends of the axis in °C: multiples of 5 around the temperatures."""
    step = color_scale.STEP_C
    low = math.floor(min(temperatures) / step) * step
    high = math.ceil(max(temperatures) / step) * step
    while high - low < SHORTEST_AXIS_C:
        room_below, room_above = min(temperatures) - low, high - max(temperatures)
        if room_below <= room_above:
            low -= step
        else:
            high += step
    return low, high
