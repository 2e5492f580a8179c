"""The days that pages of stations and regions show: the newest days, and each earlier year.

A place is a station or a region. The page of a place shows its newest days. A place with more than
`NEWEST_DAYS` days also has a page for each year before its newest one. So a new day changes a part
of constant size, however many years the data have, and the plot of a page stays legible.

The plots and tables of all places in a period are made together, when the first of them is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import polars as pl
from markupsafe import Markup

from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.code_version import code_version
from nalssi.gallery.csv_tables import csv_text, formatted
from nalssi.gallery.daily_plot import AxisWords, DailyPlot
from nalssi.gallery.days_table import day_rows, month_rows
from nalssi.gallery.input_digest import Digested, input_digest, rows_digest
from nalssi.gallery.plot_marks import Marks, marks_of_plots
from nalssi.gallery.site_files import SiteFile
from nalssi.locale.locales import Lang, Locale

NEWEST_DAYS: Final = 366
"""The largest number of days with data that the page of a place shows."""
ROWS: Final = 60
"""The largest number of days in the table of the page of a place. The CSV file of the place has all
days."""


@dataclass(frozen=True)
class LastDay:
    """The last day of a plot: its mean (°C), and the kind of this mean."""

    day: date
    mean_c: float
    basis: MeanBasis


@dataclass(frozen=True)
class PlottedDays:
    """The days of several plots, each plot with the days of one place.

    `frame` has `plot`, the name of the plot, and `period_data.DAY_COLUMNS`, and is sorted by plot
    and day. Any other columns are in CSV files only.
    """

    frame: pl.DataFrame
    ends_c: tuple[float, float] | None = None
    """The lowest and highest temperature (°C) of the axis that all plots share. By default, each
    plot has an axis of its own."""
    _words: dict[tuple[int, Lang], AxisWords] = field(default_factory=dict)
    _rows: dict[tuple[Lang, str], Mapping[Any, Markup]] = field(default_factory=dict)

    @cached_property
    def _marks(self) -> Mapping[Any, Marks]:
        return marks_of_plots(self.frame, self.ends_c)

    @cached_property
    def _summaries(self) -> Mapping[Any, dict[str, Any]]:
        summaries = self.frame.group_by("plot").agg(
            pl.col("observed_on").first().alias("first"),
            pl.col("observed_on", "mean_c", "representative", "lists").last(),
            pl.len().alias("days"),
            pl.col("low_c").min(),
            pl.col("high_c").max(),
        )
        return {row.pop("plot"): row for row in summaries.to_dicts()}

    @cached_property
    def _csv_frames(self) -> Mapping[Any, pl.DataFrame]:
        text = formatted(self.frame)
        parts = text.partition_by("plot", as_dict=True, maintain_order=True, include_key=False)
        return {name: part for (name,), part in parts.items()}

    def plot(self, name: Any, locale: Locale) -> dict[str, Any]:
        """Return the variables of a plot for the macro `series`.

        `plot` is the `DailyPlot`, `first` its first day, `last` its `LastDay`, `days` the number of
        its days, and `low_c` and `high_c` are its extremes (°C). `name` is the name of the plot.
        """
        marks = self._marks[name]
        key = id(marks.axis), locale.lang
        if key not in self._words:
            self._words[key] = AxisWords.of(marks.axis, locale)
        values = self._summaries[name]
        basis = MeanBasis.of([(values["representative"], values["lists"])])
        return {
            "plot": DailyPlot.of(marks, self._words[key]),
            "first": values["first"],
            "last": LastDay(values["observed_on"], values["mean_c"], basis),
            "days": values["days"],
            "low_c": values["low_c"],
            "high_c": values["high_c"],
        }

    def day_rows(self, name: Any, locale: Locale, home: str) -> Markup:
        """Return the newest days of a plot, at most ROWS, as rows of a table.

        `name` is the name of the plot, `home` the path of the folder of the language.
        """
        key = locale.lang, home
        if key not in self._rows:
            newest = self.frame.group_by("plot", maintain_order=True).tail(ROWS)
            self._rows[key] = day_rows(newest, locale, home)
        return self._rows[key][name]

    def month_rows(self, name: Any, home: str) -> Markup:
        """Return the days of a plot, all of one year, as a table with a column for each month.

        `name` is the name of the plot, `home` the path of the folder of the language.
        """
        key: tuple[Lang, str] = "ko", home  # the rows are the same in all languages
        if key not in self._rows:
            self._rows[key] = month_rows(self.frame, home)
        return self._rows[key][name]

    def csv(self, name: Any) -> bytes:
        """Return the days of the plot `name` as CSV, without the column `plot`."""
        return csv_text(self._csv_frames[name])


@dataclass(frozen=True)
class PlaceDays(Digested):
    """The days of one place, as a field of a page. They are laid out when the page is rendered.

    `days` is their number. `digest` changes when a value of a day changes.
    """

    plotted: PlottedDays
    number: int
    """The id of the station or region, which is the name of its plot."""
    days: int
    digest: str = ""

    def csv_file(self, path: str) -> SiteFile:
        """Return a file of the gallery with the days as CSV."""
        key = input_digest((code_version(), self))
        return SiteFile(path, key, lambda: self.plotted.csv(self.number))


@dataclass(frozen=True)
class Place:
    """The days of a station or region: those of its page, and totals of all days.

    `all_days` is the number of all days, `low_c` and `high_c` are their extremes (°C).
    """

    newest: PlaceDays
    years: Sequence[int]
    """The earlier years that have a page, the newest first. Empty if the page of the place shows
    all days."""
    all_days: int
    first: date
    last: date
    low_c: float
    high_c: float


def days_of_places(days: pl.DataFrame, by: str) -> Mapping[int, Place]:
    """Return the newest days of each place, its earlier years and totals, by id of the place.

    `days` has `by` (`station_id` or `region_id`) and DAY_COLUMNS, a row for each place and day, and
    is sorted by day. Its other columns are in the CSV files too.
    """
    newest = dict(_by_place(days.group_by(by, maintain_order=True).tail(NEWEST_DAYS), by))
    years = years_of_places(days, by)
    totals = days.group_by(by).agg(
        pl.len(),
        pl.col("observed_on").min().alias("first"),
        pl.col("observed_on").max().alias("last"),
        pl.col("low_c").min(),
        pl.col("high_c").max(),
    )
    return {
        place: Place(newest[place], years.get(place, ()), *total)
        for place, *total in totals.iter_rows()
    }


def years_of_places(days: pl.DataFrame, by: str) -> Mapping[int, Sequence[int]]:
    """Return the earlier years that have a page, the newest first, by id of the place.

    Only places with more than NEWEST_DAYS days have such pages. `days` has a row for each place and
    day. `by` is the column with the id of the place.
    """
    counts = days.group_by(by, year=pl.col("observed_on").dt.year()).len()
    is_early = (pl.col("len").sum().over(by) > NEWEST_DAYS) & (
        pl.col("year") < pl.col("year").max().over(by)
    )
    early = counts.filter(is_early).sort("year", descending=True)
    return dict(early.group_by(by).agg("year").iter_rows())


def days_of_year(
    days: pl.DataFrame, by: str, year: int, places: Collection[int]
) -> Mapping[int, PlaceDays]:
    """Return the days of some places in a year, by id of the place.

    `places` are the ids of the places. `days` has a row for each place and day. `by` is the column
    with the id of the place.
    """
    of_year = days.filter(pl.col("observed_on").dt.year() == year, pl.col(by).is_in(places))
    return dict(_by_place(of_year, by))


def _by_place(days: pl.DataFrame, by: str) -> Iterator[tuple[int, PlaceDays]]:
    """Yield the id of each place, and its days.

    `days` has a row for each place and day. `by` is the column with the id of the place.
    """
    ordered = days.with_columns(plot=by).sort("plot", "observed_on")
    plotted = PlottedDays(ordered)
    hashes = ordered.select("plot", digest=ordered.hash_rows(seed=0))
    rows = hashes.group_by("plot", maintain_order=True).agg("digest")
    for place, own in zip(rows["plot"], rows["digest"], strict=True):
        yield place, PlaceDays(plotted, place, len(own), rows_digest(own))


def daily_plot(
    days: pl.DataFrame, locale: Locale, ends_c: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return the variables of a plot (`PlottedDays.plot`) for the days of one place.

    `days` has DAY_COLUMNS, is not empty and is sorted by day. `ends_c` are the lowest and the
    highest temperature (°C) of several plots that have the same axis.
    """
    return PlottedDays(days.with_columns(plot=0), ends_c).plot(0, locale)
