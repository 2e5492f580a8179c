"""Run a user's SQL on the published copy: read-only queries with named parameters.

Two barriers keep a query from changing anything, and from reading anything but the published copy.
`check_statement` checks the content of the query. `Warehouse.reader` cuts its connection off from
files, network, extensions and configuration. Where the system allows it, a query's threads can
write only to its spill folder.

This module imports a dataframe library only when a frame is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import duckdb

from nalssi.warehouse.check_statement import StatementError, check_statement
from nalssi.warehouse.landlock import confine
from nalssi.warehouse.query_errors import QueryError, explain_error, spill_folder_of
from nalssi.warehouse.query_limits import TimeLimit

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

__all__ = ["QueryError", "Result", "query"]

Row = tuple[Any, ...]
T = TypeVar("T")

BATCH_ROWS = 10_000
"""The number of rows of a result that are fetched at a time."""


class _Runner(Protocol):
    def __call__(self, work: Callable[[], T], *, limited: bool = True) -> T: ...


@dataclass(frozen=True)
class Result:
    """A query that is ready to run: its columns with their DuckDB types, and ways to get its rows.

    `batches`, `record_batches` and `frame` each run the query, unless `complete_result` has its
    rows. They do so in a thread of its own, so that Ctrl-C interrupts the query.
    """

    con: duckdb.DuckDBPyConnection
    sql: str
    parameters: Mapping[str, object]
    columns: tuple[str, ...]
    types: tuple[str, ...]
    complete_result: duckdb.DuckDBPyRelation | None = None
    """The rows of the result, if DuckDB had to run the whole query to find out its columns."""
    limit: TimeLimit | None = None

    def batches(self) -> Iterator[list[Row]]:
        """Yield the rows as tuples of Python values, in lists of at most BATCH_ROWS rows.

        A complete result is one list.
        """
        with _running(self.con, self.sql, self.limit) as run:
            if self.complete_result is not None:
                if rows := run(self.complete_result.fetchall):
                    yield rows
                return
            try:
                run(lambda: self.con.execute(self.sql, dict(self.parameters)))
                while rows := run(lambda: self.con.fetchmany(BATCH_ROWS)):
                    yield rows
            finally:
                # Rows that nobody has fetched would block the connection.
                run(self.con.abort, limited=False)

    def record_batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as Arrow batches. The first batch is empty and has the schema."""
        import pyarrow as pa

        with _running(self.con, self.sql, self.limit) as run:
            reader = run(lambda: self._relation().to_arrow_reader(BATCH_ROWS))
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            while (batch := run(lambda: next(reader, None))) is not None:
                yield batch

    def frame(self) -> pl.DataFrame:
        """Return all rows as a polars frame. Raises QueryError if polars cannot hold them."""
        import polars as pl

        with _running(self.con, self.sql, self.limit) as run:
            table = run(lambda: self._relation().to_arrow_table())
        # Convert outside the confined thread: polars would start its threads there, and they could
        # never write a file.
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
        if self.complete_result is not None:
            return self.complete_result
        return self.con.sql(self.sql, params=dict(self.parameters))


def query(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Mapping[str, object] | None = None,
    limit: TimeLimit | None = None,
) -> Result:
    """Prepare the query `sql` with values for its `$name` parameters. It must be read-only.

    A value given as text works as a quoted literal would: '2025-12-19' is a date where a date is
    needed. `limit` is the time that the query may take (None: no limit). Raises QueryError, here or
    when the rows are fetched.
    """
    parameters = dict(parameters or {})
    _check_statement(con, sql)
    _check_parameters(con, sql, parameters)
    with _running(con, sql, limit) as run:
        relation = run(lambda: _bind(con, sql, parameters))
        if relation is None:
            raise QueryError("only queries can be run here, and this one gives no rows")
        columns, types = tuple(relation.columns), tuple(map(str, relation.types))
    is_lazy = con.extract_statements(sql)[0].type.name == "SELECT"
    return Result(con, sql, parameters, columns, types, None if is_lazy else relation, limit)


def _bind(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object]
) -> duckdb.DuckDBPyRelation | None:
    try:
        return con.sql(sql, params=parameters)
    except (duckdb.BinderException, duckdb.CatalogException):
        # `execute` fails in the same way, but its message has the line of the query.
        con.execute(sql, parameters)
        raise


def _check_statement(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        check_statement(con, sql)
    except StatementError as error:
        raise QueryError(str(error)) from error
    except duckdb.Error as error:
        raise explain_error(error, con, sql) from error


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
    """Yield a function that runs calls on `con` in a confined thread, within the time limit.

    Errors of DuckDB about the query `sql`, and the end of the time, become QueryError.
    DuckDB ignores signals while it computes. This thread waits for the other one, so it receives
    Ctrl-C and stops DuckDB with `interrupt`.
    """
    with (
        limit.giving_up() if limit else nullcontext(),
        ThreadPoolExecutor(
            1, "query", initializer=confine, initargs=(spill_folder_of(con),)
        ) as pool,
    ):
        # Start the thread now. Ctrl-C while it starts with the first call would lose that call.
        pool.submit(bool).result()

        def run(work: Callable[[], T], *, limited: bool = True) -> T:
            try:
                return pool.submit(work).result(limit.left if limit and limited else None)
            except duckdb.Error as error:
                raise explain_error(error, con, sql) from error
            except TimeoutError as error:
                assert limit
                _interrupt(con, pool)
                raise QueryError(limit.message) from error
            except BaseException:
                _interrupt(con, pool)
                raise

        yield run


def _interrupt(con: duckdb.DuckDBPyConnection, pool: ThreadPoolExecutor) -> None:
    """Interrupt the call that the pool's thread runs, and wait until it has ended."""
    # The call's future may be lost, if Ctrl-C came before it was assigned. A new task in the queue
    # begins when the call has ended.
    next_task = pool.submit(bool)
    while not next_task.done():  # repeat, because DuckDB ignores an interrupt between two steps
        con.interrupt()
        wait([next_task], timeout=0.1)
