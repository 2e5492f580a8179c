"""Views: what a row is, on readings that can be used (flags 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from nalssi.conclusions import conclude
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.views import VIEWS_FOLDER, view_names, views

from .make_parts import Page, Ticker, part

SEOUL, INCHEON, SUWON, BUSAN, DAEGU, CLOSED = 108, 112, 119, 159, 143, 175
FIRST, SECOND = date(2025, 12, 18), date(2025, 12, 19)
EARLY = Ticker(FIRST, {SEOUL: 1.0, BUSAN: 9.0})
COLD = Ticker(SECOND, {SEOUL: -3.2, INCHEON: -1.1, SUWON: None, BUSAN: 4.1, DAEGU: 30.0})
FEED = Ticker(
    SECOND, {SEOUL: -2.0, BUSAN: 5.0}, at=datetime(2025, 12, 18, 15, tzinfo=UTC)
)  # midnight in Korea
UNDATED = Ticker(None, {SEOUL: 7.0})
OLD = Ticker(date(2025, 12, 10), {SEOUL: 8.0, CLOSED: 3.0})
FROZEN = Ticker(date(2025, 12, 20), {SEOUL: 8.0, CLOSED: 3.0})  # OLD again, on a later date


def judge(con: duckdb.DuckDBPyConnection, verdicts: list[tuple[str, int, int, list[str]]]) -> None:
    """Replace the flags that the load has computed by these."""
    con.execute("TRUNCATE quality")
    con.executemany("INSERT INTO quality VALUES ($1, $2, $3, $4)", verdicts)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("views")
    warehouse = Warehouse(folder / "warehouse")
    pages = [
        Page("a", [EARLY], ["• 달13.1℃"], site="one.kr"),
        Page("b", [COLD, FEED], site="one.kr"),
        Page("c", [COLD], site="two.kr"),
        Page("d", [UNDATED], site=None),
        Page("e", [OLD], site="two.kr"),
        Page("f", [FROZEN], site="one.kr"),
    ]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as writing:
        judge(
            writing,
            [
                (COLD.snapshot_id, DAEGU, 3, ["spatial"]),
                (COLD.snapshot_id, SUWON, 9, ["missing"]),
                (COLD.snapshot_id, BUSAN, 2, []),
                (OLD.snapshot_id, SEOUL, 3, ["frozen_feed"]),
                (OLD.snapshot_id, CLOSED, 4, ["closed_station", "frozen_feed"]),
                (FROZEN.snapshot_id, SEOUL, 4, ["frozen_feed"]),
                (FROZEN.snapshot_id, CLOSED, 4, ["closed_station", "frozen_feed"]),
            ],
        )
        conclude(writing)
    with warehouse.reader() as reading:
        yield reading


def test_every_view_file_is_a_view_and_says_what_it_is(con: duckdb.DuckDBPyConnection) -> None:
    assert {path.stem for path in VIEWS_FOLDER.glob("*.sql")} == set(view_names())
    comments = dict(con.sql("SELECT view_name, comment FROM duckdb_views()").fetchall())
    for view in views():
        assert view.comment.startswith("A row is ")
        assert comments[view.name] == view.comment
        columns = con.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = $1", [view.name]
        ).fetchall()
        assert dict(columns) == view.columns


def test_the_hour_is_the_feeds_and_the_day_is_korean(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT observed_on, hour_source FROM timed_snapshots WHERE snapshot_id IN ($1, $2)"
        " ORDER BY hour_source",
        [FEED.snapshot_id, COLD.snapshot_id],
    ).fetchall()
    assert rows == [(SECOND, "feed"), (SECOND, None)]


def test_a_region_is_summed_up_over_its_usable_stations(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT region_en, mean_c, min_c, max_c, stations_used, stations_left_out"
        " FROM regional_temperatures WHERE snapshot_id = $1 ORDER BY region_id",
        [COLD.snapshot_id],
    ).fetchall()
    assert [row[1:] for row in rows] == [
        (-2.15, -3.2, -1.1, 2, 1),  # the capital region; Suwon's value is missing
        (None, None, None, 0, 1),  # Daegu's is suspect, and no other station is listed
        (4.1, 4.1, 4.1, 1, 0),  # Busan's is not evaluated, which can be used
    ]


def test_a_share_is_of_all_the_regions_stations(con: duckdb.DuckDBPyConnection) -> None:
    shares = con.sql(
        "SELECT share_of_stations * count(*) FROM regional_temperatures"
        f" JOIN stations USING (region_id) WHERE snapshot_id = '{UNDATED.snapshot_id}'"
        " GROUP BY share_of_stations"
    ).fetchall()
    assert shares == [(pytest.approx(1, abs=0.1),)]  # Seoul alone; shares have two decimals


def test_latest_readings_are_of_the_newest_day_with_usable_readings(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = con.sql(
        "SELECT station_id, observed_on, hour_source, temperature_c FROM latest_readings"
        " ORDER BY station_id"
    ).fetchall()
    assert rows == [  # the frozen day after is passed over; the known hour counts before COLD
        (SEOUL, SECOND, "feed", -2.0),
        (INCHEON, SECOND, None, -1.1),
        (BUSAN, SECOND, "feed", 5.0),
    ]


def test_a_days_station_and_region_sum_up_its_readings(con: duckdb.DuckDBPyConnection) -> None:
    station = con.execute(
        "SELECT readings, mean_c, min_c, max_c FROM daily_stations"
        " WHERE station_id = $1 AND observed_on = $2",
        [SEOUL, SECOND],
    ).fetchall()
    assert station == [(2, -2.6, -3.2, -2.0)]
    region = con.execute(
        "SELECT mean_c, min_c, max_c, stations, readings FROM daily_regions"
        " WHERE region_id = 1 AND observed_on = $1",
        [SECOND],
    ).fetchall()
    assert region == [(-1.85, -3.2, -1.1, 2, 3)]  # Seoul counts once, with its mean
    month = con.sql("SELECT month, mean_c, days, readings FROM monthly_regions WHERE region_id = 1")
    assert month.fetchall() == [(date(2025, 12, 1), -0.43, 2, 4)]


def test_extremes_are_ranked_by_year_and_kind(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT kind, observed_on, station_id, temperature_c, change_c FROM extremes"
        " WHERE year = 2025 AND place = 1 ORDER BY kind"
    ).fetchall()
    assert rows == [
        ("coldest", SECOND, SEOUL, -3.2, None),
        ("hottest", FIRST, BUSAN, 9.0, None),
    ]  # no change: the lists of the first day were captured on another day, so no hours are alike


def test_coverage_tells_runs_of_days_and_the_gaps_between(tmp_path: Path) -> None:
    days = [date(2025, 12, day) for day in (1, 2, 5, 6, 7)]
    pages = [Page(f"{day}", [Ticker(day, {SEOUL: float(day.day)})]) for day in days]
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", pages)])
    with warehouse.reader() as con:
        rows = con.sql("SELECT first_on, last_on, days, gap_days FROM coverage ORDER BY first_on")
        assert rows.fetchall() == [(days[0], days[1], 2, 2), (days[2], days[4], 3, None)]


def test_quality_is_summed_up_by_test_site_and_month(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT site, test, not_evaluated, suspect, failed, missing, readings FROM quality_summary"
        " ORDER BY site, test"
    ).fetchall()
    assert rows == [
        ("one.kr", "closed_station", 0, 0, 1, 0, 11),
        ("one.kr", "frozen_feed", 0, 0, 2, 0, 11),
        ("one.kr", "missing", 0, 0, 0, 1, 11),
        ("one.kr", "spatial", 0, 1, 0, 0, 11),
        ("two.kr", "closed_station", 0, 0, 1, 0, 7),
        ("two.kr", "frozen_feed", 0, 1, 1, 0, 7),
        ("two.kr", "missing", 0, 0, 0, 1, 7),
        ("two.kr", "spatial", 0, 1, 0, 0, 7),
    ]


def test_a_frozen_list_is_one_row_with_its_dates_and_sites(con: duckdb.DuckDBPyConnection) -> None:
    assert con.sql("FROM frozen_feeds").fetchall() == [
        (OLD.snapshot_id, 2, OLD.on, FROZEN.on, 2, 2, ["one.kr", "two.kr"])
    ]


def test_the_view_sites_counts_pages_lists_and_rejects(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.sql(
        "SELECT site, pages, snapshots, rejects, first_on, last_on FROM sites ORDER BY site"
    ).fetchall()
    assert rows == [
        ("one.kr", 3, 4, 1, FIRST, FROZEN.on),
        ("two.kr", 2, 2, 0, OLD.on, SECOND),
        (None, 1, 1, 0, None, None),
    ]


# A list whose hour is known only by comparison, and is another day's than the one it stands under;
# the same without a date; one that has neither; and days around a new year.
LATE = Ticker(date(2024, 3, 2), {SEOUL: 4.0, INCHEON: 5.0, BUSAN: 6.0})
FOUND = Ticker(None, {SEOUL: 1.5, INCHEON: 2.5, BUSAN: 3.5})
LOST = Ticker(None, {SEOUL: 8.5, BUSAN: 9.5})
EVE = Ticker(date(2023, 12, 31), {SEOUL: -5.0, INCHEON: -4.0, BUSAN: 2.0})
NEW_YEAR = Ticker(date(2024, 1, 1), {SEOUL: 6.0, INCHEON: 7.0, BUSAN: 3.0})
LATER = Ticker(date(2024, 1, 3), {SEOUL: -9.0, INCHEON: -4.0, BUSAN: 8.0})
LEAP, MARCH = date(2024, 2, 29), date(2024, 3, 1)


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("timed")
    warehouse = Warehouse(folder / "warehouse")
    tickers = [LATE, FOUND, LOST, EVE, NEW_YEAR, LATER]
    pages = [Page(f"{number}", [ticker]) for number, ticker in enumerate(tickers)]
    load_parts(warehouse, [part(folder / "part", pages)])
    with warehouse.writer() as writing:
        judge(
            writing,
            [
                (LATE.snapshot_id, INCHEON, 4, ["spatial"]),
                (FOUND.snapshot_id, BUSAN, 3, ["step"]),
                (LOST.snapshot_id, SEOUL, 3, ["spatial"]),
                (EVE.snapshot_id, BUSAN, 4, ["spatial"]),
                (NEW_YEAR.snapshot_id, INCHEON, 2, []),
            ],
        )
        writing.executemany(
            "INSERT INTO reconciliations VALUES ($1, $2, 0.1, 0.9, 3, 'date', 'matched')",
            [
                (LATE.snapshot_id, datetime(2024, 3, 1, 14, tzinfo=UTC)),  # 23:00 in Korea
                (FOUND.snapshot_id, datetime(2024, 2, 28, 15, tzinfo=UTC)),  # midnight
            ],
        )
        conclude(writing)
    with warehouse.reader() as reading:
        yield reading


def test_an_excluded_reading_is_used_in_no_view(
    timed: duckdb.DuckDBPyConnection,
) -> None:
    used = "SELECT observed_on, station_id FROM usable_readings"
    rows = timed.sql(f"{used} WHERE observed_on >= '2024-02-01' ORDER BY ALL").fetchall()
    assert rows == [(LEAP, SEOUL), (LEAP, INCHEON), (MARCH, SEOUL), (MARCH, BUSAN)]
    assert timed.sql(f"{used} WHERE observed_on IS NULL").fetchall() == [(None, BUSAN)]
    assert timed.sql("SELECT count(*) FROM usable_readings").fetchall() == [(4 + 1 + 2 + 3 + 3,)]


def test_a_regions_mean_excludes_unusable_readings(
    timed: duckdb.DuckDBPyConnection,
) -> None:
    rows = timed.sql(
        "SELECT observed_on, region_en, mean_c, stations_used, stations_left_out"
        " FROM regional_temperatures WHERE observed_on IS NULL OR observed_on >= '2024-02-01'"
        " ORDER BY observed_on, region_id"
    ).fetchall()
    capital, south = rows[0][1], rows[1][1]
    assert rows == [
        (LEAP, capital, 2.0, 2, 0),
        (LEAP, south, None, 0, 1),
        (MARCH, capital, 4.0, 1, 1),
        (MARCH, south, 6.0, 1, 0),
        (None, capital, None, 0, 1),
        (None, south, 9.5, 1, 0),
    ]


@pytest.mark.parametrize(
    ("view", "asked"),
    [
        ("usable_readings", "observed_on BETWEEN '2024-02-29' AND '2024-03-01'"),
        ("usable_readings", "observed_on IS NULL"),
        ("usable_readings", f"station_id = {BUSAN}"),
        ("regional_temperatures", "observed_on BETWEEN '2024-02-29' AND '2024-03-01'"),
        ("regional_temperatures", "observed_on IS NULL"),
        ("regional_temperatures", "region_id = 1"),
        ("daily_stations", "observed_on BETWEEN '2023-12-31' AND '2024-02-29'"),
        ("daily_stations", f"station_id = {BUSAN}"),
        ("hourly_stations", "observed_on BETWEEN '2023-12-31' AND '2024-02-29'"),
        ("hourly_stations", "observed_on IS NULL"),
        ("hourly_changes", "observed_on = '2024-03-01'"),
        ("every_reading", "observed_on = '2024-03-01'"),
        ("every_reading", f"station_id = {SEOUL}"),
        ("daily_stations", "region_id = 1 AND observed_on > '2024-01-01'"),
        ("daily_regions", "observed_on = '2024-03-01'"),
        ("daily_regions", "region_id = 1"),
        ("monthly_regions", "month = '2024-03-01'"),
        ("monthly_regions", "region_id = 1"),
        ("extremes", "year = 2024"),
        ("extremes", "year = 2024 AND kind = 'coldest'"),
        ("extremes", "year = 2023 AND kind <> 'largest_change'"),
        ("extremes", f"station_id = {SEOUL}"),
        ("coverage", f"station_id = {BUSAN}"),
        ("quality_summary", "month >= '2024-01-01'"),
        ("quality_summary", "month IS NULL"),
    ],
)
def test_a_filtered_view_gives_the_same_rows_as_the_whole_view(
    timed: duckdb.DuckDBPyConnection, view: str, asked: str
) -> None:
    part = timed.sql(f"FROM {view} WHERE {asked} ORDER BY ALL").fetchall()
    whole = timed.sql(
        f"WITH whole AS MATERIALIZED (FROM {view}) FROM whole WHERE {asked} ORDER BY ALL"
    )
    assert part == whole.fetchall()
    assert part


def test_the_newest_day_is_the_day_of_the_hour_not_the_printed_day(
    timed: duckdb.DuckDBPyConnection,
) -> None:
    rows = timed.sql(
        "SELECT observed_on, hour_source, station_id, temperature_c FROM latest_readings"
        " ORDER BY station_id"
    ).fetchall()
    assert rows == [(MARCH, "official", SEOUL, 4.0), (MARCH, "official", BUSAN, 6.0)]


def test_the_newest_usable_day_is_found_before_a_year_of_excluded_readings(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    used = Ticker(date(2024, 5, 6), {SEOUL: 15.0, BUSAN: None})
    refused = [Ticker(date(2025, 1, day), {SEOUL: float(day), BUSAN: None}) for day in range(1, 32)]
    pages = [Page(f"{number}", [ticker]) for number, ticker in enumerate([used, *refused])]
    load_parts(warehouse, [part(tmp_path / "part", pages)])
    with warehouse.writer() as con:
        con.execute("TRUNCATE quality")
        con.execute(
            "INSERT INTO quality SELECT snapshot_id, station_id,"
            " CASE WHEN temperature_c IS NULL THEN 9 ELSE 4 END,"
            " [CASE WHEN temperature_c IS NULL THEN 'missing' ELSE 'spatial' END]"
            " FROM readings WHERE temperature_c IS NULL OR snapshot_id <> $1",
            [used.snapshot_id],
        )
        conclude(con)
    with warehouse.reader() as con:
        rows = con.sql("SELECT observed_on, station_id, temperature_c FROM latest_readings")
        assert rows.fetchall() == [(used.on, SEOUL, 15.0)]
