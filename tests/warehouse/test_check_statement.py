"""What a statement may contain: every query, and no way to write, to open a file or to run SQL."""
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest

from nalssi.warehouse import Warehouse, landlock
from nalssi.warehouse.allow_lists import (
    REFUSED_FUNCTIONS,
    REFUSED_TABLE_FUNCTIONS,
    REFUSED_VIEWS,
    TABLE_FUNCTIONS,
)
from nalssi.warehouse.check_statement import check_statement
from nalssi.warehouse.named_queries import named_queries
from nalssi.warehouse.query import QueryError, query

from .make_parts import EXAMPLE_DAY, Page, Ticker, part

LEGITIMATE = """
SELECT 1
FROM stations
FROM stations SELECT name_ko WHERE station_id > 100 ORDER BY ALL LIMIT 3 OFFSET 1
TABLE regions
VALUES (1, 'a'), (2, 'b')
FROM (VALUES (1), (2)) AS v(x)
SELECT region_id, count(*) FROM stations GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL
SELECT region_id, year(from_date) AS y, count(*) FROM own_stations GROUP BY GROUPING SETS ((1), (2), ())
SELECT region_id, count(*), grouping(region_id) FROM stations GROUP BY ROLLUP (region_id)
SELECT region_id, count(*) FROM stations GROUP BY CUBE (region_id)
SELECT DISTINCT ON (region_id) region_id, name_ko FROM stations ORDER BY region_id, name_ko
SELECT name_ko, row_number() OVER (PARTITION BY region_id ORDER BY name_ko) FROM stations
SELECT name_ko FROM stations QUALIFY rank() OVER (PARTITION BY region_id ORDER BY elevation_m) = 1
SELECT avg(elevation_m) OVER w FROM stations WINDOW w AS (ORDER BY station_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
SELECT lag(name_ko, 1, '-' IGNORE NULLS) OVER (ORDER BY station_id) FROM stations
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) FROM r
WITH RECURSIVE r(a, n) USING KEY (a) AS (SELECT 1, 1 UNION SELECT a, n + 1 FROM r WHERE n < 3) FROM r
WITH a AS MATERIALIZED (FROM regions), b AS NOT MATERIALIZED (FROM a) SELECT count(*) FROM a, b
PIVOT stations ON region_id USING count(*)
PIVOT stations ON region_id IN (1, 2) USING count(*), avg(elevation_m) AS high GROUP BY name_ko
WITH x AS (SELECT 1 AS a, 2 AS b) PIVOT x ON a USING sum(b)
FROM (PIVOT stations ON region_id USING count(*))
FROM (SELECT 1 AS a, 2 AS b) PIVOT (sum(b) FOR a IN (1, 2))
(PIVOT (SELECT 1 AS copy, 2 AS b) ON b USING sum(b)) UNION ALL SELECT 1, 2
SELECT 'a.csv', './x' FROM (PIVOT (SELECT 'a' AS a, 2 AS b) ON a USING sum(b)) WHERE 'a' IN ('a', 'b/c') ORDER BY 1, 2
PIVOT_WIDER (SELECT 1 AS a, 2 AS b) ON a USING sum(b)
DESCRIBE SELECT 1 IN (WITH x AS (FROM regions) PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b))
PIVOT stations ON region_id USING avg(elevation_m) AS "m/avg" GROUP BY name_ko
PIVOT (SELECT 1 AS "a.b", 2 AS "c:d") ON "a.b" USING sum("a.b") AS "x*", max("a.b") AS "x?" GROUP BY "c:d"
SELECT 1, "1_m/avg" FROM (PIVOT (SELECT 1 AS a, 2 AS b, 3 AS "g/h") ON a USING avg(b) AS "m/avg") WHERE "1_m/avg" = 2 ORDER BY 1, "1_m/avg"
UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b INTO NAME k VALUE v
WITH "hot.days" AS (SELECT 1 AS a) FROM "hot.days"
WITH "hot.days" AS (SELECT 1 AS a), "b/c" AS (FROM "hot.days") SELECT (SELECT max(a) FROM "b/c") FROM "hot.days" UNION ALL FROM "b/c"
WITH "hot.days" AS (SELECT 1 AS a) FROM (WITH b AS (FROM "hot.days") FROM b JOIN "hot.days" USING (a))
WITH "hot.days" AS (SELECT 1 AS a) FROM (PIVOT "hot.days" ON a IN (1) USING count(*))
FROM (SELECT 1 AS a, 2 AS b) UNPIVOT (v FOR k IN (a, b))
SUMMARIZE stations
SUMMARIZE SELECT elevation_m FROM stations
DESCRIBE stations
DESCRIBE SELECT 1 AS a
SHOW TABLES
SHOW ALL TABLES
SHOW DATABASES
SHOW readings
FROM (DESCRIBE stations) SELECT column_name
EXPLAIN SELECT * FROM stations ORDER BY name_ko
EXPLAIN ANALYZE SELECT count(*) FROM stations
EXPLAIN (FORMAT json) FROM stations
EXPLAIN (ANALYZE, FORMAT json) FROM stations
EXPLAIN /* how */ ANALYZE -- is it done
EXPLAIN PIVOT stations ON region_id USING count(*)
SELECT 1 UNION SELECT 2 EXCEPT SELECT 3 INTERSECT ALL SELECT 4
SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS b
SELECT s.name_ko, r.region_id FROM stations s JOIN regions r USING (region_id)
FROM stations SEMI JOIN regions USING (region_id)
FROM stations ANTI JOIN readings USING (station_id)
FROM stations NATURAL JOIN regions
FROM stations FULL OUTER JOIN readings USING (station_id)
FROM (VALUES (1), (5)) a(x) ASOF JOIN (VALUES (0), (4)) b(y) ON a.x >= b.y
FROM regions POSITIONAL JOIN (SELECT unnest([1, 2]))
FROM regions r, LATERAL (SELECT r.region_id + 1 AS next)
FROM stations USING SAMPLE 10%
FROM stations TABLESAMPLE reservoir(5 ROWS) REPEATABLE (1)
SELECT unnest([1, 2, 3]), unnest({'a': 1, 'b': 2}, recursive := true)
FROM range(10)
FROM generate_series(DATE '2025-01-01', DATE '2025-02-01', INTERVAL 1 DAY)
SELECT [x * 2 FOR x IN [1, 2, 3] IF x > 1]
SELECT list_transform([1, 2], lambda x: x + 1), list_filter([1, 2], lambda x, i: i > 1)
SELECT {'a': 1}.a, MAP {'k': 1}['k'], [1, 2, 3][1:2], (1, 2)
SELECT * EXCLUDE (name_ko) REPLACE (station_id + 1 AS station_id) FROM stations
SELECT COLUMNS('name.*') FROM stations
SELECT * RENAME (name_ko AS name) FROM stations
SELECT count(*) FILTER (elevation_m > 100), string_agg(name_ko, ',' ORDER BY name_ko) FROM stations
SELECT quantile_cont(elevation_m, [0.1, 0.9]), arg_max(name_ko, elevation_m), histogram(region_id) FROM stations
FROM histogram_values(stations, elevation_m)
SELECT CASE WHEN elevation_m > 100 THEN 'high' ELSE 'low' END, name_ko LIKE '서%' FROM stations
SELECT TRY_CAST('x' AS INTEGER), '1'::DECIMAL(3, 1), [1]::DOUBLE[], {'a': 1}::STRUCT(a INTEGER), try(1 // 0)
SELECT EXISTS (FROM regions), (SELECT max(region_id) FROM regions), 1 = ANY (FROM range(3)), ARRAY(FROM range(3))
SELECT date_trunc('month', DATE '2025-12-19'), strftime(now(), '%Y'), TIMESTAMPTZ '2025-01-01 00:00+09' AT TIME ZONE 'UTC'
SELECT regexp_extract(name_ko, '(.)$', 1), name_ko COLLATE NOCASE, trim(BOTH ' ' FROM name_ko) FROM stations
SELECT * FROM stations WHERE (region_id, station_id) IN (SELECT 1, 108)
SELECT own_double(21), own_double(own_double(1))
FROM own_range(3)
FROM own_stations
SELECT json_extract('{"a": [1]}', '$.a'), to_json({'a': 1})
FROM json_each('{"a": 1}')
FROM duckdb_tables() SELECT table_name, comment
FROM duckdb_columns SELECT column_name WHERE table_name = 'readings'
FROM information_schema.tables
FROM pg_catalog.pg_tables
FROM pragma_table_info('readings')
FROM nalssi.main.stations
SELECT $since::DATE, $since > '2024'
SELECT x: 1, y: 2
FROM range(3000000) ORDER BY hash(range) LIMIT 3 OFFSET 2000000
WITH COPY AS (SELECT 1 AS insert) SELECT insert AS "glob" FROM copy
""".strip().splitlines()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    from nalssi.warehouse.load_parts import load_parts

    folder = tmp_path_factory.mktemp("statement")
    warehouse = Warehouse(folder / "warehouse")
    load_parts(warehouse, [part(folder / "p", [Page("a", [Ticker(EXAMPLE_DAY, {108: -3.2})])])])
    with warehouse.writer() as con:
        con.execute("CREATE MACRO own_double(x) AS x * 2")
        con.execute("CREATE MACRO own_range(n) AS TABLE FROM range(n)")
        con.execute(
            "CREATE VIEW own_stations AS SELECT *, DATE '2000-01-01' AS from_date FROM stations"
        )
    return warehouse


@pytest.fixture(scope="module", params=[True, False], ids=["landlock", "no file system"])
def con(
    warehouse: Warehouse, request: pytest.FixtureRequest
) -> Iterator[duckdb.DuckDBPyConnection]:
    with pytest.MonkeyPatch.context() as patch:
        if not request.param:
            patch.setattr(landlock, "available", lambda: False)
        with warehouse.reader() as con:
            yield con


@pytest.mark.parametrize("sql", LEGITIMATE)
def test_a_query_is_answered(sql: str, con: duckdb.DuckDBPyConnection) -> None:
    sql = sql.replace("-- is it done", "-- is it done\n SELECT 1")
    parameters = {"since": "2025-01-01"} if "$since" in sql else {}
    rows = [row for batch in query(con, sql, parameters).batches() for row in batch]
    frame = query(con, sql, parameters).frame()
    assert rows or frame.is_empty() or "SAMPLE" in sql
    assert {len(row) for row in rows} <= {frame.width}


@pytest.mark.parametrize("name", [one.name for one in named_queries()])
def test_a_named_query_may_be_run(name: str, con: duckdb.DuckDBPyConnection) -> None:
    (named,) = [one for one in named_queries() if one.name == name]
    check_statement(con, named.sql)


def test_every_table_function_of_duckdb_is_in_a_list() -> None:
    with duckdb.connect() as con:
        rows = con.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions()"
            " WHERE function_type LIKE 'table%' AND internal"
        ).fetchall()
    existing = {name for (name,) in rows}
    assert TABLE_FUNCTIONS.isdisjoint(REFUSED_TABLE_FUNCTIONS)
    assert existing == TABLE_FUNCTIONS | REFUSED_TABLE_FUNCTIONS, "judge them in judged.py"


SIDE_EFFECTS = {
    *("random", "setseed", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "error"),
    *("current_connection_id", "current_query", "current_query_id", "current_transaction_id"),
    *("stats", "vector_type", "sleep_ms"),
    *("currval", "nextval", "setval"),  # no warehouse has a sequence, and none can be made
}
BY_NAME = {  # functions of texts, not of files
    "in_search_path",
    *("parse_dirname", "parse_dirpath", "parse_filename", "parse_path", "path_join"),
    *("json_extract_path", "json_extract_path_text", "json_serialize_sql", "json_deserialize_sql"),
    *("current_query", "current_query_id", "url_decode", "url_encode", "hive_partition_component"),
    *("parse_duckdb_log_message", "getvariable", "json_execute_serialized_sql", "write_log"),
    *("current_setting", "json_serialize_plan"),
}


def test_every_other_function_with_side_effects_is_in_a_list() -> None:
    with duckdb.connect() as con:
        rows = con.execute(
            "SELECT DISTINCT function_name, coalesce(has_side_effects, false)"
            " FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro')"
        ).fetchall()
    effects = {name for name, effect in rows if effect} - REFUSED_FUNCTIONS
    assert effects == SIDE_EFFECTS
    telling = re.compile(
        r"path|file|dir|sql|query|env|setting|variable|url|http|serialize|_log|hive"
    )
    assert {name for name, _ in rows if telling.search(name)} <= BY_NAME


def test_every_view_of_duckdb_is_allowed_or_refused(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT view_name, sql FROM duckdb_views() WHERE internal").fetchall()
    assert rows
    refused = set()
    for name, sql in rows:
        functions = set(re.findall(r"(\w+)\(", sql)) - {"main"}
        if functions & (REFUSED_TABLE_FUNCTIONS | REFUSED_FUNCTIONS):
            refused.add(name)
    assert refused == REFUSED_VIEWS


REFUSED = {
    "WITH x AS (COPY (SELECT 42) TO 'x') SELECT 1": "COPY is refused",
    "SELECT * FROM (WITH x AS (DELETE FROM readings) SELECT 1)": "DELETE is refused",
    "WITH x AS (COPY (SELECT 42) TO 'x') PIVOT stations ON region_id USING count(*)": "copy is refused",
    "PIVOT (SELECT current_setting('x') AS a) ON a USING count(*)": "refused",
    "FROM read_text('/etc/passwd')": "table function read_text is refused",
    "FROM main.Read_Text('/etc/passwd')": "table function read_text is refused",
    "SELECT 1 FROM query('SELECT 1')": "table function query is refused",
    "FROM 'a.csv'": "a.csv is not a table",
    "FROM a.csv": "csv is not a table",
    "DESCRIBE '/etc/passwd'": "/etc/passwd is not a table",
    "PIVOT 'a.csv' ON b": "'a.csv' is not a table",
    'PIVOT "a.csv" ON b': "a.csv is not a table",
    "FROM regions, 'a.csv', (PIVOT stations ON region_id USING count(*))": "'a.csv' is not a table",
    "FROM ('a.csv' CROSS JOIN regions), (PIVOT stations ON region_id USING count(*))": "'a.csv' is not a table",
    "FROM a: 'a.csv', (PIVOT stations ON region_id USING count(*))": "'a.csv' is not a table",
    'FROM a: "a.csv", (PIVOT stations ON region_id USING count(*))': "a.csv is not a table",
    'FROM stations AS values, "a.csv", (PIVOT stations ON region_id USING count(*))': "a.csv is not a table",
    "FROM stations JOIN regions ON true, 'a.csv', (PIVOT stations ON region_id USING count(*))": "'a.csv' is not a table",
    'FROM stations JOIN regions ON true, "a.csv", (PIVOT stations ON region_id USING count(*))': "a.csv is not a table",
    'FROM stations JOIN "a.csv" ON true, (PIVOT stations ON region_id USING count(*))': "a.csv is not a table",
    'FROM histogram_values("a.csv", a), (PIVOT stations ON region_id USING count(*))': "a.csv is not a table",
    'DESCRIBE (PIVOT "a.csv" ON b)': "a.csv is not a table",
    'WITH "a.csv" AS (SELECT 1) FROM main."a.csv"': "a.csv is not a table",
    'WITH "a.csv" AS (SELECT 1) FROM "A.csv"': "A.csv is not a table",
    'WITH "a.csv" AS (FROM "a.csv") FROM "a.csv"': "a.csv is not a table",
    'WITH b AS (FROM "a.csv"), "a.csv" AS (SELECT 1) FROM b': "a.csv is not a table",
    'WITH b AS (WITH "a.csv" AS (SELECT 1) FROM "a.csv") FROM b, "a.csv"': "a.csv is not a table",
    'FROM (WITH "a.csv" AS (SELECT 1) FROM "a.csv"), "a.csv"': "a.csv is not a table",
    'SELECT (WITH "a.csv" AS (SELECT 1) FROM "a.csv") FROM "a.csv"': "a.csv is not a table",
    "FROM a.csv, (PIVOT stations ON region_id USING count(*))": "csv is not a table",
    "SELECT current_setting('temp_directory')": "function current_setting is refused",
    "FROM pg_settings": "view pg_settings is refused",
    "SHOW temp_directory": 'no table "temp_directory"',
}


@pytest.mark.parametrize("sql", REFUSED)
def test_the_error_names_what_is_refused(sql: str, con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match=re.escape(REFUSED[sql])) as error:
        query(con, sql)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("depth", [900, 90_000])
def test_a_query_that_is_nested_too_deeply_gives_one_line(
    depth: int, con: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(QueryError) as error:
        query(con, "SELECT " + "(SELECT " * depth + "1" + ")" * depth)
    assert "\n" not in str(error.value)
