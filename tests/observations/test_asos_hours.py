"""The hour of a row: every spelling with one meaning is read, and no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from nalssi.observations.asos_hours import hours

ONE = datetime(2022, 8, 7, 16, tzinfo=UTC)  # 2022-08-08 01:00 in Korea
THIRTEEN = ONE + timedelta(hours=12)
MIDNIGHT = datetime(2022, 8, 7, 15, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
NEXT_MIDNIGHT = MIDNIGHT + timedelta(hours=24)


def read(text: str) -> tuple[datetime | None, str | None]:
    found = hours(pl.Series([text])).row(0, named=True)
    return found["observed_at"], found["time_fault"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2022-08-08 01:00", ONE),
        ("2022-08-08 1:00", ONE),
        ("2022.8.8 1:00", ONE),
        ("2022/8/8 1:00", ONE),
        ("2022. 8. 8. 1:00", ONE),
        ("2022년 8월 8일 1시", ONE),
        ("2022년 8월 8일 오후 1시 00분", THIRTEEN),
        ("2022-08-08 오전 1:00", ONE),
        ("2022-08-08 오후 1:00", THIRTEEN),
        ("2022-08-08 오전 12:00", MIDNIGHT),
        ("2022-08-08 오후 12:00", NOON),
        ("2022. 8. 8. 오후 1:00:00", THIRTEEN),
        ("2022-08-08 1:00 AM", ONE),
        ("2022-08-08 1:00:00 pm", THIRTEEN),
        ("2022-08-08 1:00 p.m.", THIRTEEN),
        ("2022-08-08 12:00 AM", MIDNIGHT),
        ("2022-08-08 12:00PM", NOON),
        ("2022-08-08 01:00:00", ONE),
        ("2022-08-08 01:00:00.000000", ONE),
        ("2022-08-08T01:00", ONE),
        ("2022-08-08T01:00:00", ONE),
        ("2022-08-08T01:00:00.000", ONE),
        ("2022-08-08 01:00:00+09:00", ONE),
        ("2022-08-08T01:00:00+0900", ONE),
        ("2022-08-08 01:00 KST", ONE),
        ("202208080100", ONE),
        ("20220808T010000", ONE),
        ("2022080801", ONE),
        ("20220808 01", ONE),
        ("2022-08-08 01", ONE),
        ("2022-08-08T01", ONE),
        ("2022.8.8 1", ONE),
        ("2022-08-08 1 PM", THIRTEEN),
        ("2022080724", MIDNIGHT),
        ("2022-08-08 00:00", MIDNIGHT),
        ("2022-08-07 24:00", MIDNIGHT),
        ("2022-08-08 24:00:00", NEXT_MIDNIGHT),
        ("8/8/2022 1:00", ONE),
    ],
)
def test_a_spelling_with_one_meaning_is_that_hour(text: str, instant: datetime) -> None:
    assert read(text) == (instant, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("22-08-08 1:00", "two_digit_year"),
        ("22-08-08 01:00:00", "two_digit_year"),
        ("22.8.8 1:00", "two_digit_year"),
        ("22/08/08 오전 1:00", "two_digit_year"),
        ("8/8/22 1:00", "two_digit_year"),
        ("8/9/2022 1:00", "ambiguous_date"),
        ("09-08-2022 01:00", "ambiguous_date"),
        ("2022-08-08 01:00:00+00:00", "not_korean_time"),
        ("2022-08-07T16:00:00Z", "not_korean_time"),
        ("0022-08-08 01:00", "impossible_year"),
        ("1022-08-08 01:00", "impossible_year"),
        ("1903-12-31 23:00", "impossible_year"),
        ("9999-12-31 23:00", "future_time"),
        ("2022-08-08 01:30", "not_on_the_hour"),
        ("2022-08-08 오전 1:01", "not_on_the_hour"),
        ("2022-08-08 01:00:01", "not_on_the_hour"),
        ("2022-08-08 01:00:00.5", "not_on_the_hour"),
        ("2022-08-08", "unreadable_time"),
        ("2022-08-08 오후 13:00", "unreadable_time"),
        ("2022-08-08 오전 1:00 PM", "unreadable_time"),
        ("2022-08-08 24:01", "unreadable_time"),
        ("2022-08-08 25:00", "unreadable_time"),
        ("2022-02-29 01:00", "unreadable_time"),
        ("2022-25-08 01:00", "unreadable_time"),
        ("9999-12-31 24:00", "unreadable_time"),
        ("44781.0416666667", "unreadable_time"),
        ("", "unreadable_time"),
    ],
)
def test_any_other_spelling_is_rejected_with_its_cause(text: str, fault: str) -> None:
    assert read(text)[1] == fault


def test_a_day_and_a_month_that_cannot_be_swapped_are_read_in_either_order() -> None:
    instant = datetime(2022, 8, 24, 16, tzinfo=UTC)
    assert read("25/8/2022 1:00") == read("8/25/2022 1:00") == (instant, None)


def test_a_future_hour_is_rejected_and_the_present_hour_is_read() -> None:
    now = datetime.now(UTC) + timedelta(hours=9)
    assert read(f"{now:%Y-%m-%d %H}:00")[1] is None
    assert read(f"{now + timedelta(days=2):%Y-%m-%d %H}:00")[1] == "future_time"


def test_the_first_year_of_koreas_stations_is_read() -> None:
    assert read("1904-04-01 06:00") == (datetime(1904, 3, 31, 21, tzinfo=UTC), None)
