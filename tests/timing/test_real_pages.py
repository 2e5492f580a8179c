"""Real pages of 2026 and their hours, which official values of nine stations prove."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from nalssi.common.korea_time import KST
from nalssi.common.paths import CHECKOUT
from nalssi.common.station_grid import empty_grid, station_columns
from nalssi.observations import load_observations
from nalssi.timing.compare_lists import UNDATED, compare
from nalssi.timing.official_hours import OfficialHours, read_official_hours
from nalssi.warehouse.warehouse_folder import Warehouse

STATIONS = (108, 112, 133, 143, 156, 159, 201)
PAGES = {
    "dailyan.com/news/article.html?no=30200": (
        date(2026, 1, 6), (3.4, 2.8, 3.1, 5.3, 5.7, 8.3, None), "01-06 13", "matched"
    ),
    "dailyan.com/news/article.html?no=638876": (
        date(2026, 2, 2), (-1.1, -1.5, -2.2, -3.8, -1.9, 0.8, None), "02-02 01", "matched"
    ),
    "kgnews.co.kr/news/article.html?no=470197": (
        date(2026, 2, 1), (-2.3, None, -3.4, -0.5, -1.8, 1.0, -2.6), "01-31 23", "late_feed"
    ),
    "kgnews.co.kr/news/article.html?no=671791": (
        date(2026, 2, 22), (6.3, None, 7.1, 15.3, 7.0, 15.8, 4.0), "02-22 18", "matched"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> OfficialHours:
    with Warehouse(tmp_path_factory.mktemp("official")).writer() as con:
        load_observations(con, [CHECKOUT / "notebooks" / "asos-2026.csv"])
        return read_official_hours(con)


def hour_of(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H").replace(tzinfo=KST)


def results(
    official: OfficialHours, lists: list[tuple[date | None, dict[int, float]]]
) -> list[tuple[str | None, str]]:
    """Return the hour found (month, day, hour in Korea) and the verdict of each list."""
    grid = empty_grid(len(lists))
    for row, (_, values) in zip(grid, lists, strict=True):
        for station, temperature in values.items():
            row[station_columns()[station]] = round(temperature * 10)
    days = [UNDATED if on is None else (on - date(1970, 1, 1)).days for on, _ in lists]
    ids = pl.Series([f"{number:016x}" for number in range(len(lists))])
    rows = compare(ids, grid, np.array(days, np.int32), np.zeros(len(lists), np.bool_), official)
    local = rows["observed_at"].dt.convert_time_zone("Asia/Seoul").dt.strftime("%m-%d %H")
    return list(zip(local.to_list(), rows["verdict"].to_list(), strict=True))


def printed(page: str) -> tuple[date, dict[int, float]]:
    on, values, *_ = PAGES[page]
    pairs = zip(STATIONS, values, strict=True)
    return on, {station: value for station, value in pairs if value is not None}


def test_six_stations_give_real_pages_their_hour(official: OfficialHours) -> None:
    found = results(official, [printed(page) for page in PAGES])
    assert found == [(hour, verdict) for _, _, hour, verdict in PAGES.values()]


def test_without_its_date_a_real_page_gets_the_same_hour(official: OfficialHours) -> None:
    found = results(official, [(None, printed(page)[1]) for page in PAGES])
    assert found == [(hour, "matched") for _, _, hour, _ in PAGES.values()]


def test_under_a_later_date_a_real_page_proves_a_frozen_feed(official: OfficialHours) -> None:
    found = results(official, [(date(2026, 3, 15), printed(page)[1]) for page in PAGES])
    assert found == [(hour, "frozen_feed") for _, _, hour, _ in PAGES.values()]


def test_without_its_hour_a_real_page_gets_no_hour(official: OfficialHours) -> None:
    for page, (on, _, hour, _) in PAGES.items():
        kept = official.hours != int(hour_of(hour).astimezone(UTC).timestamp()) // 3600
        withheld = OfficialHours(
            official.hours[kept], np.vstack([official.tenths[:-1][kept], official.tenths[-1:]])
        )
        values = printed(page)[1]
        found = results(withheld, [(on, values), (None, values)])
        assert [hour for hour, _ in found] == [None, None]


def test_five_stations_that_equal_two_hours_get_none(official: OfficialHours) -> None:
    """On 15 March 2026, these stations have the same values at 5:00 and 6:00."""
    twins = {108: 6.4, 112: 5.7, 133: 5.1, 159: 7.1, 201: 4.9}
    found = results(official, [(date(2026, 3, 15), twins), (None, twins)])
    assert found == [(None, "ambiguous")] * 2
