"""Pages of places: one a region, one a station, and the list of them all that search uses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from nalssi.gallery.facts import Facts, csv, daily, readings_csv
from nalssi.gallery.page import Page
from nalssi.gallery.plot import Day, plot
from nalssi.gallery.render import Tongue
from nalssi.gallery.site import File, content

NEWEST: Final = 366
"""Days in a page's table; the CSV holds all."""


@dataclass(frozen=True)
class Places:
    """Regions and stations: all open ones, and closed ones that have a reading."""

    facts: Facts
    stations: Sequence[Mapping[str, Any]]
    """Open stations by region, from north to south; closed ones after them."""
    tables: Mapping[int, bytes]
    """Every station's readings as CSV."""
    regional: pl.DataFrame
    """Days of regions."""

    @classmethod
    def of(cls, facts: Facts) -> Places:
        tables = readings_csv(facts.readings, "station_id")
        days = daily(facts.readings.drop_nulls("region_id"), "region_id")
        return cls(facts, _stations(facts), tables, days)

    def pages(self) -> Iterator[Page]:
        readings = self.facts.readings
        by_station = readings.partition_by("station_id", as_dict=True, maintain_order=True)
        by_region = readings.partition_by("region_id", as_dict=True, maintain_order=True)
        for station in self.stations:
            own = by_station.get((station["station_id"],), readings.clear())
            yield self._station(station, own)
        for region in self.facts.regions.to_dicts():
            yield self._region(region, by_region.get((region["region_id"],), readings.clear()))
        yield self._list()

    def files(self) -> Iterator[File]:
        """Every station's readings and every region's days as CSV."""
        for station_id, text in self.tables.items():
            yield content(f"data/stations/{station_id}.csv", text)
        for region_id in self.facts.regions["region_id"]:
            own = self.regional.filter(region_id=region_id)
            yield content(f"data/regions/{region_id}.csv", csv(own))

    def index(self) -> bytes:
        """What search looks in, as a script: pages opened from files can load nothing else."""
        regions = [
            [row["name_ko"], row["name_en"], "", f"regions/{row['region_id']}.html"]
            for row in self.facts.regions.to_dicts()
        ]
        names = {row["region_id"]: row for row in self.facts.regions.to_dicts()}
        stations = [
            [
                row["name_ko"],
                row["name_en"],
                row["region_id"] or 0,
                f"stations/{row['station_id']}.html",
            ]
            for row in self.stations
        ]
        regional = {key: [row["name_ko"], row["name_en"]] for key, row in names.items()}
        index = {"places": stations + regions, "regions": regional}
        return f"window.nalssiIndex = {json.dumps(index, ensure_ascii=False)};\n".encode()

    def _station(self, station: Mapping[str, Any], own: pl.DataFrame) -> Page:
        days = daily(own)
        history = self.facts.history.filter(station_id=station["station_id"])
        region = self.facts.regions.filter(region_id=station["region_id"] or 0)
        left_out = _left_out(own)

        def context(tongue: Tongue) -> Mapping[str, Any]:
            name = tongue.name(station)
            return _series(days, name) | {
                "station": station,
                "name": name,
                "history": history.to_dicts(),
                "region": region.to_dicts()[0] if region.height else None,
                "left_out": left_out,
                "undated": own.filter(pl.col("observed_on").is_null()).height,
                "csv": f"data/stations/{station['station_id']}.csv" if own.height else None,
            }

        data = (
            repr(station).encode(),
            self.tables.get(station["station_id"], b""),
            history.write_csv().encode(),
            region.write_csv().encode(),
        )
        path = f"stations/{station['station_id']}.html"
        return Page(path, "station.html", "places", data, context)

    def _region(self, region: Mapping[str, Any], own: pl.DataFrame) -> Page:
        days = self.regional.filter(region_id=region["region_id"])
        stations = [s for s in self.stations if s["region_id"] == region["region_id"]]
        newest = _newest(own)

        def context(tongue: Tongue) -> Mapping[str, Any]:
            name = tongue.name(region)
            return _series(days, name) | {
                "region": region,
                "name": name,
                "stations": [(station, newest.get(station["station_id"])) for station in stations],
                "csv": f"data/regions/{region['region_id']}.csv",
            }

        data = (repr((region, stations, newest)).encode(), csv(days))
        path = f"regions/{region['region_id']}.html"
        return Page(path, "region.html", "places", data, context)

    def _list(self) -> Page:
        regions, stations = self.facts.regions.to_dicts(), self.stations

        def context(_: Tongue) -> Mapping[str, Any]:
            own = {
                region["region_id"]: [s for s in stations if s["region_id"] == region["region_id"]]
                for region in regions
            }
            closed = [s for s in stations if s["region_id"] is None]
            return {"regions": regions, "stations": own, "closed": closed}

        data = repr((regions, stations)).encode()
        return Page("places.html", "places.html", "places", (data,), context)


def _stations(facts: Facts) -> Sequence[Mapping[str, Any]]:
    last = facts.history.group_by("station_id", maintain_order=True).last()
    seen = facts.readings["station_id"].unique().implode()
    gone = last.filter(pl.col("station_id").is_in(seen)).join(
        facts.stations, on="station_id", how="anti"
    )
    closed = [
        row | {"name_en": row["name_ko"], "region_id": None, "opened_on": None}
        for row in gone.sort("station_id").to_dicts()
    ]
    return [*facts.stations.to_dicts(), *closed]


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


def _newest(own: pl.DataFrame) -> Mapping[int, Mapping[str, Any]]:
    """The newest usable dated reading of every station."""
    dated = own.filter(pl.col("observed_on").is_not_null() & pl.col("used"))
    return {row["station_id"]: row for row in dated.to_dicts()}  # in order of time: the last wins


def _left_out(own: pl.DataFrame) -> Sequence[Mapping[str, Any]]:
    """How many readings of a station are not used, by flag and tests."""
    return (
        own.filter(~pl.col("used"))
        .group_by("flag", "failed")
        .agg(count=pl.len())
        .sort("count", "flag", pl.col("failed").list.join(" "), descending=[True, False, False])
        .to_dicts()
    )
