"""Read published copies of older versions through today's views.

A published copy is upgraded only when the next load replaces it. Until then it may lack tables that
today's views use. `NNNN.sql` creates temporary views in place of the tables that version NNNN, and
the versions before it, lack. DuckDB finds them before the tables of the copy. Ids keep the form of
the older version, and intervals and captures are not concluded.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from nalssi.warehouse.warehouse_version import applied_migrations


def read_older_copy(con: duckdb.DuckDBPyConnection) -> None:
    """Create what a copy of an older version lacks; do nothing for a copy of this version."""
    version = max(applied_migrations(con), default=0)
    files = {int(file.stem): file for file in Path(__file__).parent.glob("[0-9]*.sql")}
    if newer := [number for number in files if number >= version]:
        con.execute(files[min(newer)].read_text(encoding="utf-8"))
