"""Charts are drawn from a warehouse if their data has changed, and only then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from subprocess import run

import duckdb
import polars as pl
import pytest

import nalssi.charts
from nalssi.charts.chart_code import CODE
from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.chart_plan import expected_charts
from nalssi.charts.day_units import Units
from nalssi.charts.draw import draw_all
from nalssi.charts.draw_options import DrawOptions
from nalssi.charts.previous_snapshot import NoComparison
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.common.korea_time import KST
from nalssi.conclusions import conclude
from nalssi.warehouse import Warehouse
from schemas.contracts import polars_schema
from tests.charts.example_snapshots import SIXTEEN

REGIONS_AS_PNG = DrawOptions(formats=("png",), kinds=("regions",))
FIRST, SECOND = "00000000000000aa", "00000000000000bb"


def put(con: duckdb.DuckDBPyConnection, snapshot_id: str, day: date, shift_c: float = 0.0) -> None:
    """Write a snapshot of sixteen stations into a warehouse, or replace it."""
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
    conclude(con)


@pytest.fixture(scope="module")
def two_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with two snapshots. Tests that write use `warehouse`, a copy."""
    made = Warehouse(tmp_path_factory.mktemp("draw") / "warehouse")
    with made.writer() as con:
        put(con, FIRST, date(2025, 12, 19))
        put(con, SECOND, date(2025, 12, 20), 1.5)
    return made


@pytest.fixture
def warehouse(two_snapshots: Warehouse, tmp_path: Path) -> Warehouse:
    shutil.copytree(two_snapshots.folder, tmp_path / "warehouse")
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def con(two_snapshots: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with two_snapshots.reader() as reading:
        yield reading


def test_file_names_contain_kind_day_and_language(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    charts = draw_all(con, tmp_path, DrawOptions(("ko", "en"), kinds=("regions",)))
    names = {str(path.relative_to(tmp_path)) for path in charts.paths}
    assert len(names) == 2 * 2 * 2
    assert "regions/2025-12-19.ko.png" in names
    assert "regions/2025-12-20.en.svg" in names
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
        conclude(con)
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
        conclude(con)
    with warehouse.reader() as con:
        charts = draw_all(con, tmp_path, REGIONS_AS_PNG)
    assert (charts.paths, charts.drawn, charts.removed) == ([], 0, 2)
    assert list((tmp_path / "regions").glob("*.png")) == []


def test_every_option_that_does_not_select_charts_is_in_the_keys(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    def keys(options: DrawOptions) -> list[str]:
        days = list(Units.load(con).days.values())
        charts = expected_charts(days, tmp_path, options)
        return [key for chart in charts for key in chart.keys.values()]

    regions = DrawOptions(kinds=("regions",))
    of_all_kinds = keys(DrawOptions(formats=("png",)))
    assert set(keys(regions)) < set(of_all_kinds)
    assert not set(keys(replace(regions, width="150mm"))) & set(of_all_kinds)


@pytest.mark.process
def test_several_processes_draw_the_same_bytes(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    options = DrawOptions(kinds=("regions",))
    alone = draw_all(con, tmp_path / "alone", options, processes=1)
    together = draw_all(con, tmp_path / "together", options, processes=2, charts_per_process=1)
    for one, other in zip(alone.paths, together.paths, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_file_names_contain_the_selected_region(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    reading_filter = ReadingFilter(since=date(2025, 12, 20), region=9)
    charts = draw_all(
        con, tmp_path, DrawOptions(("ko",), ("svg",), ("regions",), reading_filter=reading_filter)
    )
    assert [path.name for path in charts.paths] == ["2025-12-20.region-9.ko.svg"]


def test_a_snapshot_without_a_like_hour_has_no_change_chart_and_the_reason_is_counted(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    change = DrawOptions(formats=("png",), kinds=("change",))

    def observe(first: str, second: str) -> None:
        with warehouse.writer() as con:
            for snapshot_id, at in ((FIRST, first), (SECOND, second)):
                con.execute(
                    "UPDATE snapshots SET observed_at = $1 WHERE snapshot_id = $2",
                    [at, snapshot_id],
                )
            conclude(con)

    observe("2025-12-19 14:00+09", "2025-12-20 15:00+09")
    with warehouse.reader() as con:
        drawn = draw_all(con, tmp_path, change)
        alone = ReadingFilter(since=date(2025, 12, 20))
        again = draw_all(con, tmp_path, replace(change, reading_filter=alone))
    assert [path.name for path in drawn.paths] == ["2025-12-20.ko.png"]
    assert drawn.omitted == {NoComparison.NO_LIKE_HOUR: 1}
    # The period changes neither what is compared nor the chart.
    assert (again.paths, again.drawn) == (drawn.paths, 0)
    observe("2025-12-19 14:00+09", "2025-12-20 03:00+09")
    with warehouse.reader() as con:
        none = draw_all(con, tmp_path, change)
    assert (none.paths, none.drawn, none.removed) == ([], 0, 1)
    assert none.omitted_text == (
        "no change chart for 2 days: no list of the same hour in the three days before (2)"
    )


def test_of_today_only_the_map_is_drawn_until_an_hour_after_its_end(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    def drawn(now: datetime | None) -> set[str]:
        options = DrawOptions(formats=("png",), kinds=("map", "regions"), now=now)
        draw_all(con, tmp_path, options)
        return {f"{file.parent.name} {file.name[8:10]}" for file in tmp_path.glob("*/*.png")}

    of_both_days = {"map 19", "regions 19", "map 20", "regions 20"}
    assert drawn(None) == of_both_days
    assert drawn(datetime(2025, 12, 21, 0, 59, tzinfo=KST)) == of_both_days - {"regions 20"}
    assert drawn(datetime(2025, 12, 21, 1, tzinfo=KST)) == of_both_days
    assert drawn(datetime(2025, 12, 20, 0, 59, tzinfo=KST)) == {"map 19", "map 20"}


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown kind 'pie'"):
        DrawOptions(kinds=("pie",))


def test_every_kind_has_a_module_that_draws_it() -> None:
    for kind in KINDS:
        assert callable(import_module(f"nalssi.charts.{kind}_chart").figure)


def test_the_key_covers_the_modules_that_draw() -> None:
    root = Path(nalssi.charts.__file__).parents[1]
    covered = {path.relative_to(root).as_posix() for part in CODE for path in root.glob(part)}
    assert covered >= {"charts/map_chart.py", "charts/theme.py", "locale/korean_charts.py"}
    assert not any("gallery" in path for path in covered)


@pytest.mark.process
def test_listing_the_kinds_imports_no_library_for_data_or_drawing() -> None:
    program = "import sys; from nalssi.charts.draw_options import DrawOptions; print(*sys.modules)"
    done = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"polars", "duckdb", "matplotlib"} & set(done.stdout.split())
