"""The change chart: the change of temperature since the same hour of an earlier day, by region.

Only stations of both snapshots are compared. Red is warmer than before, blue is colder. The title
says which station changed most and how many days older the other snapshot is (`previous_snapshot`
selects it). A line below the title names the times of both snapshots.
"""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import color_scale
from nalssi.charts.headlines import change_headline
from nalssi.charts.region_row import RegionValues
from nalssi.charts.region_rows import draw_region_rows
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.charts.value_axis import change_limits
from nalssi.locale.locales import LOCALES, Lang, Locale, counted


def figure(
    snapshot: SnapshotData, previous: SnapshotData, regions: pl.DataFrame, lang: Lang
) -> Figure:
    """Draw the changes of temperature from `previous` to `snapshot`.

    `regions` is the reference table of the regions. Raises ValueError if the snapshots cannot be
    compared (`days_between`), or have no station in common.
    """
    changes = changes_since(snapshot, previous)
    if changes.is_empty():
        raise ValueError(f"{snapshot.snapshot_id} and {previous.snapshot_id} share no station")
    locale = LOCALES[lang]
    times = locale.charts.change_dates.format(
        this=locale.moment(snapshot.time), before=locale.moment(previous.time)
    )
    named = changes.select(locale.name_column, "temperature_c")
    values = RegionValues(
        change_headline(locale, named.rows(), snapshot.time, previous.time),
        (times, _counts(locale, changes["temperature_c"])),
        locale.charts.change_legend,
        change_limits(changes["temperature_c"]),
        color_scale.change_color,
        signed_change,
    )
    return draw_region_rows(changes, regions, locale, values, note=None)


def _counts(locale: Locale, changes: pl.Series) -> str:
    """Return a text with the number of compared stations, and of warmer, colder and unchanged ones.

    `changes` has the change of each compared station in °C.
    """
    counts = locale.charts.change_counts.format(
        warmer=(changes > 0).sum(), colder=(changes < 0).sum(), same=(changes == 0).sum()
    )
    return f"{counted(locale.charts.change_count, changes.len())} · {counts}"


def changes_since(snapshot: SnapshotData, previous: SnapshotData) -> pl.DataFrame:
    """Return the readings of the stations that both snapshots have, with the change of temperature.

    The rows are those of `snapshot.readings`. But `temperature_c` is the change in °C since
    `previous`, and the added column `previous_c` is the earlier temperature.
    """
    earlier = previous.readings.select("station_id", previous_c="temperature_c")
    change = (pl.col("temperature_c") - pl.col("previous_c")).round(1)
    return snapshot.readings.join(earlier, on="station_id").with_columns(temperature_c=change)


def signed_change(change_c: float) -> str:
    """Format a change in °C with its sign and one decimal, such as `+2.0`. Zero is `0.0`."""
    rounded = round(change_c, 1) + 0.0
    return f"{rounded:+.1f}" if rounded else "0.0"
