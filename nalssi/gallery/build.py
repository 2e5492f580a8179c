"""Build the gallery of a warehouse: plan all files, in the order in which they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import duckdb
import polars as pl

from nalssi.gallery.calendar_page import CalendarPage, DayCalendar
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.day_page import day_pages, undated_rows
from nalssi.gallery.day_snapshots import snapshot_spans
from nalssi.gallery.false_date_page import false_date_pages
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, PageRenderer, Row
from nalssi.gallery.period_page import period_page
from nalssi.gallery.publication import Publication, publication_files, sitemap
from nalssi.gallery.quality_page import flag_counts, quality_page
from nalssi.gallery.region_page import region_page
from nalssi.gallery.search_index import DAYS_FILE, days_script, places_script
from nalssi.gallery.site_files import SiteFile, asset_file, content_file, write_site
from nalssi.gallery.station_list import StationListPage, listed_stations
from nalssi.gallery.station_page import station_pages
from nalssi.gallery.stylesheet import STATIC, stylesheet
from nalssi.locale.locales import LOCALES, Lang

READINGS_IN_MEMORY: Final = 25_000
"""The largest number of readings that are in memory while the pages of days are made."""
SCRIPTS: Final = ("theme", "dates", "search", "site", "pictures", "dots", "day")
"""The names of the scripts in `static/`."""


@dataclass(frozen=True)
class Gallery:
    """The result of a build: the first page, and the numbers of all, written and removed files."""

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
) -> Gallery:
    """Build the site of a warehouse in `folder`. Only files that change are written.

    `con` is a read-only connection. `charts_folder` holds the files that `charts.draw.draw_all` has
    drawn. A page shows charts in its own language only; a chart that is not drawn in that language
    is missing on the page. The first language is at the root of the site, each other one in a
    folder of its own. `publication` has the address of the site. Raises ValueError for an unknown
    language, or if there is none.
    """
    if not lang or not set(lang) <= LOCALES.keys():
        known = ", ".join(LOCALES)
        raise ValueError(f"languages {', '.join(lang) or 'none'}: choose from {known}")
    files = gallery_files(con, charts_folder, lang, readings_in_memory, publication)
    written = write_site(folder, files)
    return Gallery(folder / "index.html", written.files, written.written, written.removed)


@dataclass(frozen=True, kw_only=True)
class EmptyPage(GalleryPage):
    """The first page of the gallery of a warehouse without dated readings."""

    template: ClassVar[str] = "empty.html"


def gallery_files(
    con: duckdb.DuckDBPyConnection,
    charts_folder: Path,
    lang: Sequence[Lang],
    readings_in_memory: int = READINGS_IN_MEMORY,
    publication: Publication = Publication(),  # noqa: B008  # it is immutable
) -> Iterator[SiteFile]:
    """Plan the files of the site: style sheet, scripts, then pages with their tables and charts.

    A file comes after the files that it links to, so that a visitor sees complete pages while the
    site is being written. Pages are not rendered until their content is requested.
    """
    data, charts = GalleryData.load(con), ChartFolder(charts_folder, lang)
    stations = listed_stations(data)
    with_days = set(data.station_days["station_id"])
    places = places_script(data.regions.to_dicts(), stations, with_days)
    assets = {
        "style": asset_file("site.css", stylesheet()),
        "places": asset_file("places.js", places),
        **{name: _script_file(name) for name in SCRIPTS},
    }
    yield from assets.values()
    days = list(DayCalendar.of(data).means)
    yield content_file(DAYS_FILE, days_script(days))
    yield content_file("assets/icon.svg", (STATIC / "icon.svg").read_bytes())
    locales = [LOCALES[each] for each in lang]
    paths = {name: file.path for name, file in assets.items()}
    renderer = PageRenderer(locales, paths, publication.site)
    yield from publication_files(data, stations, renderer, publication)
    listed = []
    for page in _pages(data, charts, stations, readings_in_memory):
        yield from renderer.files(page)
        if not page.path.startswith(("dates/", "undated/")):
            listed.append(page.path)
    if publication.site:
        calendar = DayCalendar.of(data)
        yield from sitemap(con, calendar, listed, renderer, publication.site)


def _script_file(name: str) -> SiteFile:
    return asset_file(f"{name}.js", (STATIC / f"{name}.js").read_bytes())


def _pages(
    data: GalleryData, charts: ChartFolder, stations: Sequence[Row], readings_in_memory: int
) -> Iterator[GalleryPage]:
    """Plan all pages. The first page of the gallery comes last: visitors start there."""
    regions = data.regions.to_dicts()
    for region in regions:
        readings = data.readings_of_region(region["region_id"])
        yield from station_pages(data, region, stations, readings)
        yield region_page(data, region, stations, readings)
    yield from station_pages(data, None, stations, data.readings_of_closed_stations())
    yield StationListPage(path="places.html", section="places", regions=regions, stations=stations)

    calendar = DayCalendar.of(data)
    newest: GalleryPage = EmptyPage(path="index.html", section="index")
    counts: list[pl.DataFrame] = []
    undated: list[Row] = []
    for span in snapshot_spans(data, readings_in_memory):
        counts.append(flag_counts(span.readings))
        undated += undated_rows(span)
        for page in day_pages(span, regions, calendar, charts, data.false_dates):
            yield page
            if (day := page.day) and day == calendar.newest:
                newest = page.as_newest(calendar.month(day.year, day.month))

    yield from false_date_pages(data, calendar)
    yield period_page(data, charts)
    yield quality_page(data, charts, counts)
    yield CalendarPage(path="calendar.html", section="calendar", calendar=calendar, undated=undated)
    yield newest
