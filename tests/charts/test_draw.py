"""Charts are drawn from a warehouse when their data changed, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from nalssi.charts.draw import draw_all
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.quality import update_snapshot_summary
from nalssi.warehouse import Warehouse
from schemas.contracts import polars_schema
from tests.charts.example_snapshots import SIXTEEN

REGIONS_AS_PNG = DrawOptions(formats=("png",), kinds=("regions",))
FIRST, SECOND = "00000000000000aa", "00000000000000bb"


def put(con: duckdb.DuckDBPyConnection, snapshot_id: str, day: date, shift_c: float = 0.0) -> None:
    """Put a snapshot of the sixteen stations into a warehouse."""
    con.execute("DELETE FROM snapshots WHERE snapshot_id = $1", [snapshot_id])
    con.execute("DELETE FROM readings WHERE snapshot_id = $1", [snapshot_id])
    con.execute("INSERT INTO snapshots VALUES ($1, $2, NULL, 16)", [snapshot_id, day])
    arriving = pl.DataFrame(
        [
            (snapshot_id, station_id, "name", "rain", "비", round(temperature + shift_c, 1))
            for station_id, temperature in SIXTEEN.items()
        ],
        schema=polars_schema("readings"),
        orient="row",
    )
    con.register("arriving", arriving)
    con.execute("INSERT INTO readings FROM arriving")
    con.unregister("arriving")
    update_snapshot_summary(con)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path / "warehouse")
    with made.writer() as con:
        put(con, FIRST, date(2025, 12, 19))
        put(con, SECOND, date(2025, 12, 20), 1.5)
    return made


@pytest.fixture
def con(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.reader() as reading:
        yield reading


def test_names_say_kind_day_snapshot_and_language(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    charts = draw_all(con, tmp_path, DrawOptions(("ko", "en"), kinds=("regions",)))
    names = {str(path.relative_to(tmp_path)) for path in charts.paths}
    assert len(names) == 2 * 2 * 2
    assert f"regions/2025-12-19_{FIRST}.ko.png" in names
    assert f"regions/2025-12-20_{SECOND}.en.svg" in names
    assert all(path.stat().st_size > 10_000 for path in charts.paths)


def test_a_second_run_draws_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first = draw_all(con, tmp_path, DrawOptions(formats=("png",)))
    again = draw_all(con, tmp_path, DrawOptions(formats=("png",)))
    assert 0 < first.drawn == len(first.paths)
    assert (again.paths, again.drawn, again.removed) == (first.paths, 0, 0)


def test_only_what_changed_is_drawn_again(warehouse: Warehouse, tmp_path: Path) -> None:
    with warehouse.reader() as con:
        draw_all(con, tmp_path, REGIONS_AS_PNG)
    with warehouse.writer() as con:
        con.execute("INSERT INTO quality VALUES ($1, 105, 3, ['spatial'])", [SECOND])
        update_snapshot_summary(con)
    with warehouse.reader() as con:
        assert draw_all(con, tmp_path, REGIONS_AS_PNG).drawn == 1


def test_a_damaged_or_missing_file_is_drawn_again(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    one, other = draw_all(con, tmp_path, REGIONS_AS_PNG).paths
    before = one.read_bytes(), other.read_bytes()
    one.unlink()
    other.write_bytes(b"")
    assert draw_all(con, tmp_path, REGIONS_AS_PNG).drawn == 2
    assert (one.read_bytes(), other.read_bytes()) == before


def test_charts_of_snapshots_that_are_gone_or_unusable_are_removed(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    with warehouse.reader() as con:
        draw_all(con, tmp_path, REGIONS_AS_PNG)
    with warehouse.writer() as con:
        con.execute("DELETE FROM snapshots WHERE snapshot_id = $1", [FIRST])
        con.execute("DELETE FROM readings WHERE snapshot_id = $1", [FIRST])
        con.execute(
            "INSERT INTO quality SELECT $1, station_id, 3, ['frozen_feed'] FROM readings", [SECOND]
        )
        update_snapshot_summary(con)
    with warehouse.reader() as con:
        charts = draw_all(con, tmp_path, REGIONS_AS_PNG)
    assert (charts.paths, charts.drawn, charts.removed) == ([], 0, 2)
    assert list((tmp_path / "regions").glob("*.png")) == []


def test_several_processes_draw_the_same_bytes(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    options = DrawOptions(kinds=("regions",))
    alone = draw_all(con, tmp_path / "alone", options, processes=1)
    together = draw_all(con, tmp_path / "together", options, processes=2, charts_per_process=1)
    for one, other in zip(alone.paths, together.paths, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_a_selection_has_names_of_its_own(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    reading_filter = ReadingFilter(since=date(2025, 12, 20), region=9)
    charts = draw_all(con, tmp_path, DrawOptions(("ko",), ("svg",), ("regions",), reading_filter))
    assert [path.name for path in charts.paths] == [f"2025-12-20_{SECOND}.region-9.ko.svg"]


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown kind 'pie'"):
        DrawOptions(kinds=("pie",))
