"""Open, check and copy DuckDB database files, and run transactions in them.

This module does not depend on the tables or on the warehouse folder: `warehouse_folder` has the
names of the files, and `migrate` creates the tables.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from nalssi.common.korea_time import KST_ZONE_NAME

STORAGE_VERSION = "v1.2.0"
"""The format of new database files. DuckDB 1.2 and all later versions can open it."""

_TABLES = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"


def attach(con: duckdb.DuckDBPyConnection, path: Path, options: str, name: str = "nalssi") -> None:
    """Attach a database file under a name, make it the default, and show instants in Korean time.

    `options` are options of DuckDB's ATTACH, such as `READ_ONLY`. Raises duckdb.IOException if the
    file cannot be opened, or if its format is too new.
    """
    quoted = str(path).replace("'", "''")  # ATTACH takes no parameters
    try:
        con.execute(f"ATTACH '{quoted}' AS {name} ({options})")
    except duckdb.InvalidInputException as error:  # DuckDB's error for a format that is too new
        raise duckdb.IOException(str(error)) from error
    con.execute(f"USE {name}")
    con.execute(f"SET TimeZone = '{KST_ZONE_NAME}'")


def check_file(path: Path) -> None:
    """Write a database file through to the disk, and read every row of it.

    Raises duckdb.Error if the file is damaged.
    """
    sync(path)
    with duckdb.connect() as con:
        attach(con, path, "READ_ONLY")
        read_every_row(con)


def read_every_row(con: duckdb.DuckDBPyConnection) -> None:
    """Read every row of the open database. Raises duckdb.Error if the file is damaged."""
    for (table,) in con.execute(_TABLES).fetchall():
        quoted = table.replace('"', '""')
        con.execute(f'SELECT first(COLUMNS(*)) FROM "{quoted}"').fetchall()  # noqa: S608  # quoted


def count_rows(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the number of rows of each table of the open database, by name."""
    tables = sorted(table for (table,) in con.execute(_TABLES).fetchall())
    return {table: con.table(table).count("*").fetchall()[0][0] for table in tables}


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run the block as one transaction: commit at its end, roll back if it raises."""
    con.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # after a fatal error there is no transaction to roll back
            con.rollback()
        raise
    con.commit()


def write_ahead_log(database: Path) -> Path:
    """Return the path of a database's write-ahead log.

    The log holds changes that DuckDB applies when it opens the database the next time.
    """
    return database.with_name(f"{database.name}.wal")


def sync(path: Path) -> None:
    """Write a file or folder through to the disk, so that it survives a power failure.

    Windows cannot do this for a folder, and for a file it needs the right to write.
    """
    if sys.platform == "win32" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
