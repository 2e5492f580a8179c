"""The page of a station: its daily temperatures, its excluded readings and its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.place_days import days_of_places
from nalssi.gallery.place_page import PlacePage, place_tables
from nalssi.locale.locales import Locale

ENGLISH_FORMER_NAMES: Final = {
    "문산": "Munsan",
    "마산": "Masan",
    "고창": "Gochang",
    "홍성(예)": "Hongseong (ye)",
    "서청주(예)": "Seocheongju (ye)",
    "세종(예)": "Sejong (ye)",
    "창원시": "Changwon-si",
}
"""The names of stations before they were renamed, romanized. The station history has Korean names
only."""


@dataclass(frozen=True, kw_only=True)
class StationPage(PlacePage):
    """The page of a station, `place`. Every field is a variable of `station.html`.

    `history` are its rows in the table `station_history`, the oldest first.
    """

    template: ClassVar[str] = "station.html"
    region: Row | None
    """The region of the station. None for a closed station."""
    history: Sequence[dict[str, Any]]
    excluded: Sequence[Row]
    """The numbers of excluded readings, a row by flag and failed checks: `flag, failed, count`."""
    undated: int
    """The number of readings without a date."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: those of `PlacePage.context`, and

        - `station`: the field `place`
        - `history`: the rows of the field, each with `name`, the name of the station at that time
        """
        history = [row | {"name": self._name_at_time(row, locale)} for row in self.history]
        return super().context(locale) | {"station": self.place, "history": history}

    def _name_at_time(self, row: Row, locale: Locale) -> str:
        """Return the name in a row of the history: the Korean one if there is no English one."""
        name = str(row["name_ko"])
        if name == self.place["name_ko"]:
            return locale.name(self.place)
        if locale.names == "en":
            return ENGLISH_FORMER_NAMES.get(name, name)
        return name


def station_pages(
    data: GalleryData, regions: Sequence[Row], stations: Sequence[Row], open_day: date | None
) -> Iterator[StationPage]:
    """Yield the page of each station.

    `stations` are open and closed ones (`listed_stations`). `open_day` is the day that is not over,
    if there is one.
    """
    excluded = data.summaries.excluded_by_station()
    undated = _counts(data.summaries.frame("undated_stations"))
    history = data.history.partition_by("station_id", as_dict=True, maintain_order=True)
    no_history = data.history.clear()
    region_by_id = {region["region_id"]: region for region in regions}
    places = days_of_places(data.station_days, "station_id")
    for station in stations:
        number = station["station_id"]
        path = f"stations/{number}"
        yield StationPage(
            path=f"{path}.html",
            section="places",
            tables=place_tables(path, places.get(number)),
            place=station,
            days=places.get(number),
            region=region_by_id.get(station["region_id"]),
            history=history.get((number,), no_history).to_dicts(),
            excluded=excluded.get(number, []),
            undated=undated.get(number, 0),
            open_day=open_day,
        )


def _counts(frame: pl.DataFrame) -> Mapping[int, int]:
    return dict(frame.group_by("station_id").agg(pl.col("count").sum()).iter_rows())
