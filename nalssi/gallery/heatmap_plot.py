"""The plot of all stations over time, as colours: laid out for the macro `heatmap`.

A row is a station, a column is a day, a week or a month (`period_columns`). The colour of a cell
shows the mean temperature of its days. All cells of a colour are one path. Neighbouring cells of
one colour in a row are one line, so that a hundred stations over years need few bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_letters, digits
from typing import Final

import polars as pl

from nalssi.charts.day_labels import DayLabel
from nalssi.gallery.daily_plot import PlotBreak
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.period_columns import PeriodColumns, Unit, tenths
from nalssi.gallery.stylesheet import color_class
from nalssi.locale.locales import Locale

ROW: Final = 13
"""The smallest height of a row in pixels. The name of its station fits into it. All heights in this
module are in pixels."""
TALLEST_ROW: Final = 26
LEAST_HEIGHT: Final = 92
"""The smallest height in pixels of all rows together if there is a break, so that its words can
stand upright."""
HEADING: Final = 22
"""The height in pixels of the name of a region above its rows."""
STRIP: Final = 7
"""The height in pixels of the strip that marks columns whose means are daily means."""
LABELS: Final = 40
"""The height in pixels of the labels below the axis."""

DIGITS: Final = ascii_letters + digits + "-_"
"""The digits of the numbers in `HeatRow.cells`, 0 to 63."""
NO_CELL: Final = "."
OFFSET: Final = 1024
"""The number of tenths that is added to temperatures in `HeatRow.cells`, so that none is
negative."""


@dataclass(frozen=True)
class Cell:
    """The mean temperature of a station over the days of a column, and the number of these days.

    `mean_c` is in °C, rounded to one decimal.
    """

    mean_c: float
    days: int
    daily: bool
    """Whether all days have daily means."""


@dataclass(frozen=True)
class HeatRow:
    """A row: a station, the y of its middle in pixels, and its cells for scripts.

    `cells` has for each column `NO_CELL`, or three digits: two of the temperature in tenths of °C
    plus `OFFSET`, and one of the number of days (63 also if there are more).
    """

    station: Row
    y: float
    cells: str


@dataclass(frozen=True)
class HeatmapPlot:
    """The plot of all stations over time, as the macro `heatmap` draws it in a language.

    - `unit` is the time that a column stands for: a day, a week or a month.
    - `regions` are the headings, each with the position of its top. `row` and `heading` are the
      heights of a row and of a heading, `bottom` is the lower end of the cells, all in pixels.
    - `runs` are the stretches of columns without a break between them: left end and width in % of
      the width.
    - `cells` and `strip` are paths in an SVG of 1000 by twice `height`, which is stretched. `cells`
      has a path for each class of colours, `strip` marks the columns whose means are all daily
      means.
    - `columns` is for scripts (`PeriodColumns.data`), `count` is the number of columns.
    """

    unit: Unit
    height: int
    bottom: int
    row: int
    heading: int
    regions: Sequence[tuple[Row, int]]
    rows: Sequence[HeatRow]
    cells: Mapping[str, str]
    runs: Sequence[tuple[float, float]]
    strip: str
    axis: PeriodColumns
    columns: str
    count: int
    breaks: Sequence[PlotBreak] = ()
    labels: Sequence[DayLabel] = ()

    def in_language(self, locale: Locale) -> HeatmapPlot:
        """Return the plot with the texts of its axis in the language of `locale`."""
        return replace(self, breaks=self.axis.breaks(locale), labels=self.axis.labels(locale))


def heatmap_plot(
    station_days: pl.DataFrame, stations: Sequence[Row], regions: Sequence[Row]
) -> HeatmapPlot | None:
    """Return the plot of the days of all stations, or None without a day.

    The texts of its axis are missing; `in_language` adds them. `station_days` has the columns of
    `GalleryData.station_days`. Regions are from north to south, and so are the stations of a
    region.
    """
    if station_days.is_empty():
        return None
    columns = PeriodColumns.of(station_days["observed_on"].unique())
    cells = _cells(station_days, columns)
    height = _row_height(len(cells), has_breaks=bool(columns.axis.breaks))
    headings: list[tuple[Row, int]] = []
    rows: list[HeatRow] = []
    paths: dict[str, list[str]] = {}
    top = STRIP
    for region in regions:
        own = [
            each
            for each in stations
            if each["region_id"] == region["region_id"] and each["station_id"] in cells
        ]
        if not own:
            continue
        headings.append((region, top))
        top += HEADING
        for station in own:
            by_column = cells[station["station_id"]]
            rows.append(
                HeatRow(station, top + height / 2, _digits(by_column, len(columns.columns)))
            )
            for color, lines in _lines(by_column, columns).items():
                paths.setdefault(color, []).append(_path(lines, 2 * top + height))
            top += height
    return HeatmapPlot(
        unit=columns.unit,
        height=top + LABELS,
        bottom=top,
        row=height,
        heading=HEADING,
        regions=headings,
        rows=rows,
        cells={color: "".join(lines) for color, lines in sorted(paths.items())},
        runs=[(left / 10, (right - left) / 10) for left, right in _runs(columns)],
        strip="".join(f"M{left} {STRIP}h{right - left}" for left, right in _strip(columns, cells)),
        axis=columns,
        columns=columns.data(),
        count=len(columns.columns),
    )


def _cells(days: pl.DataFrame, columns: PeriodColumns) -> Mapping[int, Mapping[int, Cell]]:
    """Return the cells of the heatmap, by station id, then by index of the column.

    `days` has the columns of `GalleryData.station_days`.
    """
    cells: dict[int, dict[int, Cell]] = {}
    means = days.group_by("station_id", column=columns.column_of("observed_on")).agg(
        pl.col("mean_c").mean().round(1), pl.len(), pl.col("representative").all()
    )
    for station, column, *values in means.sort("station_id", "column").iter_rows():
        cells.setdefault(station, {})[column] = Cell(*values)
    return cells


def _row_height(rows: int, *, has_breaks: bool) -> int:
    if has_breaks:
        return max(ROW, -(-LEAST_HEIGHT // rows))
    return min(TALLEST_ROW, max(ROW, 2 * TALLEST_ROW // rows))


def _digits(cells: Mapping[int, Cell], count: int) -> str:
    def written(cell: Cell | None) -> str:
        if cell is None:
            return NO_CELL
        number = round(cell.mean_c * 10) + OFFSET
        return DIGITS[number // 64] + DIGITS[number % 64] + DIGITS[min(cell.days, 63)]

    return "".join(written(cells.get(column)) for column in range(count))


def _lines(
    cells: Mapping[int, Cell], columns: PeriodColumns
) -> Mapping[str, list[tuple[int, int]]]:
    """Return the lines that draw a row, by class of colour.

    A line is given by its ends, in tenths of % of the width. `cells` are the cells of a station, by
    index of the column. Neighbouring cells of one colour are one line.
    """
    lines: dict[str, list[tuple[int, int]]] = {}
    end, before = 0, ""
    for index, cell in cells.items():
        column = columns.columns[index]
        left, color = tenths(column.left), color_class(cell.mean_c)
        joins = color == before and left == end
        start = lines[color].pop()[0] if joins else left
        end, before = max(tenths(column.right), left + 1), color
        lines.setdefault(color, []).append((start, end))
    return lines


def _path(lines: Sequence[tuple[int, int]], y: int) -> str:
    """Return horizontal lines, given by their ends, at one `y` as the data of an SVG path.

    All but the first are relative, which is shorter.
    """
    start, end = lines[0]
    text = f"M{start} {y}h{end - start}"
    for left, right in lines[1:]:
        text += f"m{left - end} 0h{right - left}"
        end = right
    return text


def _runs(columns: PeriodColumns) -> Iterator[tuple[int, int]]:
    """Yield the ends of each run of columns that touch each other, in tenths of % of the width."""
    ends = [(tenths(each.left), tenths(each.right)) for each in columns.columns]
    start, end = ends[0]
    for left, right in ends[1:]:
        if left > end:
            yield start, end
            start = left
        end = right
    yield start, end


def _strip(
    columns: PeriodColumns, cells: Mapping[int, Mapping[int, Cell]]
) -> Iterator[tuple[int, int]]:
    """Yield the left and right end of each column in which all means are daily means.

    The ends are in tenths of % of the width. `cells` are the result of `_cells`.
    """
    mixed = {index for own in cells.values() for index, cell in own.items() if not cell.daily}
    for index, column in enumerate(columns.columns):
        if index not in mixed:
            yield tenths(column.left), tenths(column.right)
