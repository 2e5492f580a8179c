"""Results in six formats: for eyes, and exactly for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from rich.cells import cell_len

from nalssi.warehouse.query import query
from nalssi.warehouse.result_formats import FORMATS, OutputError, write_result

WEATHER = """
    SELECT * FROM (VALUES
        (108, '서울', 14.1, DATE '2025-12-19', TIMESTAMPTZ '2025-12-18 15:00:00+00', ['range']),
        (201, '진도(첨찰산)', 5.0, NULL, NULL, []),
        (90, 'Sokcho', NULL, DATE '2025-12-20', NULL, NULL)
    ) AS t (station_id, name, temperature_c, observed_on, observed_at, failed)
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'Asia/Seoul'")
        yield con


def written(con: duckdb.DuckDBPyConnection, sql: str, form: str, width: int | None = None) -> str:
    stream = io.StringIO()
    write_result(query(con, sql), form, stream, width=width)
    return stream.getvalue()


def test_json_has_numbers_lists_and_instants_with_offset(con: duckdb.DuckDBPyConnection) -> None:
    text = written(con, WEATHER, "json")
    assert '"temperature_c": 14.1' in text
    assert '"temperature_c": 5.0' in text
    assert '"name": "서울"' in text
    first, second, third = json.loads(text)
    assert first == {
        "station_id": 108,
        "name": "서울",
        "temperature_c": 14.1,
        "observed_on": "2025-12-19",
        "observed_at": "2025-12-19T00:00:00+09:00",
        "failed": ["range"],
    }
    assert second["failed"] == []
    assert third["temperature_c"] is None


def test_ndjson_has_a_json_object_for_each_row(con: duckdb.DuckDBPyConnection) -> None:
    lines = written(con, WEATHER, "ndjson").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(written(con, WEATHER, "json"))


def test_json_of_a_result_without_rows_is_an_empty_list(con: duckdb.DuckDBPyConnection) -> None:
    assert json.loads(written(con, "SELECT 1 AS a WHERE false", "json")) == []
    assert written(con, "SELECT 1 AS a WHERE false", "ndjson") == ""


def test_every_type_that_duckdb_has_becomes_json(con: duckdb.DuckDBPyConnection) -> None:
    sql = """SELECT 1.50::DECIMAL(5, 2) AS a, sum(1) AS b, 'nan'::DOUBLE AS c, 'x'::BLOB AS d,
        MAP {'k': DATE '2025-01-01'} AS e, TIME '12:30' AS f, INTERVAL 1 DAY AS g, true AS h,
        uuid() AS i, {'n': [1.5]} AS j, 1 AS k, 2 AS k"""
    (row,) = json.loads(written(con, sql, "json"))
    del row["i"]
    assert row == {
        "a": 1.5,
        "b": 1,
        "c": None,
        "d": "78",
        "e": {"k": "2025-01-01"},
        "f": "12:30:00",
        "g": "1 day, 0:00:00",
        "h": True,
        "j": {"n": [1.5]},
        "k": 1,
        "k_2": 2,
    }


def test_csv_reads_back(con: duckdb.DuckDBPyConnection) -> None:
    rows = list(csv.reader(io.StringIO(written(con, WEATHER, "csv"))))
    assert rows[0][:3] == ["station_id", "name", "temperature_c"]
    assert rows[1] == [
        "108", "서울", "14.1", "2025-12-19", "2025-12-19T00:00:00+09:00", '["range"]'
    ]  # fmt: skip
    assert rows[3] == ["90", "Sokcho", "", "2025-12-20", "", ""]


def test_columns_of_hangul_line_up(con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT name, temperature_c FROM (" + WEATHER + ")"
    lines = written(con, sql, "table").splitlines()
    assert lines == [
        "name          temperature_c",
        "────────────  ─────────────",
        "서울                   14.1",
        "진도(첨찰산)            5.0",
        "Sokcho",
        "(3 rows)",
    ]
    assert len({cell_len(line) for line in lines[:4]}) == 1


@pytest.mark.parametrize("width", [20, 40, 60, 100])
def test_a_wide_table_fits_the_terminal(width: int, con: duckdb.DuckDBPyConnection) -> None:
    text = written(con, WEATHER, "table", width)
    *lines, notes = text.splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert ("failed" in lines[0]) != ("failed" in notes)


def test_numbers_of_a_column_have_their_points_in_line(con: duckdb.DuckDBPyConnection) -> None:
    text = written(con, "SELECT unnest([1.5, 10.25, 1 / 3])::DOUBLE AS mean_c", "table")
    assert [line.strip() for line in text.splitlines()[2:5]] == ["1.5000", "10.2500", "0.3333"]


def test_a_long_table_says_what_it_leaves_out(con: duckdb.DuckDBPyConnection) -> None:
    lines = written(con, "FROM range(5000)", "table").splitlines()
    assert len(lines) == 1003
    assert "first 1000 rows" in lines[-1]


def test_a_plan_is_shown_in_lines(con: duckdb.DuckDBPyConnection) -> None:
    assert len(written(con, "EXPLAIN SELECT 1", "table").splitlines()) > 5


def test_markdown_is_a_table_that_people_can_read_too(con: duckdb.DuckDBPyConnection) -> None:
    text = written(con, "SELECT '서울|Seoul' AS name, -1.5::DOUBLE AS temperature_c", "markdown")
    assert text.splitlines() == [
        "| name        | temperature_c |",
        "| ----------- | ------------: |",
        "| 서울\\|Seoul |          -1.5 |",
    ]


@pytest.mark.parametrize("rows", [3, 0, 25_000])
def test_parquet_holds_the_result(rows: int, con: duckdb.DuckDBPyConnection) -> None:
    sql = f"SELECT range AS n, 1.5::DOUBLE AS t, ['a'] AS l FROM range({rows})"
    stream = io.TextIOWrapper(io.BytesIO())
    write_result(query(con, sql), "parquet", stream)
    stream.buffer.seek(0)
    frame = pl.read_parquet(stream.buffer)
    assert frame.equals(query(con, sql).frame())
    assert frame.height == rows


def test_parquet_is_not_written_to_a_terminal(con: duckdb.DuckDBPyConnection) -> None:
    stream = io.TextIOWrapper(io.BytesIO())
    stream.isatty = lambda: True  # type: ignore[method-assign]
    with pytest.raises(OutputError, match="binary"):
        write_result(query(con, "SELECT 1"), "parquet", stream)


@pytest.mark.parametrize("form", FORMATS)
def test_a_result_without_rows_is_written_without_an_error(
    form: str, con: duckdb.DuckDBPyConnection
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    write_result(query(con, "SELECT 1 AS a WHERE false"), form, stream)


def test_a_value_that_parquet_cannot_hold_is_an_error(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(OutputError, match="cast them"):
        write_result(
            query(con, "SELECT INTERVAL 1 MONTH AS span"), "parquet", io.TextIOWrapper(io.BytesIO())
        )
