"""Bring an open warehouse up to date: its tables, its comments, its reference facts.

`migrations/NNNN_*.sql` are applied once each, in order; `meta.migrations` inside the database
says which. What comes from the schemas (comments) and from `data/reference/` is compared on
every opening and written only where it differs, so that opening costs milliseconds.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from nalssi.reference import FILES as REFERENCE_TABLES
from nalssi.reference import reference
from nalssi.warehouse.comments import renew_comments
from nalssi.warehouse.views import renew_views
from schemas.contracts import check

MIGRATIONS = Path(__file__).with_name("migrations")


class TooNewError(RuntimeError):
    """The warehouse was written by a newer nalssi than this one."""


def migrations() -> dict[int, Path]:
    """Number and file of every migration, in order."""
    return {int(path.name[:4]): path for path in sorted(MIGRATIONS.glob("[0-9]*.sql"))}


def migrate(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the open database up to date, in one transaction.

    Raises TooNewError when it has a migration that this code does not know.
    """
    con.begin()
    try:
        _renew_tables(con)
        _renew_reference(con)
        renew_views(con)
        renew_comments(con)
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _renew_tables(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA IF NOT EXISTS meta")
    con.execute(
        "CREATE TABLE IF NOT EXISTS meta.migrations"
        " (version INTEGER NOT NULL, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
    )
    applied = {row[0] for row in con.execute("SELECT version FROM meta.migrations").fetchall()}
    known = migrations()
    if unknown := applied - known.keys():
        raise TooNewError(
            f"it has version {max(unknown)}, this nalssi knows {max(known)}: use a newer nalssi"
        )
    for version, path in known.items():
        if version not in applied:
            con.execute(path.read_text(encoding="utf-8"))
            con.execute("INSERT INTO meta.migrations VALUES ($1, $2, now())", [version, path.stem])


def _renew_reference(con: duckdb.DuckDBPyConnection) -> None:
    for table in REFERENCE_TABLES:
        frame = reference(table)
        if not con.table(table).pl().equals(frame):
            con.execute(f"TRUNCATE {table}")
            con.from_arrow(check(table, frame).to_arrow()).insert_into(table)
