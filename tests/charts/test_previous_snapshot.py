"""A snapshot is compared with one of the same hour, one to three days older, or with none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from nalssi.charts.previous_snapshot import (
    NoComparison,
    PreviousSnapshots,
    change_since,
    change_title,
)
from nalssi.common.korea_time import KST
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.locale.locales import LOCALES

MONDAY = date(2025, 12, 22)
SEOUL, BUSAN = {108}, {159}


def at(day: int, clock: str, source: str = "official") -> SnapshotTime:
    """Return the time of a snapshot: some days after Monday, at a clock time."""
    instant = datetime.combine(MONDAY, datetime.strptime(clock, "%H:%M").time(), KST)
    instant += timedelta(days=day)
    return SnapshotTime(instant.date(), instant, source)


def of_monday(*clocks: str) -> PreviousSnapshots[str]:
    earlier = PreviousSnapshots[str]()
    for clock in clocks:
        earlier.add(at(0, clock), SEOUL, f"Monday {clock}")
    return earlier


def test_an_hour_is_compared_with_the_same_hour_of_the_day_before() -> None:
    hourly = of_monday(*(f"{hour:02}:00" for hour in range(24)))
    assert hourly.find(at(1, "15:00"), SEOUL) == "Monday 15:00"


def test_hours_that_differ_by_more_than_one_are_not_compared() -> None:
    assert of_monday("06:00", "14:00").find(at(1, "15:00"), SEOUL) == "Monday 14:00"
    assert of_monday("06:00", "13:59").find(at(1, "15:00"), SEOUL) is NoComparison.NO_LIKE_HOUR


def test_a_capture_is_compared_with_a_capture_or_a_known_hour() -> None:
    earlier = PreviousSnapshots[str]()
    earlier.add(at(0, "00:15", "capture"), SEOUL, "captured")
    assert earlier.find(at(1, "00:20", "capture"), SEOUL) == "captured"
    assert earlier.find(at(1, "01:00"), SEOUL) == "captured"


def test_the_same_hour_may_be_across_midnight() -> None:
    assert of_monday("23:40").find(at(2, "00:15", "capture"), SEOUL) == "Monday 23:40"


def test_a_later_day_is_preferred_to_a_nearer_clock_time() -> None:
    earlier = of_monday("15:00")
    earlier.add(at(1, "14:10"), SEOUL, "Tuesday 14:10")
    assert earlier.find(at(2, "15:00"), SEOUL) == "Tuesday 14:10"


def test_the_earlier_snapshot_is_at_most_three_days_older() -> None:
    assert of_monday("06:00").find(at(3, "06:00"), SEOUL) == "Monday 06:00"
    assert of_monday("06:00").find(at(4, "06:00"), SEOUL) is NoComparison.NO_LIKE_HOUR


def test_without_a_clock_time_nothing_is_compared() -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert of_monday("06:00").find(SnapshotTime(tuesday), SEOUL) is NoComparison.HOUR_UNKNOWN
    assert of_monday("06:00").find(SnapshotTime(None), SEOUL) is NoComparison.DAY_UNKNOWN
    earlier = PreviousSnapshots[str]()
    earlier.add(SnapshotTime(MONDAY), SEOUL, "hour unknown")
    assert earlier.find(at(1, "06:00"), SEOUL) is NoComparison.NO_LIKE_HOUR


def test_minutes_of_a_capture_do_not_count_and_a_proven_hour_is_preferred() -> None:
    earlier = PreviousSnapshots[str]()
    earlier.add(at(0, "14:00"), SEOUL, "observed")
    earlier.add(at(0, "14:59", "capture"), SEOUL, "captured")
    assert earlier.find(at(1, "13:00"), SEOUL) == "observed"
    assert earlier.find(at(1, "15:59", "capture"), SEOUL) == "observed"
    assert earlier.find(at(1, "16:00"), SEOUL) is NoComparison.NO_LIKE_HOUR


def test_a_common_station_is_needed() -> None:
    assert of_monday("06:00").find(at(1, "06:00"), BUSAN) is NoComparison.NO_COMMON_STATION
    earlier = of_monday("06:00")
    earlier.add(at(1, "06:00"), BUSAN, "Tuesday")
    assert earlier.find(at(2, "06:00"), SEOUL) == "Monday 06:00"


@pytest.mark.parametrize(
    ("days", "korean", "english"),
    [
        (1, "어제 같은 시각보다", "the same hour yesterday"),
        (2, "2일 전 같은 시각보다", "the same hour 2 days earlier"),
    ],
)
def test_the_title_says_how_many_days_older(days: int, korean: str, english: str) -> None:
    times = at(days, "15:00"), at(0, "14:30", "capture")
    assert change_since(LOCALES["ko"], *times) == korean
    assert english in change_title(LOCALES["en"], *times)
    with pytest.raises(ValueError, match="not of like hours"):
        change_since(LOCALES["ko"], at(1, "15:00"), at(0, "03:00"))
