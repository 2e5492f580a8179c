"""Everything that shows the newest snapshot chooses the same one, by one rule."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import nalssi
from flows import artifacts
from nalssi.charts.chart_readings import drawable_snapshots
from nalssi.charts.day_units import Units
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.korea_time import KST
from nalssi.drawing.choose_list import choose_list
from nalssi.export.selection import Selection, newest_snapshot
from nalssi.gallery.day_reader import DayReader
from nalssi.gallery.day_snapshots import newest_usable_snapshot
from nalssi.status import status
from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from tests.thorough import thorough
from tests.warehouse.make_parts import Page, Ticker, part

SEOUL, INCHEON, SUWON, BUSAN = 108, 112, 119, 159
DAY, NEXT = date(2025, 12, 18), date(2025, 12, 19)


def ticker(
    on: date | None, celsius: float, *, hour: int | None = None, stations: int = 3
) -> Ticker:
    """A ticker of some stations; the temperature makes it another one than all others."""
    ids = (SEOUL, INCHEON, SUWON, BUSAN)[:stations]
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC) if on and hour is not None else None
    return Ticker(on, dict.fromkeys(ids, celsius), at=at)


def captured(hour: int) -> datetime:
    return datetime(2025, 12, 18, 15, tzinfo=UTC) + timedelta(hours=hour)  # `NEXT` in Korea


# From the oldest to the newest: every pair of neighbours differs in the next part of the rule.
PAGES = {
    "undated": Page("a", [ticker(None, 1.0, stations=4)], captured_at=captured(8)),
    "earlier day": Page("b", [ticker(DAY, 2.0, hour=14)], captured_at=captured(8)),
    "never captured": Page("c", [ticker(NEXT, 3.0)], captured_at=None),
    "captured on a later day": Page("i", [ticker(NEXT, 3.1, stations=4)], captured_at=captured(24)),
    "captured first": Page("d", [ticker(NEXT, 4.0, stations=4)], captured_at=captured(1)),
    "shorter": Page("e", [ticker(NEXT, 5.0)], captured_at=captured(2)),
    "longer": Page("f", [ticker(NEXT, 6.0, stations=4)], captured_at=captured(2)),
    "earlier hour": Page("g", [ticker(NEXT, 7.0, hour=1)], captured_at=captured(3)),
    "later hour": Page("h", [ticker(NEXT, 8.0, hour=2)], captured_at=captured(1)),
}


def newest_everywhere(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Return the id of the newest snapshot, by the part of nalssi that chooses it."""
    shown: list[list[dict[str, float]]] = []
    monkeypatch.setattr(artifacts, "create_table_artifact", lambda rows, **_: shown.append(rows))
    monkeypatch.setattr(artifacts, "create_markdown_artifact", lambda *_, **__: None)
    with warehouse.reader() as con:
        artifacts.create_regions_artifacts(con)
        units = Units.load(con)
        read = DayReader(con, units, 1_000_000).lists
        days = [lists for lists in map(read, units.by_name.values()) if any(e.used for e in lists)]
        of_temperature = dict(
            con.execute(
                "SELECT temperature_c, any_value(snapshot_id) FROM readings GROUP BY ALL"
            ).fetchall()
        )
        ((in_view, *_),) = con.execute("FROM newest_snapshot").fetchall()
        readings = con.execute(
            "SELECT snapshot_id FROM latest_readings WHERE station_id = $1", [SEOUL]
        ).fetchall()
        chosen = {
            "view newest_snapshot": in_view,
            "Prefect's artifact": of_temperature[shown[0][0]["mean_c"]],
            "gallery": newest_usable_snapshot(days[-1]).snapshot_id,
            "chart": choose_list(drawable_snapshots(con), ReadingFilter()),
            "latest_readings": readings[0][0] if readings else None,
        }
    newest = status(warehouse).newest_snapshot
    return chosen | {
        "export": newest_snapshot(warehouse, Selection()),
        "status": newest["snapshot_id"] if newest else None,
    }


@pytest.mark.parametrize("count", [1, 3, 5, *map(thorough, (2, 4, 6, 7, 8)), len(PAGES)])
def test_all_choose_the_same_newest_snapshot_in_whatever_order_pages_are_loaded(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = list(PAGES.values())[:count]
    expected = pages[-1].tickers[0].snapshot_id
    shuffled = random.Random(count).sample(pages, count)
    warehouse = Warehouse(tmp_path / "warehouse")
    for number, some in enumerate((shuffled[::2], shuffled[1::2])):
        if some:
            load_parts(warehouse, [part(tmp_path / f"part{number}", some)])
    chosen = newest_everywhere(warehouse, monkeypatch)
    undated = count == 1
    # Without a day there is no newest day, and no age to show.
    dated_only = dict.fromkeys(("latest_readings", "status")) if undated else {}
    assert chosen == dict.fromkeys(chosen, expected) | dated_only


HOURLY = {
    "known": [(hour, None) for hour in range(24)],
    "captured": [(None, hour) for hour in range(24)],
    "mixed": [(hour, None) if hour % 3 else (None, hour) for hour in range(24)],
}
"""Cases with a list for each hour of a day: pairs of the known hour and the hour of capture."""


@pytest.mark.parametrize("kind", [thorough("known"), thorough("captured"), "mixed"])
def test_all_choose_the_last_of_24_hourly_lists(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2025, 12, 20)
    midnight = datetime(2025, 12, 20, tzinfo=KST)
    pages = []
    for number, (known, seen) in enumerate(HOURLY[kind]):
        at = None if known is None else midnight + timedelta(hours=known)
        captured_at = None if seen is None else midnight + timedelta(hours=seen, minutes=15)
        values = dict.fromkeys((SEOUL, INCHEON, SUWON), 1 + number / 10)
        pages.append(Page(f"p{number}", [Ticker(day, values, at=at)], captured_at=captured_at))
    expected = pages[-1].tickers[0].snapshot_id
    shuffled = random.Random(kind).sample(pages, len(pages))
    warehouse = Warehouse(tmp_path / "warehouse")
    for number, some in enumerate((shuffled[::2], shuffled[1::2])):
        load_parts(warehouse, [part(tmp_path / f"part{number}", some)])
    chosen = newest_everywhere(warehouse, monkeypatch)
    title = nalssi.open(warehouse.folder).chart("regions").title
    chosen["Weather.chart"] = title.removeprefix(f"regions {day}_")
    assert chosen == dict.fromkeys(chosen, expected)


AT_23 = captured(23)
CAPTURES = {
    "an hour at the instant of a capture": [
        Page("a", [ticker(NEXT, 1.0)], captured_at=AT_23),
        Page("b", [Ticker(NEXT, {SEOUL: 2.0}, at=AT_23)], captured_at=captured(30)),
    ],
    "a capture after the last known hour": [
        Page("a", [Ticker(NEXT, {SEOUL: 1.0}, at=AT_23)], captured_at=captured(30)),
        Page("b", [ticker(NEXT, 2.0)], captured_at=AT_23 + timedelta(minutes=5)),
    ],
    "captured at 00:15": [
        Page("a", [ticker(DAY, 1.0, hour=14)], captured_at=None),
        Page("b", [ticker(NEXT, 2.0)], captured_at=captured(0) + timedelta(minutes=15)),
    ],
}


@pytest.mark.parametrize("name", CAPTURES)
def test_all_order_captures_and_hours_in_one_way(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = CAPTURES[name]
    warehouse = Warehouse(tmp_path / "warehouse")
    for number, page in enumerate(reversed(pages)):
        load_parts(warehouse, [part(tmp_path / f"part{number}", [page])])
    chosen = newest_everywhere(warehouse, monkeypatch)
    assert chosen == dict.fromkeys(chosen, pages[-1].tickers[0].snapshot_id)


def test_a_capture_shortly_after_midnight_is_a_clock_and_no_hour(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", CAPTURES["captured at 00:15"])])
    with warehouse.reader() as con:
        row = con.execute(
            "SELECT observed_on, observed_at, hour_source, clock_at, clock_source"
            " FROM newest_snapshot"
        ).fetchone()
    assert row == (NEXT, None, None, captured(0) + timedelta(minutes=15), "capture")
