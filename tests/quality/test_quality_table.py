"""`quality`, `repeated_lists` and `conclusions` after an update equal those of a full computation.

That holds for every kind of change, in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from nalssi.common.sql_steps import registered
from nalssi.conclusions import neighbouring_snapshots
from nalssi.quality import update_quality
from nalssi.quality.affected_snapshots import MAX_LOOKUPS
from tests.examples import examples
from tests.quality.ticker_warehouse import Ticker, put, quality, warehouse

SEED = (98, 105, 108, 133, 143, 152, 156, 159, 172, 184, 201, 226, 238)
FIRST = date(2024, 5, 1)
MIDNIGHT = datetime(2024, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST_CAPTURE = MIDNIGHT + timedelta(days=2)

tens = st.sampled_from([10.0, 10.1, 20.0, None])
"""Few different values, so that snapshots often agree, stations stick and hours jump."""


hours = st.none() | st.integers(0, 60) | st.integers(0, 20).map(lambda number: 9 * number)
"""Hours that are close to each other, and hours that affect others through several steps."""


@st.composite
def tickers(draw: st.DrawFn) -> Ticker:
    stations = draw(st.sampled_from([SEED, SEED[:9], SEED[4:], (*SEED, 115, 175), SEED[:7]]))
    level = draw(st.sampled_from([0.0, 3.0, 12.0, 36.0]))
    values = {
        station: (None, round(level + station / 10, 1)) for station in stations if station != 115
    }
    for station in draw(st.sets(st.sampled_from(stations), max_size=2)):
        values[station] = (draw(st.sampled_from([None, "snow"])), draw(tens))
    values.setdefault(98, (None, 5.0))
    hour, reconciled = draw(hours), draw(hours)
    verdict = draw(st.sampled_from([None, "frozen_feed", "ambiguous"]))
    return Ticker(
        values,
        observed_on=draw(st.none() | st.integers(0, 80).map(lambda day: FIRST + timedelta(day))),
        date_source=draw(st.sampled_from(["feed", "ticker", "site", "capture"])),
        site=draw(st.sampled_from([None, "a.kr", "b.kr"])),
        observed_at=None if hour is None else MIDNIGHT + timedelta(hours=hour),
        verdict="matched" if reconciled is not None else verdict,
        reconciled_at=None if reconciled is None else MIDNIGHT + timedelta(hours=reconciled),
        name=draw(st.sampled_from(["x", "y"])),
        uri=draw(st.sampled_from([None, "http://a.kr/1", "http://a.kr/2"])),
        captured_at=draw(
            st.none() | st.integers(0, 100).map(lambda h: FIRST_CAPTURE + 3 * h * HOUR)
        ),
    )


many = st.lists(tickers(), max_size=25)


def ids(facts: list[Ticker]) -> set[str]:
    return {ticker.snapshot_id for ticker in facts}


def frame(changed: set[str]) -> pl.DataFrame:
    return pl.DataFrame({"snapshot_id": sorted(changed)}, schema={"snapshot_id": pl.String})


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as connection:
        yield connection


def judge_all(con: duckdb.DuckDBPyConnection, facts: list[Ticker]) -> None:
    """Replace all facts and judge everything."""
    put(con, facts, checked=False)
    update_quality(con, None)


def rows(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return con.sql("SELECT * FROM quality ORDER BY snapshot_id, station_id").pl()


def derived(con: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The tables that an update writes."""
    return {
        "quality": rows(con),
        "repeated_lists": con.sql("SELECT * FROM repeated_lists ORDER BY snapshot_id").pl(),
        "conclusions": con.sql("SELECT * FROM conclusions ORDER BY snapshot_id").pl(),
    }


def assert_equals_full_recomputation(con: duckdb.DuckDBPyConnection) -> None:
    updated = derived(con)
    update_quality(con, None)
    assert_same(updated, derived(con))


def assert_same(some: dict[str, pl.DataFrame], others: dict[str, pl.DataFrame]) -> None:
    for table, content in some.items():
        assert_frame_equal(content, others[table])


@examples(20)
@given(before=many, after=many, data=st.data())
def test_every_change_gives_the_tables_of_a_full_recomputation(
    con: duckdb.DuckDBPyConnection,
    before: list[Ticker],
    after: list[Ticker],
    data: st.DataObject,
) -> None:
    """Snapshots are added, then sightings and comparisons change, then snapshots are removed."""

    def some(of: list[Ticker]) -> set[str]:
        return data.draw(st.sets(st.sampled_from(sorted(ids(of))))) if of else set()

    def update(facts: list[Ticker], changed: set[str]) -> None:
        """Update with and without lookups, each time from the same tables, and compare."""
        if not changed:
            return  # the tables are those of the last recomputation
        put(con, facts, checked=False)
        old = derived(con)
        update_quality(con, frame(changed), max_lookups=0)
        without_lookups = derived(con)
        for table, content in old.items():
            with registered(con, "content", content):
                con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM content")
        update_quality(con, frame(changed), max_lookups=MAX_LOOKUPS)
        assert_same(without_lookups, derived(con))
        assert_equals_full_recomputation(con)

    judge_all(con, before)
    known = ids(before)
    added = [ticker for ticker in after if ticker.snapshot_id not in known]
    facts = before + added
    update(facts, ids(added))

    altered = some(facts)
    near = set(neighbouring_snapshots(con, frame(altered))["snapshot_id"])
    hour = MIDNIGHT + timedelta(hours=data.draw(st.integers(0, 60)))
    facts = [
        replace(ticker, date_source="site", site="c.kr", verdict="matched", reconciled_at=hour)
        if ticker.snapshot_id in altered
        else ticker
        for ticker in facts
    ]
    update(facts, altered | near)

    removed = some(facts)
    update([ticker for ticker in facts if ticker.snapshot_id not in removed], removed)


def test_the_table_keeps_its_contract_and_names_failed_tests(
    con: duckdb.DuckDBPyConnection,
) -> None:
    values = {station: (None, station / 10) for station in SEED} | {175: (None, None)}
    facts = [Ticker(values, observed_on=FIRST + timedelta(day)) for day in (0, 3)]
    put(con, facts)
    update_quality(con, None)
    failed = dict(
        zip(*quality(con).filter(pl.col("flag") == 4)["station_id", "failed"], strict=True)
    )
    assert failed[98].to_list() == ["frozen_feed"]
    assert failed[175].to_list() == ["closed_station", "frozen_feed", "missing"]


def a_day(day: int, stuck: float, site: str = "a.kr") -> Ticker:
    """A snapshot of that day: Seoul prints `stuck`, the other stations get warmer every day."""
    values = dict.fromkeys(SEED, (None, 10.0 + day % 49 / 5)) | {108: (None, stuck)}
    return Ticker(values, observed_on=FIRST + timedelta(day), site=site)


@pytest.mark.parametrize("max_lookups", [0, MAX_LOOKUPS])
def test_the_fifth_date_of_a_stuck_station_flags_the_earlier_dates_too(
    con: duckdb.DuckDBPyConnection, max_lookups: int
) -> None:
    far = [a_day(day, 12.0 + day % 49 / 5) for day in (100, 101, 102, 103, 104)]
    facts = [a_day(day, 12.0) for day in (0, 2, 9, 17)]
    judge_all(con, far + facts)
    assert rows(con).is_empty()
    fifth = a_day(25, 12.0)
    put(con, [*far, *facts, fifth])
    update_quality(con, frame({fifth.snapshot_id}), max_lookups=max_lookups)
    assert set(rows(con)["snapshot_id"]) == ids([*facts, fifth])
    assert_equals_full_recomputation(con)

    other = a_day(17, 12.1, site="b.kr")  # another site shows that the station is alive
    seen_by_both = [replace(ticker, site="a.kr") for ticker in (*facts, fifth)]
    put(con, [*far, *seen_by_both, replace(other, site="a.kr")])
    update_quality(con, frame({other.snapshot_id}), max_lookups=max_lookups)
    assert rows(con).is_empty()


def test_readings_never_change(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [Ticker({98: (None, -41.0)}, observed_on=FIRST)])
    before = con.sql("SELECT * FROM readings").pl()
    update_quality(con, None)
    assert con.sql("SELECT * FROM readings").pl().equals(before)


def test_an_empty_warehouse_has_no_flags(con: duckdb.DuckDBPyConnection) -> None:
    put(con, [])
    update_quality(con, None)
    update_quality(con, frame(set()))
    assert rows(con).is_empty()
