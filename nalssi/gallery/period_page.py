"""The page of all days: the temperatures of regions and stations over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.charts.period_data import mean_basis
from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.heatmap_plot import HeatmapPlot, heatmap_plot
from nalssi.gallery.period_columns import Unit
from nalssi.gallery.period_tables import newest_tables, years_of_tables
from nalssi.gallery.place_days import PlottedDays
from nalssi.locale.locales import Locale

NEWEST_DAYS_OF_REGIONS: Final = 100
"""The largest number of days in the table of regions. The CSV file has all days."""
NEWEST_DAYS_OF_STATIONS: Final = 14
"""The largest number of days in the table of stations. The CSV file has all days."""


NEWEST_DAYS_OF_PLOTS: Final = 366
"""The largest number of days in the plots of regions. The page of a region has all days."""

Mean = tuple[float, int | None]
"""The mean of a day (°C), and the number of its lists if it is not a daily mean."""


@dataclass(frozen=True, kw_only=True)
class PeriodPage(GalleryPage):
    """The page of all days. Every field is a variable of `period.html`.

    `plotted_days` is the number of days that are plotted, `days` is the number of all days.
    """

    template: ClassVar[str] = "period.html"
    regions: Sequence[Row]
    plotted: pl.DataFrame
    """The newest days of the regions that are plotted, with the columns of
    `GalleryData.region_days`."""
    plotted_days: int
    region_rows: Sequence[tuple[date, Mapping[int, Mean]]]
    """The newest days, the newest first, each with the means of the regions by region id."""
    region_basis: MeanBasis
    """The kinds of the means of regions over all days: daily means, means of lists or both."""
    stations: Sequence[tuple[Row, Mapping[date, Mean]]]
    """The stations with a reading on one of `station_days`, each with its means by day."""
    station_basis: MeanBasis
    """The kinds of the means of stations over all days: daily means, means of lists or both."""
    station_days: Sequence[date]
    """The newest days, which are the columns of the table of stations. The newest comes first."""
    all_days: pl.DataFrame
    """All days of the stations: `observed_on, station_id, mean_c, representative`, for
    `heatmap_plot`."""
    all_stations: Sequence[Row]
    """All open stations, from north to south."""
    station_count: int
    """The number of stations that have a reading on any day."""
    days: int
    first: date | None
    last: date | None
    years: Sequence[int]
    """The earlier years whose tables are in files of their own, the newest first."""
    open_day: date | None = None
    """The day that is not over, which the page does not show yet. None if there is none."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the fields, and the variables of the plots.

        - `series_title`, `region_plots`: the plots of the regions, which have one axis
        - `heatmap`: the plot of all stations; `heatmap_note`: the kind of the means in its cells
        """
        heatmap = self._heatmap.in_language(locale) if self._heatmap else None
        plotted = set(self.plotted["region_id"])
        return super().context(locale) | {
            "series_title": locale.series_title(self.region_basis),
            "region_plots": [
                (region, self._plots.plot(region["region_id"], locale))
                for region in self.regions
                if region["region_id"] in plotted
            ],
            "heatmap": heatmap,
            "heatmap_note": _cell_note(heatmap.unit, self.station_basis, locale) if heatmap else "",
        }

    @cached_property
    def _heatmap(self) -> HeatmapPlot | None:
        return heatmap_plot(self.all_days, self.all_stations, self.regions)

    @cached_property
    def _plots(self) -> PlottedDays:
        ends: Any = (self.plotted["low_c"].min(), self.plotted["high_c"].max())
        days = self.plotted.with_columns(plot="region_id").sort("plot", "observed_on")
        return PlottedDays(days, ends)


def period_page(data: GalleryData, open_day: date | None = None) -> PeriodPage:
    """Return the page of all days. `open_day` is the day that is not over, if there is one."""
    region_days, station_days = data.region_days, data.station_days
    plotted = _newest_days(region_days, NEWEST_DAYS_OF_PLOTS)
    newest = _newest_days(station_days, NEWEST_DAYS_OF_STATIONS)
    return PeriodPage(
        path="period.html",
        open_day=open_day,
        section="period",
        tables=newest_tables(data),
        years=years_of_tables(data),
        regions=data.regions.to_dicts(),
        plotted=region_days.filter(pl.col("observed_on").is_in(plotted)),
        plotted_days=len(plotted),
        region_rows=_means_by_region(region_days),
        region_basis=mean_basis(region_days),
        station_basis=mean_basis(station_days),
        stations=_means_by_day(data.stations, station_days, newest),
        station_days=newest,
        all_days=station_days.select("observed_on", "station_id", "mean_c", "representative"),
        all_stations=data.stations.sort("latitude", "station_id", descending=[True, False])
        .select("station_id", "region_id", "name_ko", "name_en")
        .to_dicts(),
        station_count=station_days["station_id"].n_unique(),
        days=region_days["observed_on"].n_unique(),
        first=region_days["observed_on"].min(),  # type: ignore[arg-type]
        last=region_days["observed_on"].max(),  # type: ignore[arg-type]
    )


def _cell_note(unit: Unit, basis: MeanBasis, locale: Locale) -> str:
    mean = locale.mean_basis(basis)
    if unit == "day":
        return locale.charts.heatmap_cells.format(mean=mean)
    return locale.gallery.heatmap_periods[unit].format(mean=mean)


def _newest_days(days: pl.DataFrame, count: int) -> Sequence[date]:
    """Return the newest days that have readings, at most `count`, the newest first."""
    return days["observed_on"].unique().sort()[-count:].to_list()[::-1]


def _means_by_region(region_days: pl.DataFrame) -> Sequence[tuple[date, Mapping[int, Mean]]]:
    """Return the mean temperatures of the newest days, the newest first: pairs (day, means).

    The means of a day are by region id. There are at most NEWEST_DAYS_OF_REGIONS days.
    `region_days` are daily statistics of regions.
    """
    newest = _newest_days(region_days, NEWEST_DAYS_OF_REGIONS)
    means: dict[date, dict[int, Mean]] = {day: {} for day in newest}
    for day, region, *mean in _means(region_days, "region_id", newest):
        means[day][region] = tuple(mean)
    return list(means.items())


def _means(days: pl.DataFrame, by: str, newest: Sequence[date]) -> Iterator[tuple[Any, ...]]:
    """Yield the means of the days `newest` as tuples.

    A tuple is the day, the id of the region or station (column `by`), the mean (°C), and the number
    of lists, which is None for a daily mean.
    """
    lists = pl.when(~pl.col("representative")).then("lists")
    selected = days.filter(pl.col("observed_on").is_in(newest))
    yield from selected.select("observed_on", by, "mean_c", lists).iter_rows()


def _means_by_day(
    stations: pl.DataFrame, station_days: pl.DataFrame, days: Sequence[date]
) -> Sequence[tuple[Row, Mapping[date, Mean]]]:
    """Return the stations that have readings on `days`, each with its means by day.

    `stations` are all open stations in order, `station_days` is `GalleryData.station_days`.
    """
    means: dict[int, dict[date, Mean]] = {}
    for day, station, *mean in _means(station_days, "station_id", days):
        means.setdefault(station, {})[day] = tuple(mean)
    return [
        (row, means[row["station_id"]]) for row in stations.to_dicts() if row["station_id"] in means
    ]
