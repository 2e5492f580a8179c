"""Comments of the warehouse: the meaning of every table, view and column, as `COMMENT ON` sets it.

To change a comment of a table, edit its pandera model in `schemas/`; of a view, its file in
`views/`. `renew_comments` copies the changes into a warehouse.
"""

from __future__ import annotations

import duckdb

from nalssi.warehouse.views import view_comments, view_names
from schemas.contracts import TABLES

Comments = dict[tuple[str, str | None], str]


def table_comments() -> Comments:
    """Return the comments of all tables and columns, by (table, column).

    The column is None for the comment of the table. Comments of columns include the unit.
    """
    comments: Comments = {}
    for table, model in TABLES.items():
        comments[table, None] = (model.__doc__ or "").strip()
        for name, column in model.to_schema().columns.items():
            unit = (column.metadata or {}).get("unit")
            comments[table, name] = f"{column.description} [{unit}]" if unit else column.description
    return comments


def renew_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Update the comments in the database that differ from the models and the view files."""
    present = _present_comments(con)
    statements = []
    for (name, column), comment in (table_comments() | view_comments()).items():
        if present.get((name, column)) != comment:
            kind = "VIEW" if name in view_names() else "TABLE"
            what = f'COLUMN {name}."{column}"' if column else f"{kind} {name}"
            quoted = comment.replace("'", "''")  # the statement takes no parameters
            statements.append(f"COMMENT ON {what} IS '{quoted}'")
    con.execute(";".join(statements))


def _present_comments(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str | None], str | None]:
    rows = con.execute(
        "SELECT table_name, NULL, comment FROM duckdb_tables() WHERE schema_name = 'main'"
        " UNION ALL SELECT view_name, NULL, comment FROM duckdb_views() WHERE schema_name = 'main'"
        " UNION ALL"
        " SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main'"
    ).fetchall()
    return {(name, column): comment for name, column, comment in rows}
