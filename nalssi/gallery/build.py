"""Build the gallery of a warehouse: plan all files, in the order in which they are written.

A build reads the readings of changed days only. `day_units` says which days have changed. The
statistics of unchanged days are those of the last build (`day_summaries`). If only today has
changed, most files are not planned (`finished_days`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

import duckdb

from nalssi.charts.day_units import Unit, Units
from nalssi.gallery.build_inputs import build_inputs
from nalssi.gallery.calendar_page import CalendarPage, DayCalendar
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.code_version import code_version, remember_code_version, source_digest
from nalssi.gallery.compare_data import compare_files
from nalssi.gallery.compare_page import compare_page
from nalssi.gallery.day_order import DayOrder
from nalssi.gallery.day_page import DayPage, day_page
from nalssi.gallery.day_reader import DayReader
from nalssi.gallery.day_summaries import DaySummaries
from nalssi.gallery.false_date_page import false_date_pages
from nalssi.gallery.finished_days import FinishedDays, open_days
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, PageRenderer, Row
from nalssi.gallery.kept_summaries import read_summaries, summaries_file
from nalssi.gallery.month_archives import archive_months, month_archives
from nalssi.gallery.period_page import period_page
from nalssi.gallery.publication import (
    Publication,
    feeds,
    newest_files,
    newest_frozen_feeds,
    sitemap,
)
from nalssi.gallery.quality_page import quality_page
from nalssi.gallery.records_page import records_page
from nalssi.gallery.region_page import region_pages
from nalssi.gallery.search_index import DAYS_FILE, days_script, places_script
from nalssi.gallery.site_files import SiteFile, SiteFolder, asset_file, content_file
from nalssi.gallery.sitemap import listed_pages
from nalssi.gallery.station_list import StationListPage, listed_stations
from nalssi.gallery.station_page import station_pages
from nalssi.gallery.stylesheet import STATIC, stylesheet
from nalssi.gallery.year_data import year_files
from nalssi.locale.locales import LOCALES, Lang

READINGS_IN_MEMORY: Final = 25_000
"""The largest number of readings that are in memory while the pages of days are made."""
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


Progress = Callable[[int, int, str], None]
"""A function `progress(made, total, path)` that is called before a file is made. `made` is the
number of files made so far, `total` an estimate of all (the number of the last build; 0 if there
was none), and `path` that of the file in the gallery."""


@dataclass(frozen=True)
class Gallery:
    """The result of a build: the path of the first page, and numbers of files.

    `files` is the number of all files, `written` and `removed` count those that this build changed.
    """

    index: Path
    files: int
    written: int
    removed: int


def build(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    charts_folder: Path,
    lang: Sequence[Lang] = tuple(LOCALES),
    readings_in_memory: int = READINGS_IN_MEMORY,
    publication: Publication = Publication(),  # noqa: B008  # it is immutable
    progress: Progress | None = None,
    today: date | None = None,
) -> Gallery:
    """Build the gallery of a warehouse in `folder`. Only files that change are written.

    `con` is a read-only connection. `charts_folder` holds the files that `charts.draw.draw_all` has
    drawn. A page shows charts in its own language only; a chart that is not drawn in that language
    is missing on the page. The first language is at the root of the gallery, each other one in a
    folder of its own. `publication` has the site address. Pages that show many days end with the
    day before `today` (KST); by default, all days are finished (`finished_days`). `progress` is
    called before each file. Raises ValueError for an unknown language, or if there is none.
    """
    if not lang or not set(lang) <= LOCALES.keys():
        known = ", ".join(LOCALES)
        raise ValueError(f"languages {', '.join(lang) or 'none'}: choose from {known}")
    site = SiteFolder(folder)
    days = open_days(con, today)
    inputs = build_inputs(con, charts_folder, lang, publication, days)
    if site.notes.get("inputs") == inputs and (intact := site.files_if_intact()) is not None:
        return Gallery(folder / "index.html", intact, 0, 0)
    if {"source", "code"} <= site.notes.keys():
        remember_code_version(site.notes["source"], site.notes["code"])
    files = gallery_files(con, site, charts_folder, lang, readings_in_memory, publication, days)
    written = site.write(
        _reported(files, site, progress) if progress else files,
        lambda: {"inputs": inputs, "source": source_digest(), "code": code_version()},
    )
    return Gallery(folder / "index.html", written.files, written.written, written.removed)


def _reported(
    files: Iterable[SiteFile], site: SiteFolder, progress: Progress
) -> Iterator[SiteFile]:
    before = site.files_before
    for file in files:
        made = site.files_made
        progress(made, max(before, made + 1) if before else 0, file.path)
        yield file


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
    days: Sequence[date] = (),
) -> Iterator[SiteFile]:
    """Plan the files of the gallery, the first page last.

    `days` are the open days, which are not over. The files of finished days are planned only if a
    finished day has changed. A file comes after the files that it links to, so that a visitor sees
    complete pages while the gallery is being written. Pages are not rendered until their content is
    requested.
    """
    units = Units.load(con)
    divided = FinishedDays.of(units, days)
    reader = DayReader(con, units, readings_in_memory)
    finished = read_summaries(site.folder, code_version())
    _update(finished, con, divided.finished, reader)
    everything = finished.copy()
    _update(everything, con, {**divided.finished, **divided.open}, reader)
    data, charts = GalleryData(con, units, everything), ChartFolder(charts_folder, lang)
    stations = listed_stations(data)
    with_days = set(everything.frame("newest")["station_id"])
    places = places_script(data.region_rows, stations, with_days)
    assets = {
        "style": asset_file("site.css", stylesheet()),
        "places": asset_file("places.js", places),
        **{name: _script_file(name) for name in SCRIPTS},
    }
    yield from assets.values()
    calendar = DayCalendar.of(data)
    yield content_file(DAYS_FILE, days_script(list(calendar.means)))
    yield content_file("assets/icon.svg", (STATIC / "icon.svg").read_bytes())
    locales = [LOCALES[each] for each in lang]
    paths = {name: file.path for name, file in assets.items()}
    renderer = PageRenderer(locales, paths, publication.site)
    yield from newest_files(data, stations, renderer, publication)
    frozen = newest_frozen_feeds(con)
    digest = divided.digest(
        charts_folder,
        renderer.surroundings,
        publication,
        stations,
        data.false_dates,
        frozen,
        archive_months(),
    )
    listed = site.keep_finished(digest)
    newest: GalleryPage = EmptyPage(path="index.html", section="index")
    if listed is None:
        listed = []
        of_finished = GalleryData(con, units, finished)
        for file in _finished_files(
            of_finished, divided, reader, charts, stations, frozen, renderer, publication, site
        ):
            listed.append(file.path)
            yield replace(file, finished=True)
    for page, files in _in_spans(
        _day_pages(data, _first_page_units(divided, calendar), reader, charts),
        renderer,
        site,
        reader,
    ):
        if page.lists.unit.name in divided.open:
            yield from files
        if (day := page.day) and day == calendar.newest:
            newest = page.as_newest(calendar.month(day.year, day.month))
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


def _first_page_units(divided: FinishedDays, calendar: DayCalendar) -> Mapping[str, Unit]:
    """Return the units whose pages may change with a new list, by name.

    They are the open days, and the day that the first page shows.
    """
    newest = str(calendar.newest)
    of_first_page = {newest: divided.finished[newest]} if newest in divided.finished else {}
    return {**divided.open, **of_first_page}


def _finished_files(
    data: GalleryData,
    divided: FinishedDays,
    reader: DayReader,
    charts: ChartFolder,
    stations: Sequence[Row],
    frozen: Sequence[Row],
    renderer: PageRenderer,
    publication: Publication,
    site: SiteFolder,
) -> Iterator[SiteFile]:
    """Plan the files that depend on finished days only: the pages of days, then all other files.

    `data` has the statistics of finished days only. `divided` are the finished and the open days.
    `stations` are as `listed_stations` returns them, `frozen` are the frozen feeds that the Atom
    feed reports. `site` is the folder of the gallery. `FinishedDays.digest` must cover everything
    that these files depend on.
    """
    open_day = divided.newest_open
    for _, files in _in_spans(
        _day_pages(data, divided.finished, reader, charts), renderer, site, reader
    ):
        yield from files
    calendar = DayCalendar.of(data)
    for each in false_date_pages(data, DayOrder.of([*data.days, *data.false_dates])):
        yield from renderer.files(each)
    yield from month_archives(reader, site.folder)
    yield from year_files(data, calendar)
    yield from compare_files(data)
    yield from feeds(data, frozen, renderer, publication)
    for page in (
        *_pages_of_places(data, stations, open_day),
        period_page(data, open_day),
        records_page(data, open_day),
        compare_page(data, open_day),
    ):
        yield from renderer.files(page)
    yield summaries_file(data.summaries, code_version())


def _script_file(name: str) -> SiteFile:
    return asset_file(f"{name}.js", (STATIC / f"{name}.js").read_bytes())


def _update(
    summaries: DaySummaries,
    con: duckdb.DuckDBPyConnection,
    units: Mapping[str, Unit],
    reader: DayReader,
) -> None:
    """Make `summaries` have the statistics of exactly these units.

    Units that are not among them are removed, and new or changed units are computed again.
    """
    summaries.keep_only(units)
    changed = [unit for name, unit in units.items() if name not in summaries.digests]
    for group in reader.spans(changed):
        summaries.add(con, reader.readings(group), group)


def _pages_of_places(
    data: GalleryData, stations: Sequence[Row], open_day: date | None
) -> Iterator[GalleryPage]:
    regions = data.region_rows
    yield from station_pages(data, regions, stations, open_day)
    yield from region_pages(data, regions, stations, open_day)
    yield StationListPage(path="places.html", section="places", regions=regions, stations=stations)


def _day_pages(
    data: GalleryData, units: Mapping[str, Unit], reader: DayReader, charts: ChartFolder
) -> Iterator[DayPage]:
    order = DayOrder.of([*data.days, *data.false_dates])
    regions = data.region_rows
    for unit in units.values():
        yield day_page(unit, reader, regions, order, charts, data.false_dates)


def _in_spans(
    pages: Iterable[DayPage], renderer: PageRenderer, site: SiteFolder, reader: DayReader
) -> Iterator[tuple[DayPage, Sequence[SiteFile]]]:
    """Yield each page with its files: first the pages whose files are up to date, then the rest.

    A page is up to date if `site`, the folder of the gallery, has its files. The rest is yielded
    span by span, after `reader` has read the lists of the span, so that rendering needs no query.
    """
    to_write: dict[str, tuple[DayPage, Sequence[SiteFile]]] = {}
    for page in pages:
        files = list(renderer.files(page))
        if all(map(site.is_current, files)):
            yield page, files
        else:
            to_write[page.lists.unit.name] = page, files
    for group in reader.spans([page.lists.unit for page, _ in to_write.values()]):
        reader.read(group)
        for unit in group:
            yield to_write.pop(unit.name)
