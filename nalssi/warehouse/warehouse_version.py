"""The version of a warehouse: the number of the last migration that was applied to it.

Readers use this module too. It imports no dataframe library, so that they start quickly.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

MIGRATIONS_FOLDER = Path(__file__).with_name("migrations")

_HAS_MIGRATIONS = """
    SELECT 1 FROM duckdb_tables()
    WHERE database_name = current_database()
        AND schema_name = 'meta' AND table_name = 'migrations'
"""


class NotAWarehouseError(RuntimeError):
    """The database was not made by nalssi, or tables of it are missing."""


class TooNewError(RuntimeError):
    """The warehouse was written by a newer nalssi than this one."""


def migration_files() -> dict[int, Path]:
    """Return the number and file of every migration that this code knows, in order."""
    return {int(path.name[:4]): path for path in sorted(MIGRATIONS_FOLDER.glob("[0-9]*.sql"))}


def applied_migrations(con: duckdb.DuckDBPyConnection) -> set[int]:
    """Return the numbers of the migrations that were applied to the open warehouse.

    Raises NotAWarehouseError if the database has no record of migrations.
    """
    if not con.execute(_HAS_MIGRATIONS).fetchone():
        raise NotAWarehouseError("it is not a warehouse of nalssi")
    return {row[0] for row in con.execute("SELECT version FROM meta.migrations").fetchall()}


def refuse_newer(con: duckdb.DuckDBPyConnection) -> None:
    """Raise TooNewError if the open warehouse has a migration that this code does not know."""
    known = migration_files()
    if unknown := applied_migrations(con) - known.keys():
        raise TooNewError(
            f"it has version {max(unknown)}, this nalssi knows {max(known)}: use a newer nalssi"
        )
