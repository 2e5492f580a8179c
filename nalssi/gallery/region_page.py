"""The page of a region: its daily temperatures, and its stations with their newest readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import Row
from nalssi.gallery.place_days import days_of_places
from nalssi.gallery.place_page import PlacePage, place_tables
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class RegionPage(PlacePage):
    """The page of a region, `place`. Every field is a variable of `region.html`."""

    template: ClassVar[str] = "region.html"
    stations: Sequence[Row]
    """The open stations of the region."""
    newest: Mapping[int, Row]
    """The newest usable reading that has a day, by station id. A station may have none."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: those of `PlacePage.context`, and `region`.

        `region` is the field `place`.
        """
        return super().context(locale) | {"region": self.place}


def region_pages(
    data: GalleryData, regions: Sequence[Row], stations: Sequence[Row], open_day: date | None
) -> Iterator[RegionPage]:
    """Yield the page of each region.

    `stations` are the stations that the gallery lists (`listed_stations`). `open_day` is the day
    that is not over, if there is one.
    """
    newest = _newest_usable(data)
    places = days_of_places(data.region_days, "region_id")
    for region in regions:
        region_id = region["region_id"]
        path = f"regions/{region_id}"
        own = [row for row in stations if row["region_id"] == region_id]
        ids = [row["station_id"] for row in own]
        yield RegionPage(
            path=f"{path}.html",
            section="places",
            tables=place_tables(path, places.get(region_id)),
            place=region,
            days=places.get(region_id),
            stations=own,
            open_day=open_day,
            newest={number: newest[number] for number in ids if number in newest},
        )


def _newest_usable(data: GalleryData) -> Mapping[int, Row]:
    """Return the newest usable reading that has a day, for each station, by station id."""
    newest = data.summaries.frame("newest").sort("observed_on").unique("station_id", keep="last")
    return {row["station_id"]: row for row in newest.drop("unit").to_dicts()}
