"""The data of charts that show distinct observations: the day's course, records and comparisons.

They read the view `hourly_stations`, in which lists of one hour count once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from nalssi.charts.compared_with import ComparedWith
from nalssi.charts.reading_filter import ReadingFilter

if TYPE_CHECKING:
    import duckdb

QUERIES: Final = Path(__file__).parent
SELECTION: Final = ("since", "until", "region", "station")


def day_hours(con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter) -> pl.DataFrame:
    """Return the observations of days with two or more clock times (`day_hours.sql`).

    Columns: `observed_on, region_id, station_id, name_ko, name_en, clock_at, clock_source,
    temperature_c` (°C), sorted by day, region, station from north to south, and clock.
    """
    return _query(con, "day_hours.sql", _selected(reading_filter))


def station_records(con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter) -> pl.DataFrame:
    """Return the lowest and the highest observation of each station (`station_records.sql`).

    Columns: `region_id, station_id, name_ko, name_en, observations`, `first_on, last_on` (the days
    of the observations), and for `low` and `high`: `low_c` (°C), `low_on` and `low_at` (the first
    day and its clock), `low_source` (of the clock), `low_days` (days with that value). Stations are
    sorted from north to south by region.
    """
    return _query(con, "station_records.sql", _selected(reading_filter))


def compared_days(
    con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter, other: ComparedWith
) -> pl.DataFrame:
    """Return the days of a comparison, with the values of both sides.

    Columns: `observed_on`, `mean_c` and `other_c` (°C, the means of the first and of the second
    station or period), `difference_c` (the first minus the second), `pairs` (number of compared
    pairs of observations), `stations` (number of compared stations on that day), `representative`.
    Two stations are compared by the lists that have both (`station_pairs.sql`), two periods by like
    hours (`period_pairs.sql`). Raises ValueError if the filter and `other` do not say what to
    compare.
    """
    since, until, station = reading_filter.since, reading_filter.until, reading_filter.station
    other.check(since, until, station)
    if other.with_station is not None:
        values = {"station": station, "other": other.with_station, "since": since, "until": until}
        return _query(con, "station_pairs.sql", values)
    assert since is not None
    assert until is not None
    pairs = [
        (day, other_day)
        for day in _days(since, until)
        if (other_day := other.other_day(day, since)) not in (None, day)
    ]
    return _query(
        con,
        "period_pairs.sql",
        {
            "days": [day for day, _ in pairs],
            "other_days": [other_day for _, other_day in pairs],
            "region": reading_filter.region,
            "station": station,
        },
    )


def compared_names(
    con: duckdb.DuckDBPyConnection, reading_filter: ReadingFilter, other: ComparedWith
) -> pl.DataFrame:
    """Return the names and the days of the two sides of a comparison, as one row.

    Columns: `name_ko, name_en` of the station or region (null for all stations), `other_ko,
    other_en` of the other station, and the days: `since, until, with_year, with_since, with_until`.
    """
    own = _station_name(con, reading_filter.station) or _region_name(con, reading_filter.region)
    others = _station_name(con, other.with_station)
    return pl.DataFrame(
        {
            "name_ko": [own and own[0]],
            "name_en": [own and own[1]],
            "other_ko": [others and others[0]],
            "other_en": [others and others[1]],
            "since": [reading_filter.since],
            "until": [reading_filter.until],
            "with_year": [other.with_year],
            "with_since": [other.with_since],
            "with_until": [other.with_until],
        }
    )


def _station_name(con: duckdb.DuckDBPyConnection, station: int | None) -> tuple[str, str] | None:
    names = con.sql(
        "SELECT name_ko, name_en FROM stations WHERE station_id = $number",
        params={"number": station},
    ).fetchall()
    return names[0] if names else None


def _region_name(con: duckdb.DuckDBPyConnection, region: int | None) -> tuple[str, str] | None:
    names = con.sql(
        "SELECT name_ko, name_en FROM regions WHERE region_id = $number", params={"number": region}
    ).fetchall()
    return names[0] if names else None


def _days(since: date, until: date) -> Iterator[date]:
    for number in range((until - since).days + 1):
        yield since + timedelta(days=number)


def _selected(reading_filter: ReadingFilter) -> dict[str, Any]:
    return {name: getattr(reading_filter, name) for name in SELECTION}


def _query(con: duckdb.DuckDBPyConnection, name: str, values: dict[str, Any]) -> pl.DataFrame:
    sql = (QUERIES / name).read_text(encoding="utf-8")
    frame: pl.DataFrame = con.sql(sql, params=values).pl()
    return frame
