"""Records of stations: only beyond all earlier days, and only after enough of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl

from nalssi.common.korea_time import KST
from nalssi.gallery.temperature_records import EARLIER_DAYS, days_of_records

FIRST = date(2026, 1, 1)


def station_days(values: dict[str, list[tuple[float, float] | None]]) -> pl.DataFrame:
    """Return days of stations, given as the lowest and highest temperature of consecutive days."""
    return pl.DataFrame(
        [
            {
                "observed_on": FIRST + timedelta(days=number),
                "station_id": ord(name),
                "name_ko": name,
                "name_en": name.lower(),
                "low_c": value[0],
                "high_c": value[1],
                "last_at": datetime(2026, 1, 1, 15, tzinfo=KST) + timedelta(days=number),
            }
            for name, days in values.items()
            for number, value in enumerate(days)
            if value
        ]
    )


def test_a_temperature_beyond_all_earlier_ones_is_a_record() -> None:
    usual = [(0.0, 10.0)] * EARLIER_DAYS
    days = station_days(
        {"A": [*usual, (0.0, 10.0), (-0.1, 10.1)], "B": [*usual, (-5.0, 9.0), None]}
    )
    low_a, high_a, low_b = sorted(
        days_of_records(days, 50), key=lambda each: (-each.day.toordinal(), each.extreme == "high")
    )
    second = FIRST + timedelta(days=EARLIER_DAYS + 1)
    assert (high_a.day, high_a.extreme, high_a.of_all) == (second, "high", True)
    assert [(r.name_ko, r.value_c, r.before_c, r.before_on) for r in high_a.records] == [
        ("A", 10.1, 10.0, FIRST)
    ]
    assert (low_a.day, low_a.of_all) == (second, False), "another station was colder the day before"
    assert (low_b.extreme, low_b.of_all, low_b.records[0].before_c) == ("low", True, 0.0)
    assert low_b.last_at == datetime(2026, 1, 1, 15, tzinfo=KST) + timedelta(days=EARLIER_DAYS)


def test_a_record_is_not_of_all_stations_if_a_new_station_is_beyond_it() -> None:
    usual: list[tuple[float, float] | None] = [(0.0, 10.0)] * EARLIER_DAYS
    nothing: list[tuple[float, float] | None] = [None] * EARLIER_DAYS
    days = station_days({"A": [*usual, (-1.0, 11.0)], "B": [*nothing, (-9.0, 10.0)]})
    high, low = sorted(days_of_records(days, 50), key=lambda each: each.extreme)
    assert [(each.name_ko, each.value_c) for each in low.records] == [("A", -1.0)]
    assert not low.of_all, "B is colder, although too new for a record"
    assert high.of_all


def test_the_first_days_of_a_station_are_no_records() -> None:
    rising = [(-float(day), float(day)) for day in range(EARLIER_DAYS)]
    assert days_of_records(station_days({"A": rising}), 50) == []
    found = days_of_records(station_days({"A": [*rising, (-99.0, 99.0)]}), 50)
    assert [(each.extreme, each.records[0].before_on) for each in found] == [
        ("low", FIRST + timedelta(days=EARLIER_DAYS - 1)),
        ("high", FIRST + timedelta(days=EARLIER_DAYS - 1)),
    ]


def test_the_newest_days_are_kept_and_the_most_extreme_station_comes_first() -> None:
    values = [(0.0, 10.0)] * EARLIER_DAYS + [(0.0, 11.0), (0.0, 12.0)]
    warmer = [(low, high + 5) for low, high in values]
    (newest,) = days_of_records(station_days({"A": values, "B": warmer}), 1)
    assert newest.day == FIRST + timedelta(days=EARLIER_DAYS + 1)
    assert [each.name_ko for each in newest.records] == ["B", "A"]
