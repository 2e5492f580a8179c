"""Headlines of pictures: sentences that state what a list of temperatures shows.

Charts write headlines as titles, pages of the gallery as captions. A headline states only what the
drawn readings show. The headline of an incomplete list says how many stations the list has.
Stations that share a value are named together. Values are compared as they are written, with one
decimal. The time of a list is not in its headline, but in the line below.

Readings are rows with `name_ko, name_en, region_id, temperature_c`, usable ones only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from nalssi.charts.previous_snapshot import change_since, earlier_hour
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.locale.korean_particles import with_particles
from nalssi.locale.locales import Locale, chart_degrees
from schemas.vocabulary import reference_rows

Row = Mapping[str, Any]

MOST_STATIONS: Final = 0.8
"""The smallest share of the open stations of the country or a region for which a list counts as
complete. It is the share that the macro `is_representative` uses."""
HOT_C: Final = 28
"""If the warmest station has at least this temperature, the headline calls it the hottest place."""
COLD_C: Final = 5
"""If the warmest station is below this temperature, the headline names the coldest place."""


def number(value: float) -> str:
    """Return a number with one decimal and a true minus (U+2212)."""
    return chart_degrees(value).replace("-", "\N{MINUS SIGN}")


def names_together(locale: Locale, names: Sequence[str]) -> str:
    """Return the names of places that share a value as one text.

    Two names are both in the text. If there are more, it has the first name and their number.
    """
    phrases = locale.headlines
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return with_particles(phrases.two_names.format(first=names[0], second=names[1]))
    return phrases.many_names.format(first=names[0], count=len(names), others=len(names) - 1)


def list_headline(locale: Locale, readings: Sequence[Row], regions: Sequence[Row]) -> str:
    """Return a sentence about a list: its lowest and highest temperature, and the places.

    The sentence is about the country, one region or one station, depending on the readings.
    `regions` are rows with `region_id, name_ko, name_en`. Raises ValueError without a reading.
    """
    if not readings:
        raise ValueError("there is no reading to write a headline about")
    phrases = locale.headlines
    values = [(locale.name(row), row["temperature_c"]) for row in readings]
    ids = {row["region_id"] for row in readings}
    region = _region_name(locale, ids, regions)
    (low, coldest), (high, warmest) = _ends(locale, values)
    fields = {
        "count": len(values), "low": low, "high": high, "coldest": coldest, "warmest": warmest,
        "region": region, "name": warmest, **_ends_in_words(locale, values),
    }  # fmt: skip
    if len(values) == 1:
        phrase = phrases.one_station
    elif low == high:
        phrase = phrases.all_equal_in_region if region else phrases.all_equal
    elif not has_most_stations(readings):
        phrase = phrases.some_stations_of_region if region else phrases.some_stations
    else:
        where = phrases.in_region.format(region=region) if region else phrases.nationwide
        warmest_c = max(value for _, value in values)
        if warmest_c < COLD_C:
            phrase, places = phrases.coldest, coldest
        else:
            phrase = phrases.hottest if warmest_c >= HOT_C else phrases.warmest
            places = warmest
        fields |= {"where": where, "places": places}
    return with_particles(phrase.format(**fields))


def regions_headline(locale: Locale, readings: Sequence[Row], regions: Sequence[Row]) -> str:
    """Return a sentence that names the regions with the highest and the lowest mean temperature.

    If all readings are of one region, it is the `list_headline`. `regions` are rows with
    `region_id, name_ko, name_en`.
    """
    by_region: dict[int, list[float]] = {}
    for row in readings:
        by_region.setdefault(row["region_id"], []).append(row["temperature_c"])
    if len(by_region) < 2:
        return list_headline(locale, readings, regions)
    means = [
        (locale.name(region), math.fsum(own) / len(own))
        for region in regions
        if (own := by_region.get(region["region_id"]))
    ]
    (low, coldest), (high, warmest) = _ends(locale, means)
    words = _ends_in_words(locale, means)
    phrases = locale.headlines
    if low == high:
        return phrases.equal_means.format(**words)
    complete = has_most_stations(readings)
    phrase = phrases.region_means if complete else phrases.region_means_of_some
    return with_particles(
        phrase.format(count=len(readings), coldest=coldest, warmest=warmest, **words)
    )


def change_headline(
    locale: Locale,
    changes: Sequence[tuple[str, float]],
    time: SnapshotTime,
    earlier: SnapshotTime,
) -> str:
    """Return a sentence that names the stations that changed most since an earlier list.

    `changes` are the names and changes (°C) of the stations of both lists. `time` and `earlier` are
    the times of both lists. Raises ValueError without a change, or if the lists cannot be compared
    (`days_between`).
    """
    if not changes:
        raise ValueError("there is no change to write a headline about")
    phrases = locale.headlines
    since = change_since(locale, time, earlier)
    rounded = [(name, round(change, 1)) for name, change in changes]
    largest = max(abs(change) for _, change in rounded)
    if largest == 0:
        before = earlier_hour(locale, time, earlier)
        phrase = phrases.unchanged_one if len(changes) == 1 else phrases.unchanged_all
        return phrase.format(name=changes[0][0], count=len(changes), time=before)
    up = [name for name, change in rounded if change == largest]
    down = [name for name, change in rounded if change == -largest]
    value = number(largest)
    if up and down:
        warmer, colder = names_together(locale, up), names_together(locale, down)
        text = phrases.warmer_and_colder.format(
            warmer=warmer, colder=colder, value=value, since=since
        )
        return with_particles(text)
    phrase = phrases.warmer if up else phrases.colder
    return phrase.format(places=names_together(locale, up or down), value=value, since=since)


def has_most_stations(readings: Sequence[Row]) -> bool:
    """Return whether readings cover MOST_STATIONS of the open stations.

    Those are the stations of the country or, if all readings are of one region, of that region.
    """
    ids = {row["region_id"] for row in readings}
    stations = _stations_by_region()
    expected = stations[ids.pop()] if len(ids) == 1 else stations.total()
    return len(readings) >= MOST_STATIONS * expected


@cache
def _stations_by_region() -> Counter[int]:
    return Counter(int(row["region_id"]) for row in reference_rows("stations"))


def _region_name(locale: Locale, ids: set[int], regions: Sequence[Row]) -> str:
    """Return the name of the only region in `ids`; an empty text if there are several."""
    names = [locale.name(region) for region in regions if ids == {region["region_id"]}]
    return names[0] if names else ""


def _ends(locale: Locale, values: Sequence[tuple[str, float]]) -> list[tuple[str, str]]:
    """Return the lowest and the highest value, each as a pair of texts: the number, and its places.

    `values` are pairs of the name of a place and its temperature in °C.
    """
    written = [(name, number(value)) for name, value in values]
    ends = (number(end(value for _, value in values)) for end in (min, max))
    return [
        (text, names_together(locale, [name for name, value in written if value == text]))
        for text in ends
    ]


def _ends_in_words(locale: Locale, values: Sequence[tuple[str, float]]) -> dict[str, str]:
    """Return `lowest` and `highest` for headlines: temperatures in words, such as "-6.6도".

    `values` are pairs of the name of a place and its temperature in °C.
    """
    numbers = [value for _, value in values]
    return {
        "lowest": locale.degrees_in_words(min(numbers)),
        "highest": locale.degrees_in_words(max(numbers)),
    }
