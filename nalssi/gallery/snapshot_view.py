"""The variables of the template `snapshot.html`, which shows one snapshot.

The variables are tables of its readings, and its charts with a description in words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from nalssi.charts.headlines import change_headline, list_headline, regions_headline
from nalssi.charts.previous_snapshot import NoComparison, change_title
from nalssi.gallery.chart_files import ChartImages
from nalssi.gallery.day_lists import date_sources
from nalssi.gallery.day_snapshots import Snapshot
from nalssi.gallery.dot_plot import change_dots, temperature_dots
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.html_templates import change, degrees, has_weather
from nalssi.gallery.map_svg import page_map
from nalssi.locale.locales import Locale

AXIS_STEP_C: Final = 5
"""The temperature axis of the table of regions begins and ends at a multiple of this number."""


def snapshot_view(
    snapshot: Snapshot,
    lists: Sequence[Snapshot],
    symbols: Sequence[str],
    regions: Sequence[Row],
    charts: ChartImages,
    locale: Locale,
) -> dict[str, Any]:
    """Return the variables of the template `snapshot.html` for a snapshot.

    - `id`, `clock` (its time in words), `hour_source`, `date_sources`
    - `count`, `used`: the numbers of its readings, all and usable
    - `extremes` (`_extremes`), `weather` (`_weather`), `regions` (rows of `_region`)
    - `has_change`, `change_note` (`_comparison`)
    - `pictures` (`_pictures`), `images` (`charts`)

    `lists` are all lists of the page, and `symbols` the names of the weather symbols in them.
    `charts` are the chart files of the snapshot in this language.
    """
    rows = snapshot.readings.to_dicts()
    used = [row for row in rows if row["used"]]
    by_region = [_region(region, used, rows, locale) for region in regions]
    return {
        "id": snapshot.snapshot_id,
        "clock": locale.clock(snapshot.time),
        "hour_source": rows[0]["hour_source"],
        "date_sources": date_sources(snapshot.sightings),
        "count": len(rows),
        "used": len(used),
        "extremes": _extremes(used),
        "weather": _weather(used, locale),
        "regions": by_region,
        **_comparison(snapshot, locale),
        "pictures": _pictures(snapshot, lists, symbols, used, regions, by_region, locale),
        "images": charts,
    }


def _comparison(snapshot: Snapshot, locale: Locale) -> dict[str, Any]:
    """Return `has_change`, whether the snapshot has a change of temperature, and `change_note`.

    The note is a line that names the earlier time, or says why there is no change.
    """
    previous = snapshot.previous
    if isinstance(previous, NoComparison):
        return {"has_change": False, "change_note": locale.charts.no_change[previous]}
    note = locale.gallery.change_note.format(before=locale.moment(previous))
    return {"has_change": True, "change_note": note}


def _region(region: Row, used: Sequence[Row], rows: Sequence[Row], locale: Locale) -> Row:
    """Return a region's row of the table of regions, with its values in °C.

    `used` are the usable readings of the list, `rows` all of them. `stations` of the row are the
    region's usable readings, `listed` is the number of all its readings.
    """
    own = [row for row in used if row["region_id"] == region["region_id"]]
    temperatures = [row["temperature_c"] for row in own]
    values: dict[str, Any] = {"mean_c": None}
    if temperatures:
        low, high = min(temperatures), max(temperatures)
        values = {
            "mean_c": math.fsum(temperatures) / len(own),
            "low_c": low,
            "high_c": high,
            "bar": _bar(low, high, sum(temperatures) / len(own), _axis(used)),
        }
    return values | {
        "id": region["region_id"],
        "name": locale.name(region),
        "stations": own,
        "listed": sum(row["region_id"] == region["region_id"] for row in rows),
    }


def _axis(used: Sequence[Row]) -> tuple[int, int]:
    """Return the ends of the temperature axis for some readings, in °C.

    They are multiples of AXIS_STEP_C.
    """
    temperatures = [row["temperature_c"] for row in used] or [0.0]
    low = int(min(temperatures) // AXIS_STEP_C * AXIS_STEP_C)
    high = int(-(-max(temperatures) // AXIS_STEP_C) * AXIS_STEP_C)
    return low, max(high, low + 2 * AXIS_STEP_C)


def _bar(low: float, high: float, mean: float, axis: tuple[int, int]) -> Mapping[str, float]:
    """Return the position of a region's bar in % of the axis: `x`, `width` and `mean`.

    `x` is the left end of the bar. The bar reaches from `low` to `high`; `mean` in the result is
    the position of the mean. All arguments are in °C; `axis` has the ends of the axis.
    """
    scale = 100 / (axis[1] - axis[0])
    return {
        "x": round((low - axis[0]) * scale, 2),
        "width": round((high - low) * scale, 2),
        "mean": round((mean - axis[0]) * scale, 2),
    }


def _extremes(used: Sequence[Row]) -> Row | None:
    """Return `warmest` and `coldest`, two readings, and `mean_c`; None without usable readings.

    `used` are the usable readings of a list. `mean_c` is the mean of their temperatures in °C.
    """
    if not used:
        return None
    return {
        "warmest": max(used, key=lambda row: row["temperature_c"]),
        "coldest": min(used, key=lambda row: row["temperature_c"]),
        "mean_c": sum(row["temperature_c"] for row in used) / len(used),
    }


def _weather(used: Sequence[Row], locale: Locale) -> Sequence[tuple[str, int]]:
    """Return each weather in words with its number of stations, the most frequent first."""
    counts = Counter(row[locale.condition_column] for row in used if has_weather(row))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _pictures(
    snapshot: Snapshot,
    lists: Sequence[Snapshot],
    symbols: Sequence[str],
    used: Sequence[Row],
    regions: Sequence[Row],
    by_region: Sequence[Row],
    locale: Locale,
) -> Mapping[str, Any]:
    """Return the variables of the map and the plots of the snapshot; empty without usable readings.

    - `headline`, `map` (`page_map`)
    - `regions` (`temperature_dots`), `regions_headline`, `regions_alt` (its description in words)
    - `change`: the plot of changes with its headline and description; None if there is no change

    `used` are the usable readings, `by_region` the rows of the table of regions. `lists` and
    `symbols` are the arguments of `snapshot_view`.
    """
    extremes = _extremes(used)
    if not extremes:
        return {}
    phrases = locale.gallery
    map_alt = phrases.map_alt.format(
        count=len(used),
        warmest=_name_and_temperature(extremes["warmest"], locale),
        coldest=_name_and_temperature(extremes["coldest"], locale),
    )
    means = ", ".join(
        f"{region['name']} {degrees(region['mean_c'])}°C"
        for region in by_region
        if region["mean_c"] is not None
    )
    return {
        "headline": list_headline(locale, used, regions),
        "map": page_map(used, _stations(lists), symbols, map_alt, locale),
        "regions": temperature_dots(by_region, locale),
        "regions_headline": regions_headline(locale, used, regions),
        "regions_alt": phrases.regions_alt.format(regions=means),
        "change": _change(snapshot, used, by_region, locale),
    }


def _stations(lists: Sequence[Snapshot]) -> Sequence[Row]:
    """Return id, names and position of each station with a usable reading in one of `lists`."""
    columns = ("station_id", "name_ko", "name_en", "longitude", "latitude")
    readings = pl.concat([each.readings.filter("used").select(columns) for each in lists])
    return readings.unique("station_id").to_dicts()


def _change(
    snapshot: Snapshot, used: Sequence[Row], regions: Sequence[Row], locale: Locale
) -> Mapping[str, Any] | None:
    compared = [row for row in used if row["change_c"] is not None]
    if not compared or isinstance(snapshot.previous, NoComparison):
        return None
    up = max(compared, key=lambda row: row["change_c"])
    down = min(compared, key=lambda row: row["change_c"])
    return {
        "plot": change_dots(regions, locale),
        "headline": change_headline(
            locale,
            [(locale.name(row), row["change_c"]) for row in compared],
            snapshot.time,
            snapshot.previous,
        ),
        "title": change_title(locale, snapshot.time, snapshot.previous),
        "alt": locale.gallery.change_alt.format(
            before=locale.moment(snapshot.previous),
            up=f"{locale.name(up)} {change(up['change_c'])}°C",
            down=f"{locale.name(down)} {change(down['change_c'])}°C",
        ),
    }


def _name_and_temperature(row: Row, locale: Locale) -> str:
    return f"{locale.name(row)} {degrees(row['temperature_c'])}°C"
