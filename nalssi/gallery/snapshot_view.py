"""One snapshot as a page shows it: its tables, its charts and what they say in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import polars as pl

from nalssi.charts.previous_snapshot import PreviousSnapshots
from nalssi.gallery.chart_files import Figure, Figures
from nalssi.gallery.render import change, degrees, observed
from nalssi.locale.locales import Locale

STEP_C = 5
KINDS = ("map", "regions", "change")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Other:
    """A snapshot that a later one is compared with: its usable temperatures (°C) by station."""

    snapshot_id: str
    observed_on: date
    observed_at: datetime | None
    temperatures: Mapping[int, float]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot with all its readings, and the one that it is compared with.

    `readings` as in `Facts`, with `change_c` (°C, null where there is nothing to compare) and
    `compared_with` (the other snapshot's id).
    """

    snapshot_id: str
    observed_on: date | None
    observed_at: datetime | None
    readings: pl.DataFrame
    sightings: pl.DataFrame
    other: Other | None
    used: int
    mean_c: float | None

    @property
    def stem(self) -> str:
        """How the files of its charts begin."""
        return f"{self.observed_on or 'undated'}_{self.snapshot_id}"


def snapshots(
    readings: pl.DataFrame, sightings: pl.DataFrame, earlier: PreviousSnapshots[Other]
) -> Iterator[Snapshot]:
    """The snapshots of readings that are in order of time; `earlier` knows those before them,
    and afterwards these too."""
    seen = {
        snapshot_id: part
        for (snapshot_id,), part in sightings.partition_by("snapshot_id", as_dict=True).items()
    }
    columns = ("snapshot_id", "observed_on", "observed_at", "station_id", "temperature_c", "used")
    rows = readings.select(columns).iter_rows()
    start = 0
    for (snapshot_id, day, at), group in groupby(rows, key=lambda row: row[:3]):
        listed = [row[3:] for row in group]
        own = readings[start : start + len(listed)]
        start += len(listed)
        now = {station: temperature for station, temperature, used in listed if used}
        other = earlier.find(day, at, now.keys()) if day else None
        if day and now:
            earlier.add(day, at, now.keys(), Other(snapshot_id, day, at, now))
        before = other.temperatures if other else {}
        changes = [
            round(temperature - before[station], 1) if used and station in before else None
            for station, temperature, used in listed
        ]
        compared = own.hstack(
            [
                pl.Series("change_c", changes, pl.Float64),
                pl.Series("compared_with", [other and other.snapshot_id] * own.height, pl.String),
            ]
        )
        mean = math.fsum(now.values()) / len(now) if now else None
        places = seen.get(snapshot_id, sightings.clear())
        yield Snapshot(snapshot_id, day, at, compared, places, other, len(now), mean)


def fingerprint(shown: Snapshot, figures: Figures, locales: Sequence[Locale]) -> bytes:
    """What decides how a snapshot looks on a page, beside its readings."""
    charts = [figures.find(kind, shown.stem, t.lang) for t in locales for kind in KINDS]
    moment = (shown.other.observed_on, shown.other.observed_at) if shown.other else None
    return repr((moment, charts, shown.sightings.rows())).encode()


def present(shown: Snapshot, regions: pl.DataFrame, figures: Figures, locale: Locale) -> Row:
    """What the template `snapshot.html` needs."""
    rows = shown.readings.to_dicts()
    used = [row for row in rows if row["used"]]
    first, other = rows[0], shown.other
    places = [_region(region, used, rows, locale) for region in regions.to_dicts()]
    return {
        "id": shown.snapshot_id,
        "hour": locale.hour(shown.observed_at),
        "hour_source": first["hour_source"],
        "date_sources": _date_sources(shown.sightings),
        "count": len(rows),
        "used": len(used),
        "extremes": _extremes(used),
        "weather": _weather(used, locale),
        "regions": places,
        "axis": _axis(used),
        "left_out": [row for row in rows if not row["used"]],
        "compared": locale.moment(other.observed_on, other.observed_at) if other else None,
        "charts": list(_charts(shown, used, places, figures, locale)),
        "seen": _seen(shown.sightings),
    }


def _region(region: Row, used: Sequence[Row], rows: Sequence[Row], locale: Locale) -> Row:
    own = [row for row in used if row["region_id"] == region["region_id"]]
    temperatures = [row["temperature_c"] for row in own]
    listed = sum(row["region_id"] == region["region_id"] for row in rows)
    placed: dict[str, Any] = {"mean_c": None}
    if temperatures:
        low, high = min(temperatures), max(temperatures)
        placed = {
            "mean_c": math.fsum(temperatures) / len(own),
            "low_c": low,
            "high_c": high,
            "bar": _bar(low, high, sum(temperatures) / len(own), _axis(used)),
        }
    return placed | {
        "id": region["region_id"],
        "name": locale.name(region),
        "stations": own,
        "listed": listed,
    }


def _axis(used: Sequence[Row]) -> tuple[int, int]:
    """Whole steps of 5 °C around a snapshot's readings."""
    temperatures = [row["temperature_c"] for row in used] or [0.0]
    low = int(min(temperatures) // STEP_C * STEP_C)
    high = int(-(-max(temperatures) // STEP_C) * STEP_C)
    return low, max(high, low + 2 * STEP_C)


def _bar(low: float, high: float, mean: float, axis: tuple[int, int]) -> Mapping[str, float]:
    """Where a region's bar begins, how long it is and where its mean is, in %."""
    scale = 100 / (axis[1] - axis[0])
    return {
        "x": round((low - axis[0]) * scale, 2),
        "width": round((high - low) * scale, 2),
        "mean": round((mean - axis[0]) * scale, 2),
    }


def _extremes(used: Sequence[Row]) -> Row | None:
    if not used:
        return None
    return {
        "warmest": max(used, key=lambda row: row["temperature_c"]),
        "coldest": min(used, key=lambda row: row["temperature_c"]),
        "mean_c": sum(row["temperature_c"] for row in used) / len(used),
    }


def _weather(used: Sequence[Row], locale: Locale) -> Sequence[tuple[str, int]]:
    """How many stations report which weather, the most frequent first."""
    words = Counter(row[f"condition_{locale.lang}"] for row in used if observed(row))
    return sorted(words.items(), key=lambda item: (-item[1], item[0]))


def _date_sources(sightings: pl.DataFrame) -> Sequence[str]:
    """What dates the snapshot, the strongest first."""
    order = ("feed", "ticker", "site", "capture")
    found = set(sightings["date_source"])
    return [source for source in order if source in found]


def _seen(sightings: pl.DataFrame) -> Sequence[Row]:
    """Sites with the pages on which the snapshot was met."""
    by_site: dict[str | None, list[Row]] = {}
    for row in sightings.to_dicts():
        by_site.setdefault(row["site"], []).append(row)
    return [{"site": site, "pages": pages} for site, pages in by_site.items()]


def _charts(
    shown: Snapshot,
    used: Sequence[Row],
    places: Sequence[Row],
    figures: Figures,
    locale: Locale,
) -> Iterator[Row]:
    """The charts there are, each with what it shows in words."""
    if not used:
        return
    phrases = locale.gallery
    found = {k: figures.find(k, shown.stem, locale.lang) for k in KINDS}
    ends = _extremes(used) or {}
    at = {end: _at(ends[end], locale) for end in ("warmest", "coldest")}
    means = ", ".join(
        f"{place['name']} {degrees(place['mean_c'])}°C"
        for place in places
        if place["mean_c"] is not None
    )
    yield from _chart(
        found["map"], phrases.map_title, phrases.map_alt.format(count=len(used), **at)
    )
    yield from _chart(
        found["regions"], phrases.regions_title, phrases.regions_alt.format(regions=means)
    )
    compared = [row for row in used if row["change_c"] is not None]
    if compared and shown.other:
        up = max(compared, key=lambda row: row["change_c"])
        down = min(compared, key=lambda row: row["change_c"])
        alt = phrases.change_alt.format(
            before=locale.moment(shown.other.observed_on, shown.other.observed_at),
            up=f"{locale.name(up)} {change(up['change_c'])}°C",
            down=f"{locale.name(down)} {change(down['change_c'])}°C",
        )
        yield from _chart(found["change"], locale.charts.change_title, alt)


def _chart(figure: Figure | None, title: str, alt: str) -> Iterator[Row]:
    if figure:
        yield {"figure": figure, "title": title, "alt": alt}


def _at(row: Row, locale: Locale) -> str:
    return f"{locale.name(row)} {degrees(row['temperature_c'])}°C"
