"""Random SQL statements that try to write, or to read outside the warehouse.

`Statements` generates them from a seed. It nests statements of every kind, every table function of
DuckDB, functions that run SQL, and harmless queries in CTEs, subqueries, set operations, PIVOT,
EXPLAIN, macros and views.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import duckdb

HARMLESS = (
    "SELECT 42 AS a, 1 AS b",
    "FROM regions",
    "SELECT station_id AS a, name_ko AS b FROM stations",
    "VALUES (1, 2), (3, 4)",
    "SELECT range AS a FROM range(9)",
    "SELECT unnest([1, 2, 3]) AS a",
    "SELECT a FROM own_macro(3)",
    "FROM own_view",
    "SHOW TABLES",
    "SELECT 'COPY t TO ''x''; FROM read_text(1)' AS a",
    "SELECT 1 AS copy, 2 AS glob /* COPY (SELECT 1) TO 'x' */",
    "TABLE regions",
)

WRITING = (
    "COPY (SELECT 42) TO '{path}'",
    "COPY (SELECT 42) TO '{path}' (USE_TMP_FILE false)",
    "COPY (SELECT 'x'::BLOB) TO '{path}' (FORMAT blob, USE_TMP_FILE false)",
    "COPY (SELECT 42) TO '{path}' (FORMAT parquet)",
    "COPY (SELECT 42 AS a) TO '{path}' (FORMAT json, PARTITION_BY a)",
    "COPY regions FROM '{path}'",
    "COPY regions TO '{path}' (FORMAT csv, HEADER)",
    "COPY FROM DATABASE nalssi TO memory",
    "EXPORT DATABASE '{path}'",
    "IMPORT DATABASE '{path}'",
    "ATTACH '{path}' AS other",
    "ATTACH '{path}' (READ_ONLY)",
    "DETACH nalssi",
    "INSERT INTO regions BY NAME SELECT 1 AS region_id",
    "INSERT OR REPLACE INTO loads DEFAULT VALUES RETURNING *",
    "UPDATE regions SET region_id = 1 RETURNING *",
    "DELETE FROM readings RETURNING *",
    "TRUNCATE readings",
    "MERGE INTO regions USING stations USING (region_id) WHEN MATCHED THEN DELETE",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE TEMP TABLE mine (a INTEGER)",
    "CREATE VIEW memory.main.mine AS SELECT 1",
    "CREATE MACRO mine() AS TABLE FROM read_text('{path}')",
    "CREATE SECRET s (TYPE s3)",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    "CREATE TYPE mine AS ENUM ('a')",
    "CREATE SEQUENCE memory.main.mine",
    "DROP VIEW own_view",
    "ALTER TABLE regions RENAME TO mine",
    "COMMENT ON TABLE regions IS '{path}'",
    "INSTALL httpfs",
    "UPDATE EXTENSIONS",
    "SET temp_directory = '{path}'",
    "SET GLOBAL profiling_output = '{path}'",
    "SET log_query_path = '{path}'",
    "RESET temp_directory",
    "SET VARIABLE a = (SELECT content FROM read_text('{path}'))",
    "PRAGMA enable_profiling",
    "PRAGMA profile_output = '{path}'",
    "PRAGMA import_database('{path}')",
    "PRAGMA copy_database(nalssi, memory)",
    "PRAGMA json_execute_serialized_sql('{{}}')",
    "CALL enable_logging(storage = 'file', storage_path = '{path}')",
    "CALL pragma_version()",
    "FORCE CHECKPOINT nalssi",
    "USE memory",
    "PREPARE mine AS SELECT 1",
    "EXECUTE mine",
    "DEALLOCATE mine",
)
"""Statements that are not queries."""

WRITING_ALONE = ("INSTALL '{path}'", "LOAD '{path}'", "CHECKPOINT", "VACUUM", "ANALYZE", "BEGIN")
"""Statements whose words are columns, tables or literals inside a query."""

REACHING = (
    "FROM '{path}'",
    'FROM "{path}"',
    "DESCRIBE '{path}'",
    "SUMMARIZE '{path}'",
    "FROM read_csv(['{path}', '{path}'])",
    "FROM read_csv('{path}', header = false, sep = chr(0), columns = {{'a': 'VARCHAR'}})",
    "FROM read_text(getvariable('a'))",
    "FROM main.read_text('{path}')",
    "FROM system.main.read_blob('{path}')",
    "FROM \"read_text\"('{path}')",
    "FROM READ_TEXT('{path}')",
    "FROM regions, LATERAL (FROM glob('{path}'))",
    "FROM '{path}'.read_text()",
    "FROM query('COPY (SELECT 1) TO ''{path}''')",
    "FROM query($$FROM read_text('{path}')$$)",
    "FROM query_table('{path}')",
    "FROM query_table(['{path}'])",
    "FROM json_execute_serialized_sql(json_serialize_sql($$FROM read_text('{path}')$$))",
    "FROM json_execute_serialized_sql(json_serialize_sql("
    "$$WITH x AS (COPY (SELECT 42) TO '{path}') SELECT 1$$))",
    "SELECT json_serialize_plan($$FROM read_csv('{path}')$$)",
    "SELECT getenv('NALSSI_CANARY')",
    "SELECT current_setting('temp_directory')",
    "SELECT x FROM (SELECT current_setting(x) AS x FROM (VALUES ('secret_directory')) t(x))",
    "SELECT write_log('x', scope := 'connection')",
    "FROM pg_settings",
    "FROM pg_catalog.pg_settings",
    "FROM duckdb_settings()",
    "FROM duckdb_secrets()",
    "FROM duckdb_extensions()",
    "FROM duckdb_temporary_files()",
)
"""Queries that open files, run SQL from a text, or read settings of the machine."""

HARMLESS_FUNCTIONS = (
    *("range", "generate_series", "unnest", "repeat", "repeat_row", "summary", "histogram"),
    *("histogram_values", "json_each", "json_tree", "icu_calendar_names", "pg_timezone_names"),
    *("test_all_types", "test_vector_types", "duckdb_coordinate_systems", "duckdb_optimizers"),
    *(f"duckdb_{of}" for of in ("columns", "constraints", "databases", "dependencies")),
    *(f"duckdb_{of}" for of in ("functions", "indexes", "keywords", "memory", "schemas")),
    *(f"duckdb_{of}" for of in ("sequences", "table_sample", "tables", "triggers", "types")),
    *(f"duckdb_{of}" for of in ("variables", "views")),
    *(f"pragma_{of}" for of in ("collations", "database_size", "metadata_info", "platform")),
    *(f"pragma_{of}" for of in ("show", "storage_info", "table_info", "version")),
)

QUERIES = (
    "WITH x AS ({0}) SELECT 1",
    "WITH x AS ({0}) FROM x",
    "WITH x AS MATERIALIZED ({0}) FROM x",
    "WITH x AS NOT MATERIALIZED ({0}), y AS (FROM x) FROM y",
    "WITH RECURSIVE x AS ({0} UNION ALL FROM x WHERE false) FROM x",
    "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x, ({0}) z WHERE n < 3) FROM x",
    "SELECT * FROM ({0})",
    "FROM ({0}) AS t",
    "SELECT ({0})",
    "SELECT EXISTS ({0})",
    "SELECT 1 IN ({0})",
    "SELECT ARRAY({0})",
    "SELECT 1 WHERE 1 = ANY ({0})",
    "SELECT 1 ORDER BY ({0})",
    "SELECT 1 LIMIT ({0})",
    "SELECT CASE WHEN true THEN ({0}) END",
    "SELECT [x FOR x IN ({0})]",
    "SELECT list_transform([1], lambda x: ({0}))",
    "SELECT sum(1) FILTER (EXISTS ({0})) FROM regions",
    "SELECT row_number() OVER (ORDER BY ({0})) AS n FROM regions QUALIFY n < 9",
    "FROM regions, LATERAL ({0}) AS t",
    "FROM regions LEFT JOIN ({0}) AS t ON true",
    "FROM regions POSITIONAL JOIN ({0}) AS t",
    "FROM regions SEMI JOIN ({0}) AS t ON true",
    "FROM ({0}) AS t USING SAMPLE 50%",
    "({0})",
    "({0}) UNION ALL ({1})",
    "({0}) UNION BY NAME ({1})",
    "({0}) EXCEPT ({1})",
    "({0}) INTERSECT ALL ({1})",
    "{0} UNION {1}",
    "VALUES (({0}))",
    "PIVOT (SELECT 1 AS a, 2 AS b WHERE EXISTS ({0})) ON a USING sum(b)",
    "PIVOT ({0}) ON a USING count(*)",
    "PIVOT (SELECT 1 AS a, 2 AS b WHERE EXISTS ({0})) ON a IN (1, 2) USING sum(b)",
    "WITH x AS ({0}) PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)",
    "FROM (PIVOT ({0}) ON a USING count(*)), ({1})",
    "FROM ({0}) PIVOT (count(*) FOR a IN (1, 2))",
    "UNPIVOT ({0}) ON COLUMNS(*)",
    "FROM ({0}) UNPIVOT (v FOR k IN (a, b))",
    "SUMMARIZE {0}",
    "DESCRIBE {0}",
    "FROM (SUMMARIZE {0})",
    "EXPLAIN {0}",
    "EXPLAIN ANALYZE {0}",
    "EXPLAIN (FORMAT json) {0}",
    "EXPLAIN (ANALYZE, FORMAT json) {0}",
    "EXPLAIN /* ( */ ANALYZE -- )\n {0}",
    "-- {1}\n{0}",
    "/* {1} */ {0};",
)
"""Harmless queries around another statement, `{0}`. They are refused only because of that
statement."""

RUNNING = (
    "FROM query($q${0}$q$)",
    "FROM json_execute_serialized_sql(json_serialize_sql($q${0}$q$))",
    "SELECT json_serialize_plan($q${0}$q$)",
    "CREATE MACRO mine() AS TABLE {0}",
    "CREATE TEMP MACRO mine() AS ({0})",
    "CREATE TEMP VIEW mine AS {0}",
    "PREPARE mine AS {0}",
    "COPY ({0}) TO '{path}'",
    "CREATE TEMP TABLE mine AS {0}",
    "SET VARIABLE a = ({0})",
    "{0}; {1}",
)
"""Queries around another statement, `{0}`, that must be refused whatever that statement is."""


@dataclass(frozen=True)
class Statement:
    """A statement, and whether it must be refused because of one of its parts."""

    sql: str
    harmful: bool


class Statements:
    """Makes statements that use the given paths, the same for the same seed."""

    def __init__(self, seed: int, paths: list[str]) -> None:
        self.random = Random(seed)
        self.paths = paths
        self.functions = [
            name
            for name in sorted(table_functions())
            if name not in HARMLESS_FUNCTIONS  # every table function that DuckDB has
        ]

    def statement(self) -> Statement:
        """The next statement."""
        if self.random.random() < 0.02:
            alone = self.random.choice(WRITING_ALONE)
            return Statement(alone.format(path=self.random.choice(self.paths)), harmful=True)
        return self._nested(self.random.choice((0, 1, 1, 2, 2, 3)))

    def _nested(self, depth: int) -> Statement:
        if depth == 0:
            return self._innermost()
        inside = [self._nested(depth - 1), self._nested(self.random.randrange(depth))]
        harmful = self.random.random() < 0.15
        frame = self.random.choice(RUNNING if harmful else QUERIES)
        texts = [one.sql for one in inside]
        if frame.startswith("-- "):
            texts[1] = texts[1].replace("\n", " ")
        elif frame.startswith("/* "):
            texts[1] = texts[1].replace("*/", "").replace("/*", "")
        commented = frame.startswith(("-- ", "/* "))
        used = [
            one for n, one in enumerate(inside) if f"{{{n}}}" in frame and not (commented and n)
        ]
        return Statement(
            frame.format(*texts, path=self.random.choice(self.paths)),
            harmful or any(one.harmful for one in used),
        )

    def _innermost(self) -> Statement:
        kind = self.random.random()
        path = self.random.choice(self.paths)
        if kind < 0.3:
            return Statement(self.random.choice(HARMLESS), harmful=False)
        if kind < 0.55:
            return Statement(self.random.choice(WRITING).format(path=path), harmful=True)
        if kind < 0.75:
            return Statement(self.random.choice(REACHING).format(path=path), harmful=True)
        name = self.random.choice(self.functions)
        return Statement(f"FROM {name}('{path}')", harmful=True)


def table_functions() -> set[str]:
    """The names of all table functions that this DuckDB has."""
    with duckdb.connect() as con:
        rows = con.execute(
            "SELECT function_name FROM duckdb_functions() WHERE function_type LIKE 'table%'"
        ).fetchall()
    return {name for (name,) in rows}
