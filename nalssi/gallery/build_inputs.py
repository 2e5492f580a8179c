"""A digest of everything on which a gallery depends. If it is unchanged, a build ends at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from nalssi.gallery.code_version import source_digest
from nalssi.gallery.input_digest import input_digest
from nalssi.gallery.month_archives import archive_months
from nalssi.gallery.publication import Publication
from nalssi.locale.locales import Lang

_TABLES: Final = """
SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL
"""
_DIGEST: Final = 'SELECT count(*), sum(hash(t)) FROM "{schema}"."{table}" AS t'


def build_inputs(
    con: duckdb.DuckDBPyConnection,
    charts_folder: Path,
    lang: Sequence[Lang],
    publication: Publication,
    days: Sequence[date] = (),
) -> str:
    """Return a digest of the warehouse, the charts, the options, the open days and the code.

    All rows of all tables are in it. `charts_folder` is the folder of chart files. `days` are the
    open days. A new version of DuckDB may compute other hashes; then the next build is a full one.
    """
    return input_digest(
        (
            source_digest(),
            list(_table_digests(con)),
            list(chart_files(charts_folder)),
            list(lang),
            publication,
            list(days),
            archive_months(),
        )
    )


def _table_digests(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    for schema, table in con.execute(_TABLES).fetchall():
        rows = con.execute(_DIGEST.format(schema=schema, table=table)).fetchone()
        yield f"{schema}.{table}", repr(rows)


def chart_files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield path (`<kind>/<file name>`), size in bytes and time (ns) of each chart file."""
    for file in sorted(folder.glob("*/*")):
        status = file.stat()
        yield f"{file.parent.name}/{file.name}", status.st_size, status.st_mtime_ns
