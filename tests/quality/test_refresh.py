"""The table `quality` after a change is the table made anew: whatever changed, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nalssi.quality import refresh
from tests.quality.warehouse import Ticker, put, quality, warehouse

SEED = (98, 105, 108, 133, 143, 152, 156, 159, 172, 184, 201, 226, 238)
FIRST = date(2024, 5, 1)
MIDNIGHT = datetime(2024, 5, 1, tzinfo=UTC)

tens = st.sampled_from([10.0, 10.1, 20.0, None])
"""Few values, so that lists agree, stations stick and hours jump often."""


@st.composite
def tickers(draw: st.DrawFn) -> Ticker:
    stations = draw(st.sampled_from([SEED, SEED[:9], SEED[4:], (*SEED, 115, 175), SEED[:7]]))
    level = draw(st.sampled_from([0.0, 3.0, 12.0]))
    values = {
        station: (None, round(level + station / 10, 1)) for station in stations if station != 115
    }
    for station in draw(st.sets(st.sampled_from(stations), max_size=2)):
        values[station] = (draw(st.sampled_from([None, "snow"])), draw(tens))
    values.setdefault(98, (None, 5.0))
    hour = draw(st.none() | st.integers(0, 60))
    reconciled = draw(st.none() | st.integers(0, 60))
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
    )


many = st.lists(tickers(), max_size=25)


def ids(facts: list[Ticker]) -> set[str]:
    return {ticker.snapshot_id for ticker in facts}


def frame(changed: set[str]) -> pl.DataFrame:
    return pl.DataFrame({"snapshot_id": sorted(changed)}, schema={"snapshot_id": pl.String})


def from_scratch(facts: list[Ticker]) -> pl.DataFrame:
    con = warehouse()
    put(con, facts)
    refresh(con, None)
    return quality(con)


@pytest.mark.parametrize("few", [0, 200])
@settings(max_examples=40, deadline=None)
@given(before=many, after=many)
def test_what_a_load_adds_leaves_the_table_as_if_made_anew(
    few: int, before: list[Ticker], after: list[Ticker]
) -> None:
    # A snapshot has one comparison: keep to the one it had.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nalssi.quality.table.FEW", few)
        con = warehouse()
        put(con, before)
        refresh(con, None)
        known = ids(before)
        added = [ticker for ticker in after if ticker.snapshot_id not in known]
        put(con, before + added)
        refresh(con, frame(ids(added)))
    assert quality(con).equals(from_scratch(before + added))


@pytest.mark.parametrize("few", [0, 200])
@settings(max_examples=40, deadline=None)
@given(facts=many, data=st.data())
def test_sightings_and_comparisons_that_change_leave_it_so_too(
    few: int, facts: list[Ticker], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nalssi.quality.table.FEW", few)
        con = warehouse()
        put(con, facts)
        refresh(con, None)
        altered = data.draw(st.sets(st.sampled_from(sorted(ids(facts))))) if facts else set()
        hour = MIDNIGHT + timedelta(hours=data.draw(st.integers(0, 60)))
        now = [
            replace(ticker, date_source="site", site="c.kr", verdict="matched", reconciled_at=hour)
            if ticker.snapshot_id in altered
            else ticker
            for ticker in facts
        ]
        put(con, now)
        refresh(con, frame(altered))
    assert quality(con).equals(from_scratch(now))


@settings(max_examples=20, deadline=None)
@given(facts=many, data=st.data())
def test_what_goes_leaves_it_so_too(facts: list[Ticker], data: st.DataObject) -> None:
    con = warehouse()
    put(con, facts)
    refresh(con, None)
    gone = data.draw(st.sets(st.sampled_from(sorted(ids(facts))))) if facts else set()
    rest = [ticker for ticker in facts if ticker.snapshot_id not in gone]
    put(con, rest)
    refresh(con, frame(gone))
    assert quality(con).equals(from_scratch(rest))
