"""The page of records: the extremes of each station and region, and of all stations.

They are the extremes of the collected data, from the statistics of days in `GalleryData`, and not
KMA's official records. A change is the change of the daily mean from one day to the next; it needs
two representative days in a row, as in the view `extremes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Literal

import polars as pl

from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.locale.locales import Locale

Extreme = Literal["high", "low", "change"]
EXTREMES: Final[Sequence[Extreme]] = ("high", "low", "change")


@dataclass(frozen=True)
class Record:
    """The most extreme value of a place (°C), the first day with it, and the number of such days.

    The day of a change is the second of its two days.
    """

    value_c: float
    day: date
    days: int


@dataclass(frozen=True)
class PlaceRecords:
    """The records of a station or region, and the number of days and lists with its data.

    `path` is the path of its page. `first` and `last` are the first and the last day with data.
    """

    place: Row
    """The names of the station or region: `name_ko, name_en`."""
    path: str
    records: Mapping[Extreme, Record]
    days: int
    first: date
    last: date
    lists: int
    """The sum of the numbers of lists of all days with data."""


@dataclass(frozen=True, kw_only=True)
class RecordsPage(GalleryPage):
    """The page of records. Every field is a variable of `records.html`."""

    template: ClassVar[str] = "records.html"
    stations: Sequence[PlaceRecords]
    regions: Sequence[PlaceRecords]
    open_day: date | None = None
    """The day that is not over, which the page does not show yet. None if there is none."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, `all`, `first` and `last`.

        `all` has pairs of an extreme and the stations that have the most extreme value of all
        stations. `first` and `last` are the first and the last day of the data.
        """
        return super().context(locale) | {
            "all": list(_of_all(self.stations)),
            "first": min((each.first for each in self.stations), default=None),
            "last": max((each.last for each in self.stations), default=None),
        }


def records_page(data: GalleryData, open_day: date | None = None) -> RecordsPage:
    """Return the page of records. `open_day` is the day that is not over, if there is one."""
    return RecordsPage(
        path="records.html",
        open_day=open_day,
        section="records",
        stations=list(_places(data.station_days, data.stations, "station_id", "stations")),
        regions=list(_places(data.region_days, data.regions, "region_id", "regions")),
    )


def _places(
    days: pl.DataFrame, places: pl.DataFrame, by: str, folder: str
) -> Iterator[PlaceRecords]:
    """Yield the records of the places that have data, in the order of `places`.

    `by` is the column of the places' ids: `station_id` or `region_id`. `days` are the places' daily
    statistics, sorted by day. `places` has their ids and names. `folder` is the folder of their
    pages.
    """
    found = {extreme: _records(days, by, extreme) for extreme in EXTREMES}
    coverage = {
        number: counts
        for number, *counts in days.group_by(by)
        .agg(
            pl.len(),
            pl.col("observed_on").min().alias("first"),
            pl.col("observed_on").max().alias("last"),
            pl.col("lists").sum(),
        )
        .iter_rows()
    }
    for number, name_ko, name_en in places.select(by, "name_ko", "name_en").iter_rows():
        if number in coverage:
            yield PlaceRecords(
                {"name_ko": name_ko, "name_en": name_en},
                f"{folder}/{number}.html",
                {each: own[number] for each, own in found.items() if number in own},
                *coverage[number],
            )


def _records(days: pl.DataFrame, by: str, extreme: Extreme) -> Mapping[int, Record]:
    """Return the record of each place that has one, by its id in the column `by`.

    `extreme` is `high`, `low` or `change` (the largest, up or down). `days` has a row for each
    place and day, sorted by day.
    """
    value = {"high": pl.col("high_c"), "low": pl.col("low_c"), "change": _change(by)}[extreme]
    values = (
        days.select(by, "observed_on", value_c=value)
        .drop_nulls("value_c")
        # Temperatures are compared as whole hundredths: floats of equal values may differ.
        .with_columns(hundredths=(pl.col("value_c") * 100).round().cast(pl.Int64))
    )
    hundredths = pl.col("hundredths")
    size = {"high": hundredths, "low": -hundredths, "change": hundredths.abs()}[extreme]
    best = values.filter(size == size.max().over(by))
    first = best.group_by(by, maintain_order=True).agg(
        pl.col("value_c").first(), pl.col("observed_on").first(), pl.len()
    )
    return {number: Record(*record) for number, *record in first.iter_rows()}


def _change(by: str) -> pl.Expr:
    """Return an expression: the change (°C) of the daily mean since the day before.

    `by` is the column with the id of the place; rows are sorted by day. The change is
    null if one of the two days is missing or not representative.
    """
    daily = pl.when("representative").then("mean_c")
    follows = pl.col("observed_on").diff().over(by) == pl.duration(days=1)
    return pl.when(follows).then(daily - daily.shift().over(by))


def _of_all(places: Sequence[PlaceRecords]) -> Iterator[tuple[Extreme, Sequence[PlaceRecords]]]:
    """Yield each extreme, with the stations that have the most extreme value of all stations.

    An extreme is `high`, `low` or `change`. One that no station has is left out.
    """
    for extreme in EXTREMES:
        own = [(_size(extreme, each), each) for each in places if extreme in each.records]
        largest = max((size for size, _ in own), default=None)
        if largest is not None:
            yield extreme, [each for size, each in own if size == largest]


def _size(extreme: Extreme, place: PlaceRecords) -> int:
    hundredths = round(place.records[extreme].value_c * 100)
    return {"high": hundredths, "low": -hundredths, "change": abs(hundredths)}[extreme]
