"""The regions chart: the temperatures of a snapshot, by region from north to south.

The axis reaches from the lowest to the highest temperature of the snapshot, in steps of 5 °C, and
is at least 15 °C long. On an axis for all possible temperatures, the stations of a day would lie on
top of one another. `region_rows` draws the rows of this chart and of the change chart.
"""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from nalssi.charts import chart_texts, layout
from nalssi.charts.headlines import regions_headline
from nalssi.charts.region_row import RegionValues
from nalssi.charts.region_rows import draw_region_rows
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.charts.value_axis import temperature_limits
from nalssi.locale.locales import LOCALES, Lang, chart_degrees


def figure(snapshot: SnapshotData, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the temperatures of a snapshot by region.

    `regions` is the reference table, from north to south. Raises ValueError for a snapshot
    without readings.
    """
    if snapshot.readings.is_empty():
        raise ValueError(f"snapshot {snapshot.snapshot_id} has no reading to draw")
    locale = LOCALES[lang]
    temperatures = snapshot.readings["temperature_c"].to_list()
    scale = layout.scale_in_force(temperatures)
    values = RegionValues(
        regions_headline(locale, snapshot.readings.to_dicts(), regions.to_dicts()),
        (chart_texts.day_and_clock(locale, snapshot), chart_texts.station_counts(locale, snapshot)),
        locale.charts.regions_legend,
        temperature_limits(temperatures),
        scale.color,
        chart_degrees,
    )
    note = chart_texts.scale_text(locale, scale)
    return draw_region_rows(snapshot.readings, regions, locale, values, note)
