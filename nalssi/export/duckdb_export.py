"""Export as a DuckDB file that DuckDB 1.2 and later open.

The file has the tables, views and comments of a warehouse, with the rows that belong to the
selected readings. The table `about` is the manifest.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from nalssi.export.manifest import Manifest, is_manifest
from nalssi.export.selection import (
    CONCLUDED_TABLES,
    FACT_TABLES,
    Selection,
    count_excluded,
    count_rows,
    selected_rows,
)
from nalssi.warehouse.database_file import STORAGE_VERSION, attach


def write_duckdb_export(
    con: duckdb.DuckDBPyConnection, selection: Selection, temporary: Path, _: Path
) -> Manifest:
    """Write the selected readings, and the rows of other tables that belong to them.

    They are written to the DuckDB file `temporary`. Returns the manifest. `con` is the connection
    that `open_selection` yields for `selection`.
    """
    _create_empty_warehouse(temporary)
    attach(con, temporary, "READ_WRITE", "exported")
    con.execute("USE nalssi")
    rows = {}
    for table in FACT_TABLES:
        relation = selected_rows(con, selection, table)
        rows[table] = count_rows(relation)
        relation.insert_into(f"exported.{table}")
    # The views need the conclusions. They cannot be drawn again from the exported rows: their
    # evidence may be outside of the selection.
    for table in CONCLUDED_TABLES:
        selected_rows(con, selection, table).insert_into(f"exported.{table}")
    manifest = Manifest.create("duckdb", selection, rows, count_excluded(con))
    con.execute("CREATE TABLE exported.about (name VARCHAR NOT NULL, value VARCHAR NOT NULL)")
    con.execute("COMMENT ON TABLE exported.about IS 'What this export is and leaves out.'")
    entries = [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in manifest.as_dict().items()
    ]
    con.executemany("INSERT INTO exported.about VALUES ($1, $2)", entries)
    con.execute("DETACH exported")
    return manifest


def _create_empty_warehouse(path: Path) -> None:
    """Create a DuckDB file with a warehouse's tables and views; only reference tables have rows."""
    from nalssi.warehouse.migrate import migrate

    with duckdb.connect() as con:
        attach(con, path, f"STORAGE_VERSION '{STORAGE_VERSION}'")
        migrate(con)


def is_duckdb_export(path: Path) -> bool:
    """Return whether nalssi wrote this DuckDB file: it has a manifest."""
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            return is_manifest(dict(con.execute("FROM about").fetchall()))
    except duckdb.Error:
        return False
