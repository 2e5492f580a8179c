"""The map: every station at its place, coloured by temperature, with its value and name.

The shape of a station's point tells the kind of weather. Labels never cover one another: where
they stand for all 97 stations was worked out once (`map_label_positions.json`, written by
`tools.label_layout`), so that a station's label stands at the same place every day; a page with few
stations gets places of its own, nearer to the points.

A figure is kept for each set of stations and language, and only what changes from one day to
the next is drawn anew, over a background kept as pixels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.markers import MarkerStyle
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Shape
from matplotlib.text import Text
from numpy.typing import NDArray

from nalssi.charts import color_scale, geography, labels, layout, theme
from nalssi.charts.snapshot_data import Sheet
from nalssi.locale.locales import LOCALES, Lang, Locale, chart_degrees

Array = NDArray[np.float64]

LABEL_POSITIONS: Final = Path(__file__).with_name("map_label_positions.json")
FEW: Final = 32  # stations up to which a page gets places of its own

POINT: Final = 0.05  # inches, radius
CHIP: Final = (0.37, 0.155)  # inches: room for "-22.4" in the smallest letters
NAME_GAP: Final = 0.035
LARGE: Final = theme.HEADING  # points: letters where there is room
LAND: Final = "#eeeeea"
BORDER: Final = "#cdcdc6"
LEADER: Final = "#8a8a8a"

TOP: Final = 0.95  # inches from the page's top to the map's
LEFT: Final = (theme.PAGE_WIDTH - geography.WIDTH) / 2
KEY_BOX: Final = (5.0, 0.0, 7.5, 0.5)  # x0, y0, x1, y1 in inches of the map
LEGEND_BOX: Final = (0.0, 0.0, 1.75, 1.35)

SHAPES: Final[dict[str, Any]] = {
    "sky": "o",
    "rain": "v",
    "snow": (6, 1, 0),
    "mixed": "D",
    "thunder": "X",
    "fog": "s",
    "dust": "^",
    "none": "o",
}
AREAS: Final[Mapping[str, float]] = {
    "snow": 1.7,
    "rain": 1.25,
    "mixed": 0.85,
    "dust": 1.25,
    "none": 0.35,
}


@cache
def _shape(group: str) -> Shape:
    """The outline of a kind of weather's point, of about unit size."""
    marker = MarkerStyle(SHAPES[group])
    return marker.get_path().transformed(marker.get_transform())


def _area(group: str) -> float:
    """Its size as matplotlib counts it: the square of its width in points."""
    return AREAS.get(group, 1.0) * (2 * POINT * 72) ** 2


def letters(stations: int) -> float:
    """The size of letters, in points, for labels of so many stations."""
    return LARGE if stations <= FEW else theme.SMALL


def chip_size(size: float) -> tuple[float, float]:
    """Width and height in inches of a value's box, for letters of that size."""
    return CHIP[0] * size / theme.SMALL, CHIP[1] * size / theme.SMALL


def label_sizes(names: Sequence[str], size: float) -> Array:
    """Width and height in inches of labels: the value's box, then the name."""
    width, height = chip_size(size)
    widths = [width + NAME_GAP + theme.text_width(name, size) for name in names]
    return np.stack([widths, np.full(len(names), height)], axis=1)


def map_names(stations: pl.DataFrame, lang: Lang) -> list[str]:
    """Names as the map writes them: in English without -si and -gun, where none is mistaken."""
    names: list[str] = stations[f"name_{lang}"].to_list()
    if lang == "ko":
        return names
    short = [name.removesuffix("-si").removesuffix("-gun") for name in names]
    return [brief if brief not in names else name for brief, name in zip(short, names, strict=True)]


def label_geometry(
    stations: pl.DataFrame, lang: Lang, size: float
) -> tuple[Array, Array, Array, Array]:
    """Points and sizes of labels, the map's area, and what labels must keep off."""
    points = geography.inches(stations["longitude"], stations["latitude"])
    sizes = label_sizes(map_names(stations, lang), size)
    area = np.array([geography.WIDTH, geography.HEIGHT])
    return points, sizes, area, np.array([geography.BOX, KEY_BOX, LEGEND_BOX])


@cache
def kept_places() -> dict[str, dict[str, list[float]]]:
    """Centres of labels by language and station id, in inches."""
    places: dict[str, dict[str, list[float]]] = json.loads(
        LABEL_POSITIONS.read_text(encoding="utf-8")
    )
    return places


def centres(stations: pl.DataFrame, lang: Lang, size: float) -> Array:
    """Where the labels of these stations (none of the far islands) go."""
    kept = kept_places()[lang]
    ids = [str(station_id) for station_id in stations["station_id"]]
    if size > theme.SMALL or not kept.keys() >= set(ids):
        return labels.place(*label_geometry(stations, lang, size), POINT).centres
    known = np.array([kept[station_id] for station_id in ids])
    if len(ids) == len(kept):
        return known
    return labels.place(*label_geometry(stations, lang, size), POINT, start=known).centres


class MapSheet:
    """The map of one set of stations in one language, to be filled with a day's readings."""

    def __init__(self, stations: pl.DataFrame, lang: Lang) -> None:
        self.locale = LOCALES[lang]
        height = TOP + geography.HEIGHT + layout.FOOTER
        self.figure = theme.LayeredFigure(figsize=(theme.PAGE_WIDTH, height))
        axes = layout.inch_axes(self.figure, LEFT, TOP, geography.WIDTH, geography.HEIGHT)
        axes.set(xlim=(0, geography.WIDTH), ylim=(0, geography.HEIGHT))
        axes.axis("off")
        layout.frame(self.figure, self.locale, self.locale.charts.map_title, ())
        layout.map_source(self.figure, self.locale)
        for outline in geography.provinces():
            axes.add_patch(PathPatch(outline, facecolor=LAND, edgecolor=BORDER, lw=0.7, zorder=1))
        _draw_box(axes, self.locale)
        x0, y0, x1, _ = KEY_BOX
        key_top = TOP + geography.HEIGHT - y0 - 0.35
        layout.scale_key(self.figure, LEFT + x0 + 0.1, key_top, x1 - x0 - 0.3)
        points = geography.inches(stations["longitude"], stations["latitude"])
        names = map_names(stations, lang)
        size = letters(stations.height)
        sizes = label_sizes(names, size)
        chip = chip_size(size)
        far = stations["longitude"].to_numpy() > geography.FAR_EAST
        stands = np.empty_like(points)
        if not far.all():
            stands[~far] = centres(stations.filter(~pl.Series(far)), lang, size)
        stands[far] = points[far] + (sizes[far] / 2 + POINT + 0.03) * (1, 0)
        _draw_leaders(axes, points, stands, sizes)
        lefts = stands - sizes / 2
        for station_id, name, (x, y) in zip(stations["station_id"], names, lefts, strict=True):
            middle = y + chip[1] / 2
            _label(axes, x + chip[0] + NAME_GAP, middle, name, size, gid=f"station-{station_id}")
        self._values = [
            _label(axes, x + chip[0] / 2, y + chip[1] / 2, "", size, ha="center", zorder=7)
            for x, y in lefts
        ]
        self._chips = PolyCollection(
            [_box(x, y, *chip) for x, y in lefts], edgecolors="none", linewidths=0, zorder=6
        )
        axes.add_collection(self._chips, autolim=False)
        self._points = axes.scatter(
            points[:, 0], points[:, 1], edgecolors=theme.INK, linewidths=0.6, zorder=6
        )
        self._legend = _Legend(axes, self.locale)
        self._lines = [
            layout.write(self.figure, theme.MARGIN, y, "", size=theme.BODY, ink=ink)
            for y, ink in ((0.74, theme.INK), (0.93, theme.SOFT_INK))
        ]
        self.figure.live = [
            self._chips, self._points, *self._values, *self._legend.artists, *self._lines
        ]  # fmt: skip

    def fill(self, sheet: Sheet) -> theme.LayeredFigure:
        """Put a snapshot of the same stations on the map."""
        temperatures = sheet.readings["temperature_c"].to_list()
        groups = sheet.readings["condition_group"].fill_null("none").to_list()
        shades: Any = color_scale.colour(temperatures)
        for value, temperature, shade in zip(self._values, temperatures, shades, strict=True):
            value.set(text=chart_degrees(temperature), color=color_scale.ink_on(shade))
        self._chips.set_facecolor(shades)
        self._points.set_facecolor(shades)
        self._points.set_paths([_shape(group) for group in groups])
        self._points.set_sizes([_area(group) for group in groups])
        self._legend.show(groups)
        self._lines[0].set_text(layout.as_of(self.locale, sheet))
        self._lines[1].set_text(layout.counts(self.locale, sheet))
        return self.figure


class _Legend:
    """The kinds of weather that are on the map, from the lower left corner up."""

    def __init__(self, axes: Axes, locale: Locale) -> None:
        self._locale = locale
        kinds = len(SHAPES)
        x, y = LEGEND_BOX[0] + 0.36, LEGEND_BOX[1] + 0.1
        rows = [(x, y + 0.165 * row) for row in range(kinds)]
        self._marks = axes.scatter(
            [x for x, _ in rows],
            [y for _, y in rows],
            c=theme.PAPER,
            edgecolors=theme.INK,
            linewidths=0.6,
            zorder=6,
        )
        self._rows = rows
        self._texts = [
            axes.text(x + 0.13, y, "", size=theme.SMALL, va="center_baseline", zorder=6)
            for x, y in rows
        ]
        self.artists: list[Artist] = [self._marks, *self._texts]

    def show(self, groups: Sequence[str]) -> None:
        present = [group for group in reversed(SHAPES) if group in groups]
        self._marks.set_offsets(self._rows[: len(present)])
        self._marks.set_paths([_shape(group) for group in present])
        self._marks.set_sizes([_area(group) for group in present])
        written = [self._locale.charts.weather_groups[group] for group in present]
        for row, text in enumerate(self._texts):
            text.set_text(written[row] if row < len(written) else "")


def _label(axes: Axes, x: float, y: float, text: str, size: float, **options: Any) -> Text:
    settings: dict[str, Any] = {"va": "center_baseline", "zorder": 5} | options
    return axes.text(x, y, text, size=size, **settings)


def _box(x: float, y: float, width: float, height: float) -> Array:
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def _draw_leaders(axes: Axes, points: Array, centres: Array, sizes: Array) -> None:
    ends = np.clip(points, centres - sizes / 2, centres + sizes / 2)
    led = labels.leaders(points, centres, sizes, POINT) > 0
    lines = np.stack([points[led], ends[led]], axis=1)
    axes.add_collection(LineCollection(list(lines), colors=LEADER, lw=0.7, zorder=4), autolim=False)


def _draw_box(axes: Axes, locale: Locale) -> None:
    """The frame of the far islands, and Dokdo, which has no station."""
    x0, y0, x1, y1 = geography.BOX
    axes.add_patch(
        Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=theme.RULE, lw=0.8, zorder=1)
    )
    ((x, y),) = geography.inches([geography.DOKDO[0]], [geography.DOKDO[1]])
    axes.plot(x, y, "o", ms=2.5, color=BORDER, zorder=2)
    axes.text(x - 0.07, y, locale.charts.dokdo, size=theme.SMALL, ha="right", va="center_baseline",
              color=theme.SOFT_INK)  # fmt: skip


@lru_cache(maxsize=8)
def sheet_for(stations: bytes, lang: Lang) -> MapSheet:
    return MapSheet(pl.read_csv(stations), lang)


def figure(sheet: Sheet, regions: pl.DataFrame, lang: Lang) -> theme.LayeredFigure:  # noqa: ARG001
    """Draw a snapshot on the map. The figure is filled anew by the next call for its stations.

    Raises ValueError for a sheet without readings: there is nothing to draw.
    """
    if sheet.readings.is_empty():
        raise ValueError(f"snapshot {sheet.snapshot_id} has no reading to draw")
    stations = sheet.readings.select("station_id", "name_ko", "name_en", "longitude", "latitude")
    return sheet_for(stations.write_csv().encode(), lang).fill(sheet)
