"""Which version a warehouse has: the number of the last migration that it went through.

Readers ask too, and start quickly: nothing here needs a dataframe library.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

OURS = """
    SELECT 1 FROM duckdb_tables()
    WHERE database_name = current_database()
        AND schema_name = 'meta' AND table_name = 'migrations'
"""
MIGRATIONS = Path(__file__).with_name("migrations")


class NotOursError(RuntimeError):
    """A database that no nalssi has made."""


class TooNewError(RuntimeError):
    """The warehouse was written by a newer nalssi than this one."""


def migrations() -> dict[int, Path]:
    """Number and file of every migration, in order."""
    return {int(path.name[:4]): path for path in sorted(MIGRATIONS.glob("[0-9]*.sql"))}


def applied(con: duckdb.DuckDBPyConnection) -> set[int]:
    """The migrations that the open warehouse went through; NotOursError if it is none."""
    if not con.execute(OURS).fetchone():
        raise NotOursError("it is no warehouse of nalssi")
    return {row[0] for row in con.execute("SELECT version FROM meta.migrations").fetchall()}


def refuse_newer(con: duckdb.DuckDBPyConnection) -> None:
    """Raise TooNewError when the open warehouse has a migration that this code does not know."""
    known = migrations()
    if unknown := applied(con) - known.keys():
        raise TooNewError(
            f"it has version {max(unknown)}, this nalssi knows {max(known)}: use a newer nalssi"
        )
