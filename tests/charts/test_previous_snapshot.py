"""A snapshot is compared with one of an earlier day, at the same hour, with common stations."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from nalssi.charts.previous_snapshot import PreviousSnapshots
from nalssi.common.korea_time import KST

MONDAY, TUESDAY = date(2025, 12, 22), date(2025, 12, 23)
SEOUL, BUSAN = {108}, {159}


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=KST)


def hourly(*hours: int) -> PreviousSnapshots[str]:
    earlier = PreviousSnapshots[str]()
    for hour in hours:
        earlier.add(MONDAY, at(MONDAY, hour), SEOUL, f"Monday {hour}")
    return earlier


def test_an_hour_is_compared_with_the_same_hour_of_the_day_before() -> None:
    assert hourly(*range(24)).find(TUESDAY, at(TUESDAY, 15), SEOUL) == "Monday 15"


def test_without_the_same_hour_the_nearest_hour_is_used() -> None:
    assert hourly(6, 13, 23).find(TUESDAY, at(TUESDAY, 15), SEOUL) == "Monday 13"


def test_without_a_known_hour_the_last_snapshot_is_used() -> None:
    assert hourly(6, 13, 23).find(TUESDAY, None, SEOUL) == "Monday 23"


def test_it_is_not_of_the_same_day_and_has_a_common_station() -> None:
    assert hourly(6).find(MONDAY, at(MONDAY, 7), SEOUL) is None
    assert hourly(6).find(TUESDAY, at(TUESDAY, 6), BUSAN) is None


def test_the_last_day_matters_more_than_the_hour() -> None:
    earlier = hourly(15)
    earlier.add(TUESDAY, at(TUESDAY, 3), SEOUL, "Tuesday 3")
    wednesday = TUESDAY + timedelta(days=1)
    assert earlier.find(wednesday, at(wednesday, 15), SEOUL) == "Tuesday 3"


def test_it_is_at_most_a_year_older() -> None:
    earlier = hourly(6)
    assert earlier.find(MONDAY + timedelta(days=366), None, SEOUL) == "Monday 6"
    assert earlier.find(MONDAY + timedelta(days=367), None, SEOUL) is None
