"""Pages of places: one a region, one a station, and the list of them all that search uses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.safe_text import safe_text
from nalssi.gallery.gallery_data import Facts, csv, readings_csv
from nalssi.gallery.page import Page
from nalssi.gallery.site_files import File, content
from nalssi.gallery.svg_plot import Day, plot
from nalssi.locale.locales import Locale

CLOSED: Final = 0  # of stations that are in no region
NEWEST: Final = 366
"""Days in a page's table; the CSV holds all."""


@dataclass(frozen=True)
class Places:
    """Regions and stations: all open ones, and closed ones that have a reading."""

    facts: Facts

    @cached_property
    def stations(self) -> Sequence[Mapping[str, Any]]:
        """Open stations by region, from north to south; closed ones after them."""
        facts = self.facts
        last = facts.history.group_by("station_id", maintain_order=True).last()
        gone = last.join(facts.stations, on="station_id", how="anti")
        closed = [
            row | {"name_en": row["name_ko"], "region_id": None, "opened_on": None}
            for row in gone.sort("station_id").to_dicts()
            if not facts.readings(ReadingFilter(station=row["station_id"])).is_empty()
        ]
        return [*facts.stations.to_dicts(), *closed]

    @cached_property
    def _days(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        return self.facts.station_days.partition_by("station_id", as_dict=True)

    @cached_property
    def _history(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        return self.facts.history.partition_by("station_id", as_dict=True)

    def parts(self) -> Iterator[File | Page]:
        """Tables and pages, a region's stations at a time; the list of all at the end."""
        for region in self.facts.regions.to_dicts():
            readings = self.facts.readings(ReadingFilter(region=region["region_id"]))
            yield from self._own(readings, region)
            days = self.facts.region_days.filter(region_id=region["region_id"])
            csv_days = content(f"data/regions/{region['region_id']}.csv", csv(days))
            yield csv_days
            yield self._region(region, days, _newest(readings), csv_days)
        yield from self._own(self.facts.readings(ReadingFilter(region=CLOSED)), None)
        yield self._list()

    def _own(
        self, readings: pl.DataFrame, region: Mapping[str, Any] | None
    ) -> Iterator[File | Page]:
        """The stations of a region, or those that have closed."""
        tables = readings_csv(readings, "station_id")  # none of one that has no reading
        left_out = _left_out(readings)
        undated = _undated(readings)
        for station in self.stations:
            if station["region_id"] != (region["region_id"] if region else None):
                continue
            number = station["station_id"]
            table = None
            if text := tables.get(number):
                table = content(f"data/stations/{number}.csv", text)
                yield table
            yield self._station(
                station, region, table, left_out.get(number, []), undated.get(number, 0)
            )

    def index(self) -> bytes:
        """What search looks in, as a script: pages opened from files can load nothing else."""
        all_regions = self.facts.regions.to_dicts()
        regions = [[*_names(row), "", f"regions/{row['region_id']}.html"] for row in all_regions]
        stations = [
            [*_names(row), row["region_id"] or 0, f"stations/{row['station_id']}.html"]
            for row in self.stations
        ]
        regional = {row["region_id"]: _names(row) for row in all_regions}
        index = {"places": stations + regions, "regions": regional}
        return f"window.nalssiIndex = {json.dumps(index, ensure_ascii=False)};\n".encode()

    def _station(
        self,
        station: Mapping[str, Any],
        region: Mapping[str, Any] | None,
        table: File | None,
        left_out: Sequence[Mapping[str, Any]],
        undated: int,
    ) -> Page:
        number = station["station_id"]
        days = self._days.get((number,), self.facts.station_days.clear())
        history = self._history.get((number,), self.facts.history.clear())

        def context(locale: Locale) -> Mapping[str, Any]:
            name = locale.name(station)
            return _series(days, name) | {
                "station": station,
                "name": name,
                "history": history.to_dicts(),
                "region": region,
                "left_out": left_out,
                "undated": undated,
                "csv": table.path if table else None,
            }

        data = (
            repr((station, region)).encode(),
            table.key.encode() if table else b"",
            history.write_csv().encode(),
        )
        return Page(f"stations/{number}.html", "station.html", "places", data, context)

    def _region(
        self,
        region: Mapping[str, Any],
        days: pl.DataFrame,
        newest: Mapping[int, Mapping[str, Any]],
        table: File,
    ) -> Page:
        stations = [s for s in self.stations if s["region_id"] == region["region_id"]]

        def context(locale: Locale) -> Mapping[str, Any]:
            name = locale.name(region)
            return _series(days, name) | {
                "region": region,
                "name": name,
                "stations": [(station, newest.get(station["station_id"])) for station in stations],
                "csv": table.path,
            }

        data = (repr((region, stations, newest)).encode(), table.key.encode())
        path = f"regions/{region['region_id']}.html"
        return Page(path, "region.html", "places", data, context)

    def _list(self) -> Page:
        regions, stations = self.facts.regions.to_dicts(), self.stations

        def context(_: Locale) -> Mapping[str, Any]:
            own = {
                region["region_id"]: [s for s in stations if s["region_id"] == region["region_id"]]
                for region in regions
            }
            closed = [s for s in stations if s["region_id"] is None]
            return {"regions": regions, "stations": own, "closed": closed}

        data = repr((regions, stations)).encode()
        return Page("places.html", "places.html", "places", (data,), context)


def _series(days: pl.DataFrame, name: str) -> dict[str, Any]:
    """The plot of a place's days, what it shows in words, and the rows of its table."""
    rows = days.to_dicts()
    drawn = [Day(r["observed_on"], r["mean_c"], r["low_c"], r["high_c"]) for r in rows]
    return {
        "plot": plot(drawn) if drawn else None,
        "rows": rows[-NEWEST:][::-1],
        "days": len(rows),
        "name": name,
        "first": drawn[0].day if drawn else None,
        "last": drawn[-1] if drawn else None,
        "low_c": days["low_c"].min(),
        "high_c": days["high_c"].max(),
    }


def _names(row: Mapping[str, Any]) -> list[str]:
    """The names of a place in Hangul and in Latin letters, as a script may show them."""
    return [safe_text(row["name_ko"]), safe_text(row["name_en"])]


def _newest(own: pl.DataFrame) -> Mapping[int, Mapping[str, Any]]:
    """The newest usable dated reading of every station."""
    dated = own.filter(pl.col("observed_on").is_not_null() & pl.col("used"))
    return {row["station_id"]: row for row in dated.to_dicts()}  # in order of time: the last wins


def _left_out(readings: pl.DataFrame) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """How many readings of each station are not used, by flag and tests."""
    counts = (
        readings.filter(~pl.col("used"))
        .group_by("station_id", "flag", "failed")
        .agg(count=pl.len())
        .sort("count", "flag", pl.col("failed").list.join(" "), descending=[True, False, False])
    )
    return counts.rows_by_key("station_id", named=True)


def _undated(readings: pl.DataFrame) -> Mapping[int, int]:
    """How many readings of each station have no date."""
    counts = readings.group_by("station_id").agg(pl.col("observed_on").null_count())
    return dict(counts.iter_rows())
