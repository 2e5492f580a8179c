"""DuckDB's errors about a user's query, as one line that helps to correct the query."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import duckdb

from nalssi.warehouse.warehouse_error import ERROR_CLASS

_UNKNOWN_NAMES = (
    (r"Table with name (\S+) does not exist", "table"),
    (r'Referenced table "([^"]+)" not found', "table"),
    (r'Referenced column "([^"]+)" not found', "column"),
    (r'does not have a column named "([^"]+)"', "column"),
    (r"Function with name (\S+) does not exist", "function"),
)
"""Patterns of DuckDB's messages about a name that does not exist: each with `table`, `column` or
`function`, the kind of the name."""

_EXISTING_NAMES = {
    "table": "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
    " UNION SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal",
    "column": "SELECT DISTINCT column_name FROM duckdb_columns()"
    " WHERE schema_name = 'main' AND NOT internal",
    "function": r"SELECT DISTINCT function_name FROM duckdb_functions()"
    r" WHERE regexp_full_match(function_name, '\w+')",
}
_TABLES_WITH_COLUMN = """
    SELECT DISTINCT table_name FROM duckdb_columns()
    WHERE column_name = $1 AND schema_name = 'main' AND NOT internal
    ORDER BY table_name
"""
_POSITION = re.compile(r"\s*LINE (\d+):.*", flags=re.DOTALL)
_HINTS = re.compile(r"\s*(Candidate bindings:|Did you mean|Candidate functions:).*", re.DOTALL)


class QueryError(ValueError):
    """A query cannot be run. The message is one line: the cause, and where it is in the query."""


def explain_error(error: duckdb.Error, con: duckdb.DuckDBPyConnection, sql: str) -> QueryError:
    """Return DuckDB's error about the query `sql` as a QueryError of one line.

    The message has the cause and the line of the query. For a table, column or function that does
    not exist, it has similar names.
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        return _out_of_memory(con)
    message = str(error)
    cause = " ".join(_HINTS.sub("", _POSITION.sub("", ERROR_CLASS.sub("", message))).split())
    for pattern, kind in _UNKNOWN_NAMES:
        if unknown := re.search(pattern, cause):
            cause = _explain_unknown_name(con, kind, unknown[1].rstrip("!"))
            break
    if position := re.search(r"^LINE (\d+):", message, flags=re.MULTILINE):
        number = int(position[1])
        lines = sql.splitlines()
        if number <= len(lines):
            return QueryError(f"{cause}, in line {number}: {lines[number - 1].strip()}")
    return QueryError(cause)


def _explain_unknown_name(con: duckdb.DuckDBPyConnection, kind: str, name: str) -> str:
    cause = f'there is no {kind} "{name}"'
    names = [row[0] for row in con.execute(_EXISTING_NAMES[kind]).fetchall()]
    if kind == "column" and name in names:
        tables = [row[0] for row in con.execute(_TABLES_WITH_COLUMN, [name]).fetchall()]
        return f"{cause} in the tables of this query; it is in {', '.join(tables)}"
    if near := difflib.get_close_matches(name.lower(), names, n=3):
        return f"{cause} (near: {', '.join(near)})"
    return cause


def _out_of_memory(con: duckdb.DuckDBPyConnection) -> QueryError:
    (limit,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    spills = "" if spill_folder_of(con) else ", and cannot use the disk on this system"
    return QueryError(f"the query needs more than {limit} of memory{spills} (--memory allows more)")


def spill_folder_of(con: duckdb.DuckDBPyConnection) -> Path | None:
    """Return the folder into which queries larger than memory spill; None if there is no folder."""
    (folder,) = con.cursor().execute("SELECT current_setting('temp_directory')").fetchall()[0]
    return Path(folder) if folder else None
