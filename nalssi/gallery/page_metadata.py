"""Descriptions of pages in words, for search engines and link previews (Open Graph).

`head_links.html` writes them into the head of a page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from nalssi.gallery.day_snapshots import Snapshot
from nalssi.gallery.html_templates import degrees
from nalssi.locale.locales import Locale


def list_description(snapshot: Snapshot, locale: Locale) -> str:
    """Return the time, mean, warmest and coldest station of a list; only its time without them."""
    moment = locale.moment(snapshot.time)
    used = snapshot.readings.filter("used").sort("temperature_c", "station_id")
    if used.is_empty():
        return moment
    return locale.publication.day_description.format(
        moment=moment,
        stations=used.height,
        mean=degrees(math.fsum(used["temperature_c"]) / used.height),
        warmest=_name_and_degrees(used.row(-1, named=True), locale),
        coldest=_name_and_degrees(used.row(0, named=True), locale),
    )


def place_description(place: Mapping[str, Any], days: pl.DataFrame, locale: Locale) -> str:
    """Return the days with data of a station or region, and its lowest and highest temperature.

    `days` has `observed_on, low_c, high_c`, sorted by day.
    """
    name = locale.name(place)
    if days.is_empty():
        return locale.publication.place_without_data.format(name=name)
    return locale.publication.place_description.format(
        name=name,
        first=locale.short_day(days["observed_on"][0]),
        last=locale.short_day(days["observed_on"][-1]),
        days=days.height,
        low=degrees(days["low_c"].min()),  # type: ignore[arg-type]
        high=degrees(days["high_c"].max()),  # type: ignore[arg-type]
    )


def _name_and_degrees(row: Mapping[str, Any], locale: Locale) -> str:
    return locale.publication.name_and_value.format(
        name=locale.name(row), value=degrees(row["temperature_c"])
    )
