"""The list of regions and stations: its page, and the index that the search field uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from nalssi.common.safe_text import safe_text
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.locale.locales import Locale


def listed_stations(data: GalleryData) -> Sequence[Row]:
    """Return the stations that the gallery lists: all open ones, and closed ones with readings.

    Open stations come first, by region and from north to south. A closed station has `region_id`
    None.
    """
    with_readings = data.readings_of_closed_stations()["station_id"].unique().to_list()
    last_known = data.history.group_by("station_id", maintain_order=True).last()
    closed = last_known.join(data.stations, on="station_id", how="anti").filter(
        pl.col("station_id").is_in(with_readings)
    )
    return [
        *data.stations.to_dicts(),
        *(
            row | {"name_en": row["name_ko"], "region_id": None, "opened_on": None}
            for row in closed.sort("station_id").to_dicts()
        ),
    ]


def search_index(regions: Sequence[Row], stations: Sequence[Row]) -> bytes:
    """Return a script with the names of regions and stations for the search field (`site.js`).

    It is a script, not JSON, because a page opened from a file may load nothing else.
    """
    region_names = {row["region_id"]: _names(row) for row in regions}
    places = [
        [*_names(row), row["region_id"] or 0, f"stations/{row['station_id']}.html"]
        for row in stations
    ] + [[*_names(row), "", f"regions/{row['region_id']}.html"] for row in regions]
    index = {"places": places, "regions": region_names}
    return f"window.nalssiIndex = {json.dumps(index, ensure_ascii=False)};\n".encode()


@dataclass(frozen=True, kw_only=True)
class StationListPage(GalleryPage):
    """The page that lists all regions with their stations."""

    template: ClassVar[str] = "station_list.html"
    regions: Sequence[Row]
    stations: Sequence[Row]

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the fields, the stations by region, and the `closed` stations."""
        of_region: dict[int | None, list[Row]] = {row["region_id"]: [] for row in self.regions}
        for station in self.stations:
            of_region.setdefault(station["region_id"], []).append(station)
        closed = of_region.pop(None, [])
        return super().context(locale) | {"stations": of_region, "closed": closed}


def _names(row: Row) -> list[str]:
    """Return the Korean and the English name, with invisible characters escaped."""
    return [safe_text(row["name_ko"]), safe_text(row["name_en"])]
