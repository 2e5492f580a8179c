"""Bring an open warehouse up to date: its tables, its comments, its reference facts.

`migrations/NNNN_*.sql` are applied once each, in order; `meta.migrations` inside the database
says which. What comes from the schemas (comments) and from `schemas/reference/` is compared on
every opening and written only where it differs, so that opening costs milliseconds.
"""

from __future__ import annotations

import duckdb

from nalssi.common.reference import FILES as REFERENCE_TABLES
from nalssi.common.reference import reference
from nalssi.quality import update_snapshot_summary
from nalssi.warehouse.database_comments import renew_comments
from nalssi.warehouse.views import renew_views
from nalssi.warehouse.warehouse_folder import transaction
from nalssi.warehouse.warehouse_version import applied, migrations, refuse_newer
from schemas.contracts import check


def migrate(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the open database up to date, in one transaction.

    Raises TooNewError when it has a migration that this code does not know.
    """
    with transaction(con):
        _renew_tables(con)
        _renew_reference(con)
        renew_views(con)
        renew_comments(con)


def _renew_tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA IF NOT EXISTS meta")
    con.execute(
        "CREATE TABLE IF NOT EXISTS meta.migrations"
        " (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
    )
    refuse_newer(con)
    missing = migrations().keys() - applied(con)
    for version in sorted(missing):
        path = migrations()[version]
        con.execute(path.read_text(encoding="utf-8"))
        con.execute("INSERT INTO meta.migrations VALUES ($1, $2, now())", [version, path.stem])
    if missing:
        update_snapshot_summary(con)  # it follows from the other tables, whatever they were


def _renew_reference(con: duckdb.DuckDBPyConnection) -> None:
    for table in REFERENCE_TABLES:
        frame = reference(table)
        if not con.table(table).pl().equals(frame):
            con.execute(f"TRUNCATE {table}")
            con.from_arrow(check(table, frame).to_arrow()).insert_into(table)
