"""A user's SQL on the published copy: queries only, bound parameters, errors that help.

Two checks keep a query from changing or reaching anything: `statement` judges what it contains,
and `Warehouse.reader` keeps its connection from files, network, extensions and configuration. Where
the system can confine threads, those that run a query can write to its spill folder only.
Nothing in this module needs a dataframe library until a frame is asked for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import duckdb

from nalssi.warehouse.check_statement import StatementError, check_statement
from nalssi.warehouse.landlock import confine
from nalssi.warehouse.query_limits import TimeLimit

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

Row = tuple[Any, ...]
T = TypeVar("T")


class _Runner(Protocol):
    def __call__(self, work: Callable[[], T], *, limited: bool = True) -> T: ...


BATCH = 10_000  # rows fetched at a time

WRONG_NAMES = (
    (r"Table with name (\S+) does not exist", "table"),
    (r'Referenced table "([^"]+)" not found', "table"),
    (r'Referenced column "([^"]+)" not found', "column"),
    (r'does not have a column named "([^"]+)"', "column"),
    (r"Function with name (\S+) does not exist", "function"),
)
NAMES = {
    "table": "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
    " UNION SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal",
    "column": "SELECT DISTINCT column_name FROM duckdb_columns()"
    " WHERE schema_name = 'main' AND NOT internal",
    "function": r"SELECT DISTINCT function_name FROM duckdb_functions()"
    r" WHERE regexp_full_match(function_name, '\w+')",
}
TABLES_WITH = """
    SELECT table_name FROM duckdb_columns()
    WHERE column_name = $1 AND schema_name = 'main' AND NOT internal
    ORDER BY table_name
"""
PLACE = re.compile(r"\s*LINE (\d+):.*", flags=re.DOTALL)
KIND = re.compile(r"^[\w ]+ Error: ")  # what part of DuckDB complains
HINTS = re.compile(r"\s*(Candidate bindings:|Did you mean|Candidate functions:).*", re.DOTALL)


class QueryError(ValueError):
    """A query cannot be run; the message says why and where in the query, in one line."""


@dataclass(frozen=True)
class Result:
    """A query that is ready to run: its columns with their DuckDB types, and its rows.

    Each way to the rows runs the query, in a thread of its own, so that Ctrl-C interrupts it;
    but not what had to be run to be prepared.
    """

    con: duckdb.DuckDBPyConnection
    sql: str
    parameters: Mapping[str, object]
    columns: tuple[str, ...]
    types: tuple[str, ...]
    made: duckdb.DuckDBPyRelation | None = None
    """The answer, where DuckDB has run all of it to tell the columns."""
    limit: TimeLimit | None = None

    def batches(self) -> Iterator[list[Row]]:
        """The rows as Python values, a batch at a time."""
        with _running(self.con, self.sql, self.limit) as do:
            if self.made is not None:
                if rows := do(self.made.fetchall):
                    yield rows
                return
            try:
                do(lambda: self.con.execute(self.sql, dict(self.parameters)))
                while rows := do(lambda: self.con.fetchmany(BATCH)):
                    yield rows
            finally:
                do(self.con.abort, limited=False)  # an unread rest would block the connection

    def record_batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches; the first is empty and tells the schema."""
        import pyarrow as pa

        with _running(self.con, self.sql, self.limit) as do:
            reader = do(lambda: self._relation().to_arrow_reader(BATCH))
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            while (batch := do(lambda: next(reader, None))) is not None:
                yield batch

    def frame(self) -> pl.DataFrame:
        """All rows as a polars frame."""
        import polars as pl

        with _running(self.con, self.sql, self.limit) as do:
            table = do(lambda: self._relation().to_arrow_table())
        # Not in a confined thread: threads that polars starts there could never write a file.
        try:
            return pl.DataFrame(pl.from_arrow(table))
        except pl.exceptions.DuplicateError as error:
            twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
            raise QueryError(
                f"two columns are called {', '.join(twice)}, which polars cannot hold: rename one"
                " (AS)"
            ) from error
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise QueryError(f"polars cannot hold such values ({error}): cast them") from error

    def _relation(self) -> duckdb.DuckDBPyRelation:
        if self.made is not None:
            return self.made
        return self.con.sql(self.sql, params=dict(self.parameters))


def query(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Mapping[str, object] | None = None,
    limit: TimeLimit | None = None,
) -> Result:
    """Prepare one read-only query with its `$name` parameters bound.

    A parameter given as text is taken as a quoted literal would be: '2025-12-19' is a date where
    a date is needed. Raises QueryError, here or when the rows are fetched.
    """
    parameters = dict(parameters or {})
    _check_statement(con, sql)
    _check_parameters(con, sql, parameters)
    with _running(con, sql, limit) as do:
        relation = do(lambda: _bound(con, sql, parameters))
        if relation is None:
            raise QueryError("only queries can be run here, and this one gives no rows")
        columns, types = tuple(relation.columns), tuple(map(str, relation.types))
    made = None if con.extract_statements(sql)[0].type.name == "SELECT" else relation
    return Result(con, sql, parameters, columns, types, made, limit)


def _bound(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object]
) -> duckdb.DuckDBPyRelation | None:
    try:
        return con.sql(sql, params=parameters)
    except (duckdb.BinderException, duckdb.CatalogException):
        con.execute(sql, parameters)  # fails alike, and unlike `sql` says in which line
        raise


def _check_statement(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        check_statement(con, sql)
    except StatementError as error:
        raise QueryError(str(error)) from error
    except duckdb.Error as error:
        raise explained(error, con, sql) from error


def _check_parameters(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object]
) -> None:
    needed = con.extract_statements(sql)[0].named_parameters
    if missing := sorted(needed - parameters.keys()):
        if missing[0].isdigit():
            raise QueryError("parameters need names: write $name in the query, not ? or $1")
        raise QueryError("the query needs " + " and ".join(f"--param {n}=…" for n in missing))
    if excess := sorted(parameters.keys() - needed):
        has = " and ".join(f"${name}" for name in sorted(needed)) or "none"
        raise QueryError(f"the query has no parameter ${excess[0]}; it has {has}")


@contextmanager
def _running(
    con: duckdb.DuckDBPyConnection, sql: str, limit: TimeLimit | None
) -> Iterator[_Runner]:
    """A function that runs calls on `con` in a confined thread, so that this one can hear Ctrl-C.

    DuckDB does not look for signals while it computes; `interrupt` from another thread stops it.
    """
    with (
        limit.giving_up() if limit else nullcontext(),
        ThreadPoolExecutor(1, "query", initializer=confine, initargs=(_spill(con),)) as pool,
    ):
        pool.submit(bool).result()  # Ctrl-C while a thread starts would lose sight of its work

        def do(work: Callable[[], T], *, limited: bool = True) -> T:
            try:
                return pool.submit(work).result(limit.left if limit and limited else None)
            except duckdb.Error as error:
                raise explained(error, con, sql) from error
            except TimeoutError as error:
                assert limit
                _stop(con, pool)
                raise QueryError(limit.message) from error
            except BaseException:
                _stop(con, pool)
                raise

        yield do


def _spill(con: duckdb.DuckDBPyConnection) -> Path | None:
    """The folder that the connection may spill into."""
    (folder,) = con.cursor().execute("SELECT current_setting('temp_directory')").fetchall()[0]
    return Path(folder) if folder else None


def _stop(con: duckdb.DuckDBPyConnection, pool: ThreadPoolExecutor) -> None:
    """Interrupt what the pool's thread does, and wait for it."""
    # Ctrl-C may come before the work has a name here, but what is asked for next waits for it.
    behind = pool.submit(bool)
    while not behind.done():  # between two steps an interrupt is not heard
        con.interrupt()
        wait([behind], timeout=0.1)


def explained(error: duckdb.Error, con: duckdb.DuckDBPyConnection, sql: str) -> QueryError:
    """DuckDB's error as one line: the cause, near names for a wrong one, and the line it is in."""
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return _out_of_memory(con)
    cause = " ".join(HINTS.sub("", PLACE.sub("", KIND.sub("", text))).split())
    for pattern, kind in WRONG_NAMES:
        if wrong := re.search(pattern, cause):
            name = wrong[1].rstrip("!")
            cause = f'there is no {kind} "{name}"'
            names = [row[0] for row in con.execute(NAMES[kind]).fetchall()]
            if kind == "column" and name in names:
                places = [row[0] for row in con.execute(TABLES_WITH, [name]).fetchall()]
                cause += f" in the tables of this query; it is in {', '.join(places)}"
            elif near := difflib.get_close_matches(name.lower(), names, n=3):
                cause += f" (near: {', '.join(near)})"
            break
    if place := re.search(r"^LINE (\d+):", text, flags=re.MULTILINE):
        number = int(place[1])
        lines = sql.splitlines()
        if number <= len(lines):
            return QueryError(f"{cause}, in line {number}: {lines[number - 1].strip()}")
    return QueryError(cause)


def _out_of_memory(con: duckdb.DuckDBPyConnection) -> QueryError:
    (limit,) = con.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    spills = "" if _spill(con) else ", and cannot use the disk on this system"
    return QueryError(f"the query needs more than {limit} of memory{spills} (--memory allows more)")
