"""The Atom feed (RFC 4287): temperature records, frozen feeds, and sources with problems.

There is one feed for each language. The id of an entry is a UUID of its subject, such as the
records of a day, so it stays the same when the entry changes. `updated` is a time of the data, not
of the build: nothing changes without new data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

from nalssi.common.korea_time import KST
from nalssi.common.safe_text import safe_text
from nalssi.common.site_address import SiteAddress
from nalssi.gallery.day_links import day_path
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.late_source import LateSource
from nalssi.gallery.temperature_records import DayOfRecords
from nalssi.locale.locales import Locale

FEED: Final = "feed.xml"
MOST_ENTRIES: Final = 50
MOST_LISTED: Final = 20
"""The largest number of stations that an entry lists. Further stations are only counted."""
ATOM: Final = "http://www.w3.org/2005/Atom"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
HOME: Final = "nalssi:"
"""If the site address is unknown, this text replaces it at the beginning of the names from which
the ids (UUIDs) of entries are computed."""

ElementTree.register_namespace("", ATOM)


@dataclass(frozen=True)
class FeedEntry:
    """An entry of the feed: a title, a paragraph of text, and a list of items below it.

    `subject` identifies the entry, such as `records/2026-11-29/high`. `updated` is the time of the
    data that it is about. `page` is the page to which it links, as a path in a language's folder.
    """

    subject: str
    updated: datetime
    title: str
    text: str
    items: Sequence[str]
    page: str


def feed_entries(
    records: Sequence[DayOfRecords],
    frozen: Sequence[Row],
    late: Sequence[LateSource],
    first_day: date | None,
    locale: Locale,
) -> list[FeedEntry]:
    """Return the entries of the feed in a language, the newest first, at most MOST_ENTRIES.

    There is an entry for each of `records`, `frozen` (rows of `frozen_feeds.sql`) and `late`.
    `first_day` is the first day of the data; the texts on records name it.
    """
    entries = [
        *(_of_records(each, first_day or each.day, locale) for each in records),
        *(_of_frozen_feed(row, locale) for row in frozen),
        *(_of_source(each, locale) for each in late),
    ]
    entries.sort(key=lambda entry: (entry.updated, entry.subject), reverse=True)
    return entries[:MOST_ENTRIES]


def atom_feed(
    entries: Sequence[FeedEntry],
    updated: datetime,
    locale: Locale,
    folder: str,
    site: SiteAddress | None,
) -> bytes:
    """Return the feed of a language as XML.

    `folder` is the folder of the language, with a slash. `updated` is the time of the newest data;
    it is the time of a feed without entries.
    """
    phrases = locale.publication
    feed = Element(f"{{{ATOM}}}feed", {XML_LANG: locale.lang})
    _text(feed, "id", _id(f"feed/{locale.lang}", site))
    _text(feed, "title", phrases.feed_title)
    _text(feed, "subtitle", phrases.feed_subtitle)
    _text(feed, "updated", _instant(entries[0].updated if entries else updated))
    author = SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", locale.gallery.gallery_name)
    _text(feed, "rights", locale.charts.source)
    if site:
        _link(feed, "self", site.of(folder + FEED), "application/atom+xml")
    _link(feed, "alternate", _address("index.html", folder, site), "text/html")
    for entry in entries:
        _add_entry(feed, entry, locale, folder, site)
    ElementTree.indent(feed, " ")
    text: str = ElementTree.tostring(feed, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _add_entry(
    feed: Element, entry: FeedEntry, locale: Locale, folder: str, site: SiteAddress | None
) -> None:
    made = SubElement(feed, f"{{{ATOM}}}entry")
    _text(made, "id", _id(f"{entry.subject}/{locale.lang}", site))
    _text(made, "title", entry.title)
    _text(made, "updated", _instant(entry.updated))
    _link(made, "alternate", _address(entry.page, folder, site), "text/html")
    items = Markup("").join(Markup("<li>{}</li>").format(safe_text(item)) for item in entry.items)
    listed = Markup("<ul>{}</ul>").format(items) if items else ""
    html = Markup("<p>{}</p>{}").format(safe_text(entry.text), listed)
    SubElement(made, f"{{{ATOM}}}content", {"type": "html"}).text = str(html)


def _of_records(day: DayOfRecords, first_day: date, locale: Locale) -> FeedEntry:
    phrases = locale.publication
    first, count = day.records[0], len(day.records)
    titles = phrases.record if count == 1 else phrases.records
    title = (phrases.record_of_all if day.of_all else titles)[day.extreme].format(
        name=locale.name(vars(first)), value=locale.degrees_in_words(first.value_c), count=count
    )
    lines = [
        phrases.record_line.format(
            name=locale.name(vars(each)),
            value=locale.degrees_in_words(each.value_c),
            before=locale.degrees_in_words(each.before_c),
            when=locale.short_day(each.before_on),
        )
        for each in day.records[:MOST_LISTED]
    ]
    if count > MOST_LISTED:
        lines.append(phrases.more_records.format(count=count - MOST_LISTED))
    return FeedEntry(
        subject=f"records/{day.day}/{day.extreme}",
        updated=day.last_at or _start_of(day.day),
        title=f"{title} ({locale.short_day(day.day)})",
        text=phrases.record_note.format(first=locale.short_day(first_day)),
        items=lines,
        page=day_path(day.day),
    )


def _of_frozen_feed(row: Row, locale: Locale) -> FeedEntry:
    phrases = locale.publication
    sites = ", ".join(row["sites"]) or locale.gallery.unknown_site
    text = phrases.frozen_text.format(
        stations=row["station_count"],
        first=locale.short_day(row["first_on"]),
        last=locale.short_day(row["last_on"]),
        pages=row["pages"],
    )
    return FeedEntry(
        subject=f"frozen/{row['list']}",
        updated=_start_of(row["last_on"]),
        title=phrases.frozen_title.format(sites=sites, count=row["dates"]),
        text=text,
        items=(),
        page="quality.html",
    )


def _of_source(late: LateSource, locale: Locale) -> FeedEntry:
    phrases = locale.publication
    text = phrases.source_text if late.ever_fetched else phrases.source_never_fetched
    return FeedEntry(
        subject=f"source/{late.source}/{late.since.isoformat()}",
        updated=late.since,
        title=phrases.source_title.format(source=late.source),
        text=text.format(since=locale.instant(late.since)),
        items=(),
        page="quality.html",
    )


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = safe_text(text)


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    link = {"rel": relation, "type": media_type, "href": address}
    SubElement(parent, f"{{{ATOM}}}link", link)


def _address(page: str, folder: str, site: SiteAddress | None) -> str:
    """Return the web address of a page, or its path relative to the feed without a site address."""
    return site.of(folder + page) if site else page


def _id(subject: str, site: SiteAddress | None) -> str:
    return uuid5(NAMESPACE_URL, (site.url if site else HOME) + subject).urn


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), KST)


def _instant(instant: datetime) -> str:
    """Return an instant in UTC as RFC 3339 writes it, such as `2026-11-29T08:15:00Z`."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
