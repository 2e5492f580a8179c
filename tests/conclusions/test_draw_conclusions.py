"""The conclusions about the time of a snapshot, for each kind of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import polars as pl
import pytest

from nalssi.conclusions.draw_conclusions import neighbouring_snapshots
from nalssi.quality import update_quality
from tests.quality.ticker_warehouse import Ticker, put, warehouse

SEED = (98, 105, 108, 133, 143, 152, 156, 159, 172, 184, 201, 226, 238)
DAY = date(2024, 5, 2)
BEFORE, AFTER = date(2024, 5, 1), date(2024, 5, 3)
LONG_AGO = date(2024, 4, 1)
PAGE = "https://example.kr/"

Row = dict[str, object]


def kst(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}+09:00")


def a_list(level: float, on: date | None = DAY, **facts: object) -> Ticker:
    """A list whose temperatures all differ from those of other levels."""
    values = {station: (None, round(level + station / 10, 1)) for station in SEED}
    return Ticker(values, observed_on=on, **facts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as connection:
        yield connection


def conclude(con: duckdb.DuckDBPyConnection, *tickers: Ticker) -> list[Row]:
    """Conclusions about the tickers, in their order."""
    put(con, tickers, checked=False)
    update_quality(con, None)
    rows = con.sql("FROM conclusions").pl()
    assert rows["snapshot_id"].is_unique().all()
    found = {row["snapshot_id"]: row for row in rows.to_dicts()}
    return [found[ticker.snapshot_id] for ticker in tickers]


def interval(row: Row) -> tuple[object, object]:
    return row["not_before"], row["not_after"]


def clock(row: Row) -> tuple[object, object]:
    return row["clock_at"], row["clock_source"]


def test_the_hour_of_the_feed_is_the_hour(con: duckdb.DuckDBPyConnection) -> None:
    at = kst("05-02T15:00")
    (row,) = conclude(con, a_list(1, observed_at=at, date_source="feed"))
    assert (row["day"], row["hour_source"], row["observed_at"]) == (DAY, "feed", at)
    assert interval(row) == (at, at)
    assert clock(row) == (at, "feed")


def test_an_official_hour_gives_the_day_whatever_is_printed(con: duckdb.DuckDBPyConnection) -> None:
    at = kst("05-01T23:00")
    (row,) = conclude(con, a_list(1, verdict="late_feed", reconciled_at=at))
    assert (row["day"], row["hour_source"]) == (BEFORE, "official")
    assert interval(row) == (at, at)
    assert clock(row) == (at, "official")


def test_a_printed_date_alone_says_only_not_after(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = conclude(con, a_list(1))
    assert row["day"] == DAY
    assert interval(row) == (None, kst("05-02T23:00"))
    assert clock(row) == (None, None)


def test_a_last_edit_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = conclude(con, a_list(1, date_source="site"))
    assert row["day"] == DAY
    assert interval(row) == (None, None)


def test_two_lists_under_one_date_show_that_the_feed_is_live(
    con: duckdb.DuckDBPyConnection,
) -> None:
    whole_day = (kst("05-01T23:00"), kst("05-02T23:00"))
    rows = conclude(con, a_list(1), a_list(2), a_list(3, site="other.kr"))
    assert [interval(row) for row in rows[:2]] == [whole_day, whole_day]
    assert interval(rows[2]) == (None, kst("05-02T23:00"))


def test_other_lists_on_the_days_before_and_after_show_that_the_feed_is_live(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = conclude(con, a_list(1, BEFORE), a_list(2), a_list(3, AFTER))
    assert interval(rows[1]) == (kst("05-01T23:00"), kst("05-02T23:00"))
    assert interval(rows[0])[0] is None
    assert interval(rows[2])[0] is None


@pytest.mark.parametrize("change", [1.0, -1.0])
def test_lists_of_the_day_before_that_differ_at_some_hours_only_show_a_live_feed(
    con: duckdb.DuckDBPyConnection, change: float
) -> None:
    """At every station, one of the two lists has the value of the next day."""
    of_day = a_list(1).readings
    evening = [
        Ticker(
            {
                station: (None, round(celsius + change * (station % 2 == odd), 1))
                for station, (_, celsius) in of_day.items()
            },
            observed_on=BEFORE,
        )
        for odd in (0, 1)
    ]
    row, *_ = conclude(con, a_list(1), *evening, a_list(3, AFTER))
    assert interval(row) == (kst("05-01T23:00"), kst("05-02T23:00"))


def test_a_missing_and_an_impossible_value_are_not_usable(con: duckdb.DuckDBPyConnection) -> None:
    values = a_list(1).readings | {98: (None, None), 238: (None, 59.0)}
    (row,) = conclude(con, Ticker(values, observed_on=DAY))
    assert (row["unusable"], row["usable"]) == ([98, 238], len(SEED) - 2)


def test_a_list_that_only_words_the_weather_differently_is_not_another_list(
    con: duckdb.DuckDBPyConnection,
) -> None:
    first = a_list(1)
    values = {station: ("clear", celsius) for station, (_, celsius) in first.readings.items()}
    rows = conclude(con, first, Ticker(values, observed_on=DAY))
    assert [row["not_before"] for row in rows] == [None, None]


def test_a_repeated_list_is_bounded_by_its_earliest_date_and_later_dates_are_false(
    con: duckdb.DuckDBPyConnection,
) -> None:
    first, later, undated, moving = conclude(
        con, a_list(1, LONG_AGO), a_list(1), a_list(1, None), a_list(2)
    )
    assert {interval(row) for row in (first, later, undated)} == {(None, kst("04-01T23:00"))}
    assert [row["day"] for row in (first, later, undated)] == [LONG_AGO, None, None]
    assert moving["not_before"] is None  # a frozen list is no sign of a live feed


def test_a_last_edit_does_not_bound_a_repeated_list(con: duckdb.DuckDBPyConnection) -> None:
    first, later = conclude(con, a_list(1, LONG_AGO, date_source="site"), a_list(1))
    assert interval(first) == interval(later) == (None, kst("05-02T23:00"))
    assert later["day"] == DAY


def test_a_list_is_not_after_its_first_capture(con: duckdb.DuckDBPyConnection) -> None:
    first, later = kst("05-02T00:15"), kst("06-01T12:00")
    row, copy = conclude(
        con, a_list(1, captured_at=first, uri=PAGE), a_list(1, captured_at=later, uri=PAGE)
    )
    assert row == copy
    assert interval(row) == (None, first)
    assert clock(row) == (first, "capture")


def test_a_capture_on_another_day_is_no_clock(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = conclude(con, a_list(1, captured_at=kst("06-01T12:00")))
    assert interval(row) == (None, kst("05-02T23:00"))
    assert clock(row) == (None, None)


def test_a_korean_day_ends_at_midnight(con: duckdb.DuckDBPyConnection) -> None:
    last, next_day = kst("05-02T23:59:59.999999"), kst("05-03T00:00")
    captured, late, told, later = conclude(
        con,
        a_list(1, captured_at=last, date_source="site"),
        a_list(2, captured_at=next_day, date_source="site"),
        a_list(3, observed_at=last, date_source="feed"),
        a_list(4, observed_at=next_day, date_source="feed"),
    )
    assert clock(captured) == (last, "capture")
    assert clock(late) == (None, None)
    assert [row["day"] for row in (told, later)] == [DAY, AFTER]


def test_a_date_after_the_capture_is_false(con: duckdb.DuckDBPyConnection) -> None:
    (row,) = conclude(con, a_list(1, captured_at=kst("04-01T12:00")))
    assert row["day"] is None


def test_a_list_is_not_before_the_last_capture_of_its_page_with_another_list(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = conclude(
        con,
        *(
            a_list(level, captured_at=kst(f"05-02T{hour:02}:15"), uri=PAGE, date_source="site")
            for level, hour in ((1, 10), (1, 11), (2, 12), (2, 13), (3, 18))
        ),
        a_list(9, captured_at=kst("05-02T12:10"), uri="https://example.kr/other"),
    )
    assert interval(rows[0]) == interval(rows[1]) == (None, kst("05-02T10:15"))
    assert interval(rows[2]) == interval(rows[3]) == (kst("05-02T08:15"), kst("05-02T12:15"))
    assert interval(rows[4]) == (kst("05-02T10:15"), kst("05-02T18:15"))
    assert interval(rows[5]) == (None, kst("05-02T12:10"))


def test_captures_do_not_bound_a_frozen_list_from_below(con: duckdb.DuckDBPyConnection) -> None:
    rows = conclude(
        con,
        a_list(1, LONG_AGO, captured_at=kst("04-01T10:15"), uri=PAGE),
        a_list(2, BEFORE, captured_at=kst("05-01T10:15"), uri=PAGE),
        a_list(1, DAY, captured_at=kst("05-02T10:15"), uri=PAGE),
    )
    assert interval(rows[2]) == (None, kst("04-01T23:00"))


def test_limits_that_contradict_each_other_leave_the_later_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    rows = conclude(
        con,
        a_list(1, BEFORE, captured_at=kst("06-01T10:15"), uri=PAGE),
        a_list(2, DAY, captured_at=kst("06-01T11:15"), uri=PAGE),
    )
    assert interval(rows[1]) == (None, kst("05-02T23:00"))


def test_a_change_reaches_the_next_capture_of_the_page_and_the_dates_beside_its_own(
    con: duckdb.DuckDBPyConnection,
) -> None:
    def captured(level: float, text: str, uri: str = PAGE, **facts: object) -> Ticker:
        return a_list(level, captured_at=kst(text), uri=uri, date_source="site", **facts)

    of_page = [captured(level, f"06-0{level}T10:15") for level in (1, 2, 3, 4)]
    other_page = captured(5, "06-03T10:15", "https://example.kr/other")
    of_site = [
        a_list(level, on) for level, on in ((6, LONG_AGO), (7, BEFORE), (8, DAY), (9, AFTER))
    ]
    edited, other_site = a_list(10, DAY, date_source="site"), a_list(11, DAY, site="other.kr")
    put(con, [*of_page, other_page, *of_site, edited, other_site], checked=False)
    for changed, reached in (
        (of_page[1], of_page[1:3]),
        (of_page[3], of_page[3:]),
        (of_site[2], of_site[1:]),
        (of_site[0], of_site[:1]),
        (edited, [edited]),
    ):
        wanted = pl.DataFrame({"snapshot_id": [changed.snapshot_id]})
        found = neighbouring_snapshots(con, wanted)["snapshot_id"]
        assert sorted(found) == sorted(ticker.snapshot_id for ticker in reached)
