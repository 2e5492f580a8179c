"""Read the tables and readings that the gallery shows from a warehouse.

`GalleryData.load` reads the small tables, and a value per day for each station and region. There
may be too many readings to hold in memory: `GalleryData.readings` reads those of some days or of
one region.

The query `chart_readings.sql` decides which readings are usable, for charts and for the gallery, so
that both show the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from nalssi.charts import period_data
from nalssi.charts.chart_readings import selected_readings, snapshot_time
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.public_links import public_address

QUERIES: Final = Path(__file__).parent
CLOSED_STATIONS: Final = 0
"""The region number that selects closed stations in a `ReadingFilter`. They belong to no region."""


@dataclass(frozen=True)
class FalseDate:
    """A snapshot whose printed date is false.

    `time` is its true time as far as it is known, and `nth` its number among the lists of the same
    time. `repeated` are the first and the last date under which the list is printed, if it is
    printed under several.
    """

    snapshot_id: str
    time: SnapshotTime
    nth: int
    repeated: tuple[date, date] | None


@dataclass(frozen=True)
class GalleryData:
    """The tables of a warehouse that the gallery shows, and access to its readings.

    - `days`: `observed_on` (null for undated snapshots), `readings` (their number), by day of
      observation.
    - `station_days`: `observed_on, region_id, station_id, name_ko, name_en` and the statistics of
      the station on that day (`period_data.DAY_COLUMNS`); temperatures in °C.
    - `region_days`: the same by region, without the station.
    - `false_dates`: the lists whose printed date is false, by that date.
    - `rejects`: `reason, text, site, uri, line` of every rejected line.
    - `sites`: `site, pages, snapshots`.
    - `stations`, `history`, `regions`: reference data, stations from north to south in a region.
    """

    con: duckdb.DuckDBPyConnection
    days: pl.DataFrame
    station_days: pl.DataFrame
    region_days: pl.DataFrame
    false_dates: Mapping[date, Sequence[FalseDate]]
    rejects: pl.DataFrame
    sites: pl.DataFrame
    stations: pl.DataFrame
    history: pl.DataFrame
    regions: pl.DataFrame

    @classmethod
    def load(cls, con: duckdb.DuckDBPyConnection) -> GalleryData:
        """Read all tables, but no readings, through a read-only connection."""
        regions = con.sql("FROM regions ORDER BY region_id").pl()
        return cls(
            con=con,
            days=_query(con, "days.sql"),
            station_days=_by_day(period_data.station_days(con, ReadingFilter()), "station_id"),
            region_days=_by_day(period_data.region_days(con, ReadingFilter()), "region_id").join(
                regions.select("region_id", "name_ko", "name_en"), on="region_id"
            ),
            false_dates=_false_dates(con),
            rejects=_with_public_addresses(_query(con, "rejects.sql")),
            sites=con.sql("FROM sites ORDER BY pages DESC, site NULLS LAST").pl(),
            stations=con.sql("FROM stations ORDER BY region_id, latitude DESC").pl(),
            history=con.sql("FROM station_history ORDER BY station_id, valid_from").pl(),
            regions=regions,
        )

    def spans(self, readings_in_memory: int) -> Iterator[ReadingFilter]:
        """Divide the warehouse into spans: first the undated readings, then consecutive days.

        A span has at most `readings_in_memory` readings, or one day if that day has more.
        """
        first: date | None = None
        last: date | None = None
        total = 0
        for day, count in self.days.iter_rows():
            if day is None:
                yield ReadingFilter(undated=True)
                continue
            if first and total + count > readings_in_memory:
                yield ReadingFilter(first, last)
                first, total = None, 0
            first, last, total = first or day, day, total + count
        if first:
            yield ReadingFilter(first, last)

    def readings(self, reading_filter: ReadingFilter) -> pl.DataFrame:
        """Read the selected readings, usable or not.

        They are sorted by time and snapshot, then from north to south. `flag` is the flag that
        charts show, which is 0 for a closed station. `used` says whether charts and tables use the
        reading.
        """
        return selected_readings(self.con, reading_filter).rename({"usable": "used"})

    def readings_of_region(self, region_id: int) -> pl.DataFrame:
        """Read all readings of the open stations of a region, like `readings`."""
        return self.readings(ReadingFilter(region=region_id))

    def readings_of_closed_stations(self) -> pl.DataFrame:
        """Read all readings of closed stations, like `readings`."""
        return self.readings_of_region(CLOSED_STATIONS)

    def sightings(self, span: ReadingFilter) -> pl.DataFrame:
        """Read which pages print the snapshots of a span, and how each page is dated.

        Columns: `snapshot_id, site, uri, captured_at, date_source, printed_on`.
        """
        sightings = _query(
            self.con, "sightings.sql", since=span.since, until=span.until, undated=span.undated
        )
        return _with_public_addresses(sightings)


def _query(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> pl.DataFrame:
    sql = (QUERIES / name).read_text(encoding="utf-8")
    frame: pl.DataFrame = con.sql(sql, params=parameters or None).pl()
    return frame


def _with_public_addresses(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace each `uri` by the part that may be published (`public_links`)."""
    addresses = {uri: public_address(uri) for uri in frame["uri"].unique()}
    if not addresses:
        return frame
    return frame.with_columns(pl.col("uri").replace_strict(addresses, return_dtype=pl.String))


def _by_day(days: pl.DataFrame, by: str) -> pl.DataFrame:
    return days.sort("observed_on", "region_id", by)


def _false_dates(con: duckdb.DuckDBPyConnection) -> Mapping[date, Sequence[FalseDate]]:
    by_date: dict[date, list[FalseDate]] = {}
    for row in _query(con, "false_dates.sql").to_dicts():
        repeated = (row["first_on"], row["last_on"]) if row["first_on"] else None
        false_date = FalseDate(row["snapshot_id"], snapshot_time(row), row["nth"], repeated)
        by_date.setdefault(row["printed_on"], []).append(false_date)
    return by_date
