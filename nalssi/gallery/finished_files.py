"""Plan the files that depend on finished days only, in groups (`finished_days`).

A group of a year has the pages of its days, the archives of its months, and its pages and tables of
stations and regions. The last group has the files that show the days of several years, up to the
newest finished one: the first list of a new day changes that group and the group of the newest
year, and no other one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Final

import polars as pl

from nalssi.charts.day_units import Unit
from nalssi.gallery.calendar_page import DayCalendar
from nalssi.gallery.code_version import code_version
from nalssi.gallery.compare_data import compare_files
from nalssi.gallery.compare_page import compare_page
from nalssi.gallery.day_files import DayFiles
from nalssi.gallery.false_date_page import false_date_pages
from nalssi.gallery.finished_days import FinishedDays, units_digest
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.kept_summaries import summaries_files
from nalssi.gallery.month_archives import archive_path, has_own_csv, month_archives
from nalssi.gallery.period_page import period_page
from nalssi.gallery.period_tables import tables_of_year, years_of_tables
from nalssi.gallery.place_days import years_of_places
from nalssi.gallery.place_page import year_pages
from nalssi.gallery.publication import Publication, feeds
from nalssi.gallery.records_page import records_page
from nalssi.gallery.region_page import region_pages
from nalssi.gallery.site_files import SiteFile
from nalssi.gallery.station_list import StationListPage
from nalssi.gallery.station_page import station_pages
from nalssi.gallery.year_data import year_files

FOLDERS: Final[Mapping[str, str]] = {"station_id": "stations", "region_id": "regions"}
"""The folders of the pages of places, by the column with the id."""


@dataclass(frozen=True)
class FileGroup:
    """A group of files: its name, a digest of everything they depend on, and a function.

    The function `files` plans the files. It is called only if the digest has changed since the last
    build.
    """

    name: str
    digest: str
    files: Callable[[], Iterator[SiteFile]]


@dataclass(frozen=True)
class FinishedFiles:
    """The files that depend on finished days only.

    `data` has the statistics of finished days only. `stations` are the stations that the gallery
    lists (`listed_stations`), `frozen` the frozen feeds that the Atom feed reports.
    """

    data: GalleryData
    divided: FinishedDays
    days: DayFiles
    stations: Sequence[Row]
    frozen: Sequence[Row]
    publication: Publication

    def plan(self, listed: list[str]) -> Iterator[SiteFile]:
        """Yield the files of each group whose digest has changed since the last build.

        The paths of all files, also of those that are not yielded, are appended to `listed`.
        """
        site = self.days.site
        if (kept := site.keep_groups(self._digest())) is not None:
            listed += kept
            return
        for group in self._groups():
            if (kept := site.keep_group(group.name, group.digest)) is not None:
                listed += kept
                continue
            for file in group.files():
                listed.append(file.path)
                yield replace(file, group=group.name)

    def _digest(self) -> str:
        """Return a digest of everything on which any of the files depends."""
        archived = self._archived(self.days.reader.units.days.values())
        grouped = self._without_charts(self.divided.finished)
        return units_digest(
            self.divided.finished.values(), *self._of_many_days(), archived, "\n".join(grouped)
        )

    def _groups(self) -> Iterator[FileGroup]:
        """Yield the groups of files: one a year, one of undated lists, one of many days."""
        years = {by: years_of_places(frame, by) for by, _, frame in self._places()}
        false = {day.year for day in self.days.data.false_dates}
        for year in sorted({*self.divided.years, *false}):
            yield self._of_year(year, years)
        undated = self._without_charts(
            {name: unit for name, unit in self.divided.finished.items() if unit.day is None}
        )
        digest = units_digest(undated.values(), *self._common())
        yield FileGroup("undated", digest, partial(self.days.files, undated))
        digest = units_digest(self.divided.finished.values(), *self._of_many_days())
        yield FileGroup("many-days", digest, self._files_of_many_days)

    def _common(self) -> tuple[object, ...]:
        """Return the values on which the files of every group depend, to compute digests."""
        return self.days.renderer.surroundings, self.stations

    def _of_many_days(self) -> tuple[object, ...]:
        """Return the values, besides the finished days, on which the files of many days depend."""
        return (
            *self._common(),
            list(self.divided.open),
            self.publication,
            self.frozen,
            self.days.data.false_dates,
        )

    def _archived(self, days: Iterable[Unit]) -> Sequence[object]:
        """Return the values on which CSV files and archives of days depend, to compute digests.

        There are three for each month: how many of its days have CSV files of their own, the path
        of its archive (None if it has none), and a digest of the days in the archive.
        """
        newest = self.days.reader.units.newest_day
        archived: list[object] = []
        for _, of_month in groupby(days, key=lambda unit: unit.name[:7]):  # 2026-11
            units = list(of_month)
            others = [unit for unit in units if not has_own_csv(unit.day, newest)]
            path = archive_path(others[0].day, newest) if others else None
            archived.append((len(units) - len(others), path, units_digest(others)))
        return archived

    def _of_year(self, year: int, years: Mapping[str, Mapping[int, Sequence[int]]]) -> FileGroup:
        """Return the group of files of a year.

        `years` has the result of `years_of_places` for stations and for regions, by their column
        with the id.
        """
        finished = self.divided.years.get(year, {})
        grouped = self._without_charts(finished)
        with_page = [day for day in self.days.order.days if day.year == year]
        units = [unit for day, unit in self.days.reader.units.days.items() if day.year == year]
        digest = units_digest(
            finished.values(),
            *self._common(),
            list(grouped),
            with_page,
            [self.days.order.neighbours(day) for day in (with_page[0], with_page[-1])],
            {day: own for day, own in self.days.data.false_dates.items() if day.year == year},
            self._archived(units),
            {by: sorted(own.items()) for by, own in years.items()},
            year in years_of_tables(self.data),
        )
        return FileGroup(str(year), digest, partial(self._files_of_year, year, grouped, units))

    def _without_charts(self, units: Mapping[str, Unit]) -> Mapping[str, Unit]:
        """Return the units whose pages have no charts. Only these pages are in groups."""
        with_charts = self.days.charts.stems
        return {name: unit for name, unit in units.items() if name not in with_charts}

    def _files_of_year(
        self, year: int, grouped: Mapping[str, Unit], units: Sequence[Unit]
    ) -> Iterator[SiteFile]:
        """Yield the files of a year.

        `grouped` are the days whose pages are among these files, `units` are all days of the year,
        also open ones.
        """
        yield from self.days.files(grouped)
        for page in false_date_pages(self.days.data, self.days.order, year):
            yield from self.days.renderer.files(page)
        yield from month_archives(units, self.days.reader, self.days.site.folder)
        yield from compare_files(self.data, year)
        for by, rows, frame in self._places():
            for each in year_pages(frame, by, rows, FOLDERS[by], year):
                yield from self.days.renderer.files(each)
        yield from tables_of_year(self.data, year)

    def _files_of_many_days(self) -> Iterator[SiteFile]:
        yield from year_files(self.data, DayCalendar.of(self.data.summaries, self.days.order.days))
        yield from feeds(self.data, self.frozen, self.days.renderer, self.publication)
        for page in self._pages_of_many_days():
            yield from self.days.renderer.files(page)
        yield from summaries_files(self.data.summaries, code_version())

    def _pages_of_many_days(self) -> Iterator[GalleryPage]:
        data, regions, stations = self.data, self.data.region_rows, self.stations
        open_day = self.divided.newest_open
        yield from station_pages(data, regions, stations, open_day)
        yield from region_pages(data, regions, stations, open_day)
        yield StationListPage(
            path="places.html", section="places", regions=regions, stations=stations
        )
        yield period_page(data, open_day)
        yield records_page(data, open_day)
        yield compare_page(data, open_day)

    def _places(self) -> Iterator[tuple[str, Sequence[Row], pl.DataFrame]]:
        """Yield a tuple for stations, then one for regions: column, places, statistics.

        The column is the name of the column with the ids of places. The places are rows with names.
        The statistics are a frame with a row for each place and day.
        """
        yield "station_id", self.stations, self.data.station_days
        yield "region_id", self.data.region_rows, self.data.region_days
