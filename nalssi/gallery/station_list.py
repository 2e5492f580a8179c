"""The page that lists all regions and stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.locale.locales import Locale


def listed_stations(data: GalleryData) -> Sequence[Row]:
    """Return the stations that the gallery lists: all open ones, and closed ones with readings.

    Open stations come first, by region and from north to south. A closed station has `region_id`
    None.
    """
    # The readings of a closed station are excluded.
    with_readings = data.summaries.frame("excluded")["station_id"].unique().to_list()
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


@dataclass(frozen=True, kw_only=True)
class StationListPage(GalleryPage):
    """The page that lists all regions with their stations."""

    template: ClassVar[str] = "station_list.html"
    regions: Sequence[Row]
    stations: Sequence[Row]

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, with two changes.

        `stations` has only the open stations, grouped by region id. `closed` has the closed
        stations.
        """
        of_region: dict[int | None, list[Row]] = {row["region_id"]: [] for row in self.regions}
        for station in self.stations:
            of_region.setdefault(station["region_id"], []).append(station)
        closed = of_region.pop(None, [])
        return super().context(locale) | {"stations": of_region, "closed": closed}
