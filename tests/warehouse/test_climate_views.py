"""Views that count kinds of days: the days that lists prove, and the days without lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from nalssi.quality.distinct_observations import update_distinct_observations
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.period_table import period_table
from nalssi.warehouse.query import QueryError

from .make_parts import Page, Ticker, part

SEOUL, INCHEON = 108, 112
FIRST = date(2024, 7, 1)


def day(number: int, temperatures: Sequence[float], begin: int = 0, station: int = SEOUL) -> Page:
    """Make a page with a list for each temperature, by hour of the day in Korea from `begin`."""
    on = FIRST + timedelta(number - 1)
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=9)
    lists = [
        Ticker(on, {station: value}, at=midnight + timedelta(hours=hour))
        for hour, value in enumerate(temperatures, begin)
    ]
    return Page(f"{station}/{on}", lists)


HOT, MILD = [26.0] * 12 + [34.0] * 12, [24.0] * 12 + [30.0] * 12
PAGES = [
    day(1, HOT),
    day(2, [33.0], 14),  # one hour proves a hot day
    day(3, [30.0], 14),  # one hour proves nothing
    # Nobody saw day 4.
    day(5, HOT),
    day(6, MILD),
    day(7, [35.0, 33.5], 13),
    # Nobody saw days 8 to 10: a proof on day 11 is four days later, so it belongs to the spell.
    day(11, [33.5], 15),
    # Nobody saw days 12 to 15.
    day(16, [34.5], 15),
    # A year later, in two of the three days.
    day(366, [value + 1 for value in HOT]),
    day(370, [value + 2 for value in HOT]),
    day(371, [20.0], 3),
    day(1, [-12.0, -13.0, 1.0], 6, INCHEON),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("climate")
    warehouse = Warehouse(folder / "warehouse")
    load_parts(warehouse, [part(folder / "part", PAGES)])
    with warehouse.writer() as writing:
        # Lists of one station are suspect, and this test is not about quality.
        writing.execute("TRUNCATE quality")
        writing.execute("UPDATE conclusions SET usable = usable + len(unusable), unusable = []")
        update_distinct_observations(writing, None)
    with warehouse.reader() as reading:
        yield reading


def test_few_hours_prove_a_hot_day_and_not_that_a_day_is_not_hot(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT day(observed_on), holds FROM climate_days WHERE kind = 'heat_wave'"
        f" AND station_id = {SEOUL} AND year(observed_on) = 2024 ORDER BY observed_on"
    ).fetchall()
    assert rows == [
        (1, True),
        (2, True),
        (3, None),
        (5, True),
        (6, False),
        (7, True),
        (11, True),
        (16, True),
    ]


def test_one_warm_hour_proves_that_a_day_is_no_ice_day(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        f"SELECT kind, holds, temperature_c FROM climate_days WHERE station_id = {INCHEON}"
        " AND kind <> 'tropical_night' ORDER BY kind"
    ).fetchall()
    assert rows == [
        ("cold_wave", True, -13.0),
        ("frost", True, -13.0),
        ("heat_wave", None, 1.0),
        ("ice", False, 1.0),
    ]


def test_a_spell_counts_the_days_that_nobody_saw(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT day(first_on), day(last_on), length, days, unproved, unseen, extreme_c FROM spells"
        f" WHERE kind = 'heat_wave' AND station_id = {SEOUL} AND year(first_on) = 2024"
        " ORDER BY first_on"
    ).fetchall()
    assert rows == [
        (1, 5, 5, 3, 1, 1, 34.0),
        (7, 11, 5, 2, 0, 3, 35.0),
        (16, 16, 1, 1, 0, 0, 34.5),
    ]


def test_a_month_counts_its_unknown_days(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT days, other_days, unproved, unseen, coverage FROM monthly_climate_days"
        f" WHERE kind = 'heat_wave' AND month = '2024-07-01' AND station_id = {SEOUL}"
    ).fetchall()
    assert rows == [(6, 1, 1, 31 - 8, round(7 / 31, 2))]


def test_a_night_is_from_evening_to_morning_and_tropical_if_enough_hours_prove_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT night_of, hours, min_c, representative, tropical FROM nights"
        f" WHERE station_id = {SEOUL} AND night_of < '2024-07-08' ORDER BY night_of"
    ).fetchall()
    assert rows == [
        (FIRST - timedelta(1), 10, 26.0, False, None),  # 0:00 to 9:00
        (FIRST, 5, 34.0, False, None),  # 19:00 to 23:00
        (FIRST + timedelta(3), 10, 26.0, False, None),
        (FIRST + timedelta(4), 15, 24.0, True, False),  # 19:00 of a hot day to 9:00 of a mild one
        (FIRST + timedelta(5), 5, 30.0, False, None),
    ]


def test_a_year_is_compared_with_the_year_before_on_equal_days(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT month, mean_c, before_c, change_c, equal_days, days, days_before"
        " FROM yearly_changes ORDER BY month"
    ).fetchall()
    assert rows == [(date(2025, 7, 1), 31.5, 30.0, 1.5, 2, 3, 8)]


def test_days_that_nobody_saw_are_listed_between_the_first_and_the_last(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql("SELECT * FROM unseen_days WHERE first_on < '2024-07-16'").fetchall()
    on = [FIRST + timedelta(number - 1) for number in range(17)]
    assert rows == [(on[4], on[4], 1), (on[8], on[10], 3), (on[12], on[15], 4)]


def test_a_record_is_of_the_first_day_with_it(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT max_c, max_on, min_c, min_on, days, representative_days FROM station_records"
        f" WHERE station_id = {SEOUL}"
    ).fetchall()
    assert rows == [(36.0, date(2025, 7, 5), 20.0, date(2025, 7, 6), 11, 5)]


def test_two_stations_are_compared_in_one_observation(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT temperature_c, other_c, difference_c, hour(clock_at) FROM station_pairs"
        f" WHERE station_id = {SEOUL} AND other_id = {INCHEON} ORDER BY clock_at"
    ).fetchall()
    assert rows == [(26.0, -12.0, 38.0, 6), (26.0, -13.0, 39.0, 7), (26.0, 1.0, 25.0, 8)]


def test_a_table_has_a_column_for_each_month_and_counts_what_is_thin(
    con: duckdb.DuckDBPyConnection,
) -> None:
    made = period_table(con, "station", "month", "mean")
    names = ["number", "name_ko", "name_en", "2024-07", "2025-07"]
    assert list(made.result.columns) == names
    days = [30.0, 33.0, 30.0, 30.0, 27.0, 34.25, 33.5, 34.5]
    incheon = round((-12 - 13 + 1) / 3, 2)
    assert made.result.frame().rows() == [
        (SEOUL, "서울", "Seoul", round(sum(days) / 8, 2), round((31 + 32 + 20) / 3, 2)),
        (INCHEON, "인천", "Incheon", incheon, None),
    ]
    assert (made.values, made.thin) == (3, 3)
    full = period_table(con, "station", "month", "mean", representative_only=True)
    assert full.result.frame()["2024-07"].to_list() == [None, None]


def test_a_table_of_days_counts_them(con: duckdb.DuckDBPyConnection) -> None:
    made = period_table(con, "region", "year", "days", until=date(2024, 12, 31))
    assert [row[3:] for row in made.result.frame().rows()] == [(8,)]
    by_day = period_table(con, "station", "day", "max", since=FIRST, until=FIRST + timedelta(1))
    assert (by_day.values, by_day.thin) == (3, 2)
    with pytest.raises(QueryError, match="no usable reading on these days"):
        period_table(con, "region", "month", "mean", since=date(2030, 1, 1))
