"""The page of a region: its daily temperatures, and its stations with their newest readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from nalssi.charts.period_data import DAY_COLUMNS
from nalssi.gallery.csv_tables import csv_bytes
from nalssi.gallery.daily_plot import daily_plot
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.page_metadata import place_description
from nalssi.gallery.site_files import content_file
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


def region_page(
    data: GalleryData, region: Row, stations: Sequence[Row], readings: pl.DataFrame
) -> RegionPage:
    """Return the page of a region, from all readings of its stations, usable or not."""
    region_id = region["region_id"]
    days = data.region_days.filter(region_id=region_id)
    return RegionPage(
        path=f"regions/{region_id}.html",
        section="places",
        tables=[content_file(f"data/regions/{region_id}.csv", csv_bytes(days))],
        region=region,
        stations=[row for row in stations if row["region_id"] == region_id],
        newest=_newest_usable(readings),
        days=days.select(DAY_COLUMNS),
    )


def _newest_usable(readings: pl.DataFrame) -> Mapping[int, Row]:
    """Return the newest usable reading that has a date, by station id.

    `readings` are in order of time.
    """
    usable = readings.filter(pl.col("observed_on").is_not_null() & pl.col("used"))
    newest = usable.unique("station_id", keep="last", maintain_order=True)
    return {row["station_id"]: row for row in newest.to_dicts()}
