"""Turn a warehouse of this version into one that an older nalssi has written."""

from __future__ import annotations

import duckdb

from nalssi.warehouse import Warehouse
from nalssi.warehouse.views import view_names

TABLES_WITH_SNAPSHOTS = ("snapshots", "sightings", "readings", "quality", "reconciliations")
OLD_DOCUMENT_ID = "translate(left({0}, 1), 'abcdef', '012345') || substr({0}, 2)"  # one of several


def downgrade(warehouse: Warehouse, version: int) -> None:
    """Give the database the tables and ids of an older version, and no view."""
    with duckdb.connect(str(warehouse.database)) as con:
        for view in view_names():
            con.execute(f"DROP VIEW {view}")
        con.execute("TRUNCATE meta.views")
        con.execute("DELETE FROM meta.migrations WHERE version > $1", [version])
        con.execute("DELETE FROM observations WHERE source <> 'portal'")
        con.execute("ALTER TABLE observations DROP COLUMN source")
        con.execute("DROP TABLE meta.changed_hours")
        if version >= 4:
            return
        con.execute("CREATE TEMP TABLE now AS FROM conclusions")
        con.execute("DROP TABLE conclusions")
        con.execute("DROP TABLE repeated_lists")
        for table, column in (
            ("documents", "document_id"),
            ("sightings", "document_id"),
            ("rejects", "document_id"),
            ("sightings", "load_id"),
            ("loads", "load_id"),
        ):
            con.execute(f"UPDATE {table} SET {column} = {OLD_DOCUMENT_ID.format(column)}")
        # Version 2 put the day before the digest, which version 1 had alone.
        day = "strftime(observed_on, '%y%j')" if version > 1 else "''"
        undated = "snapshot_id" if version > 1 else "substr(snapshot_id, 2) || '0'"
        con.execute(
            "CREATE TEMP TABLE ids AS SELECT snapshot_id, CASE"
            f" WHEN observed_on IS NOT NULL THEN rpad({day} || substr(snapshot_id, 6), 16, '0')"
            f" ELSE {undated} END AS old_id FROM snapshots"
        )
        for table in TABLES_WITH_SNAPSHOTS:
            con.execute(
                f"UPDATE {table} SET snapshot_id = old_id"
                f" FROM ids WHERE {table}.snapshot_id = ids.snapshot_id"
            )
        if version > 2:
            con.execute(
                "CREATE TABLE conclusions (snapshot_id VARCHAR NOT NULL, observed_on DATE,"
                " observed_at TIMESTAMPTZ, hour_source VARCHAR, usable SMALLINT NOT NULL,"
                " unusable SMALLINT[] NOT NULL)"
            )
            con.execute(
                "INSERT INTO conclusions SELECT old_id, day, observed_at,"
                " replace(hour_source, 'official', 'reconciled'), usable, unusable"
                " FROM now JOIN ids USING (snapshot_id)"
            )
