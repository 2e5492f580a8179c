"""Captures of KMA's feed give other lists their hours, and never confirm the feed itself."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from nalssi import quality
from nalssi.timing import (
    ObservationSelection,
    forget_observations,
    reconcile,
    snapshots_to_reconcile,
    summarize_reconciliations,
)
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.feed_observations import update_feed_observations
from tests.timing.official_weather import FORTY, Ticker, at, hour, official, print_tickers, put

DAY = date(2022, 8, 10)
OFFICIAL = official(date(2022, 8, 1), days=12)
STATED = hour(DAY, 14)
FEED = {
    f"b{clock:02}": Ticker(DAY, at(OFFICIAL, hour(DAY, clock), FORTY), hour(DAY, clock))
    for clock in range(24)
}
LIST = {"a": Ticker(DAY, at(OFFICIAL, STATED))}


def ids(tickers: dict[str, Ticker]) -> pl.DataFrame:
    return pl.DataFrame({"snapshot_id": ["a" + name.zfill(15) for name in tickers]})


def load(con: duckdb.DuckDBPyConnection, tickers: dict[str, Ticker]) -> None:
    """Insert tickers and do what a load does afterwards."""
    print_tickers(con, tickers)
    update_feed_observations(con, quality.update_quality(con, ids(tickers)))


def verdict(con: duckdb.DuckDBPyConnection, name: str) -> tuple[object, object]:
    return con.execute(
        "SELECT verdict, observed_at AT TIME ZONE 'UTC' FROM reconciliations"
        " WHERE snapshot_id = $1",
        ["a" + name.zfill(15)],
    ).fetchall()[0]


@pytest.fixture
def con(tmp_path: Path):
    with Warehouse(tmp_path / "warehouse").writer() as connection:
        yield connection


def test_a_list_gets_its_hour_from_captures_of_the_feed(con: duckdb.DuckDBPyConnection) -> None:
    load(con, FEED | LIST)
    reconcile(con)
    assert verdict(con, "a") == ("matched", STATED.astimezone(UTC).replace(tzinfo=None))


def test_the_feed_does_not_confirm_itself(con: duckdb.DuckDBPyConnection) -> None:
    load(con, FEED)
    reconcile(con)
    assert {verdict(con, name)[0] for name in FEED} == {"no_observations"}
    summary = summarize_reconciliations(con)
    assert (summary.confirmed, summary.contradicted, summary.undecided) == (0, 0, len(FEED))
    assert summary.stations.is_empty()

    replaced = con.sql("DELETE FROM observations RETURNING observed_at").pl()
    put(con, "observations", OFFICIAL)  # as files of the portal
    reconcile(con, snapshots_to_reconcile(con, replaced.unique()))
    summary = summarize_reconciliations(con)
    assert (summary.confirmed, summary.contradicted) == (len(FEED), 0)


def test_a_feed_that_arrives_later_gives_an_earlier_list_its_hour(
    con: duckdb.DuckDBPyConnection,
) -> None:
    load(con, LIST)
    reconcile(con, ids(LIST))
    assert verdict(con, "a") == ("no_observations", None)
    load(con, FEED)
    reconcile(con, ids({}))
    assert verdict(con, "a")[0] == "matched"
    assert con.execute("SELECT count(*) FROM meta.changed_hours").fetchone() == (0,)


def test_updates_in_pieces_give_the_same_as_one_full_update(tmp_path: Path) -> None:
    tables = []
    for name, loads in {"pieces": [LIST, FEED], "other": [FEED, LIST], "whole": []}.items():
        with Warehouse(tmp_path / name).writer() as con:
            for tickers in loads:
                load(con, tickers)
                reconcile(con, ids(tickers))
            if not loads:
                load(con, FEED | LIST)
                reconcile(con)
            tables.append(
                [
                    con.sql(f"FROM {table} ORDER BY ALL").fetchall()
                    for table in ("observations", "reconciliations", "quality", "conclusions")
                ]
            )
    assert tables[0] == tables[1] == tables[2]


def test_values_of_the_feed_return_when_better_ones_are_forgotten(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    with warehouse.writer() as con, transaction(con):
        load(con, FEED | LIST)
        reconcile(con)
        before = con.sql("FROM observations ORDER BY ALL").fetchall()
        con.execute("UPDATE observations SET temperature_c = -20.0, source = 'portal'")
    forgotten = forget_observations(warehouse, ObservationSelection())
    assert forgotten.observations == len(before)
    with warehouse.reader() as con:
        assert con.sql("FROM observations ORDER BY ALL").fetchall() == before
        assert verdict(con, "a")[0] == "matched"
