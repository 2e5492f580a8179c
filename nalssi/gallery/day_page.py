"""The pages of days, and of undated lists.

The page of a day has all lists of the day: a summary of each, a table of all their values, and in
full the list that represents the day. The page of the newest day is also the first page of the
gallery. An undated list has a page of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, ClassVar

from nalssi.charts.chart_kinds import GALLERY_KINDS
from nalssi.charts.day_units import Unit
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.day_links import day_path, undated_path
from nalssi.gallery.day_lists import excluded_rows, list_rows
from nalssi.gallery.day_order import DayOrder
from nalssi.gallery.day_reader import DayLists, DayReader
from nalssi.gallery.day_snapshots import newest_usable_snapshot
from nalssi.gallery.false_date_page import false_date_reasons
from nalssi.gallery.gallery_data import FalseDate
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.lists_table import lists_table
from nalssi.gallery.month_archives import archive_path, day_csv, day_csv_key, has_own_csv
from nalssi.gallery.page_metadata import list_description
from nalssi.gallery.site_files import SiteFile
from nalssi.gallery.snapshot_view import snapshot_view
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class DayPage(GalleryPage):
    """The page of a day with all its lists, or of one undated list."""

    template: ClassVar[str] = "day.html"
    day: date | None
    lists: DayLists
    """The lists of the day, or the undated list alone."""
    regions: Sequence[Row]
    newest: bool = False
    """Whether this is the first page of the gallery."""
    archive: str | None = None
    """The path of the archive with the CSV file of the day, if the day has no CSV file of its own.
    A day in an old month may have neither."""
    previous: date | None = None
    next: date | None = None
    month: Row | None = None
    """The calendar of the month, on the first page of the gallery only. On the page of a day, it
    would change many pages whenever the mean of one day changes."""
    false_dates: Sequence[FalseDate] = ()
    """The lists that are printed under this day, but were not observed on it."""

    def as_newest(self, month: Row | None) -> DayPage:
        """Return a copy of this page that is the first page of the gallery, `index.html`.

        `month` is the calendar of its month (`DayCalendar.month`).
        """
        return replace(self, path="index.html", section="index", newest=True, month=month)

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and

        - `time`: the day of the page, or the time of the undated list; `list_time`: the time of the
          list that the page shows in full
        - `reasons`: the result of `false_date_reasons`
        - `previous`, `next`: path and text of the link to another day, or None
        - `snapshot`: the list that represents the day, as `snapshot_view` returns it
        - `lists`: all lists (`list_rows`); `table`: all their values (`lists_table`)
        - `excluded`: the excluded readings of all lists (`excluded_rows`); `excluded_count`: their
          number
        - `page_count`: the number of sightings of the lists
        """
        shown = self.lists.shown
        if locale.lang not in shown:
            shown[locale.lang] = self._of_lists(locale)
        return super().context(locale) | shown[locale.lang] | {
            "reasons": false_date_reasons(self.false_dates, locale),
            "previous": _link(self.previous, locale),
            "next": _link(self.next, locale),
        }  # fmt: skip

    def _of_lists(self, locale: Locale) -> dict[str, Any]:
        """Return those variables of `context` that depend on the lists and their pictures only.

        The first page and the page of its day share them (`DayLists.shown`).
        """
        lists = self.lists.read()
        shown = newest_usable_snapshot(lists)
        rows = list_rows(lists, lists.index(shown), locale)
        excluded = excluded_rows(lists, rows)
        table = lists_table(lists, self.regions, locale)
        charts = self.charts.get(locale.lang, {})
        return {
            "time": shown.time if self.day is None else SnapshotTime(self.day),
            "list_time": shown.time,
            "snapshot": snapshot_view(shown, lists, table.symbols, self.regions, charts, locale),
            "lists": rows,
            "table": table,
            "excluded": excluded,
            "excluded_count": sum(len(row["readings"]) for row in excluded),
            "page_count": sum(each.sightings.height for each in lists),
        }

    def description(self, locale: Locale) -> str:
        """Return the headline and the time of the list that the page shows in full."""
        shown = newest_usable_snapshot(self.lists.read())
        return list_description(shown, self.regions, locale)


def day_page(
    unit: Unit,
    reader: DayReader,
    regions: Sequence[Row],
    days: DayOrder,
    charts: ChartFolder,
    false_dates: Mapping[date, Sequence[FalseDate]],
) -> DayPage:
    """Return the page of a unit, a day or an undated list.

    `reader` reads the lists of the unit when the page is rendered. `regions` are all regions from
    north to south, `days` all days that have a page. `charts` is the folder in which the chart
    files of the day are looked up. `false_dates` are the lists with a false date, by that date.
    """
    lists = DayLists(unit, reader)
    newest = reader.units.newest_day
    page = DayPage(
        path=day_path(unit.day) if unit.day else undated_path(unit.name),
        section="day",
        charts=charts.find(GALLERY_KINDS, unit.name),
        tables=[_csv(unit, lists)] if has_own_csv(unit.day, newest) else [],
        archive=archive_path(unit.day, newest),
        day=unit.day,
        lists=lists,
        regions=regions,
    )
    if unit.day is None:
        return page
    previous, after = days.neighbours(unit.day)
    return replace(page, previous=previous, next=after, false_dates=false_dates.get(unit.day, ()))


def _csv(unit: Unit, lists: DayLists) -> SiteFile:
    folder = "dates" if unit.day else "undated"
    path = f"data/{folder}/{unit.name}.csv"
    return SiteFile(path, day_csv_key(lists), partial(day_csv, lists))


def _link(day: date | None, locale: Locale) -> tuple[str, str] | None:
    """Return path and text of the link to another day; None if there is no other day."""
    return (day_path(day), locale.short_day(day)) if day else None
