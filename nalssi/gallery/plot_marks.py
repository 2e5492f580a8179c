"""The marks of plots of days: bars, line and points of many stations or regions at once.

`daily_plot` explains the units. Positions on the axis are computed once for all plots of the same
days. All other values are computed by polars for all plots together, because the plots of nearly
all stations change with every new list. A number is written by the same Python function as
elsewhere in the gallery, once for each distinct value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from nalssi.charts.day_axis import AxisSizes, DayAxis
from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.stylesheet import color_class

HEIGHT: Final = 240
"""The height of the plot in pixels. TOP_MARGIN, BOTTOM_MARGIN and LOWEST_BAR are in pixels too."""
TOP_MARGIN: Final = 12
BOTTOM_MARGIN: Final = 44
"""The height in pixels for the labels of the days and of the years below the bars."""
LOWEST_BAR: Final = 3.0
"""The smallest height of a bar in pixels. Without it, the bar of a day with one value would be
invisible."""
STEP_C: Final = 5
MOST_STEPS: Final = 8

AXIS: Final = AxisSizes(100.0, 6.0, 14.4, 25.0, legible_day=1.2, widest_day=10.0)
"""The sizes of the axis in % of the width. A break is 6 % wide, or 14.4 % between days of two
years. On the narrowest page, where 1 % is 3.2 pixels, this is enough for the upright words of a
break, and for the labels of the days on both sides of it."""
BAR_SHARE: Final = 0.86
"""The width of a bar, as a share of the day, if days are wide enough for gaps between bars."""
LEAST_BAR: Final = 0.35
WIDEST_BAR: Final = 1.6
"""LEAST_BAR and WIDEST_BAR are the smallest and the largest width of a bar in % of the width."""
FEW_DAYS: Final = 60
"""Up to this number of days in a plot, every daily mean has a point. With more days, only means
without a line have points, and points are small."""

ACROSS: Final = 100
"""The number of units of the inner SVG in 1 % of the width."""
DOWN: Final = 10
"""The number of units of the inner SVG in a pixel of the height."""


@dataclass(frozen=True)
class Bars:
    """The bars of one colour and width, from the lowest to the highest temperature of a day.

    `color` is a class of the style sheet, `width` is in units of the inner SVG.
    """

    color: str
    width: int
    path: str


@dataclass(frozen=True)
class Vertical:
    """The vertical axis of a plot: the temperatures (°C) at its ends, multiples of 5."""

    low: int
    high: int

    @classmethod
    def of(cls, low_c: float, high_c: float) -> Vertical:
        """Return the axis for temperatures from `low_c` to `high_c` (°C)."""
        low = math.floor(low_c / STEP_C) * STEP_C
        high = math.ceil(high_c / STEP_C) * STEP_C
        return cls(low, max(high, low + 2 * STEP_C))

    def rules(self) -> tuple[tuple[float, int], ...]:
        """Return the horizontal lines: the position of each in pixels, and its temperature."""
        step = STEP_C * max(1, math.ceil((self.high - self.low) / STEP_C / MOST_STEPS))
        values = range(self.low, self.high + 1, step)
        return tuple((round(self._pixels(value), 1), value) for value in values)

    def _pixels(self, temperature_c: float) -> float:
        share = (self.high - temperature_c) / (self.high - self.low)
        return TOP_MARGIN + share * (HEIGHT - BOTTOM_MARGIN - TOP_MARGIN)


@dataclass(frozen=True)
class Marks:
    """The parts of a plot that are the same in all languages.

    `axis` is the axis of days, `vertical` that of temperatures. `DailyPlot` explains the other
    fields.
    """

    axis: DayAxis
    vertical: Vertical
    bars: Sequence[Bars]
    line: str
    points: str
    open_points: str
    is_dense: bool
    basis: MeanBasis
    data: str


def marks_of_plots(
    days: pl.DataFrame, ends_c: tuple[float, float] | None = None
) -> Mapping[Any, Marks]:
    """Return the marks of each plot, by name of the plot.

    `days` has `plot` (the name of the plot of a row) and `observed_on, mean_c, low_c, high_c,
    lists, representative` of `period_data.DAY_COLUMNS`, and is sorted by plot and day. `ends_c` are
    the lowest and the highest temperature (°C) of all plots, which then have the same axis.
    """
    names, axes, verticals = [], [], []
    positions = _Positions()
    for name, own, low_c, high_c in (
        days.group_by("plot", maintain_order=True)
        .agg("observed_on", pl.col("low_c").min(), pl.col("high_c").max())
        .iter_rows()
    ):
        names.append(name)
        axes.append(positions.add(own))
        verticals.append(Vertical.of(*(ends_c or (low_c, high_c))))
    limits = pl.DataFrame(
        {
            "plot": pl.Series(names, dtype=days.schema["plot"]),
            "low": [each.low for each in verticals],
            "high": [each.high for each in verticals],
        },
        schema_overrides={"low": pl.Float64, "high": pl.Float64},
    )
    drawn = pl.concat([days, positions.frame()], how="horizontal").join(
        limits, on="plot", maintain_order="left"
    )
    drawn = _with_texts(drawn)
    bars, texts = _bars(drawn), _texts(drawn)
    return {
        name: Marks(axis, vertical, bars[name], *texts[name])
        for name, axis, vertical in zip(names, axes, verticals, strict=True)
    }


def text_of_each(frame: pl.DataFrame, column: str, to_text: Callable[[Any], str]) -> pl.Expr:
    """Return an expression that replaces the values of a column by texts.

    `to_text` is called once for each distinct value.
    """
    values = frame[column].unique().drop_nulls()
    texts = pl.Series([to_text(value) for value in values], dtype=pl.String)
    return pl.col(column).replace_strict(values, texts, return_dtype=pl.String)


class _Positions:
    """Collects the horizontal positions of the days of all plots.

    They are computed once for plots of the same days.
    """

    def __init__(self) -> None:
        self._axes: dict[tuple[date, ...], tuple[DayAxis, Sequence[Sequence[Any]]]] = {}
        self._columns: tuple[list[Any], ...] = ([], [], [], [])

    def add(self, days: Sequence[date]) -> DayAxis:
        """Add the positions of the sorted days of a plot to those of earlier plots.

        Returns the axis of the plot.
        """
        key = tuple(days)
        if key not in self._axes:
            self._axes[key] = _axis(days)
        axis, columns = self._axes[key]
        for all_rows, own in zip(self._columns, columns, strict=True):
            all_rows.extend(own)
        return axis

    def frame(self) -> pl.DataFrame:
        """Return the positions of all days that were added, a row for each day of a plot.

        Columns: `x` (of a point), `bar` and `width` (of the bar) in units of the inner SVG, and
        `at`, the start of the text of a day for scripts.
        """
        schema = {"x": pl.String, "bar": pl.String, "width": pl.Int64, "at": pl.String}
        return pl.DataFrame(list(self._columns), schema=schema)


def _axis(days: Sequence[date]) -> tuple[DayAxis, Sequence[Sequence[Any]]]:
    axis = DayAxis.from_days(days, AXIS)
    share = BAR_SHARE if axis.day_width >= AXIS.legible_day else 1.0
    middles = [axis.middle(day) for day in days]
    columns = axis.columns(days, LEAST_BAR)
    bars = middles if share < 1 else [(left + right) / 2 for left, right in columns]
    widths = [min((right - left) * share, WIDEST_BAR) for left, right in columns]
    first = days[0]
    return axis, (
        [str(_across(middle)) for middle in middles],
        [str(_across(bar)) for bar in bars],
        [max(1, _across(width)) for width in widths],
        [f"{(day - first).days},{middle:.2f}" for day, middle in zip(days, middles, strict=True)],
    )


def _across(percent: float) -> int:
    return round(percent * ACROSS)


def _with_texts(drawn: pl.DataFrame) -> pl.DataFrame:
    """Add to the days of all plots the columns from which their paths and texts are joined.

    `drawn` has the columns of `days` in `marks_of_plots`, of `_Positions.frame`, and `low, high`,
    the ends of the vertical axis in °C. The added columns are `color` (the class of the colour),
    `point` and `stroke` (the point and the bar of a day, in units of the inner SVG), and `entry`
    (the text of the day for scripts).
    """
    span = HEIGHT - BOTTOM_MARGIN - TOP_MARGIN
    top, mean, bottom = (
        TOP_MARGIN + (pl.col("high") - pl.col(name)) / (pl.col("high") - pl.col("low")) * span
        for name in ("high_c", "mean_c", "low_c")
    )
    add = ((LOWEST_BAR - (bottom - top)) / 2).clip(lower_bound=0)

    def units(pixels: pl.Expr) -> pl.Expr:
        return (pixels * DOWN).round().cast(pl.Int32).cast(pl.String)

    values = [text_of_each(drawn, name, _written) for name in ("mean_c", "low_c", "high_c")]
    lists = pl.when("representative").then(pl.lit("")).otherwise(pl.col("lists").cast(pl.String))
    return drawn.with_columns(
        color=text_of_each(drawn, "mean_c", color_class),
        point=pl.concat_str("x", units(mean), separator=" "),
        stroke=pl.format("M{} {}v{}", "bar", units(top - add), units(bottom - top + 2 * add)),
        entry=pl.concat_str("at", *values, lists, separator=","),
    )


def _written(temperature_c: float) -> str:
    return f"{round(temperature_c, 1) + 0.0:.1f}"


def _bars(drawn: pl.DataFrame) -> Mapping[Any, Sequence[Bars]]:
    """Return the bars of each plot, by name of the plot: one path for each colour and width.

    `drawn` is the result of `_with_texts`.
    """
    bars: dict[Any, list[Bars]] = {}
    paths = (
        drawn.group_by("plot", "color", "width", maintain_order=True)
        .agg(pl.col("stroke").str.join())
        .sort("plot", "color", "width")
    )
    for name, color, width, path in paths.iter_rows():
        bars.setdefault(name, []).append(Bars(color, width, path))
    return bars


def _texts(drawn: pl.DataFrame) -> Mapping[Any, tuple[Any, ...]]:
    """Return `line, points, open_points, is_dense, basis, data` of `Marks`, by name of the plot.

    `drawn` is the result of `_with_texts`.
    """
    dots = pl.format("M{}h0", "point")
    follows = pl.col("observed_on").diff().over("plot") == pl.duration(days=1)
    daily = (
        drawn.filter("representative")
        .with_columns(run=(~follows.fill_null(False)).cum_sum())
        .group_by("plot", "run", maintain_order=True)
        .agg(pl.col("point").str.join(" "), pl.len().alias("length"), dots=dots.str.join())
    )
    is_line = pl.col("length") > 1
    lines = daily.group_by("plot").agg(
        line=(pl.lit("M") + pl.col("point")).filter(is_line).str.join(),
        points=pl.col("dots").str.join(),
        lone_points=pl.col("dots").filter(~is_line).str.join(),
    )
    others = drawn.filter(~pl.col("representative")).group_by("plot").agg(
        open_points=dots.str.join(), fewest=pl.col("lists").min(), most=pl.col("lists").max()
    )  # fmt: skip
    whole = drawn.group_by("plot").agg(
        pl.len(), pl.col("representative").any(), data=pl.col("entry").str.join(";")
    )
    joined = whole.join(lines, on="plot", how="left").join(others, on="plot", how="left")
    return {row["plot"]: tuple(_of_row(row)) for row in joined.iter_rows(named=True)}


def _of_row(row: Mapping[str, Any]) -> Iterator[Any]:
    is_dense = row["len"] > FEW_DAYS
    yield row["line"] or ""
    yield row["lone_points" if is_dense else "points"] or ""
    yield row["open_points"] or ""
    yield is_dense
    lists = None if row["fewest"] is None else (row["fewest"], row["most"])
    yield MeanBasis(row["representative"], lists)
    yield row["data"]
