"""Generate the data dictionary, `docs/data-dictionary.md`: the columns of every table and view.

The sources are the pandera models and the view files, from which the warehouse and its comments are
also made. `python -m tools.data_dictionary` regenerates the page.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from nalssi.common.paths import CHECKOUT
from nalssi.export.selection import exported_columns
from nalssi.warehouse.named_queries import named_queries
from nalssi.warehouse.views import view_names
from nalssi.warehouse.warehouse_folder import Warehouse
from schemas.contracts import TABLES

PAGE = CHECKOUT / "docs" / "data-dictionary.md"
INTRODUCTION = """\
# Data dictionary

All tables and views of the warehouse. The warehouse has the same text as comments; read them with
`SELECT table_name, column_name, comment FROM duckdb_columns()`. `make docs` writes this page from
the contracts in `schemas/` and the files in `nalssi/warehouse/views/` and `queries/`.

An id has 16 hex digits, the first of them a letter: no program reads an id as a number. It is a
digest of the content, so equal things have equal ids (that of a load is random). The id of
a snapshot begins with its day, so tables sorted by snapshot can be read by day. Days are days in
Korea (KST), instants are `TIMESTAMP WITH TIME ZONE`, and units are in brackets. There are no
primary keys; **Unique** names the columns in which no two rows are equal.
"""
PARAMETERS = """\
`--param` sets the value of any `$PARAMETER` in a query. The value works as text in quotes would:
where the query needs a date or a number, it is one. If that is ambiguous, cast it:
`$PARAMETER::INT`. Parameters must have names, so `?` and `$1` are refused.
"""
EXPORT_INTRODUCTION = """\
The columns of readings in CSV, GeoJSON and Parquet [exports](export.md). The file
`nalssi/export/exported_columns.sql` defines them.
"""


def dictionary() -> str:
    """Return the text of the data dictionary, generated from a temporary warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder))
        with warehouse.writer():
            pass
        with warehouse.reader() as con:
            return "\n".join(_page(con))


def _page(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield INTRODUCTION
    yield "## Tables\n"
    for table, model in TABLES.items():
        unique = model.to_schema().unique or [
            name for name, column in model.to_schema().columns.items() if column.unique
        ]
        yield from _entry(con, table)
        if unique:
            alone = " and ".join(f"`{name}`" for name in unique)
            together = ", together" if model.to_schema().unique else ""
            yield f"Unique: {alone}{together}.\n"
    yield "## Views\n"
    for view in view_names():
        yield from _entry(con, view)
    yield "## Named queries\n"
    yield "`nalssi sql --named NAME --param PARAMETER=VALUE`\n"
    yield PARAMETERS
    yield "| name | answers | parameters |\n| --- | --- | --- |"
    for query in named_queries():
        parameters = "; ".join(f"`{name}`: {text}" for name, text in query.parameters.items())
        yield f"| `{query.name}` | {query.description} | {parameters} |"
    yield from _exported_columns()
    yield ""


def _exported_columns() -> Iterator[str]:
    yield "\n## Exported readings\n"
    yield EXPORT_INTRODUCTION
    yield "| column | meaning |\n| --- | --- |"
    for column, meaning in exported_columns().items.items():
        yield f"| `{column}` | {meaning} |"


def _entry(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    (comment,) = con.execute(
        "SELECT comment FROM duckdb_tables() WHERE table_name = $1"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE view_name = $1",
        [name],
    ).fetchall()[0]
    columns = con.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns()"
        " WHERE table_name = $1 ORDER BY column_index",
        [name],
    ).fetchall()
    yield f"### {name}\n\n{comment}\n"
    nulls = name in TABLES  # a view's columns may always be null, as far as DuckDB knows
    yield (
        "| column | type | null |  |\n| --- | --- | --- | --- |"
        if nulls
        else ("| column | type |  |\n| --- | --- | --- |")
    )
    for column, type_, nullable, meaning in columns:
        null = f" {'yes' if nullable else 'no'} |" if nulls else ""
        yield f"| `{column}` | {type_} |{null} {meaning} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")
