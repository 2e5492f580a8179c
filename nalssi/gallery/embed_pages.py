"""Pages for frames of other sites: the newest readings of a region or of a station.

`embed/regions/3.html` and `embed/stations/108.html` need no script and no file but themselves.
Their style is part of the page; the page's Content-Security-Policy allows only this style, by its
digest. Whether a page is light or dark follows the setting of the reader's system, because a page
in a frame does not know the colors of the page around it.

The pages show the newest reading of each station on the newest day, so they change with every new
list. That is why they are small and have their own template: rendering one takes less than a
millisecond.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, Final

from nalssi.charts.chart_readings import snapshot_time
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.stylesheet import STATIC, temperature_rules
from nalssi.locale.locales import Locale

MOST_SITES: Final = 2
"""The largest number of sites that a page names as the source of its values."""


@dataclass(frozen=True, kw_only=True)
class EmbedPage(GalleryPage):
    """A page for a frame of another site: the newest readings of a region or station.

    Every field is a variable of its template.
    """

    template: ClassVar[str] = "embed_table.html"
    place: Row
    """The region or station: `name_ko, name_en`."""
    readings: Sequence[tuple[Row, Row | None]]
    """The stations of the page, each with its newest reading (`newest_readings`) or None."""
    day: date | None
    """The newest day with a reading of any station. None if no reading has a day."""
    full_page: str
    """The path of the page with all data, in the folder of a language."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and

        - `title`; `moment`: the newest time of the readings; `no_reading`: the text without
          readings
        - `rows`: the stations with a reading (`_row`); `sites`: the sites that print them, as text
        - `style`, and `style_digest` for the page's Content-Security-Policy (`frame_style`)
        """
        found = [reading for _, reading in self.readings if reading]
        newest = _newest_time(found)
        style, style_digest = frame_style(row["temperature_c"] for row in found)
        return super().context(locale) | {
            "title": locale.publication.embed_title.format(name=locale.name(self.place)),
            "moment": moment(newest, locale),
            "no_reading": _no_reading(self.day, locale),
            "rows": [
                _row(station, reading, newest, locale)
                for station, reading in self.readings
                if reading
            ],
            "sites": sites_text({row["site"] for row in found if row["site"]}, locale),
            "style": style,
            "style_digest": style_digest,
        }


@dataclass(frozen=True, kw_only=True)
class StationEmbedPage(EmbedPage):
    """A page for a frame with one station."""

    template: ClassVar[str] = "embed_station.html"


def embed_pages(
    regions: Sequence[Row], stations: Sequence[Row], readings: Mapping[int, Row]
) -> Iterator[EmbedPage]:
    """Yield the pages of the regions and of their open stations.

    `stations` are the stations that the gallery lists (`listed_stations`). `readings` has the
    newest reading of each station (`newest_readings`) by station id.
    """
    days = [row["observed_on"] for row in readings.values()]
    day = max(days, default=None)
    for region in regions:
        own = [
            (station, readings.get(station["station_id"]))
            for station in stations
            if station["region_id"] == region["region_id"]
        ]
        for station, reading in own:
            path = f"stations/{station['station_id']}.html"
            yield StationEmbedPage(
                path=f"embed/{path}",
                section="embed",
                place=station,
                readings=[(station, reading)],
                day=day,
                full_page=path,
            )
        path = f"regions/{region['region_id']}.html"
        yield EmbedPage(
            path=f"embed/{path}",
            section="embed",
            place=region,
            readings=own,
            day=day,
            full_page=path,
        )


def frame_style(temperatures_c: Iterable[float], *more: str) -> tuple[str, str]:
    """Return the style of a page that shows these temperatures, and its digest (SHA-256, base64).

    `more` are style sheets that the page needs beside `embed.css`.
    """
    style = _sheets("embed.css", *more) + temperature_rules(temperatures_c)
    return style, b64encode(sha256(style.encode()).digest()).decode()


@cache
def _sheets(*names: str) -> str:
    """Return style sheets of `static` as one text without comments, on one line.

    The style sheets have no character that HTML escapes, so the digest of the text is also that of
    the style in the page.
    """
    text = "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"/\*.*?\*/|\n", "", text)


def _newest_time(readings: Sequence[Row]) -> SnapshotTime | None:
    """Return the newest time of some readings of one day, or None without a reading.

    A time without hour and capture counts as the oldest.
    """
    newest = None
    for time in map(snapshot_time, readings):
        if newest is None or (
            time.clock_at and (not newest.clock_at or time.clock_at > newest.clock_at)
        ):
            newest = time
    return newest


def moment(time: SnapshotTime | None, locale: Locale) -> str:
    """Return the day of a list with its hour or capture time, or that these are unknown.

    For None, return an empty text.
    """
    if time is None:
        return ""
    return locale.charts.day_and_clock.format(day=locale.day(time.day), clock=locale.clock(time))


def _no_reading(day: date | None, locale: Locale) -> str:
    """Return the text of a page without a reading. `day` is the newest day with a reading."""
    if day is None:
        return locale.gallery.never_usable
    return locale.publication.embed_no_reading.format(day=locale.day(day))


def _row(station: Row, reading: Row, newest: SnapshotTime | None, locale: Locale) -> Row:
    """Return a row of the table: `station`, `reading` and `clock`.

    `clock` is the time of the reading in words, or None if it is the newest time.
    """
    time = snapshot_time(reading)
    clock = locale.clock(time) if time != newest else None
    return {"station": station, "reading": reading, "clock": clock}


def sites_text(sites: Iterable[str], locale: Locale) -> str:
    """Return a text such as `as printed by a, b and 3 more`; empty if no site is known."""
    names = sorted(sites)
    if not names:
        return ""
    shown = ", ".join(names[:MOST_SITES])
    if (more := len(names) - MOST_SITES) > 0:
        shown = locale.publication.and_more.format(sites=shown, count=more)
    return locale.publication.printed_by.format(sites=shown)
