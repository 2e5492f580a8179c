"""The change chart: the change of temperature since the same hour of an earlier day, by region.

Only stations of both snapshots are compared. Red is warmer than before, blue is colder. The title
says how many days older the other snapshot is (`previous_snapshot` selects it), and a line below it
names the times of both.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import color_scale
from nalssi.charts.previous_snapshot import change_title
from nalssi.charts.region_rows import RegionValues, draw_region_rows
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.locale.locales import LOCALES, Lang, counted

SHORTEST_HALF_AXIS_C: Final = 10


def figure(
    snapshot: SnapshotData, previous: SnapshotData, regions: pl.DataFrame, lang: Lang
) -> Figure:
    """Draw the changes of temperature from `previous` to `snapshot`.

    Raises ValueError if the snapshots are not of the same hour of different days, or have no
    station in common.
    """
    changes = changes_since(snapshot, previous)
    if changes.is_empty():
        raise ValueError(f"{snapshot.snapshot_id} and {previous.snapshot_id} share no station")
    locale = LOCALES[lang]
    largest = max(SHORTEST_HALF_AXIS_C, *(abs(value) for value in changes["temperature_c"]))
    limit = math.ceil(largest / color_scale.STEP_C) * color_scale.STEP_C
    times = locale.charts.change_dates.format(
        this=locale.moment(snapshot.time), before=locale.moment(previous.time)
    )
    values = RegionValues(
        change_title(locale, snapshot.time, previous.time),
        (times, counted(locale.charts.change_count, changes.height)),
        locale.charts.change_legend,
        (-limit, limit),
        color_scale.change_color,
        signed_change,
    )
    return draw_region_rows(changes, regions, locale, values, note=None)


def changes_since(snapshot: SnapshotData, previous: SnapshotData) -> pl.DataFrame:
    """Return the readings of stations in both snapshots, with the change as `temperature_c`."""
    earlier = previous.readings.select("station_id", previous_c="temperature_c")
    change = (pl.col("temperature_c") - pl.col("previous_c")).round(1)
    return snapshot.readings.join(earlier, on="station_id").with_columns(temperature_c=change)


def signed_change(change_c: float) -> str:
    """Format a change with its sign and one decimal. Zero has no sign."""
    rounded = round(change_c, 1) + 0.0
    return f"{rounded:+.1f}" if rounded else "0.0"
