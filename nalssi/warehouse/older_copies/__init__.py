"""Read published copies of older versions through today's views.

A published copy is upgraded only when the next load replaces it. Until then it may lack tables or
columns that today's views use. The file `NNNN_table.sql` creates a temporary view in place of a
table. It applies to copies of version NNNN and of the versions before it, down to the version of
the next file for the same table. DuckDB finds the temporary view before the table of the copy. Ids
keep the form of the older version, and the conclusions that the older version did not draw
(intervals and captures) are missing.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from nalssi.warehouse.warehouse_version import applied_migrations


def read_older_copy(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary views that an attached copy of an older version needs.

    Does nothing for a copy of this version.
    """
    version = max(applied_migrations(con), default=0)
    views: dict[str, Path] = {}
    for path in sorted(Path(__file__).parent.glob("[0-9]*.sql"), reverse=True):
        number, _, table = path.stem.partition("_")
        if int(number) >= version:
            views[table] = path  # the oldest file that is still for this version
    for path in views.values():
        con.execute(path.read_text(encoding="utf-8"))
