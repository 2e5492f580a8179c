"""Removing official observations updates everything that was derived from them."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from nalssi import quality
from nalssi.timing import (
    ObservationSelection,
    forget_observations,
    preview_observations,
    reconcile,
)
from nalssi.warehouse import Warehouse, WarehouseError
from tests.thorough import thorough
from tests.timing.official_weather import (
    FORTY,
    Ticker,
    at,
    hour,
    official,
    print_tickers,
    put,
)

DAY = date(2022, 8, 10)
OFFICIAL = official(date(2022, 8, 1), days=20)
KST_DAY = (pl.col("observed_at") + timedelta(hours=9)).dt.date()
TICKERS = {
    "a": Ticker(DAY, at(OFFICIAL, hour(DAY, 15))),
    "b": Ticker(None, at(OFFICIAL, hour(DAY, 3))),
    "c": Ticker(DAY + timedelta(days=3), at(OFFICIAL, hour(DAY, 15))),  # a frozen feed
    "d": Ticker(DAY + timedelta(days=1), at(OFFICIAL, hour(DAY + timedelta(days=1), 9))),
}
DERIVED = ("observations", "reconciliations", "quality", "conclusions")


def warehouse(folder: Path, observations: pl.DataFrame) -> Warehouse:
    """A warehouse with the tickers, compared with these observations."""
    made = Warehouse(folder)
    with made.writer() as con:
        put(con, "observations", observations)
        print_tickers(con, TICKERS)
        quality.update_quality(con, None)  # as a load does
        reconcile(con)
    return made


def derived(made: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    with made.reader() as con:
        return {name: con.sql(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in DERIVED}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse folder that no test changes."""
    folder = tmp_path_factory.mktemp("template") / "made"
    warehouse(folder, OFFICIAL)
    return folder


@pytest.fixture
def made(template: Path, tmp_path: Path) -> Warehouse:
    """A warehouse of the test's own."""
    return Warehouse(shutil.copytree(template, tmp_path / "made"))


@pytest.mark.parametrize(
    ("selection", "stays"),
    [
        (ObservationSelection(), pl.lit(False)),
        thorough(ObservationSelection(since=DAY), KST_DAY < DAY),
        thorough(ObservationSelection(until=DAY), KST_DAY > DAY),
        thorough(ObservationSelection(since=DAY, until=DAY), KST_DAY != DAY),
        thorough(
            ObservationSelection(stations=FORTY[:30]), ~pl.col("station_id").is_in(FORTY[:30])
        ),
        (
            ObservationSelection(stations=[108, 105], since=DAY),
            ~(pl.col("station_id").is_in([108, 105]) & (KST_DAY >= DAY)),
        ),
    ],
)
def test_removal_leaves_the_tables_of_a_warehouse_without_these_observations(
    tmp_path: Path, made: Warehouse, selection: ObservationSelection, stays: pl.Expr
) -> None:
    never = warehouse(tmp_path / "never", OFFICIAL.filter(stays))
    before = derived(made)
    would = preview_observations(made, selection)
    assert derived(made) == before
    assert forget_observations(made, selection) == would
    assert would.observations == OFFICIAL.filter(~stays).height
    assert derived(made) == derived(never) != before


def test_the_preview_counts_observations_and_the_snapshots_they_timed(made: Warehouse) -> None:
    gone = preview_observations(made, ObservationSelection(since=DAY, until=DAY))
    assert (gone.observations, gone.stations) == (24 * len(FORTY), len(FORTY))
    assert (gone.since, gone.until, gone.timed) == ("2022-08-10", "2022-08-10", 3)


def test_observations_of_an_impossible_year_can_be_removed(tmp_path: Path) -> None:
    """An earlier version read such observations from a two-digit year."""
    made = Warehouse(tmp_path / "old")
    with made.writer() as con:
        put(con, "observations", OFFICIAL)
        con.execute(
            "INSERT INTO observations VALUES (108, '0022-08-07 16:00:00+00', 25.3, 'portal')"
        )
    gone = forget_observations(made, ObservationSelection(until=date(1903, 12, 31)))
    assert (gone.observations, gone.since, gone.until) == (1, "0022-08-08", "0022-08-08")
    with made.reader() as con:
        assert con.execute("SELECT count(*) FROM observations").fetchone() == (OFFICIAL.height,)


def test_without_a_warehouse_none_is_created(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse"):
        forget_observations(Warehouse(tmp_path / "none"), ObservationSelection())
    assert not (tmp_path / "none").exists()
