"""The page of a station: its daily temperatures, its excluded readings and its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from nalssi.charts.period_data import DAY_COLUMNS
from nalssi.gallery.csv_tables import readings_csv
from nalssi.gallery.daily_plot import daily_plot
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.page_metadata import place_description
from nalssi.gallery.site_files import content_file
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class StationPage(GalleryPage):
    """The page of a station. Every field is a variable of `station.html`."""

    template: ClassVar[str] = "station.html"
    station: Row
    region: Row | None
    """The region of the station. None for a closed station."""
    history: Sequence[Row]
    excluded: Sequence[Row]
    """The number of excluded readings by flag and failed checks: `flag, failed, count`."""
    undated: int
    """The number of readings without a date."""
    days: pl.DataFrame

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the fields, the name of the station and the plot of its days."""
        name = locale.name(self.station)
        return super().context(locale) | daily_plot(self.days, locale) | {"name": name}

    def description(self, locale: Locale) -> str:
        """Return the days with data, the lowest and the highest temperature."""
        return place_description(self.station, self.days, locale)


def station_pages(
    data: GalleryData, region: Row | None, stations: Sequence[Row], readings: pl.DataFrame
) -> Iterator[StationPage]:
    """Yield the pages of a region's stations, or of the closed stations if `region` is None.

    `readings` are all readings of these stations, usable or not.
    """
    csv_by_station = readings_csv(readings, "station_id")
    excluded = excluded_by_station(readings)
    undated = dict(
        readings.group_by("station_id").agg(pl.col("observed_on").null_count()).iter_rows()
    )
    region_id = region["region_id"] if region else None
    own = [station for station in stations if station["region_id"] == region_id]
    numbers = [station["station_id"] for station in own]
    days = data.station_days.filter(pl.col("station_id").is_in(numbers)).select(
        "station_id", *DAY_COLUMNS
    )
    days_by_station = days.partition_by("station_id", as_dict=True, include_key=False)
    for number, station in zip(numbers, own, strict=True):
        csv = csv_by_station.get(number)  # a station without readings has none
        yield StationPage(
            path=f"stations/{number}.html",
            section="places",
            tables=[content_file(f"data/stations/{number}.csv", csv)] if csv else [],
            station=station,
            region=region,
            history=data.history.filter(station_id=number).to_dicts(),
            excluded=excluded.get(number, []),
            undated=undated.get(number, 0),
            days=days_by_station.get((number,), days.clear()),
        )


def excluded_by_station(readings: pl.DataFrame) -> Mapping[int, Sequence[Row]]:
    """Count the excluded readings of each station: rows of `flag, failed, count`."""
    counts = (
        readings.filter(~pl.col("used"))
        .group_by("station_id", "flag", "failed")
        .agg(count=pl.len())
        .sort("count", "flag", pl.col("failed").list.join(" "), descending=[True, False, False])
    )
    return counts.rows_by_key("station_id", named=True)
