"""The lists of a day as rows for the template `day.html`, and their excluded readings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from nalssi.gallery.day_links import list_anchors
from nalssi.gallery.day_snapshots import Snapshot
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.html_templates import has_weather
from nalssi.locale.locales import Locale
from schemas.vocabulary import DATE_SOURCES


def list_rows(lists: Sequence[Snapshot], shown: int, locale: Locale) -> Sequence[Row]:
    """Return a row for each list of a day. `lists` are in order of recency.

    The argument `shown` is the index of the list that represents the day. A row has

    - `id`, `time`, and `anchor` (in the page of the day, without `#`)
    - `clock`: the time in words; `heading`: the time in four digits with a colon. Without a clock
      time it is "–", or the number of the list if several lists have none
    - `shown`: whether the list represents the day, so that the page shows it in full
    - `used`, `count`: the numbers of usable and of all readings
    - `mean_c`, `low_c`, `high_c`: of the usable readings (°C), or None
    - `hour_source`, `date_sources`: the evidence for the hour and for the date
    - `sites`: the sites that print the list: `site`, `pages` (rows of sightings)
    """
    anchors = list_anchors([(each.snapshot_id, each.time) for each in lists])
    unclocked = [each.snapshot_id for each in lists if each.time.clock_at is None]
    numbers = {name: number for number, name in enumerate(unclocked, 1)}
    if len(numbers) == 1:
        numbers = {}  # "hour unknown" is enough for the only one
    return [
        _list_row(each, anchor, index == shown, numbers.get(each.snapshot_id), locale)
        for index, (each, anchor) in enumerate(zip(lists, anchors, strict=True))
    ]


def _list_row(
    snapshot: Snapshot, anchor: str, shown: bool, number: int | None, locale: Locale
) -> Row:
    """Return a row of `list_rows`.

    `number` tells a list from others of the day whose clock time is unknown, too.
    """
    clock, heading = locale.clock(snapshot.time), locale.hour_and_minute(snapshot.time)
    if number is not None:
        heading = locale.gallery.numbered_list.format(number=number)
        clock = f"{clock} ({heading})"
    used = snapshot.readings.filter("used")["temperature_c"]
    return {
        "id": snapshot.snapshot_id,
        "time": snapshot.time,
        "anchor": anchor,
        "clock": clock,
        "heading": heading,
        "shown": shown,
        "used": snapshot.used,
        "count": snapshot.readings.height,
        "mean_c": snapshot.mean_c,
        "low_c": used.min(),
        "high_c": used.max(),
        "hour_source": snapshot.readings["hour_source"].first(),
        "date_sources": date_sources(snapshot.sightings),
        "sites": _sites(snapshot.sightings),
    }


def excluded_rows(lists: Sequence[Snapshot], rows: Sequence[Row]) -> Sequence[Row]:
    """Return the excluded readings of some lists, grouped by station, flag and failed checks.

    `rows` are the `list_rows` of these lists. A group is a row with the columns of a reading, and
    `readings`: the excluded readings of the group in order of time. Each of them has `list` (a row
    of `rows`), `temperature_c` and `weather` (whether its weather was observed). Groups are sorted
    by region, then from north to south.
    """
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for snapshot, row in zip(lists, rows, strict=True):
        for reading in snapshot.readings.filter(~pl.col("used")).iter_rows(named=True):
            key = (reading["station_id"], reading["flag"], *reading["failed"])
            group = groups.setdefault(key, {**reading, "readings": []})
            group["readings"].append({"list": row, "weather": has_weather(reading), **reading})
    return sorted(groups.values(), key=_by_place)


def _by_place(row: Row) -> tuple[Any, ...]:
    region, latitude = row["region_id"], row["latitude"]
    return (region is None, region, -(latitude or 0), row["station_id"], row["flag"], row["failed"])


def date_sources(sightings: pl.DataFrame) -> Sequence[str]:
    """Return the kinds of evidence for a snapshot's date (DATE_SOURCES), the strongest first.

    `sightings` are the sightings of the snapshot.
    """
    sources = set(sightings["date_source"])
    return [source for source in DATE_SOURCES if source in sources]


def _sites(sightings: pl.DataFrame) -> Sequence[Row]:
    """Return a row for each site that prints a snapshot: `site` and its `pages`.

    A page is a row of `sightings`. The site None is for pages whose site is unknown.
    """
    by_site: dict[str | None, list[Row]] = {}
    for row in sightings.to_dicts():
        by_site.setdefault(row["site"], []).append(row)
    return [{"site": site, "pages": pages} for site, pages in by_site.items()]
