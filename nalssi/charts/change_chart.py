"""The change: every station against a snapshot of an earlier day, by region.

Laid out like the regional chart, with differences instead of temperatures, and in colours of
their own: red is warmer than before, blue colder. The days of both snapshots stand on it, and
their hours where they are known, for the other may be a day or a month older (`earlier` says
which it is). Only stations in both are compared.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import color_scale
from nalssi.charts import regions_chart as regional
from nalssi.charts.snapshot_data import Sheet
from nalssi.locale.locales import LOCALES, Lang, counted

NARROWEST_C: Final = 10


def compared(sheet: Sheet, before: Sheet) -> pl.DataFrame:
    """The readings of stations in both, `temperature_c` being the change in °C."""
    earlier = before.readings.select("station_id", before_c="temperature_c")
    change = (pl.col("temperature_c") - pl.col("before_c")).round(1)
    return sheet.readings.join(earlier, on="station_id").with_columns(temperature_c=change)


def change_text(change_c: float) -> str:
    """A change with its sign and one decimal; no sign for none."""
    rounded = round(change_c, 1) + 0.0
    return f"{rounded:+.1f}" if rounded else "0.0"


def figure(sheet: Sheet, before: Sheet, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw how much warmer or colder it is than in a snapshot of an earlier day.

    Raises ValueError if the two have no station in common.
    """
    readings = compared(sheet, before)
    if readings.is_empty():
        raise ValueError(f"{sheet.snapshot_id} and {before.snapshot_id} share no station")
    locale = LOCALES[lang]
    farthest = max(NARROWEST_C, *(abs(value) for value in readings["temperature_c"]))
    limit = math.ceil(farthest / color_scale.STEP_C) * color_scale.STEP_C
    days = locale.charts.change_dates.format(
        this=locale.moment(sheet.observed_on, sheet.observed_at),
        before=locale.moment(before.observed_on, before.observed_at),
    )
    look = regional.Look(
        locale.charts.change_title,
        (days, counted(locale.charts.change_count, readings.height)),
        locale.charts.change_legend,
        (-limit, limit),
        color_scale.change_colour,
        change_text,
    )
    return regional.draw(readings, regions, locale, look, note=None)
