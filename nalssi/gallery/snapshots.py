"""One snapshot as a page shows it: its tables, its charts and what they say in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from nalssi.gallery.facts import readings_csv, usable
from nalssi.gallery.figures import Figure, Figures
from nalssi.gallery.render import Tongue, change, degrees, observed

STEP_C = 5
KINDS = ("map", "regions", "change")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """A snapshot with all its readings, and the one before it that it is compared with.

    `readings` as in `Facts`, with `change_c` (°C, null where there is nothing to compare) and
    `compared_with` (the other snapshot's id).
    """

    snapshot_id: str
    observed_on: date | None
    readings: pl.DataFrame
    sightings: pl.DataFrame
    compared_on: date | None

    @property
    def stem(self) -> str:
        """How the files of its charts begin."""
        return f"{self.observed_on or 'undated'}_{self.snapshot_id}"

    @property
    def used(self) -> int:
        return int(self.readings["used"].sum())


def snapshots(readings: pl.DataFrame, sightings: pl.DataFrame) -> Iterator[Snapshot]:
    """Every snapshot, in the order of `readings`.

    Each is compared with the last one of an earlier day that shares a usable station with it,
    as the charts of change do.
    """
    seen = {
        snapshot_id: part
        for (snapshot_id,), part in sightings.partition_by("snapshot_id", as_dict=True).items()
    }
    earlier: list[tuple[date, str, dict[int, float]]] = []
    for part in readings.partition_by("snapshot_id", maintain_order=True):
        snapshot_id, day = part["snapshot_id"][0], part["observed_on"][0]
        now = dict(usable(part).select("station_id", "temperature_c").iter_rows())
        before = _before(day, now, earlier)
        if day is not None and now:
            earlier.append((day, snapshot_id, now))
        yield Snapshot(
            snapshot_id,
            day,
            part.with_columns(
                _changes(part, before[2] if before else {}),
                compared_with=pl.lit(before[1] if before else None, pl.String),
            ),
            seen.get(snapshot_id, sightings.clear()),
            before[0] if before else None,
        )


def _before(
    day: date | None,
    now: Mapping[int, float],
    earlier: Sequence[tuple[date, str, dict[int, float]]],
) -> tuple[date, str, dict[int, float]] | None:
    if day is None:
        return None
    for other in reversed(earlier):
        if other[0] < day and not now.keys().isdisjoint(other[2]):
            return other
    return None


def _changes(part: pl.DataFrame, before: Mapping[int, float]) -> pl.Series:
    values = [
        round(temperature - before[station], 1) if used and station in before else None
        for station, temperature, used in part.select(
            "station_id", "temperature_c", "used"
        ).iter_rows()
    ]
    return pl.Series("change_c", values, pl.Float64)


def fingerprint(shown: Snapshot, figures: Figures, tongues: Sequence[Tongue]) -> tuple[bytes, ...]:
    """All that decides how a snapshot looks on a page."""
    charts = [figures.find(kind, shown.stem, t.lang) for t in tongues for kind in KINDS]
    return (
        readings_csv(shown.readings),
        shown.sightings.write_csv().encode(),
        repr((shown.compared_on, charts)).encode(),
    )


def present(shown: Snapshot, regions: pl.DataFrame, figures: Figures, tongue: Tongue) -> Row:
    """What the template `snapshot.html` needs."""
    rows = shown.readings.to_dicts()
    used = [row for row in rows if row["used"]]
    first = rows[0]
    places = [_region(region, used, rows, tongue) for region in regions.to_dicts()]
    return {
        "id": shown.snapshot_id,
        "hour": tongue.hour(first["observed_at"]),
        "hour_source": first["hour_source"],
        "date_sources": _date_sources(shown.sightings),
        "count": len(rows),
        "used": len(used),
        "extremes": _extremes(used),
        "weather": _weather(used, tongue),
        "regions": places,
        "axis": _axis(used),
        "left_out": [row for row in rows if not row["used"]],
        "compared_on": shown.compared_on,
        "charts": list(_charts(shown, used, places, figures, tongue)),
        "seen": _seen(shown.sightings),
    }


def _region(region: Row, used: Sequence[Row], rows: Sequence[Row], tongue: Tongue) -> Row:
    own = [row for row in used if row["region_id"] == region["region_id"]]
    temperatures = [row["temperature_c"] for row in own]
    listed = sum(row["region_id"] == region["region_id"] for row in rows)
    placed: dict[str, Any] = {"mean_c": None}
    if temperatures:
        low, high = min(temperatures), max(temperatures)
        placed = {
            "mean_c": sum(temperatures) / len(own),
            "low_c": low,
            "high_c": high,
            "bar": _bar(low, high, sum(temperatures) / len(own), _axis(used)),
        }
    return placed | {
        "id": region["region_id"],
        "name": tongue.name(region),
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


def _weather(used: Sequence[Row], tongue: Tongue) -> Sequence[tuple[str, int]]:
    """How many stations report which weather, the most frequent first."""
    words = Counter(row[f"condition_{tongue.lang}"] for row in used if observed(row))
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
    tongue: Tongue,
) -> Iterator[Row]:
    """The charts there are, each with what it shows in words."""
    if not used:
        return
    w, found = tongue.phrases, {k: figures.find(k, shown.stem, tongue.lang) for k in KINDS}
    ends = _extremes(used) or {}
    at = {end: _at(ends[end], tongue) for end in ("warmest", "coldest")}
    means = ", ".join(
        f"{place['name']} {degrees(place['mean_c'])}°C"
        for place in places
        if place["mean_c"] is not None
    )
    yield from _chart(found["map"], w.map_title, w.map_alt.format(count=len(used), **at))
    yield from _chart(found["regions"], w.regions_title, w.regions_alt.format(regions=means))
    compared = [row for row in used if row["change_c"] is not None]
    if compared:
        up = max(compared, key=lambda row: row["change_c"])
        down = min(compared, key=lambda row: row["change_c"])
        alt = w.change_alt.format(
            day=tongue.day(shown.compared_on),
            up=f"{tongue.name(up)} {change(up['change_c'])}°C",
            down=f"{tongue.name(down)} {change(down['change_c'])}°C",
        )
        yield from _chart(found["change"], w.change_title, alt)


def _chart(figure: Figure | None, title: str, alt: str) -> Iterator[Row]:
    if figure:
        yield {"figure": figure, "title": title, "alt": alt}


def _at(row: Row, tongue: Tongue) -> str:
    return f"{tongue.name(row)} {degrees(row['temperature_c'])}°C"
