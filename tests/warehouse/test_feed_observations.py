"""Captures of KMA's feed are official hours, below those of the portal and the API hub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import duckdb
import polars as pl
import pytest

from nalssi.observations.asos_table import Block
from nalssi.observations.store_hours import store_hours
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.forget_documents import forget
from nalssi.warehouse.load_parts import load_into, load_parts
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C

from .make_parts import Page, Ticker, part

DAY = date(2025, 12, 19)
HOUR = datetime(2025, 12, 19, 5, tzinfo=UTC)
"""14:00 in Korea."""
STATIONS = (90, 105, 108, 112, 119, 129, 131, 133, 136, 138, 140, 143, 146, 152, 155, 159)
VALUES: dict[int, float | None] = {station: 3.0 + station % 7 / 10 for station in STATIONS}
Stored = list[tuple[int, datetime, float, str]]


def capture(values: dict[int, float | None], *, hour: datetime = HOUR, name: str = "now") -> Page:
    """A capture of the feed that states an hour."""
    ticker = Ticker(DAY, values, at=hour, station_source="feed")
    return Page(f"https://kma.example/{name}.xml", [ticker], site="kma.example")


def observations(warehouse: Warehouse) -> Stored:
    with warehouse.reader() as con:
        return stored(con)


def stored(con: duckdb.DuckDBPyConnection) -> Stored:
    return con.execute(
        "SELECT station_id, observed_at AT TIME ZONE 'UTC', temperature_c, source"
        " FROM observations ORDER BY ALL"
    ).fetchall()


def from_feed(values: dict[int, float | None], hour: datetime = HOUR) -> Stored:
    return [(s, hour.replace(tzinfo=None), t, "feed") for s, t in sorted(values.items()) if t]


def load(warehouse: Warehouse, folder: Path, *pages: Page) -> None:
    load_parts(warehouse, [part(folder, list(pages))])


def store(con: duckdb.DuckDBPyConnection, source: str, values: dict[int, float]) -> None:
    """Store official values of HOUR, as from a file of the portal or from the API hub."""
    rows = [(line, s, HOUR, t) for line, (s, t) in enumerate(values.items())]
    schema = {
        "line": pl.UInt32,
        "station_id": pl.Int16,
        "observed_at": pl.Datetime("us", "UTC"),
        "temperature_c": pl.Float64,
    }
    read = pl.DataFrame(rows, schema, orient="row")
    none = pl.DataFrame(schema={"line": pl.UInt32, "text": pl.String, "reason": pl.String})
    store_hours(con, [Block(len(rows), 0, read, none)], source, source)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


def test_a_capture_of_the_feed_is_stored_as_official_values_of_its_hour(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    page = Page("https://site.example/1", [Ticker(DAY, VALUES)])
    load(warehouse, tmp_path / "part", page, capture(VALUES | {159: None}))
    assert observations(warehouse) == from_feed(VALUES | {159: None})


def test_values_that_quality_excludes_are_not_official(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    hottest, unlike_its_neighbours = {108: float(HIGHEST_TEMPERATURE_C)}, {119: 24.0}
    load(warehouse, tmp_path / "part", capture(VALUES | hottest | unlike_its_neighbours))
    good = {s: t for s, t in VALUES.items() if s not in (108, 119)}
    assert observations(warehouse) == from_feed(good)


def test_captures_that_contradict_each_other_leave_no_value(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    corrected = capture(VALUES | {108: 4.9}, name="later")
    for number, page in enumerate((capture(VALUES), corrected)):
        load(warehouse, tmp_path / f"part-{number}", page)
    agreed = {s: t for s, t in VALUES.items() if s != 108}
    assert observations(warehouse) == from_feed(agreed)

    forget(warehouse, uri="*later*")
    assert observations(warehouse) == from_feed(VALUES)


def test_forgetting_a_capture_keeps_the_values_that_another_one_shows(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    fewer = {s: t for s, t in VALUES.items() if s < 150}
    load(warehouse, tmp_path / "part", capture(VALUES, name="all"), capture(fewer, name="fewer"))
    forget(warehouse, uri="*all*")
    assert observations(warehouse) == from_feed(fewer)
    forget(warehouse, uri="*fewer*")
    assert observations(warehouse) == []


def test_sources_in_any_order_give_the_same_values(warehouse: Warehouse, tmp_path: Path) -> None:
    """The portal takes precedence over the API hub, and both over the feed."""
    portal, hub = {108: 1.0, 90: 2.0}, {90: 7.0, 105: 8.0, 108: 1.0}
    feed = part(tmp_path / "part", [capture(VALUES)])
    steps: dict[str, Callable[[duckdb.DuckDBPyConnection], object]] = {
        "portal": lambda con: store(con, "portal", portal),
        "apihub": lambda con: store(con, "apihub", hub),
        "feed": lambda con: load_into(con, [feed]),
    }
    results = []
    with warehouse.writer() as con:
        for order in permutations(steps):
            con.begin()
            for name in order:
                steps[name](con)
            results.append(stored(con))
            con.rollback()
    hour = HOUR.replace(tzinfo=None)
    rest = {s: t for s, t in VALUES.items() if s not in (90, 105, 108)}
    better = [(90, hour, 2.0, "portal"), (105, hour, 8.0, "apihub"), (108, hour, 1.0, "portal")]
    assert results[0] == sorted([*better, *from_feed(rest)])
    assert all(result == results[0] for result in results)


def test_the_report_counts_values_that_a_better_source_overrides(
    warehouse: Warehouse,
) -> None:
    with warehouse.writer() as con, transaction(con):
        store(con, "portal", {108: 1.0, 90: 2.0})
    read = pl.DataFrame(
        [(1, 108, HOUR, 1.0), (2, 90, HOUR, 7.0), (3, 105, HOUR, 8.0)],
        {
            "line": pl.UInt32,
            "station_id": pl.Int16,
            "observed_at": pl.Datetime("us", "UTC"),
            "temperature_c": pl.Float64,
        },
        orient="row",
    )
    none = pl.DataFrame(schema={"line": pl.UInt32, "text": pl.String, "reason": pl.String})
    with warehouse.writer() as con, transaction(con):
        report, hours = store_hours(con, [Block(3, 0, read, none)], "apihub", "answer")
        again, none_changed = store_hours(con, [Block(3, 0, read, none)], "apihub", "answer")
    assert (report.added, report.unchanged, report.outranked, report.replaced) == (1, 1, 1, 0)
    assert hours["observed_at"].to_list() == [HOUR]
    assert (again.added, again.unchanged, again.outranked) == (0, 2, 1)
    assert none_changed.is_empty()


def test_a_frozen_feed_is_official_only_on_its_first_day(tmp_path: Path) -> None:
    later = HOUR + timedelta(days=2)
    frozen = Page(
        "https://kma.example/later.xml", [Ticker(DAY + timedelta(days=2), VALUES, at=later)]
    )
    for number, pages in enumerate(permutations([capture(VALUES), frozen])):
        warehouse = Warehouse(tmp_path / f"{number}")
        for step, each in enumerate(pages):
            load(warehouse, tmp_path / f"part-{number}-{step}", each)
        assert observations(warehouse) == from_feed(VALUES)


def test_loads_in_pieces_give_the_same_values(tmp_path: Path) -> None:
    """Also if flags of one capture depend on other captures: a frozen feed, a stuck station."""
    hours = [HOUR + timedelta(days=day) for day in range(6)]
    pages = []
    for number, hour in enumerate(hours):
        values = {s: round(t + number * 1.5, 1) for s, t in VALUES.items() if t} | {152: 5.5}
        ticker = Ticker(DAY + timedelta(days=number), dict(values), at=hour)
        pages.append(Page(f"https://kma.example/{number}.xml", [ticker], site="kma.example"))
    whole = Warehouse(tmp_path / "whole")
    load(whole, tmp_path / "all", *pages)
    pieces = Warehouse(tmp_path / "pieces")
    for number, page in enumerate(reversed(pages)):
        load(pieces, tmp_path / f"piece-{number}", page)
    assert observations(pieces) == observations(whole)
    assert 152 not in {row[0] for row in observations(whole)}  # stuck
    assert 108 in {row[0] for row in observations(whole)}
