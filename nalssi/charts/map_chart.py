"""The map chart: each station of a snapshot with its temperature, its weather and its name.

The color of a label shows the temperature, the symbol at the point the weather (`symbol_shapes`).
The positions of labels are found in `map_labels`.

The figure of a set of stations is kept for each language and appearance (`cached_map`). For the
next snapshot of the same stations, only values, points and dates are drawn again. The rest of the
map, such as outlines and names, is stored as pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from numpy.typing import NDArray

from nalssi.charts import chart_texts, color_scale, geography, layout, map_labels, theme
from nalssi.charts.headlines import list_headline
from nalssi.charts.leader_lines import leader_lengths
from nalssi.charts.map_view import MapView, view_of
from nalssi.charts.narrow_map_stations import narrow_map_stations
from nalssi.charts.snapshot_data import SnapshotData
from nalssi.charts.symbol_shapes import weather_symbol
from nalssi.charts.weather_symbols import SymbolLegend, SymbolPoints
from nalssi.locale.locales import LOCALES, Lang, Locale, chart_degrees

Array = NDArray[np.float64]

LAND: Final = "#eeeeea"
BORDER: Final = "#cdcdc6"
NEIGHBOR: Final = "#f8f8f6"
NEIGHBOR_BORDER: Final = "#e2e2de"
LEADER: Final = "#6b6b6b"

TOP: Final = 0.95  # inches from the page's top to the map's
REGION_TOP: Final = 1.08  # inches: the same for the map of a region, which has a frame
LEGEND_BAND: Final = 0.75  # inches: the height of the legend below the map of a region
STATION_COLUMNS: Final = (
    "station_id", "name_ko", "name_en", "region_id", "longitude", "latitude",
)  # fmt: skip
LEGEND_LEFT: Final = 0.36  # inches from the left edge of the map
NARROW_SCALE: Final = 0.42  # inches: the height of the color scale below a narrow map
NARROW_COLUMN: Final = 1.44  # inches: the width of a column of its legend

Head = tuple[str, Sequence[str]]
"""The title of a page, and the lines of text below it."""


def figure(
    snapshot: SnapshotData,
    regions: pl.DataFrame,
    lang: Lang,
) -> theme.LayeredFigure:
    """Draw a snapshot on the map.

    On a wide page, the next call for the same stations returns the same figure, with other values.

    `regions` is the reference table of the regions. Raises ValueError for a snapshot without
    readings.
    """
    if snapshot.readings.is_empty():
        raise ValueError(f"snapshot {snapshot.snapshot_id} has no reading to draw")
    if theme.page().is_narrow:
        return _narrow_map(snapshot, regions, lang)
    stations = snapshot.readings.select(STATION_COLUMNS)
    appearance = theme.options_in_force().appearance()
    return cached_map(stations.write_csv().encode(), lang, appearance).show(snapshot, regions)


def _narrow_map(snapshot: SnapshotData, regions: pl.DataFrame, lang: Lang) -> theme.LayeredFigure:
    """Draw as many stations of a snapshot as fit on a narrow page.

    If stations are left out, a line below the title says how many the map shows.
    """
    locale = LOCALES[lang]
    readings = snapshot.readings
    view = view_of(set(readings["region_id"]), is_narrow=True)
    shown = readings.filter(pl.col("station_id").is_in(narrow_map_stations(readings, lang, view)))
    title = list_headline(locale, readings.to_dicts(), regions.to_dicts())
    lines = [
        chart_texts.day_and_clock(locale, snapshot),
        chart_texts.station_counts(locale, snapshot),
    ]
    if shown.height < readings.height:
        lines.append(locale.charts.map_shown.format(count=shown.height))
    chart = StationMap(shown.select(STATION_COLUMNS), lang, view, (title, lines))
    return chart.show(replace(snapshot, readings=shown), regions)


@lru_cache(maxsize=8)
def cached_map(
    stations_csv: bytes,
    lang: Lang,
    appearance: tuple[tuple[str, object], ...],  # noqa: ARG001  # a part of the cache's key
) -> StationMap:
    """Return the `StationMap` of a set of stations. A repeated call returns the same object.

    `stations_csv` is the table of stations as CSV, because cached arguments must be hashable.
    `appearance` has the options of the current `theme` block that change how a chart looks
    (`DrawOptions.appearance`).
    """
    stations = pl.read_csv(stations_csv)
    return StationMap(stations, lang, view_of(set(stations["region_id"])))


class StationMap:
    """The map of a set of stations in one language; `show` draws a snapshot's readings on it.

    `head` has the title and the lines of a narrow page, whose height depends on them. On a wide
    page it is None, and `show` writes the title and the lines of each snapshot.
    """

    def __init__(
        self, stations: pl.DataFrame, lang: Lang, view: MapView, head: Head | None = None
    ) -> None:
        self.locale = LOCALES[lang]
        self.view = view
        self.head = head
        page = theme.page()
        self.left = (page.width - view.width) / 2
        band = 0 if view.is_country else LEGEND_BAND
        self.top = TOP if view.is_country else REGION_TOP
        if head:
            band = NARROW_SCALE + LEGEND_BAND
            self.top = layout.head_height(*head)
        foot = layout.foot_height(self.locale, is_map=True)
        height = self.top + view.height + band + foot
        self.figure = theme.LayeredFigure(figsize=(page.width, height))
        axes = self._add_axes(self.top, view.height)
        self._draw_background(axes)
        self._scale_note = layout.draw_footer(self.figure, self.locale, is_map=True)
        self._scale_axes = self._add_color_scale(foot)
        points = view.to_inches(stations["longitude"], stations["latitude"])
        names = map_labels.map_names(stations, lang)
        size = map_labels.letter_size(stations.height, view)
        radius = map_labels.symbol_radius(view)
        sizes = map_labels.label_sizes(names, size)
        box = map_labels.value_box_size(size)
        centers = map_labels.label_centers(stations, lang, size, view)
        _draw_leaders(axes, points, centers, sizes, radius)
        corners = centers - sizes / 2
        for station_id, name, (x, y) in zip(stations["station_id"], names, corners, strict=True):
            name_x = x + box[0] + map_labels.NAME_GAP
            _write(axes, name_x, y + box[1] / 2, name, size, gid=f"station-{station_id}")
        self._values = [
            _write(axes, x + box[0] / 2, y + box[1] / 2, "", size, ha="center", zorder=7)
            for x, y in corners
        ]
        self._value_boxes = PolyCollection(
            [_rectangle(x, y, *box) for x, y in corners], edgecolors="none", linewidths=0, zorder=6
        )
        axes.add_collection(self._value_boxes, autolim=False)
        self._points = SymbolPoints(axes, points, radius)
        self._legend = self._add_legend(axes)
        self._title = layout.write_title(self.figure, "")
        self._lines = layout.write_lines(self.figure, *(head or ("", ("", ""))))
        self.figure.changing = [
            self._value_boxes, *self._points.artists, *self._values, *self._legend.artists,
            self._title, *self._lines,
        ]  # fmt: skip
        if theme.options_in_force().scale == "day":
            self.figure.changing += [self._scale_note, self._scale_axes]

    def _add_axes(self, top: float, height: float) -> Axes:
        """Return new axes in inches, as wide as the map and `height` inches high.

        They begin `top` inches below the top edge of the page.
        """
        axes = layout.add_axes(self.figure, self.left, top, self.view.width, height)
        axes.set(xlim=(0, self.view.width), ylim=(0, height))
        axes.axis("off")
        return axes

    def _add_legend(self, axes: Axes) -> SymbolLegend:
        """Add the legend: in a corner of the country's map, or below the map of a region."""
        x, y = map_labels.LEGEND_BOX[0] + LEGEND_LEFT, map_labels.LEGEND_BOX[1] + 0.1
        if self.head:
            below = self._add_axes(self.top + self.view.height + NARROW_SCALE, LEGEND_BAND)
            return SymbolLegend(below, self.locale, 0.2, 0.12, columns=3, column=NARROW_COLUMN)
        if self.view.is_country:
            return SymbolLegend(axes, self.locale, x, y)
        below = self._add_axes(self.top + self.view.height, LEGEND_BAND)
        return SymbolLegend(below, self.locale, x, 0.06, columns=3)

    def _draw_background(self, axes: Axes) -> None:
        view = self.view
        for name, outline in zip(
            geography.province_names(), geography.province_outlines(), strict=True
        ):
            is_shown = view.is_country or name in view.provinces
            color, edge = (LAND, BORDER) if is_shown else (NEIGHBOR, NEIGHBOR_BORDER)
            placed = Outline(view.place(np.asarray(outline.vertices)), outline.codes)
            axes.add_artist(
                PathPatch(
                    placed, facecolor=color, edgecolor=edge, lw=0.7, zorder=1 if is_shown else 0.9
                )
            )
        if view.far_islands_box:
            _draw_far_islands_box(axes, self.locale, view)
        if not view.is_country:
            frame = Rectangle((0, 0), view.width, view.height, fill=False, clip_on=False)
            frame.set(edgecolor=theme.RULE, lw=0.8, zorder=1.1)
            axes.add_artist(frame)

    def _add_color_scale(self, foot: float) -> Axes:
        if self.head:
            top, left = self.top + self.view.height + 0.08, self.left + 0.2
            return layout.draw_color_scale(self.figure, left, top, self.view.width - 0.4)
        x0, y0, x1, _ = map_labels.SCALE_BOX
        top = self.figure.get_size_inches()[1] - foot - y0 - 0.35
        return layout.draw_color_scale(self.figure, self.left + x0 + 0.1, top, x1 - x0 - 0.3)

    def show(self, snapshot: SnapshotData, regions: pl.DataFrame) -> theme.LayeredFigure:
        """Put the readings of a snapshot on the map, and return its figure.

        The snapshot must have the same stations as the map, in the same order. `regions` is the
        reference table, for the title.
        """
        temperatures = snapshot.readings["temperature_c"].to_list()
        conditions = snapshot.readings["condition"].to_list()
        groups = snapshot.readings["condition_group"].to_list()
        symbols = list(map(weather_symbol, conditions, groups))
        words = snapshot.readings[self.locale.condition_column].to_list()
        other = {word for word, symbol in zip(words, symbols, strict=True) if symbol == "other"}
        scale = layout.scale_in_force(temperatures)
        if self._scale_axes in self.figure.changing:
            self._scale_note.set_text(chart_texts.scale_text(self.locale, scale))
            layout.set_color_scale(self._scale_axes, scale)
        colors: Any = scale.color(temperatures)
        for value, temperature, color in zip(self._values, temperatures, colors, strict=True):
            value.set(text=chart_degrees(temperature), color=color_scale.ink_on(color))
        self._value_boxes.set_facecolor(colors)
        self._points.show(symbols)
        self._legend.show(symbols, sorted(other))
        if self.head:
            layout.set_title(self.figure, self._title, self.head[0])
            return self.figure
        title = list_headline(self.locale, snapshot.readings.to_dicts(), regions.to_dicts())
        layout.set_title(self.figure, self._title, title)
        self._lines[0].set_text(chart_texts.day_and_clock(self.locale, snapshot))
        self._lines[1].set_text(chart_texts.station_counts(self.locale, snapshot))
        return self.figure


def _write(axes: Axes, x: float, y: float, text: str, size: float, **options: Any) -> Text:
    settings: dict[str, Any] = {"va": "center_baseline", "zorder": 5} | options
    return axes.text(x, y, text, size=size, **settings)


def _rectangle(x: float, y: float, width: float, height: float) -> Array:
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def _draw_leaders(axes: Axes, points: Array, centers: Array, sizes: Array, radius: float) -> None:
    ends = np.clip(points, centers - sizes / 2, centers + sizes / 2)
    has_leader = leader_lengths(points, centers, sizes, radius) > 0
    lines = np.stack([points[has_leader], ends[has_leader]], axis=1)
    axes.add_collection(LineCollection(list(lines), colors=LEADER, lw=0.7, zorder=4), autolim=False)


def _draw_far_islands_box(axes: Axes, locale: Locale, view: MapView) -> None:
    """Draw the box of the far islands, and Dokdo, which has no station."""
    x0, y0, x1, y1 = view.far_islands_box or geography.FAR_ISLANDS_BOX
    box = Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor=theme.PAPER, edgecolor=theme.RULE)
    box.set(lw=0.8, zorder=0.95)  # above neighboring provinces, below the islands
    axes.add_artist(box)
    ((x, y),) = view.to_inches([geography.DOKDO[0]], [geography.DOKDO[1]])
    axes.plot(x, y, "o", ms=2.5, color=BORDER, zorder=2)
    axes.text(x - 0.07, y, locale.charts.dokdo, size=theme.SMALL, ha="right", va="center_baseline",
              color=theme.SOFT_INK)  # fmt: skip
