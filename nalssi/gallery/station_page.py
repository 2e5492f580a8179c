"""The page of a station: its daily temperatures, its excluded readings and its history."""

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
    data: GalleryData, regions: Sequence[Row], stations: Sequence[Row]
) -> Iterator[StationPage]:
    """Yield the pages of all stations, open or closed."""
    excluded = _excluded_by_station(data.summaries.frame("excluded"))
    undated = _counts(data.summaries.frame("undated_stations"))
    history = data.history.partition_by("station_id", as_dict=True, maintain_order=True)
    days = data.station_days.partition_by("station_id", as_dict=True, maintain_order=True)
    no_days, no_history = data.station_days.clear(), data.history.clear()
    region_by_id = {region["region_id"]: region for region in regions}
    for station in stations:
        number = station["station_id"]
        own = days.get((number,), no_days)
        yield StationPage(
            path=f"stations/{number}.html",
            section="places",
            tables=[csv_file(f"data/stations/{number}.csv", own)] if own.height else [],
            station=station,
            region=region_by_id.get(station["region_id"]),
            history=history.get((number,), no_history).to_dicts(),
            excluded=excluded.get(number, []),
            undated=undated.get(number, 0),
            days=own.select(DAY_COLUMNS),
        )


def _counts(frame: pl.DataFrame) -> Mapping[int, int]:
    return dict(frame.group_by("station_id").agg(pl.col("count").sum()).iter_rows())


def _excluded_by_station(excluded: pl.DataFrame) -> Mapping[int, Sequence[Row]]:
    """Count the excluded readings of each station: rows of `flag, failed, count`."""
    counts = (
        excluded.group_by("station_id", "flag", "failed")
        .agg(pl.col("count").sum())
        .sort("count", "flag", pl.col("failed").list.join(" "), descending=[True, False, False])
    )
    return counts.rows_by_key("station_id", named=True)
