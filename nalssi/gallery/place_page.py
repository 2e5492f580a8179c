"""What the pages of stations and regions share, and their pages of earlier years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.page_metadata import place_description
from nalssi.gallery.place_days import ROWS, Place, PlaceDays, days_of_year, years_of_places
from nalssi.gallery.site_files import SiteFile
from nalssi.locale.locales import Locale

HOME: Final = "../"
"""The path from the pages of places to the folder of their language."""


@dataclass(frozen=True, kw_only=True)
class PlacePage(GalleryPage):
    """The page of a station or region, with its newest days.

    `place` is the row of the station or region, with its names.
    """

    place: Row
    days: Place | None
    """The days of the place; None if no day has data of it."""
    open_day: date | None = None
    """The day that is not over, which the page does not show yet. None if there is none."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and

        - `name`: the name of the place
        - the variables of `PlottedDays.plot` for the newest days. Without days, `plot` is None, and
          all other variables but `name` are missing
        - `rows`: the table of the newest days; `shown`: the number of its rows
        - `years`: pairs of a year and the path of its page, the newest year first
        - `all_days`: the number of days of the place
        """
        context = super().context(locale) | {"name": locale.name(self.place), "plot": None}
        if self.days is None:
            return context
        newest = self.days.newest
        return context | newest.plotted.plot(newest.number, locale) | {
            "rows": newest.plotted.day_rows(newest.number, locale, HOME),
            "shown": min(ROWS, newest.days),
            "years": _years(self.path.removesuffix(".html"), self.days.years),
            "all_days": self.days.all_days,
        }  # fmt: skip

    def description(self, locale: Locale) -> str:
        """Return a sentence with the days with data, and the lowest and the highest temperature."""
        return place_description(self.place, self.days, locale)


@dataclass(frozen=True, kw_only=True)
class PlaceYearPage(GalleryPage):
    """The page of an earlier year of a station or region, `place`."""

    template: ClassVar[str] = "place_year.html"
    place: Row
    page: str
    """The path of the page of the place, in the folder of a language, without `.html`."""
    year: int
    years: Sequence[int]
    """The earlier years of the place that have a page, the newest first."""
    days: PlaceDays

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and

        - the variables of `PlottedDays.plot` for the year
        - `name`: the name of the place, and the year; `months`: short names of the months
        - `rows`: the table of the year, with a column for each month
        - `years`: pairs of a year and the path of its page, the newest year first
        """
        plotted, number = self.days.plotted, self.days.number
        shown = locale.charts.short_year.format(year=self.year)
        return super().context(locale) | plotted.plot(number, locale) | {
            "name": f"{locale.name(self.place)} {shown}",
            "months": [locale.short_month(date(self.year, month, 1)) for month in range(1, 13)],
            "rows": plotted.month_rows(number, HOME),
            "years": _years(self.page, self.years),
        }  # fmt: skip


def year_pages(
    days: pl.DataFrame, by: str, rows: Sequence[Row], folder: str, year: int
) -> Iterator[PlaceYearPage]:
    """Yield the pages of an earlier year, in the order of `rows`.

    `rows` are the stations or regions, and `days` their statistics by day. `by` is the column with
    their id (`station_id` or `region_id`). `folder` is `stations` or `regions`.
    """
    years = years_of_places(days, by)
    with_page = [place for place, own in years.items() if year in own]
    places = days_of_year(days, by, year, with_page)
    for row in rows:
        number = row[by]
        if number in places:
            path = f"{folder}/{number}"
            own = places[number]
            yield PlaceYearPage(
                path=f"{path}-{year}.html",
                section="places",
                tables=[own.csv_file(f"data/{path}-{year}.csv")],
                place=row,
                page=path,
                year=year,
                years=years[number],
                days=own,
            )


def place_tables(path: str, place: Place | None) -> Sequence[SiteFile]:
    """Return the CSV file of the newest days of a place; empty if the place has no days.

    `path` is the path of the page without `.html`.
    """
    return [place.newest.csv_file(f"data/{path}.csv")] if place else []


def _years(path: str, years: Sequence[int]) -> Sequence[tuple[int, str]]:
    return [(year, f"{path}-{year}.html") for year in years]
