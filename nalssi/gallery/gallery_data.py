"""Read the tables and readings that the gallery shows from a warehouse.

`GalleryData` has the small tables, and values of all days from `day_summaries`. There may be too
many readings to hold in memory: `read_readings` reads the readings of some days.

The query `chart_readings.sql` decides which readings are usable, for charts and for the gallery, so
that both show the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from nalssi.charts.chart_readings import selected_readings, snapshot_time
from nalssi.charts.day_units import Units
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.day_summaries import DaySummaries
from nalssi.gallery.input_digest import SharedRows
from nalssi.gallery.public_links import public_address

QUERIES: Final = Path(__file__).parent


@dataclass(frozen=True)
class FalseDate:
    """A snapshot whose printed date is false.

    `time` is its true time as far as it is known, and `nth` its number among the lists of the same
    day and clock time. `repeated` are the first and the last date under which the list is printed,
    if it is printed under several; otherwise None.
    """

    snapshot_id: str
    time: SnapshotTime
    nth: int
    repeated: tuple[date, date] | None


@dataclass(frozen=True)
class GalleryData:
    """The tables of a warehouse for the pages that show many days. Each is read at its first use.

    `summaries` must be complete before a table of days is used.
    """

    con: duckdb.DuckDBPyConnection
    units: Units
    summaries: DaySummaries

    @cached_property
    def days(self) -> Sequence[date]:
        """The days with lists, in order."""
        return list(self.units.days)

    @cached_property
    def station_days(self) -> pl.DataFrame:
        """The statistics of stations by day, sorted by day and station.

        Columns: `observed_on, region_id, station_id, name_ko, name_en` and the statistics of the
        station on that day (`period_data.DAY_COLUMNS`); temperatures in °C.
        """
        names = self.stations.select("station_id", "region_id", "name_ko", "name_en")
        return _by_day(self.summaries.frame("station_days"), names, "station_id")

    @cached_property
    def region_days(self) -> pl.DataFrame:
        """The statistics of regions by day, sorted by day and region.

        Columns: `observed_on, region_id, name_ko, name_en` and the statistics of the region on that
        day (`period_data.DAY_COLUMNS`); temperatures in °C.
        """
        names = self.regions.select("region_id", "name_ko", "name_en")
        return _by_day(self.summaries.frame("region_days"), names, "region_id")

    @cached_property
    def false_dates(self) -> Mapping[date, Sequence[FalseDate]]:
        """The lists whose printed date is false, by the printed date."""
        return _false_dates(self.con)

    @cached_property
    def rejects(self) -> pl.DataFrame:
        """Every rejected line: `reason, text, site, uri, line`.

        `uri` may be private: pages show it only after `with_public_addresses`.
        """
        return _query(self.con, "rejects.sql")

    @cached_property
    def sites(self) -> pl.DataFrame:
        """The sites that print lists: the columns of the view `sites`."""
        return _table(self.con, "FROM sites ORDER BY pages DESC, site NULLS LAST")

    @cached_property
    def stations(self) -> pl.DataFrame:
        """The open stations: the table `stations`, by region and from north to south."""
        return _table(self.con, "FROM stations ORDER BY region_id, latitude DESC")

    @cached_property
    def history(self) -> pl.DataFrame:
        """The table `station_history`, by station and from the oldest entry to the newest."""
        return _table(self.con, "FROM station_history ORDER BY station_id, valid_from")

    @cached_property
    def regions(self) -> pl.DataFrame:
        """The regions: `region_id, name_ko, name_en`."""
        return _table(self.con, "FROM regions ORDER BY region_id")

    @cached_property
    def region_rows(self) -> SharedRows:
        """The regions as rows, for pages. The digest of the rows is computed once."""
        return SharedRows(self.regions.to_dicts())


def _table(con: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    frame: pl.DataFrame = con.sql(sql).pl()
    return frame


def read_readings(con: duckdb.DuckDBPyConnection, selected: ReadingFilter) -> pl.DataFrame:
    """Read the selected readings, usable or excluded.

    The columns and the order of the rows are those of `chart_readings.selected_readings`, but
    `usable` is called `used`: whether charts and tables use the reading.
    """
    return selected_readings(con, selected).rename({"usable": "used"})


def read_sightings(con: duckdb.DuckDBPyConnection, selected: ReadingFilter) -> pl.DataFrame:
    """Read the sightings of the snapshots that the days of a filter select.

    Columns: `snapshot_id, site, uri, captured_at`, the kind of evidence for the date
    (`date_source`) and `printed_on`. `uri` is fit for publication (`public_links`).
    """
    sightings = _query(
        con, "sightings.sql", since=selected.since, until=selected.until, undated=selected.undated
    )
    return with_public_addresses(sightings)


def _query(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> pl.DataFrame:
    sql = (QUERIES / name).read_text(encoding="utf-8")
    frame: pl.DataFrame = con.sql(sql, params=parameters or None).pl()
    return frame


def with_public_addresses(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with each `uri` replaced by the part that may be published.

    `public_links` decides which part that is.
    """
    addresses = {uri: public_address(uri) for uri in frame["uri"].unique()}
    if not addresses:
        return frame
    return frame.with_columns(pl.col("uri").replace_strict(addresses, return_dtype=pl.String))


def _by_day(days: pl.DataFrame, names: pl.DataFrame, by: str) -> pl.DataFrame:
    """Add the names of places to statistics of days, and sort them by day and place.

    `days` are the statistics. `names` has `region_id` and the names for each value of `by`, which
    is `station_id` or `region_id`. These columns stand right after the day in the result.
    """
    named = days.drop("unit").join(names, on=by, maintain_order="left")
    first = ["observed_on", "region_id", *(name for name in names.columns if name != "region_id")]
    return named.select(*first, pl.all().exclude(first))


def _false_dates(con: duckdb.DuckDBPyConnection) -> Mapping[date, Sequence[FalseDate]]:
    by_date: dict[date, list[FalseDate]] = {}
    for row in _query(con, "false_dates.sql").to_dicts():
        repeated = (row["first_on"], row["last_on"]) if row["first_on"] else None
        false_date = FalseDate(row["snapshot_id"], snapshot_time(row), row["nth"], repeated)
        by_date.setdefault(row["printed_on"], []).append(false_date)
    return by_date
