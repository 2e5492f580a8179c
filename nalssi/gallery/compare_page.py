"""The page that compares two stations or regions, or two periods.

The reader chooses the places and periods, and the address of the page contains this choice.
`static/compare.js` draws the plot and fills the table, from the scripts of `compare_data`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from nalssi.gallery.compare_data import years_by_place
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class ComparePage(GalleryPage):
    """The page of comparison. Every field is a variable of `compare.html`."""

    template: ClassVar[str] = "compare.html"
    regions: Sequence[Row]
    stations: Sequence[Row]
    years: Mapping[str, Sequence[int]]
    """The years that have data, by station (`108`) or region (`r3`)."""
    open_day: date | None = None
    """The day that is not over, which the page does not show yet. None if there is none."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and `groups`.

        `groups` are the places to choose from: first the regions, then the stations. A group is a
        pair of its name and its places; a place is a tuple of its value (`r3` or `108`), name and
        years.
        """
        places = [
            [(f"r{row['region_id']}", locale.name(row)) for row in self.regions],
            [(f"{row['station_id']}", locale.name(row)) for row in self.stations],
        ]
        groups = (locale.gallery.region, locale.gallery.station)
        return super().context(locale) | {
            "groups": [
                (name, [(key, text, self.years[key]) for key, text in own if key in self.years])
                for name, own in zip(groups, places, strict=True)
            ]
        }


def compare_page(data: GalleryData, open_day: date | None = None) -> ComparePage:
    """Return the page of comparison. `open_day` is the day that is not over, if there is one."""
    return ComparePage(
        path="compare.html",
        open_day=open_day,
        section="compare",
        regions=data.regions.to_dicts(),
        stations=[
            {name: row[name] for name in ("station_id", "name_ko", "name_en")}
            for row in data.stations.to_dicts()
        ],
        years=years_by_place(data),
    )
