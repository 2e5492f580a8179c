"""A user's SQL: everything that can be asked, nothing that could change or reach anything."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.query import QueryError, query
from schemas.vocabulary import region_ids

from .make_parts import EXAMPLE_DAY, Page, Ticker, part


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    from nalssi.warehouse.load_parts import load_parts

    folder = tmp_path_factory.mktemp("query")
    warehouse = Warehouse(folder / "warehouse")
    load_parts(warehouse, [part(folder / "p", [Page("a", [Ticker(EXAMPLE_DAY, {108: -3.2})])])])
    return warehouse


@pytest.fixture(scope="module")
def con(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.reader() as con:
        yield con


def rows(con: duckdb.DuckDBPyConnection, sql: str, **parameters: object) -> list[object]:
    return [row for batch in query(con, sql, parameters).batches() for row in batch]


ASKED = {
    "SELECT name_ko FROM stations WHERE station_id = 108": [("서울",)],
    "FROM regions SELECT count(*)": [(len(region_ids()),)],
    "WITH a AS (VALUES (1)) FROM a -- with a comment": [(1,)],
    "SELECT (SHOW_TABLES).name FROM (SELECT {'name': 1} AS SHOW_TABLES)": [(1,)],
    "PIVOT (SELECT 1 AS a, 2 AS b) ON b USING sum(a)": [(1,)],
    "(PIVOT (SELECT 1 AS a, 2 AS b) ON b USING sum(a))": [(1,)],
    "WITH x AS (SELECT 1 AS a, 2 AS b) PIVOT x ON b USING sum(a)": [(1,)],
}


@pytest.mark.parametrize("sql", ASKED)
def test_any_query_can_be_asked(sql: str, con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, sql) == ASKED[sql]


EXPLORED = [
    "SHOW TABLES",
    "DESCRIBE readings",
    "EXPLAIN FROM readings",
    "EXPLAIN SELECT 1",
    "EXPLAIN (SELECT 1)",
    "explain analyze FROM regions",
    "EXPLAIN (FORMAT json) SELECT 1",
]


@pytest.mark.parametrize("sql", EXPLORED)
def test_the_warehouse_can_be_explored(sql: str, con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, sql)


ANSWERS = {
    "rows": lambda result: list(result.batches()),
    "arrow": lambda result: list(result.record_batches()),
    "frame": lambda result: result.frame(),
}


@pytest.mark.parametrize("way", ANSWERS)
@pytest.mark.parametrize(
    "sql",
    [
        "EXPLAIN ANALYZE SELECT nextval('runs')",
        "PIVOT (SELECT 'a' AS a, nextval('runs') AS b) ON a USING sum(b)",
    ],
)
def test_a_statement_that_must_run_to_be_prepared_runs_once(sql: str, way: str) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SEQUENCE runs")
        prepared = query(con, sql)
        so_far = con.execute("SELECT nextval('runs')").fetchall()[0][0]
        assert so_far > 1
        assert len(ANSWERS[way](prepared))
        assert con.execute("SELECT nextval('runs')").fetchall() == [(so_far + 1,)]


REFUSED = [
    "INSERT INTO regions VALUES (11, 'x', 'y')",
    "UPDATE readings SET temperature_c = 0",
    "DELETE FROM readings",
    "DROP TABLE readings",
    "CREATE TABLE mine (a INT)",
    "CREATE TEMP TABLE mine (a INT)",
    "CREATE TABLE memory.main.mine (a INT)",
    "ALTER TABLE readings ADD COLUMN a INT",
    "COMMENT ON TABLE readings IS 'mine'",
    "COPY readings TO 'out.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY readings FROM 'in.csv'",
    "EXPORT DATABASE 'out'",
    "IMPORT DATABASE 'in'",
    "ATTACH 'other.duckdb'",
    "DETACH nalssi",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "UPDATE EXTENSIONS",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET GLOBAL threads = 1",
    "RESET threads",
    "SET VARIABLE a = 1",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CHECKPOINT",
    "BEGIN",
    "VACUUM",
    "PREPARE p AS SELECT 1",
    "CREATE SECRET s (TYPE s3)",
    "CREATE MACRO m() AS 1",
    "SELECT 1; DROP TABLE readings",
    "FROM '/etc/passwd'",
    "FROM 'stations.csv'",
    "FROM read_csv('/etc/passwd')",
    "FROM read_text('/etc/hostname')",
    "FROM read_blob('/etc/hostname')",
    "FROM read_parquet('http://localhost/x.parquet')",
    "FROM read_json('https://localhost/x.json')",
    "FROM glob('/*')",
    "FROM sniff_csv('/etc/passwd')",
    "FROM parquet_metadata('/tmp/x.parquet')",
    "FROM duckdb_secrets()",
    "FROM query('COPY (SELECT 1) TO ''/tmp/x''')",
    "SELECT getenv('HOME')",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/never'",
    "EXPLAIN ANALYZE DELETE FROM readings",
    "FROM local_frame",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_nothing_can_be_changed_or_reached(sql: str, con: duckdb.DuckDBPyConnection) -> None:
    local_frame = query(con, "FROM regions").frame()  # a variable is no table either
    assert local_frame.height == len(region_ids())
    with pytest.raises(QueryError) as error:
        rows(con, sql)
    assert "\n" not in str(error.value)
    assert rows(con, "SELECT count(*) FROM readings") == [(1,)]


INTO = (
    "COPY (SELECT 1) TO '{}'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{}'",
    "-- why\nexplain /* not */ analyze /* so */ COPY (SELECT 1) TO '{}'",
    "EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO '{}'",
    "COPY (PIVOT (SELECT 1 a, 2 b) ON b USING sum(a)) TO '{}'",
    "EXPLAIN ANALYZE COPY (PIVOT (SELECT 1 a, 2 b) ON b USING sum(a)) TO '{}'",
)


@pytest.mark.parametrize("sql", INTO)
def test_a_query_cannot_write_even_where_duckdb_spills(
    sql: str, warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with warehouse.reader() as con:
        allowed = con.sql("SELECT current_setting('allowed_paths')").fetchall()[0][0]
        assert any(path.endswith(".wal") for path in allowed), allowed
        spilled = Path(str(con.sql("SELECT current_setting('temp_directory')").fetchall()[0][0]))
        assert spilled.parent == tmp_path
        assert stat.S_IMODE(spilled.stat().st_mode) == 0o700
        for place in (f"{warehouse.published}.wal", spilled / "written"):
            with pytest.raises(QueryError, match=r"only queries can be run|no query|syntax error"):
                rows(con, sql.format(place))
            assert not Path(place).exists()


def test_a_value_that_no_frame_can_hold_is_an_error_in_one_line(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(QueryError, match="cast them") as error:
        query(con, "SELECT INTERVAL 1 MONTH AS span").frame()
    assert "\n" not in str(error.value)


def test_a_log_beside_the_published_copy_is_never_applied(warehouse: Warehouse) -> None:
    beside = warehouse.published.with_name("published.duckdb.wal")
    beside.write_bytes(b"changes")
    with (
        pytest.raises(WarehouseError, match=r"published.duckdb.wal beside it .* load again"),
        warehouse.reader(),
    ):
        pass
    with warehouse.writer():
        pass
    with warehouse.reader() as con:
        assert rows(con, "SELECT count(*) FROM readings") == [(1,)]


def test_parameters_are_bound_and_taken_as_literals(con: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT temperature_c FROM usable_readings WHERE observed_on = $day AND name_ko = $name"
    assert rows(con, sql, day=EXAMPLE_DAY.isoformat(), name="서울") == [(-3.2,)]
    assert rows(con, sql, day=EXAMPLE_DAY, name="' OR true --") == []
    assert rows(con, "SELECT name_ko FROM stations WHERE station_id = $id", id="108") == [("서울",)]
    assert rows(con, "SELECT $a > 9, $a::INT + 1", a="10") == [(True, 11)]


MISTAKES = {
    "FROM reedings": r'there is no table "reedings" \(near: readings.*in line 1: FROM reedings',
    "SELECT 1,\n  temprature_c\nFROM readings": r"near: temperature_c.*in line 2: temprature_c",
    "SELECT r.temprature_c FROM readings r": r"near: temperature_c.*in line 1",
    "SELECT observed_on FROM readings": r'no column "observed_on" in the tables of this query; '
    r"it is in .*snapshots, .*usable_readings, in line 1",
    "SELECT averge(1)": r'no function "averge".*in line 1',
    "SELEC 1": r'syntax error at or near "SELEC", in line 1: SELEC 1',
    "SELECT 'a'::INT": r"Could not convert string 'a'.*in line 1",
    "SELECT '\udcff'": "not in UTF-8",
    "": "there is no query",
    "-- nothing": "there is no query",
    "SELECT ?, ?": r"parameters need names: write \$name in the query, not \? or \$1",
    "SELECT $1": r"parameters need names",
    "SELECT $day, $name": r"needs --param day=… and --param name=…",
}


@pytest.mark.parametrize("sql", MISTAKES)
def test_a_mistake_is_explained_in_one_line(sql: str, con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match=MISTAKES[sql]) as error:
        rows(con, sql)
    assert "\n" not in str(error.value)


def test_a_parameter_that_the_query_does_not_have_is_named(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match=r"no parameter \$dya; it has \$day"):
        query(con, "SELECT $day", {"day": "2025-12-19", "dya": "x"})


def test_an_error_in_the_middle_of_the_rows_is_explained(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match="seventy"):
        rows(con, "SELECT if(range = 70, 'seventy', '1')::INT FROM range(100)")


LONG = """
    import signal, sys
    from pathlib import Path
    from nalssi.warehouse import Warehouse
    from nalssi.warehouse.query import query
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Warehouse(Path(sys.argv[1])).reader() as con:
        try:
            print("asking", flush=True)
            endless = "SELECT sum(hash(a::VARCHAR)) FROM range(1000000000000) t(a)"
            print(next(query(con, endless).batches()))
        except KeyboardInterrupt:
            print("interrupted")
"""


@pytest.mark.process
def test_ctrl_c_interrupts_a_long_query(warehouse: Warehouse) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LONG), str(warehouse.folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "asking\n"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=600)[0] == "interrupted\n"


@pytest.mark.parametrize("number", range(4))
def test_ctrl_c_between_two_calls_leaves_no_query_running(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    class Interrupted(ThreadPoolExecutor):
        submitted = 0

        def submit(self, *args: Any, **more: Any) -> Future[Any]:
            future = super().submit(*args, **more)
            self.submitted += 1
            if self.submitted == number + 1:
                raise KeyboardInterrupt
            return future

    endless = query(con, "SELECT hash(range), range FROM range(1000000000000)")
    monkeypatch.setattr("nalssi.warehouse.query.ThreadPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        for _ in endless.batches():
            pass
    assert con.execute("SELECT 1").fetchall() == [(1,)]


@pytest.mark.process
def test_a_query_imports_no_dataframe_library(warehouse: Warehouse) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from nalssi.warehouse.result_formats import write_result\n"
        "from nalssi.warehouse import Warehouse; from nalssi.warehouse.query import query\n"
        "with Warehouse(Path(sys.argv[1])).reader() as con:\n"
        "    write_result(query(con, 'FROM regions'), 'table', sys.stdout)\n"
        "heavy = {'polars', 'pandera', 'pandas', 'pyarrow', 'prefect', 'matplotlib', 'numpy'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
    )
    arguments = [sys.executable, "-c", code, str(warehouse.folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "서울·인천·경기도" in done.stdout


def test_two_columns_of_one_name_cannot_become_a_frame(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match=r"called a, b, which polars cannot hold: rename"):
        query(con, "SELECT 1 AS a, 2 AS a, 3 AS b, 4 AS b, 5 AS c").frame()
