"""The CSV files of all regions and of all stations by day: the newest days, and each earlier year.

`data/stations.csv` has the newest `NEWEST_DAYS` days, as the plots of `period.html` have. If there
are more days, each year before the newest one has a file of its own, such as
`data/stations-2025.csv`. So a new day changes files of constant size, however many years the data
have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from nalssi.gallery.csv_tables import csv_file
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.site_files import SiteFile

NEWEST_DAYS: Final = 366
"""The largest number of days in the file of the newest days."""
PATHS: Final[Mapping[str, str]] = {
    "region_id": "data/regions",
    "station_id": "data/stations",
}
"""The path of the file of the newest days without `.csv`, by the column with the id."""


def newest_tables(data: GalleryData) -> Sequence[SiteFile]:
    """Return the two files of the newest days: first the regions, then the stations."""
    return [
        _table(PATHS[by], by, of_newest_days(frame, NEWEST_DAYS)) for by, frame in _frames(data)
    ]


def tables_of_year(data: GalleryData, year: int) -> Iterator[SiteFile]:
    """Yield the files of a year: the file of the regions, then the file of the stations.

    There are none if `year` is not one of `years_of_tables`.
    """
    if year in years_of_tables(data):
        for by, frame in _frames(data):
            of_year = frame.filter(pl.col("observed_on").dt.year() == year)
            yield _table(f"{PATHS[by]}-{year}", by, of_year)


def years_of_tables(data: GalleryData) -> Sequence[int]:
    """Return the years before the newest one, the newest first. Empty if there are few days."""
    days = data.region_days["observed_on"].unique()
    years = days.dt.year().unique().sort(descending=True).to_list()
    return years[1:] if len(days) > NEWEST_DAYS else []


def of_newest_days(days: pl.DataFrame, count: int) -> pl.DataFrame:
    """Return the rows of the newest days with data, at most `count` days."""
    newest = days["observed_on"].unique().sort().tail(count)
    return days.filter(pl.col("observed_on") >= newest.min()) if len(newest) else days


def _frames(data: GalleryData) -> Iterator[tuple[str, pl.DataFrame]]:
    yield "region_id", data.region_days
    yield "station_id", data.station_days


def _table(path: str, by: str, days: pl.DataFrame) -> SiteFile:
    return csv_file(f"{path}.csv", days.sort("observed_on", "region_id", by))
