"""Bring an open warehouse up to date: tables, reference data, views and comments.

To add a column or a table: add it to its pandera model in `schemas/` (which also has its comment),
and write the next `migrations/NNNN_name.sql`. Each migration runs once; the table `meta.migrations`
of the warehouse records which have run. Views are in `views/`, see `nalssi.warehouse.views`.

Reference data, views and comments are compared on every opening and written only if they differ, so
that opening takes milliseconds.
"""

from __future__ import annotations

import duckdb

from nalssi.common.reference import FILES as REFERENCE_TABLES
from nalssi.common.reference import reference
from nalssi.quality import update_quality
from nalssi.warehouse.database_comments import renew_comments
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.feed_observations import update_feed_observations
from nalssi.warehouse.views import renew_views
from nalssi.warehouse.warehouse_version import (
    NotAWarehouseError,
    applied_migrations,
    migration_files,
    refuse_newer,
)
from schemas.contracts import TABLES, check


def migrate(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the open database up to date, in one transaction.

    Raises TooNewError if a newer nalssi wrote it, and NotAWarehouseError if tables are missing.
    """
    with transaction(con):
        create_tables(con)
        renew_comments(con)


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables, reference data and views that the open database lacks or has outdated.

    Call this in a transaction. It raises the same exceptions as `migrate`.
    """
    _migrate_tables(con)
    _check_tables(con)
    _renew_reference(con)
    renew_views(con)


def _migrate_tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA IF NOT EXISTS meta")
    con.execute(
        "CREATE TABLE IF NOT EXISTS meta.migrations"
        " (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
    )
    refuse_newer(con)
    files = migration_files()
    applied = applied_migrations(con)
    missing = files.keys() - applied
    for version in sorted(missing):
        path = files[version]
        con.execute(path.read_text(encoding="utf-8"))
        con.execute("INSERT INTO meta.migrations VALUES ($1, $2, now())", [version, path.stem])
    if missing and applied:  # a new database has no readings
        # These are computed from tables that a migration may have changed.
        update_quality(con, None)
        update_feed_observations(con)


def _check_tables(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
    missing = TABLES.keys() - {table for (table,) in rows.fetchall()}
    if missing:
        raise NotAWarehouseError(f"it lacks the tables {', '.join(sorted(missing))}")


def _renew_reference(con: duckdb.DuckDBPyConnection) -> None:
    for table in REFERENCE_TABLES:
        frame = reference(table)
        if not con.table(table).pl().equals(frame):
            con.execute(f"TRUNCATE {table}")
            con.from_arrow(check(table, frame).to_arrow()).insert_into(table)
