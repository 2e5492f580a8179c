"""The day chart: the temperatures of a day's stations by time, in a panel for each region.

A line joins the observations of a station. A round point stands at a known hour of observation. A
diamond stands at the capture time, because the hour is unknown. A line between points that are far
apart is dotted: nobody saw the temperature between them.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import color_scale, headlines, layout, theme
from nalssi.charts.legend import LINE, Mark, draw_legend, legend_lines
from nalssi.charts.value_axis import temperature_limits
from nalssi.common.korea_time import KST
from nalssi.locale.korean_particles import with_particles
from nalssi.locale.locales import LOCALES, Lang, Locale

# Lengths are in inches.
COLUMNS: Final = 2
PANEL: Final = (3.15, 1.3)
PANEL_GAP: Final = (0.6, 0.55)
LEFT: Final = 0.75
NARROW_PANEL: Final = (1.78, 1.2)  # on a narrow page, as the next ones
NARROW_GAP: Final = (0.44, 0.55)
NARROW_LEFT: Final = 0.5
BELOW_HEAD: Final = 0.5
TALL_PANEL: Final = 4.0
"""The height in inches of the only panel of a chart of one region. Its stations have labels."""
LABELS_WIDTH: Final = 1.0
LABEL_LINE: Final = 0.14
LONG_HOURS: Final = 3
"""Points that are more than this number of hours apart are joined by a dotted line."""
HOURS: Final = 24
MOST_LABELS: Final = 20
POINT: Final = 4.2  # points
SMALL_POINT: Final = 2.8
FEW_POINTS: Final = 60
"""If a panel has at most this number of points, they are large (POINT). More points are small."""
DIAMOND: Final = 0.9
"""The size of a diamond as a share of the size of a circle."""
CAPTURE: Final = "capture"


def figure(hours: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the chart of one day.

    `hours` are the rows of that day of `hour_data.day_hours`, `regions` is the reference table.
    Raises ValueError if all observations have the same clock time.
    """
    if hours["clock_at"].n_unique() < 2:
        raise ValueError("the day does not have two lists of different times")
    locale = LOCALES[lang]
    panels = regions.filter(pl.col("region_id").is_in(hours["region_id"].unique().implode()))
    columns = COLUMNS if panels.height > 1 else 1
    form = theme.page()
    start, panel, gap = LEFT, PANEL, PANEL_GAP
    if form.is_narrow:
        start, panel, gap = NARROW_LEFT, NARROW_PANEL, NARROW_GAP
    width, height = panel
    if columns == 1:
        width, height = form.right - start - LABELS_WIDTH, TALL_PANEL
    legend = legend_lines(_legend(locale, hours))
    title, lines = day_headline(locale, hours), _lines(locale, hours)
    head = layout.head_height(title, lines)
    top = head + BELOW_HEAD + LINE * (len(legend) - 1)
    rows = -(-panels.height // columns)
    foot = layout.foot_height(locale)
    page = theme.new_figure(form.width, top + rows * (height + gap[1]) + foot - 0.1)
    layout.draw_frame(page, locale, title, lines)
    limits = temperature_limits(hours["temperature_c"].to_list())
    for number, (region_id, name) in enumerate(
        panels.select("region_id", locale.name_column).iter_rows()
    ):
        row, column = divmod(number, columns)
        left = start + column * (width + gap[0])
        panel_top = top + row * (height + gap[1])
        layout.write(page, left, panel_top - 0.08, name, size=theme.BODY, weight=theme.BOLD)
        axes = layout.add_axes(page, left, panel_top, width, height)
        stations = hours.filter(region_id=region_id)
        _draw_panel(axes, stations, limits, locale)
        if columns == 1 and stations["station_id"].n_unique() <= MOST_LABELS:
            _label_stations(axes, stations, limits, height, locale)
    draw_legend(page, legend, head + 0.12)
    return page


def hour_of(clock_at: datetime) -> float:
    """Return the hour of the day (KST) of an instant. Minutes are a fraction: 8.25 for 08:15."""
    korean = clock_at.astimezone(KST)
    return korean.hour + korean.minute / 60


def day_headline(locale: Locale, hours: pl.DataFrame) -> str:
    """Return a sentence that names the stations with the widest temperature range of the day.

    `hours` are the rows of the day in `hour_data.day_hours`. If several stations have ranges of
    this width with different ends, only the first one is named. If no temperature has changed, the
    sentence says so.
    """
    ranges = hours.group_by("station_id", "name_ko", "name_en", maintain_order=True).agg(
        low=pl.col("temperature_c").min(), high=pl.col("temperature_c").max()
    )
    rows = [row | {"range": round(row["high"] - row["low"], 1)} for row in ranges.to_dicts()]
    widest = max(row["range"] for row in rows)
    times = hours["clock_at"].n_unique()
    if widest == 0:
        return with_particles(locale.times.day_headline_unchanged.format(times=times))
    chosen = [row for row in rows if row["range"] == widest]
    same = {(row["low"], row["high"]) for row in chosen}
    chosen = chosen if len(same) == 1 else chosen[:1]
    text = locale.times.day_headline.format(
        places=headlines.names_together(locale, [locale.name(row) for row in chosen]),
        low=headlines.number(chosen[0]["low"]),
        high=headlines.number(chosen[0]["high"]),
    )
    return with_particles(text)


def _lines(locale: Locale, hours: pl.DataFrame) -> tuple[str, str]:
    count = hours["clock_at"].n_unique()
    counts = locale.times.day_times[count != 1].format(
        count=count, stations=hours["station_id"].n_unique()
    )
    return locale.day(hours["observed_on"][0]), counts


def _legend(locale: Locale, hours: pl.DataFrame) -> list[tuple[Mark, str]]:
    def point(marker: str) -> Mark:
        def draw(axes: Axes, left: float, right: float) -> None:
            _draw_points(axes, [(left + right) / 2], [0.0], [14.0], marker)

        return draw

    def line(style: Any) -> Mark:
        def draw(axes: Axes, left: float, right: float) -> None:
            axes.plot((left, right), (0, 0), color=theme.SOFT_INK, lw=0.9, ls=style)

        return draw

    is_captured = hours["clock_source"] == CAPTURE
    gaps = _gaps(hours)
    items: list[tuple[Mark, str]] = []
    if not is_captured.all():
        items.append((point("o"), locale.times.day_known))
    if is_captured.any():
        items.append((point("D"), locale.times.day_captured))
    if any(gap <= LONG_HOURS for gap in gaps):
        items.append((line("-"), locale.times.day_line))
    if any(gap > LONG_HOURS for gap in gaps):
        items.append((line(":"), locale.times.day_long_line.format(hours=LONG_HOURS)))
    return items


def _gaps(hours: pl.DataFrame) -> list[float]:
    """Return the gaps in hours between consecutive observations of a station, for all stations.

    `hours` are rows of `hour_data.day_hours`, sorted by station and time.
    """
    return [
        hour_of(after) - hour_of(before)
        for station in hours.partition_by("station_id", maintain_order=True)
        for before, after in pairwise(station["clock_at"])
    ]


def _draw_panel(axes: Axes, hours: pl.DataFrame, limits: tuple[int, int], locale: Locale) -> None:
    low, high = limits
    axes.set_xlim(0, HOURS)
    clock = range(0, HOURS + 1, 6)
    axes.set_xticks(clock, [locale.times.hour.format(hour=hour) for hour in clock])
    layout.draw_value_axis(axes, limits, 5 if high - low <= 25 else 10)
    axes.tick_params(axis="x", pad=5)
    for station in hours.partition_by("station_id", maintain_order=True):
        times = [hour_of(clock_at) for clock_at in station["clock_at"]]
        values = station["temperature_c"].to_list()
        for index, (before, after) in enumerate(pairwise(times)):
            style = "-" if after - before <= LONG_HOURS else ":"
            axes.plot((before, after), values[index : index + 2], color=theme.SOFT_INK, lw=0.7,
                      ls=style, zorder=2)  # fmt: skip
    for is_captured, marker in ((False, "o"), (True, "D")):
        own = hours.filter((pl.col("clock_source") == CAPTURE) == is_captured)
        times = [hour_of(clock_at) for clock_at in own["clock_at"]]
        size = POINT if hours.height <= FEW_POINTS else SMALL_POINT
        _draw_points(axes, times, own["temperature_c"].to_list(), None, marker, size)


def _draw_points(
    axes: Axes,
    times: list[float],
    values: list[float],
    colors: Any,
    marker: str,
    size: float = POINT,
) -> None:
    """Draw points at `times` (hours since midnight) and `values` (°C).

    `colors` are the temperatures (°C) whose colors the points get; None: the `values` themselves.
    `marker` is `o` for a known hour and `D` for a capture time. `size` is a diameter in points.
    """
    of = values if colors is None else colors
    size *= 1.0 if marker == "o" else DIAMOND
    axes.scatter(times, values, s=size**2, marker=marker, clip_on=False, zorder=4,
                 c=color_scale.temperature_color(of), edgecolors=theme.INK, linewidths=size / 8,
                 gid="known" if marker == "o" else "captured")  # fmt: skip


def _label_stations(
    axes: Axes, hours: pl.DataFrame, limits: tuple[int, int], height: float, locale: Locale
) -> None:
    """Write the names of stations on the right, at the heights of their last temperatures.

    `hours` are rows of `hour_data.day_hours`, `limits` are the ends of the y-axis in °C, and
    `height` is the height of the axes in inches. Names that would overlap are moved apart; a thin
    line joins each name to its last point.
    """
    lasts = [station.row(-1, named=True)
             for station in hours.partition_by("station_id", maintain_order=True)]  # fmt: skip
    lasts.sort(key=lambda row: row["temperature_c"])
    per_inch = (limits[1] - limits[0]) / height
    positions = np.array([row["temperature_c"] for row in lasts], dtype=float)
    least = LABEL_LINE * per_inch
    for _ in range(200):
        moved = False
        for index, (below, above) in enumerate(pairwise(positions.tolist())):
            if above - below < least - 1e-9:
                middle = (positions[index] + positions[index + 1]) / 2
                positions[index], positions[index + 1] = middle - least / 2, middle + least / 2
                moved = True
        if not moved:
            break
    for row, y in zip(lasts, positions, strict=True):
        x = hour_of(row["clock_at"])
        axes.plot((x, HOURS + 0.3), (row["temperature_c"], y), color=theme.RULE, lw=0.6,
                  zorder=1.2, clip_on=False)  # fmt: skip
        axes.text(HOURS + 0.4, y, locale.name(row), va="center", clip_on=False,
                  gid=f"station-{row['station_id']}")  # fmt: skip
