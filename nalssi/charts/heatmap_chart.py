"""The heatmap chart: the mean of every station by day, by region from north to south.

A cell is the mean temperature of a station on a day. A black strip above the cells marks the days
that are representative for all their stations; all other means are means of a few lists only.
Missing values are hatched; days on which no station has data are blank. With many stations, rows
are thinner than letters, so names alternate between the left and the right side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nalssi.charts import color_scale, layout, period_data, theme
from nalssi.charts.day_axis import DayAxis
from nalssi.charts.day_axis_drawing import LABELS_HEIGHT, LEAST_MARK, draw_day_axis, new_axis
from nalssi.charts.region_row import wrap_name
from nalssi.locale.locales import LOCALES, Lang, Locale

LINE: Final = 0.165  # inches: height of a name
MANY_STATIONS: Final = 48  # from this number on, names alternate
HEADING: Final = 0.22  # of the name of a region above its rows, on a narrow page
LEAST_HEIGHT: Final = 0.9  # of all rows: the words of a break stand upright
REGION_GAP: Final = 0.07
STATION_NAME_WIDTHS: Final = {"ko": 0.62, "en": 1.05}  # inches
REGION_NAME_WIDTH: Final = 1.25
HATCH: Final = "#c4c4c0"
BELOW_HEAD: Final = 0.45
SCALE: Final = 0.4  # the height of the color scale below the head of a narrow page
TOUCHING: Final = 1e-6  # columns that are nearer touch
STRIP: Final = 0.06  # above the first row


@dataclass(frozen=True)
class RegionBlock:
    """The rows of a region's stations, each with id and name.

    `top` is in inches below the first row of the chart, `row_height` in inches.
    """

    heading: tuple[str, ...]
    """The lines of the region's name. It stands above the rows on a narrow page, to the left of
    them on a wide page."""
    stations: tuple[tuple[int, str], ...]
    top: float
    row_height: float

    @property
    def height(self) -> float:
        """The sum of the heights of the region's rows, in inches."""
        return self.row_height * len(self.stations)


def _blocks(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> list[RegionBlock]:
    name = LOCALES[lang].name_column
    stations = daily.select("region_id", "station_id", name).unique(maintain_order=True)
    row = LINE if stations.height < MANY_STATIONS else LINE / 2
    row = max(row, LEAST_HEIGHT / stations.height)
    blocks: list[RegionBlock] = []
    is_narrow = theme.page().is_narrow
    top = 0.0
    for region_id, region in regions.select("region_id", name).iter_rows():
        region_stations = stations.filter(region_id=region_id).drop("region_id")
        if region_stations.is_empty():
            continue
        heading: tuple[str, ...] = (region,)
        if is_narrow:
            top += HEADING
        else:
            heading = wrap_name(region, REGION_NAME_WIDTH - 0.1, theme.SMALL)
        block = RegionBlock(heading, tuple(region_stations.iter_rows()), top, row)
        blocks.append(block)
        beside = 0 if is_narrow else LINE * len(heading)
        top += max(block.height, beside) + REGION_GAP
    return blocks


def figure(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw the means of stations by day from the result of `period_data.station_days`.

    `regions` is the reference table. Raises ValueError if the frame is empty.
    """
    if daily.is_empty():
        raise ValueError("no day has a reading to draw")
    locale = LOCALES[lang]
    blocks = _blocks(daily, regions, lang)
    alternating = blocks[0].row_height < LINE
    last = blocks[-1]
    form = theme.page()
    height = last.top + max(last.height, 0 if form.is_narrow else LINE * len(last.heading))
    days = daily["observed_on"].unique().sort().to_list()
    lines = (locale.period(days), locale.charts.heatmap_legend, _cell_legend(locale, daily))
    title = locale.charts.heatmap_title
    head = layout.head_height(title, lines)
    top = head + (SCALE + STRIP if form.is_narrow else BELOW_HEAD)
    page = theme.new_figure(form.width, top + height + LABELS_HEIGHT + layout.foot_height(locale))
    layout.draw_frame(page, locale, title, lines)
    if form.is_narrow:
        layout.draw_color_scale(page, form.margin + 0.1, head - 0.1, form.room - 0.2)
    else:
        layout.draw_color_scale(page, form.right - 2.4, 0.68, 2.4)
    name_width = STATION_NAME_WIDTHS[locale.names]
    left = form.margin + name_width + (0 if form.is_narrow else REGION_NAME_WIDTH)
    right = form.right - (name_width if alternating else 0)
    axis = new_axis(days, right - left)
    axes = layout.add_axes(page, left, top, right - left, height)
    axes.set(xlim=(0, axis.width), ylim=(height, 0))
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    cells = {
        (station_id, when): temperature
        for station_id, when, temperature in daily.select(
            "station_id", "observed_on", "mean_c"
        ).iter_rows()
    }
    for block in blocks:
        _draw_block(axes, block, axis, cells)
        middle = top + block.top + LINE * (-0.6 if form.is_narrow else 0.75)
        for number, line in enumerate(block.heading):
            layout.write(page, form.margin, middle + number * LINE, line, weight=theme.BOLD)
        for number, (_, name) in enumerate(block.stations):
            y = top + block.top + (number + 0.5) * block.row_height + 0.045
            if alternating and number % 2:
                layout.write(page, right + 0.06, y, name)
            else:
                layout.write(page, left - 0.06, y, name, align="right")
    draw_day_axis(axes, axis, locale, height)
    _mark_representative_days(axes, axis, daily)
    return page


def _cell_legend(locale: Locale, daily: pl.DataFrame) -> str:
    """Return a text that says whether the cells are daily means, means of lists or both."""
    basis = period_data.mean_basis(daily)
    if not basis.lists:
        return locale.charts.heatmap_cells.format(mean=locale.charts.daily_mean)
    text = locale.charts.heatmap_cells.format(mean=locale.mean_of_lists(basis.lists))
    return f"{text}, {locale.charts.heatmap_strip}" if basis.daily else text


def _mark_representative_days(axes: Axes, axis: DayAxis, daily: pl.DataFrame) -> None:
    """Draw a strip above the days of the axis that are representative for all their stations.

    `daily` is the result of `period_data.station_days`.
    """
    days = daily.group_by("observed_on").agg(pl.col("representative").all())
    representative = set(days.filter("representative")["observed_on"])
    for day, ends in zip(axis.days, axis.columns(axis.days, LEAST_MARK), strict=True):
        if day in representative:
            axes.plot(ends, (-STRIP, -STRIP), color=theme.INK, lw=2.5, clip_on=False,
                      solid_capstyle="butt")  # fmt: skip


def _draw_block(
    axes: Axes, block: RegionBlock, axis: DayAxis, cells: dict[tuple[int, date], float]
) -> None:
    # A time without data is an empty column (None).
    edges, columns = [0.0], list[date | None]()
    for day, (left, right) in zip(axis.days, axis.columns(axis.days, LEAST_MARK), strict=True):
        if left > edges[-1] + TOUCHING:
            edges.append(left)
            columns.append(None)
        edges.append(right)
        columns.append(day)
    colors = np.zeros((len(block.stations), len(columns), 4))
    for column, column_day in enumerate(columns):
        if column_day is None:
            continue
        for row, (station_id, _) in enumerate(block.stations):
            if (station_id, column_day) in cells:
                colors[row, column] = color_scale.temperature_color(cells[station_id, column_day])
    rows = np.linspace(block.top, block.top + block.height, len(block.stations) + 1).tolist()
    axes.pcolormesh(edges, rows, colors, zorder=2, lw=0, antialiased=False)
    # Only missing values are hatched: viewers of PDF files would show hatching between other cells.
    missing = [
        _cell(edges[column : column + 2], rows[row : row + 2])
        for column, day in enumerate(columns)
        if day
        for row, (station_id, _) in enumerate(block.stations)
        if (station_id, day) not in cells
    ]
    if missing:
        axes.add_patch(
            PathPatch(Path.make_compound_path(*missing), facecolor=theme.GROUND, edgecolor=HATCH,
                      hatch="////", lw=0, zorder=1, antialiased=False)
        )  # fmt: skip


def _cell(x: Sequence[float], y: Sequence[float]) -> Path:
    """Return the rectangle of a cell: `x` are its left and right end, `y` its top and bottom."""
    (left, right), (top, bottom) = x, y
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return Path(corners, closed=True)
