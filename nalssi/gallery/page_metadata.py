"""Descriptions of pages in words, for search engines and link previews (Open Graph).

`head_links.html` writes them into the head of a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from nalssi.charts.headlines import list_headline
from nalssi.gallery.day_snapshots import Snapshot
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.place_days import Place
from nalssi.locale.locales import Locale


def list_description(snapshot: Snapshot, regions: Sequence[Row], locale: Locale) -> str:
    """Return the headline and the time of a list. Without a usable reading, return its time."""
    moment = locale.moment(snapshot.time)
    used = snapshot.readings.filter("used").to_dicts()
    if not used:
        return moment
    headline = list_headline(locale, used, regions)
    return locale.publication.list_description.format(moment=moment, headline=headline)


def place_description(place: Row, days: Place | None, locale: Locale) -> str:
    """Return a sentence on a station or region: its days with data, lowest and highest temperature.

    `days` is None if it has no data; then the sentence says so.
    """
    name = locale.name(place)
    if days is None:
        return locale.publication.place_without_data.format(name=name)
    return locale.publication.place_description.format(
        name=name,
        first=locale.short_day(days.first),
        last=locale.short_day(days.last),
        days=days.all_days,
        low=locale.degrees_in_words(days.low_c),
        high=locale.degrees_in_words(days.high_c),
    )
