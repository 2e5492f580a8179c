"""The regional chart: ten regions from north to south, each with its mean, span and stations.

A row a region. On the left the mean, on its colour, the name, and the lowest to the highest
reading. On the right every station as a point at its temperature, with its name and value
beside it; stations whose labels would collide stand in lanes below one another, so the page
grows with the stations and 16 are as legible as 97. The strip along the axis is the fixed
temperature scale. The axis itself is cut to the day, in steps of 5 °C and never narrower than
15 °C: on an axis of 70 °C a day's stations would be a heap.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nalssi.charts import color_scale, layout, theme
from nalssi.charts.snapshot_data import Sheet
from nalssi.locale.locales import LOCALES, Lang, Locale, chart_degrees, counted

PLOT_LEFT: Final = 2.35  # inches
PLOT_RIGHT: Final = theme.PAGE_WIDTH - theme.MARGIN
PLOT_WIDTH: Final = PLOT_RIGHT - PLOT_LEFT
KEY_LINE: Final = 0.93  # inches from the top: how to read the marks, beside the counts
AXIS_STRIP: Final = 0.42  # inches: tick labels and the scale's strip above the first row
LANE: Final = 0.155  # inches a lane of labels takes
ROW_PADDING: Final = 0.08
SPAN_BAR: Final = 0.07  # thickness of the bar from lowest to highest
POINT: Final = 0.095  # diameter
LABEL_GAP: Final = 0.04  # between point and label
NEIGHBOUR_GAP: Final = 0.06  # between what belongs to two stations
CHIP: Final = (0.52, 0.27)
NAME_LEFT: Final = theme.MARGIN + CHIP[0] + 0.1
NAME_WIDTH: Final = PLOT_LEFT - NAME_LEFT - 0.12
NOTE_WIDTH: Final = NAME_WIDTH + 0.06  # small letters may come nearer to the plot
LINE: Final = 0.17  # inches between the lines of a region's heading
SHORTEST_AXIS_C: Final = 15
WIDE_AXIS_C: Final = 60  # beyond it, only every other step has room for its number
BREAKS: Final = re.compile("[^-· ]+[-· ]?")

RIGHT: Final = 1  # a label's side of its point
LEFT: Final = -1
Extent = tuple[float, float]  # where a point with its label begins and ends, in inches


@dataclass(frozen=True)
class Label:
    """A station's point and label: lane and side are where it does not collide."""

    station_id: int
    temperature_c: float
    text: str
    lane: int
    side: int


@dataclass(frozen=True)
class Look:
    """What the chart of temperatures and that of changes do differently."""

    title: str
    lines: tuple[str, ...]
    key: str
    limits: tuple[int, int]
    colour: Callable[[Any], Any]  # of values in °C, one or many
    text: Callable[[float], str]


@dataclass(frozen=True)
class Row:
    """A region with what is written about it and its labels, lanes settled."""

    heading: tuple[str, ...]
    mean_c: float | None
    low_c: float | None
    high_c: float | None
    notes: tuple[str, ...]
    labels: tuple[Label, ...]

    @property
    def height(self) -> float:
        """Inches: room for the lanes of labels, or for the heading if that is taller."""
        lanes = 1 + max((label.lane for label in self.labels), default=0)
        plot = SPAN_BAR + 0.05 + lanes * LANE
        return max(plot, (len(self.heading) + len(self.notes)) * LINE, CHIP[1]) + 2 * ROW_PADDING


def axis_limits(temperatures: Sequence[float]) -> tuple[int, int]:
    """Whole steps of 5 °C around the readings, at least 15 °C apart."""
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


def place(stations: Sequence[tuple[int, str, float]], limits: tuple[int, int]) -> tuple[Label, ...]:
    """Give every station (id, text, °C) a lane and a side on which it touches no other.

    Each lane in turn takes as many of the stations still left as fit (of intervals, always the
    next to end is taken, which is optimal for one lane), so that few lanes are needed.
    The outcome depends on nothing but the arguments.
    """
    low, high = limits
    inches = PLOT_WIDTH / (high - low)
    reaches: dict[tuple[int, int], Extent] = {}
    for station_id, text, temperature in stations:
        at = (temperature - low) * inches
        reach = POINT / 2 + LABEL_GAP + theme.text_width(text, theme.SMALL)
        right, left = (at - POINT / 2, at + reach), (at - reach, at + POINT / 2)
        if right[1] <= PLOT_WIDTH or left[0] < 0:
            reaches[station_id, RIGHT] = right
        if left[0] >= 0:
            reaches[station_id, LEFT] = left
    known = {station_id: (text, temperature) for station_id, text, temperature in stations}
    labels: list[Label] = []
    lane = 0
    while known:
        chosen = _fill_lane({key: reach for key, reach in reaches.items() if key[0] in known})
        for station_id, side in _turn_right(chosen, reaches):
            text, temperature = known.pop(station_id)
            labels.append(Label(station_id, temperature, text, lane, side))
        lane += 1
    return tuple(labels)


def _fill_lane(reaches: Mapping[tuple[int, int], Extent]) -> list[tuple[int, int]]:
    """As many (station, side) as fit beside one another, from left to right."""
    chosen: list[tuple[int, int]] = []
    reached = -math.inf
    for (station_id, side), (start, end) in sorted(
        reaches.items(), key=lambda item: (item[1][1], item[0])
    ):
        taken = any(station_id == other for other, _ in chosen)
        if not taken and start >= reached + NEIGHBOUR_GAP:
            chosen.append((station_id, side))
            reached = end
    return chosen


def _turn_right(
    chosen: Sequence[tuple[int, int]], reaches: Mapping[tuple[int, int], Extent]
) -> list[tuple[int, int]]:
    """Turn labels to the right of their points where the lane has room: that reads best."""
    turned: list[tuple[int, int]] = []
    free_until = math.inf
    for station_id, side in reversed(chosen):
        right = reaches.get((station_id, RIGHT))
        fits = right is not None and right[1] + NEIGHBOUR_GAP <= free_until
        turned.append((station_id, RIGHT if fits else side))
        free_until = reaches[turned[-1]][0]
    return turned[::-1]


def broken(name: str, width: float, size: float) -> tuple[str, ...]:
    """A region's name in bold letters of that size, in as many lines as fit a column's width;
    broken after a dot, hyphen or space."""
    lines = [""]
    for part in BREAKS.findall(name):
        if lines[-1] and theme.text_width(lines[-1] + part, size, theme.BOLD) > width:
            lines.append("")
        lines[-1] += part
    return tuple(line.rstrip() for line in lines)


def _rows(
    readings: pl.DataFrame, regions: pl.DataFrame, locale: Locale, look: Look
) -> Iterator[Row]:
    for region_id, name in regions.select("region_id", f"name_{locale.lang}").iter_rows():
        heading = broken(name, NAME_WIDTH, theme.HEADING)
        here = readings.filter(region_id=region_id)
        stations = [
            (station_id, f"{station} {look.text(temperature)}", temperature)
            for station_id, station, temperature in here.select(
                "station_id", f"name_{locale.lang}", "temperature_c"
            ).iter_rows()
        ]
        if not stations:
            yield Row(heading, None, None, None, (locale.charts.no_data,), ())
            continue
        values = [temperature for _, _, temperature in stations]
        low, high = min(values), max(values)
        count = counted(locale.charts.station_count, len(values))
        notes = (f"{look.text(low)} ~ {look.text(high)}", count) if high > low else (count,)
        mean = math.fsum(values) / len(values)
        yield Row(heading, mean, low, high, notes, place(stations, look.limits))


def _with_short_notes(rows: list[Row]) -> list[Row]:
    """Each note in one line, if all of them fit; else all stay in two."""
    joined = [" · ".join(row.notes) for row in rows]
    if max(theme.text_width(note, theme.SMALL) for note in joined) > NOTE_WIDTH:
        return rows
    return [replace(row, notes=(note,)) for row, note in zip(rows, joined, strict=True)]


def figure(sheet: Sheet, regions: pl.DataFrame, lang: Lang) -> Figure:
    """Draw a snapshot by region; `regions` as in the reference table, north to south.

    Raises ValueError for a sheet without readings: there is nothing to draw.
    """
    if sheet.readings.is_empty():
        raise ValueError(f"snapshot {sheet.snapshot_id} has no reading to draw")
    locale = LOCALES[lang]
    look = Look(
        locale.charts.regions_title,
        (layout.as_of(locale, sheet), layout.counts(locale, sheet)),
        locale.charts.regions_legend,
        axis_limits(sheet.readings["temperature_c"].to_list()),
        color_scale.colour,
        chart_degrees,
    )
    return draw(sheet.readings, regions, locale, look)


def draw(
    readings: pl.DataFrame,
    regions: pl.DataFrame,
    locale: Locale,
    look: Look,
    note: str | None = "",
) -> Figure:
    """Draw stations' values (`temperature_c`) by region; `note` as for `layout.frame`."""
    limits = look.limits
    present = regions.filter(pl.col("region_id").is_in(readings["region_id"].unique().implode()))
    if present.height == 1:  # one region was asked for, or one station
        regions = present
    rows = _with_short_notes(list(_rows(readings, regions, locale, look)))
    depth = sum(row.height for row in rows)
    top = layout.HEADER + AXIS_STRIP
    paper = theme.new_figure(theme.PAGE_WIDTH, top + depth + layout.FOOTER)
    layout.frame(paper, locale, look.title, look.lines, note)
    # The margin column and the plot share their vertical measure: inches below the first row.
    column = layout.inch_axes(paper, 0, top, PLOT_LEFT, depth)
    column.set(xlim=(0, PLOT_LEFT), ylim=(depth, 0))
    column.axis("off")
    plot = layout.inch_axes(paper, PLOT_LEFT, top - 0.12, PLOT_WIDTH, depth + 0.12)
    plot.set(xlim=limits, ylim=(depth, -0.12))
    _draw_axis(plot, look)
    ends = [0.0]
    for row in rows:
        _draw_heading(column, row, ends[-1] + ROW_PADDING, look)
        _draw_stations(plot, row, ends[-1] + ROW_PADDING, look)
        ends.append(ends[-1] + row.height)
    for end in ends[1:-1]:
        layout.rule(paper, theme.MARGIN, PLOT_RIGHT, top + end)
    _write_captions(paper, locale, look.key)
    return paper


def _write_captions(paper: Figure, locale: Locale, key: str) -> None:
    y = layout.HEADER + AXIS_STRIP - 0.09
    middle = theme.MARGIN + CHIP[0] / 2
    layout.write(paper, middle, y, locale.charts.mean, ink=theme.SOFT_INK, align="center")
    layout.write(paper, NAME_LEFT, y, locale.charts.low_to_high, ink=theme.SOFT_INK)
    layout.write(paper, PLOT_RIGHT, KEY_LINE, key, ink=theme.SOFT_INK, align="right")


def _draw_axis(plot: Axes, look: Look) -> None:
    low, high = look.limits
    layout.ribbon(plot, low, high, -0.04, -0.12, look.colour)
    plot.set(xlim=look.limits)
    step = color_scale.STEP_C if high - low <= WIDE_AXIS_C else 2 * color_scale.STEP_C
    ticks = [tick for tick in range(low, high + 1, color_scale.STEP_C) if tick % step == 0]
    plot.set_xticks(ticks, [f"{tick}°C" if tick == ticks[-1] else str(tick) for tick in ticks])
    plot.xaxis.tick_top()
    plot.tick_params(length=0, pad=3)
    plot.set_yticks([])
    plot.spines[:].set_visible(False)
    plot.grid(axis="x", zorder=0)
    if low < 0 < high:
        plot.axvline(0, color=theme.SOFT_INK, lw=1.0, zorder=0.6)


def _draw_heading(column: Axes, row: Row, y: float, look: Look) -> None:
    width, height = CHIP
    if row.mean_c is not None:
        ink = layout.chip(column, theme.MARGIN, y, width, height, look.colour(row.mean_c))
        column.text(
            theme.MARGIN + width / 2,
            y + height / 2,
            look.text(row.mean_c),
            size=theme.HEADING,
            weight=theme.BOLD,
            color=ink,
            ha="center",
            va="center_baseline",
        )
    for number, line in enumerate(row.heading):
        column.text(
            NAME_LEFT, y + 0.13 + LINE * number, line, size=theme.HEADING, weight=theme.BOLD
        )
    for number, note in enumerate(row.notes, len(row.heading)):
        at = y + 0.13 + LINE * number
        column.text(NAME_LEFT, at, note, size=theme.SMALL, color=theme.SOFT_INK)


def _draw_stations(plot: Axes, row: Row, y: float, look: Look) -> None:
    if row.mean_c is None or row.low_c is None or row.high_c is None:
        return
    if row.high_c > row.low_c:
        layout.ribbon(plot, row.low_c, row.high_c, y + SPAN_BAR, y, look.colour)
        mark = (y - 0.04, y + SPAN_BAR + 0.04)
        plot.plot((row.mean_c, row.mean_c), mark, color=theme.INK, lw=2, zorder=3)
    first = y + SPAN_BAR + 0.05 + LANE / 2
    beside = (POINT / 2 + LABEL_GAP) * (look.limits[1] - look.limits[0]) / PLOT_WIDTH
    heights = [first + LANE * label.lane for label in row.labels]
    values = [label.temperature_c for label in row.labels]
    plot.scatter(
        values,
        heights,
        s=(POINT * 72) ** 2,
        c=look.colour(values),
        edgecolors=theme.INK,
        linewidths=0.6,
        zorder=4,
        clip_on=False,  # a point may stand on the edge
    )
    for label, height in zip(row.labels, heights, strict=True):
        plot.text(
            label.temperature_c + label.side * beside,
            height,
            label.text,
            ha="left" if label.side == RIGHT else "right",
            va="center_baseline",
            bbox={"facecolor": theme.PAPER, "edgecolor": "none", "pad": 0.5},  # over grid lines
            zorder=2,
            gid=f"station-{label.station_id}",
        )
