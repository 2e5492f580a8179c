"""The page of a region: its daily temperatures, and its stations with their newest readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from nalssi.charts.period_data import DAY_COLUMNS
from nalssi.gallery.csv_tables import csv_file
from nalssi.gallery.daily_plot import daily_plot
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.page_metadata import place_description
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class RegionPage(GalleryPage):
    """The page of a region. Every field is a variable of `region.html`."""

    template: ClassVar[str] = "region.html"
    region: Row
    stations: Sequence[Row]
    """The open stations of the region."""
    newest: Mapping[int, Row]
    """The newest usable reading that has a date, by station id. A station may have none."""
    days: pl.DataFrame

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the fields, the name of the region and the plot of its days."""
        name = locale.name(self.region)
        return super().context(locale) | daily_plot(self.days, locale) | {"name": name}

    def description(self, locale: Locale) -> str:
        """Return the days with data, the lowest and the highest temperature."""
        return place_description(self.region, self.days, locale)


def region_pages(
    data: GalleryData, regions: Sequence[Row], stations: Sequence[Row]
) -> Iterator[RegionPage]:
    """Yield the pages of all regions."""
    newest = _newest_usable(data)
    days = data.region_days.partition_by("region_id", as_dict=True, maintain_order=True)
    none = data.region_days.clear()
    for region in regions:
        own_days = days.get((region["region_id"],), none)
        yield _region_page(region, stations, newest, own_days)


def _region_page(
    region: Row, stations: Sequence[Row], newest: Mapping[int, Row], days: pl.DataFrame
) -> RegionPage:
    region_id = region["region_id"]
    own = [row for row in stations if row["region_id"] == region_id]
    return RegionPage(
        path=f"regions/{region_id}.html",
        section="places",
        tables=[csv_file(f"data/regions/{region_id}.csv", days)],
        region=region,
        stations=own,
        newest={
            row["station_id"]: newest[row["station_id"]]
            for row in own
            if row["station_id"] in newest
        },
        days=days.select(DAY_COLUMNS),
    )


def _newest_usable(data: GalleryData) -> Mapping[int, Row]:
    """Return the newest usable reading that has a date, by station id."""
    newest = data.summaries.frame("newest").sort("observed_on").unique("station_id", keep="last")
    return {row["station_id"]: row for row in newest.drop("unit").to_dicts()}
