"""The heatmap: every station on every day, regions from north to south.

A cell is a station's mean temperature of a day. What is missing is hatched, never a colour of
the scale; a blank gutter stands where days are missing altogether. With many stations the rows
are thinner than their letters, so names alternate between the left and the right side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nalssi.charts import color_scale, layout, theme
from nalssi.charts import regions_chart as regional
from nalssi.charts.day_axis import Days
from nalssi.locale.locales import LOCALES, Lang

LINE: Final = 0.165  # inches a name takes
MANY: Final = 48  # stations from which names alternate
REGION_GAP: Final = 0.07
NAMES: Final = {"ko": 0.62, "en": 1.05}  # inches for station names
REGION_NAMES: Final = 1.25
HATCH: Final = "#c4c4c0"
TOP: Final = layout.HEADER + 0.45


@dataclass(frozen=True)
class Block:
    """A region's stations with their rows' upper edge, in inches below the first."""

    heading: tuple[str, ...]
    stations: tuple[tuple[int, str], ...]
    top: float
    row: float  # height of a row

    @property
    def height(self) -> float:
        return self.row * len(self.stations)


def _blocks(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> list[Block]:
    stations = daily.select("region_id", "station_id", f"name_{lang}").unique(maintain_order=True)
    row = LINE if stations.height < MANY else LINE / 2
    blocks: list[Block] = []
    top = 0.0
    for region_id, name in regions.select("region_id", f"name_{lang}").iter_rows():
        here = stations.filter(region_id=region_id).drop("region_id")
        if here.is_empty():
            continue
        heading = regional.broken(name, REGION_NAMES - 0.1, theme.SMALL)
        block = Block(heading, tuple(here.iter_rows()), top, row)
        blocks.append(block)
        top += max(block.height, LINE * len(heading)) + REGION_GAP
    return blocks


def figure(daily: pl.DataFrame, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw `summaries.station_days`. Raises ValueError if it is empty."""
    if daily.is_empty():
        raise ValueError("no day has a reading to draw")
    locale = LOCALES[lang]
    days = Days.of(daily["observed_on"].to_list())
    blocks = _blocks(daily, regions, lang)
    alternating = blocks[0].row < LINE
    last = blocks[-1]
    depth = last.top + max(last.height, LINE * len(last.heading))
    paper = theme.new_figure(theme.PAGE_WIDTH, TOP + depth + 0.3 + layout.FOOTER)
    layout.frame(
        paper,
        locale,
        locale.charts.heatmap_title,
        (locale.period(days.days), locale.charts.heatmap_legend),
    )
    layout.scale_key(paper, theme.PAGE_WIDTH - theme.MARGIN - 2.4, 0.68, 2.4)
    left = theme.MARGIN + REGION_NAMES + NAMES[lang]
    right = theme.PAGE_WIDTH - theme.MARGIN - (NAMES[lang] if alternating else 0)
    axes = layout.inch_axes(paper, left, TOP, right - left, depth)
    axes.set(xlim=(0, days.width), ylim=(depth, 0))
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
        _draw_block(axes, block, days, cells)
        middle = TOP + block.top + LINE * 0.75
        for number, line in enumerate(block.heading):
            layout.write(paper, theme.MARGIN, middle + number * LINE, line, weight=theme.BOLD)
        for number, (_, name) in enumerate(block.stations):
            y = TOP + block.top + (number + 0.5) * block.row + 0.045
            if alternating and number % 2:
                layout.write(paper, right + 0.06, y, name)
            else:
                layout.write(paper, left - 0.06, y, name, align="right")
    days.label(axes, locale, right - left, depth)
    return paper


def _draw_block(axes: Axes, block: Block, days: Days, cells: dict[tuple[int, date], float]) -> None:
    lower = block.top + block.height
    axes.add_patch(
        Rectangle((0, block.top), days.width, block.height, facecolor=theme.GROUND,
                  edgecolor=HATCH, hatch="////", lw=0, zorder=1)
    )  # fmt: skip
    # Columns and gutters in turn; a gutter is white, over the hatching of what is missing.
    edges, when = [0.0], list[date | None]()
    for known, left in zip(days.days, days.edges, strict=True):
        if left > edges[-1]:
            edges.append(left)
            when.append(None)
        edges.append(left + 1)
        when.append(known)
    shades = np.zeros((len(block.stations), len(when), 4))
    for column, column_day in enumerate(when):
        if column_day is None:
            shades[:, column] = to_rgba(theme.PAPER)
            continue
        for row, (station_id, _) in enumerate(block.stations):
            if (station_id, column_day) in cells:
                shades[row, column] = color_scale.colour(cells[station_id, column_day])
    rows = np.linspace(block.top, lower, len(block.stations) + 1)
    axes.pcolormesh(edges, rows, shades, zorder=2, lw=0, antialiased=False)
