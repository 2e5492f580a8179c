"""Views of hours, days and changes: what counts once, and what can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from nalssi.quality.distinct_observations import update_distinct_observations
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts

from .make_parts import Page, Ticker, part

SEOUL, INCHEON, SUWON, BUSAN, CLOSED = 108, 112, 119, 159, 175
DAY = date(2025, 12, 19)
NIGHT = datetime(2025, 12, 18, 15, tzinfo=UTC)  # midnight of DAY in Korea


def hour(of_day: int, days: int = 0) -> datetime:
    return NIGHT + timedelta(days=days, hours=of_day)


def listed(days: int, of_day: int | None, values: dict[int, float | None]) -> Ticker:
    at = None if of_day is None else hour(of_day, days)
    return Ticker(DAY + timedelta(days), values, at=at)


# A list of one hour on two sites, with 4 and 3 stations.
LONG = listed(0, 14, {SEOUL: 4.0, INCHEON: 3.0, SUWON: 2.0, BUSAN: 9.0})
SHORT = listed(0, 14, {SEOUL: 4.0, INCHEON: 3.1, CLOSED: 8.0})
EVENING = listed(0, 20, {SEOUL: 1.0})
# The next day has a page of unknown hour, captured at 14:40, and one captured a week later.
CAPTURED = listed(1, None, {SEOUL: 6.5, BUSAN: 9.5})
UNKNOWN = listed(1, None, {SEOUL: 5.5, SUWON: 1.5})
# Four days later, nothing earlier is near enough.
LATER = listed(4, 14, {SEOUL: 0.0})
# Two days of 20 hours, and one of 19 that follows them.
FULL = [listed(10, of_day, {BUSAN: 10.0 + of_day / 10}) for of_day in range(20)]
NEXT = [listed(11, of_day, {BUSAN: 12.0 + of_day / 10}) for of_day in range(1, 21)]
THIN = [listed(12, of_day, {BUSAN: 7.0}) for of_day in range(0, 19)]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("statistics")
    warehouse = Warehouse(folder / "warehouse")
    pages = [
        Page("long", [LONG], site="one.kr", captured_at=hour(15)),
        Page("again", [LONG], site="two.kr", captured_at=hour(14)),
        Page("short", [SHORT], site="two.kr", captured_at=None),
        Page("evening", [EVENING], captured_at=hour(21)),
        Page("captured", [CAPTURED], captured_at=hour(14, 1) + timedelta(minutes=40)),
        Page("unknown", [UNKNOWN], captured_at=hour(3, 8)),
        Page("later", [LATER]),
        Page("days", [*FULL, *NEXT, *THIN]),
    ]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as writing:
        # Short lists are suspect, and this test is not about quality.
        writing.execute("TRUNCATE quality")
        writing.execute("UPDATE conclusions SET usable = usable + len(unusable), unusable = []")
        update_distinct_observations(writing, None)
    with warehouse.reader() as reading:
        yield reading


def test_two_lists_of_one_known_hour_are_one_observation(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT station_id, observed_at, clock_source, temperature_c, lists, snapshot_id"
        f" FROM hourly_stations WHERE observed_at = '{hour(14)}' ORDER BY station_id"
    ).fetchall()
    assert rows == [  # Incheon's value is that of the longest list; the closed station is left out
        (SEOUL, hour(14), "feed", 4.0, 2, LONG.snapshot_id),
        (INCHEON, hour(14), "feed", 3.0, 2, LONG.snapshot_id),
        (SUWON, hour(14), "feed", 2.0, 2, LONG.snapshot_id),
        (BUSAN, hour(14), "feed", 9.0, 2, LONG.snapshot_id),
    ]


def test_a_days_mean_counts_an_hour_once(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT observed_on, readings, lists, hours, mean_c, first_at, last_at, representative"
        f" FROM daily_stations WHERE station_id = {SEOUL} ORDER BY observed_on LIMIT 2"
    ).fetchall()
    captured = hour(14, 1) + timedelta(minutes=40)
    assert rows == [
        (DAY, 3, 2, 2, 2.5, hour(14), hour(20), False),
        (DAY + timedelta(1), 2, 2, 1, 6.0, captured, captured, False),
    ]


def test_a_day_with_20_hours_is_representative(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        f"SELECT hours, representative FROM daily_stations WHERE station_id = {BUSAN}"
        f" AND observed_on >= '{DAY + timedelta(10)}' ORDER BY observed_on"
    ).fetchall()
    assert rows == [(20, True), (20, True), (19, False)]
    runs = con.sql(
        f"SELECT days, representative_days, hours FROM coverage WHERE station_id = {BUSAN}"
        " ORDER BY first_on DESC LIMIT 1"
    ).fetchall()
    assert runs == [(3, 2, 59)]


def test_a_region_is_representative_if_most_of_its_stations_are(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT stations, representative_stations, representative, hours FROM daily_regions"
        f" WHERE observed_on = '{DAY + timedelta(10)}'"
    ).fetchall()
    assert rows == [(1, 1, False, 20)]  # Busan is one of many stations of its region
    month = con.sql(
        "SELECT days, representative_days, representative, lists FROM monthly_regions"
        " WHERE month = '2025-12-01' AND region_id = 1"
    ).fetchall()
    assert month == [(3, 0, False, 2 + 2 + 1)]


def test_a_change_is_of_like_hours_or_has_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT temperature_c, change_c, before_at, hours_apart, reason FROM hourly_changes"
        f" WHERE station_id = {SEOUL} ORDER BY observed_on, temperature_c DESC"
    ).fetchall()
    assert rows == [
        (4.0, None, None, None, "no_like_hour"),
        (1.0, None, None, None, "no_like_hour"),
        (6.5, 2.5, hour(14), 24, None),  # captured at 14:40, compared with 14:00
        (5.5, None, None, None, "hour_unknown"),
        (0.0, -6.5, hour(14, 1) + timedelta(minutes=40), 72, None),
    ]


def test_a_change_is_from_the_most_recent_day_then_from_the_nearest_hour(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT change_c, hours_apart, hour(before_at) FROM hourly_changes"
        f" WHERE station_id = {BUSAN} AND observed_on > '{DAY + timedelta(10)}'"
        " AND hour(clock_at) IN (0, 19, 20) ORDER BY clock_at"
    ).fetchall()
    assert rows == [(2.0, 24, 19), (2.1, 25, 19), (-5.1, 23, 1)]


def test_the_largest_change_compares_means_of_full_days_or_like_hours(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT observed_on, station_id, compared, temperature_c, change_c, lists, hours"
        " FROM extremes WHERE year = 2025 AND kind = 'largest_change' ORDER BY place"
    ).fetchall()
    # Hours 1 to 18 of the last day have the same hour before, and midnight has 1:00.
    hours_change = 7.0 - (12.1 + sum(12 + of_day / 10 for of_day in range(1, 19))) / 19
    assert rows == [
        (DAY + timedelta(12), BUSAN, "hours", 7.0, pytest.approx(hours_change, abs=0.005), 19, 19),
        (DAY + timedelta(1), SEOUL, "hours", 6.5, 2.5, 2, 1),
        (DAY + timedelta(11), BUSAN, "days", 13.05, 2.1, 20, 20),
        (DAY + timedelta(1), BUSAN, "hours", 9.5, 0.5, 1, 1),
    ]


def test_every_reading_is_listed_once_with_its_place_page_and_hour(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.execute(
        "SELECT station_id, name_en, province IS NULL, latitude > 30, flag, usable, kst_hour,"
        " printed_on, pages, site, uri, captured_at, observation_id FROM every_reading"
        " WHERE snapshot_id IN ($1, $2) AND station_id IN (108, 175) ORDER BY ALL",
        [LONG.snapshot_id, SHORT.snapshot_id],
    ).fetchall()
    page = (2, "two.kr", "again", hour(14))
    one = (1, "two.kr", "short", None)
    assert rows == [
        (SEOUL, "Seoul", False, True, 1, True, 14, DAY, *one, LONG.snapshot_id),
        (SEOUL, "Seoul", False, True, 1, True, 14, DAY, *page, LONG.snapshot_id),
        (CLOSED, None, True, True, 1, False, 14, DAY, *one, LONG.snapshot_id),
    ]
    counts = "SELECT (SELECT count(*) FROM every_reading), (SELECT count(*) FROM readings)"
    ((listed_once, readings),) = con.sql(counts).fetchall()
    assert listed_once == readings


def test_an_hour_that_is_loaded_in_parts_counts_once(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    parts = [
        part(tmp_path / "a", [Page("short", [SHORT]), Page("evening", [EVENING])]),
        part(tmp_path / "b", [Page("long", [LONG])]),
    ]
    for one in parts:
        load_parts(warehouse, [one])
    with warehouse.reader() as reading:
        rows = reading.sql("SELECT counts_as FROM conclusions ORDER BY snapshot_id").fetchall()
    ids = sorted([LONG.snapshot_id, SHORT.snapshot_id, EVENING.snapshot_id])
    assert [row[0] for row in rows] == [
        LONG.snapshot_id if one == SHORT.snapshot_id else one for one in ids
    ]
