"""Loading official values: every row is accounted for, and loading again changes nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from nalssi.observations import ObservationReport, load_observations
from nalssi.warehouse.warehouse_folder import Warehouse
from schemas.contracts import check, polars_schema
from tests.observations.test_asos_table import HEADER, ROWS, write


@pytest.fixture
def con(tmp_path: Path):
    with Warehouse(tmp_path / "warehouse").writer() as connection:
        yield connection


def stored(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    rows = con.sql("SELECT * FROM observations ORDER BY station_id, observed_at").pl()
    rows = rows.with_columns(pl.col("observed_at").dt.convert_time_zone("UTC"))
    return check("observations", rows.cast(dict(polars_schema("observations"))))


def assert_adds_up(report: ObservationReport) -> None:
    for file in report.files:
        assert file.rows == (
            file.missing
            + file.rejected.total()
            + file.repeated
            + file.added
            + file.unchanged
            + file.replaced
        )


def test_every_row_is_accounted_for(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    bad = ["90,속초,never,28,,,", "1,어디,2022-08-08 01:00,28,,,"]
    path = write(tmp_path / "a.csv", HEADER, *ROWS, *bad, ROWS[0])
    report = load_observations(con, [path])
    (file,) = report.files
    assert_adds_up(report)
    assert (file.rows, file.missing, file.added, file.repeated) == (7, 1, 3, 1)
    assert file.rejected == {"unreadable_time": 1, "unknown_station": 1}
    assert f"{path}, line 6: unreadable_time: {bad[0]}" in str(report)
    assert stored(con).height == 3


def test_loading_a_file_again_changes_nothing(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = write(tmp_path / "a.csv", HEADER, *ROWS)
    first = load_observations(con, [path])
    before = stored(con)
    again = load_observations(con, [path, path])
    assert_adds_up(again)
    assert first.changed_hours.height == 3
    assert again.changed_hours.is_empty()
    assert (again.total("added"), again.total("unchanged")) == (0, 6)
    assert stored(con).equals(before)


def test_files_that_overlap_give_the_same_in_any_order(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", HEADER, *ROWS[:2])
    two = write(tmp_path / "two.csv", HEADER, *ROWS[1:])
    tables = []
    for name, files in {"a": [one, two], "b": [two, one]}.items():
        with Warehouse(tmp_path / name).writer() as con:
            assert_adds_up(load_observations(con, files))
            tables.append(stored(con))
    assert tables[0].equals(tables[1])


def test_a_corrected_value_replaces_the_old_one_and_is_counted(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    load_observations(con, [write(tmp_path / "a.csv", HEADER, *ROWS)])
    corrected = write(tmp_path / "b.csv", HEADER, ROWS[0].replace(",28,", ",28.3,"), ROWS[1])
    report = load_observations(con, [corrected])
    assert_adds_up(report)
    assert (report.total("replaced"), report.total("unchanged")) == (1, 1)
    assert report.changed_hours.height == 1
    assert stored(con)["temperature_c"].to_list() == [28.3, 27.4, 27.4]


def test_a_file_that_contradicts_itself_says_so_and_its_last_line_counts(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = write(tmp_path / "a.csv", HEADER, ROWS[0], ROWS[0].replace(",28,", ",28.3,"))
    report = load_observations(con, [path])
    assert_adds_up(report)
    assert (report.total("repeated"), report.total("contradictory")) == (1, 1)
    assert stored(con)["temperature_c"].to_list() == [28.3]


def test_a_bad_file_changes_nothing_and_the_others_are_loaded(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    bad = write(tmp_path / "bad.csv", "지점,지점명,일시,평균기온(°C)", "90,속초,2022-08-08,28.1")
    good = write(tmp_path / "good.csv", HEADER, *ROWS)
    report = load_observations(con, [bad, tmp_path / "none.csv", good])
    assert [failure.split(":")[0] for failure in report.failures] == [
        f"{bad}, line 1",
        f"{tmp_path / 'none.csv'}",
    ]
    assert [file.path for file in report.files] == [good]
    assert stored(con).height == 3
