"""Plan the gallery's files for other sites and programs, and the page `404.html`.

These are the newest list, the Atom feeds, the pages for frames of other sites, and the sitemap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

import duckdb

from nalssi.common.korea_time import KST
from nalssi.common.site_address import SiteAddress
from nalssi.gallery.atom_feed import FEED, MOST_ENTRIES, atom_feed, feed_entries
from nalssi.gallery.calendar_page import DayCalendar
from nalssi.gallery.day_links import day_path
from nalssi.gallery.embed_map import MapEmbedPage
from nalssi.gallery.embed_pages import embed_pages
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import PageRenderer, Row
from nalssi.gallery.late_source import LateSource
from nalssi.gallery.newest_json import newest_json_files
from nalssi.gallery.newest_list import newest_list, newest_readings
from nalssi.gallery.newest_script import newest_script
from nalssi.gallery.not_found_page import NotFoundPage
from nalssi.gallery.site_files import SiteFile, content_file
from nalssi.gallery.sitemap import SitemapPage, sitemap_files
from nalssi.gallery.temperature_records import days_of_records

QUERIES: Final = Path(__file__).parent
NO_DATA_AT: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The time `updated` of the feed of a warehouse without data. Atom requires a time."""


@dataclass(frozen=True)
class Publication:
    """What the files for other sites and programs need to know beside the data of the warehouse.

    `site` is the site address of the gallery, None if it is unknown. `late_sources` are the sources
    that the Atom feed reports as late.
    """

    site: SiteAddress | None = None
    late_sources: Sequence[LateSource] = ()


def newest_files(
    data: GalleryData, stations: Sequence[Row], renderer: PageRenderer, publication: Publication
) -> Iterator[SiteFile]:
    """Plan the files with the newest list and the newest readings, and the page `404.html`.

    These are the pages of `embed/`, `newest.json` and the script `data/newest.js`. `stations` are
    as `listed_stations` returns them.
    """
    newest = newest_list(data.con)
    regions = data.region_rows
    yield from renderer.files(MapEmbedPage(newest=newest, regions=regions))
    readings = newest_readings(data.con)
    for page in embed_pages(regions, stations, readings):
        yield from renderer.files(page)
    yield from newest_json_files(newest, publication.site)
    yield newest_script(readings, renderer.locales)
    yield from renderer.files(NotFoundPage())


def newest_frozen_feeds(con: duckdb.DuckDBPyConnection) -> Sequence[Row]:
    """Return the newest frozen feeds for the Atom feed, at most MOST_ENTRIES.

    A row has `list` (the id of the repeated list), `station_count, first_on, last_on, dates, pages`
    (numbers of dates and pages) and `sites`.
    """
    return _query(con, "frozen_feeds.sql", count=MOST_ENTRIES)


def feeds(
    data: GalleryData, frozen: Sequence[Row], renderer: PageRenderer, publication: Publication
) -> Iterator[SiteFile]:
    """Yield the Atom feed of each language. `data` has the statistics of finished days only.

    `frozen` are the rows of `newest_frozen_feeds`.
    """
    records = days_of_records(data.station_days, MOST_ENTRIES)
    days = data.station_days["observed_on"]
    first_day = days.min() if len(days) else None
    last_day = days.max() if len(days) else None
    updated = datetime.combine(last_day, time(), KST) if last_day else NO_DATA_AT  # type: ignore[arg-type]
    for locale in renderer.locales:
        entries = feed_entries(
            records,
            frozen,
            publication.late_sources,
            first_day,  # type: ignore[arg-type]
            locale,
        )
        folder = renderer.folder(locale)
        content = atom_feed(entries, updated, locale, folder, publication.site)
        yield content_file(folder + FEED, content)


def sitemap(
    con: duckdb.DuckDBPyConnection,
    calendar: DayCalendar,
    paths: Sequence[str],
    renderer: PageRenderer,
    site: SiteAddress,
) -> Iterator[SiteFile]:
    """Plan the sitemap: the pages of all days in the calendar, and the pages of `paths`.

    `paths` are relative to the folder of a language; each page is listed in every language. `con`
    reads the published copy, for the time at which each day was last changed.
    """
    modified = {row["day"]: row["modified_at"] for row in _query(con, "loaded_days.sql")}
    pages = [SitemapPage(path, modified.get(None)) for path in paths]
    pages += [SitemapPage(day_path(day), modified.get(day)) for day in calendar.means]
    folders = [(locale.lang, renderer.folder(locale)) for locale in renderer.locales]
    yield from sitemap_files(pages, folders, site)


def _query(con: duckdb.DuckDBPyConnection, name: str, **parameters: int) -> list[Row]:
    sql = (QUERIES / name).read_text(encoding="utf-8")
    rows: list[Row] = con.sql(sql, params=parameters or None).pl().to_dicts()
    return rows
