"""Plan all files of a gallery, in the order in which they are written: the first page last.

A plan reads the readings of changed days only. `day_units` says which days have changed. The
statistics of unchanged days are those of the last build (`day_summaries`). If only today has
changed, most files are not planned (`finished_files`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

import duckdb

from nalssi.charts.day_units import Unit, Units
from nalssi.gallery.calendar_page import CalendarPage, DayCalendar
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.code_version import code_version
from nalssi.gallery.day_files import DayFiles
from nalssi.gallery.day_order import DayOrder
from nalssi.gallery.day_reader import DayReader
from nalssi.gallery.day_summaries import DaySummaries
from nalssi.gallery.finished_days import FinishedDays
from nalssi.gallery.finished_files import FinishedFiles
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, PageRenderer
from nalssi.gallery.input_digest import SharedRows
from nalssi.gallery.kept_summaries import read_summaries
from nalssi.gallery.publication import Publication, newest_files, newest_frozen_feeds, sitemap
from nalssi.gallery.quality_page import quality_page
from nalssi.gallery.search_index import DAYS_FILE, days_script, places_script
from nalssi.gallery.site_files import SiteFile, SiteFolder, asset_file, content_file
from nalssi.gallery.sitemap import listed_pages
from nalssi.gallery.station_list import listed_stations
from nalssi.gallery.stylesheet import STATIC, stylesheet
from nalssi.locale.locales import LOCALES, Lang

READINGS_IN_MEMORY: Final = 25_000
"""The largest number of readings that are in memory while the pages of several days are made."""
SCRIPTS: Final = (
    "theme",
    "dates",
    "search",
    "site",
    "grids",
    "pictures",
    "dots",
    "day",
    "compare",
    "other_years",
    "newest",
)
"""The names, without `.js`, of the scripts in `static/`."""


@dataclass(frozen=True, kw_only=True)
class EmptyPage(GalleryPage):
    """The first page of the gallery of a warehouse without dated readings."""

    template: ClassVar[str] = "empty.html"


def gallery_files(
    con: duckdb.DuckDBPyConnection,
    site: SiteFolder,
    charts_folder: Path,
    lang: Sequence[Lang],
    readings_in_memory: int = READINGS_IN_MEMORY,
    publication: Publication = Publication(),  # noqa: B008  # it is immutable
    open_days: Sequence[date] = (),
) -> Iterator[SiteFile]:
    """Plan the files of the gallery, the first page last.

    `open_days` are the days that are not over. The files of finished days are planned only if a
    finished day has changed. A file comes after the files that it links to, so that a visitor sees
    complete pages while the gallery is being written. Pages are not rendered until their content is
    requested.
    """
    units = Units.load(con)
    divided = FinishedDays.of(units, open_days)
    reader = DayReader(con, units, readings_in_memory)
    finished = read_summaries(site.folder, code_version())
    _update(finished, con, divided.finished, reader)
    everything = finished.copy()
    _update(everything, con, {**divided.finished, **divided.open}, reader)
    data = GalleryData(con, units, everything)
    stations = SharedRows(listed_stations(data))
    with_days = set(everything.frame("newest")["station_id"])
    assets = {
        "style": asset_file("site.css", stylesheet()),
        "places": asset_file("places.js", places_script(data.region_rows, stations, with_days)),
        **{name: _script_file(name) for name in SCRIPTS},
    }
    yield from assets.values()
    order = DayOrder.of([*data.days, *data.false_dates])
    calendar = DayCalendar.of(everything, order.days)
    yield content_file(DAYS_FILE, days_script(list(calendar.means)))
    yield content_file("assets/icon.svg", (STATIC / "icon.svg").read_bytes())
    locales = [LOCALES[each] for each in lang]
    paths = {name: file.path for name, file in assets.items()}
    renderer = PageRenderer(locales, paths, publication.site)
    yield from newest_files(data, stations, renderer, publication)
    days = DayFiles(data, reader, ChartFolder(charts_folder, lang), order, renderer, site)
    frozen = newest_frozen_feeds(con)
    of_finished = GalleryData(con, units, finished)
    newest: GalleryPage = EmptyPage(path="index.html", section="index")
    often_planned = divided.often_planned(days.charts.stems)
    for page, files in days.pages({**often_planned, **_newest_unit(divided, calendar)}):
        if page.lists.unit.name in often_planned:
            yield from files
        if (day := page.day) and day == calendar.newest:
            newest = page.as_newest(calendar.month(day.year, day.month))
    listed: list[str] = []
    yield from FinishedFiles(of_finished, divided, days, stations, frozen, publication).plan(listed)
    undated = everything.frame("undated").drop("unit").to_dicts()
    pages = [
        quality_page(data),
        CalendarPage(path="calendar.html", section="calendar", calendar=calendar, undated=undated),
    ]
    for each in pages:
        yield from renderer.files(each)
    if publication.site:
        others = [each.path for each in (*pages, newest)]
        folders = filter(None, map(renderer.folder, locales))
        places_and_periods = listed_pages(listed, folders)
        yield from sitemap(
            con, calendar, [*places_and_periods, *others], renderer, publication.site
        )
    yield from renderer.files(newest)


def _newest_unit(divided: FinishedDays, calendar: DayCalendar) -> Mapping[str, Unit]:
    """Return the unit (day) that the first page shows, by name.

    Empty if that day is not finished.
    """
    newest = str(calendar.newest)
    return {newest: divided.finished[newest]} if newest in divided.finished else {}


def _script_file(name: str) -> SiteFile:
    return asset_file(f"{name}.js", (STATIC / f"{name}.js").read_bytes())


def _update(
    summaries: DaySummaries,
    con: duckdb.DuckDBPyConnection,
    units: Mapping[str, Unit],
    reader: DayReader,
) -> None:
    """Make `summaries` have the statistics of exactly these units (days and undated lists).

    The statistics of other units are removed. Those of new or changed units are computed from the
    readings that `reader` reads.
    """
    summaries.keep_only(units)
    changed = [unit for name, unit in units.items() if name not in summaries.digests]
    for group in reader.spans(changed):
        summaries.add(con, reader.readings(group), group)
