"""Export as a workbook (xlsx): a sheet with a row for each reading, its columns, and its source.

The sheet `columns` has the meaning of the columns, which `exported_columns.sql` lists. The sheet
`about` is the manifest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from nalssi.common.workbook import Sheet, WorkbookError, about_sheet, generator_of, write_workbook
from nalssi.export.manifest import GENERATOR, Manifest
from nalssi.export.replace_export import ExportError
from nalssi.export.selection import ORDER, Selection, count_excluded, count_rows, exported_columns

BATCH_ROWS = 10_000
"""The number of rows that are fetched at a time."""


def write_xlsx_export(
    con: duckdb.DuckDBPyConnection, selection: Selection, temporary: Path, out: Path
) -> Manifest:
    """Write the selected readings to the file `temporary`, and return the manifest.

    `con` is the connection that `open_selection` yields for `selection`. Raises ExportError if
    there are more readings than a sheet has rows; the message names `out`, the final path.
    """
    readings = con.table("exported_readings")
    rows = {"readings": count_rows(readings)}
    manifest = Manifest.create("xlsx", selection, rows, count_excluded(con))
    sheets = [
        Sheet("readings", readings.columns, _rows(con)),
        Sheet("columns", ("column", "meaning"), exported_columns().items.items()),
        about_sheet(facts(manifest.as_dict())),
    ]
    try:
        write_workbook(str(temporary), sheets, manifest.generator)
    except WorkbookError as error:
        raise ExportError(f"{out}: {error}") from error
    return manifest


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    con.execute(f"FROM exported_readings ORDER BY {ORDER}")
    while batch := con.fetchmany(BATCH_ROWS):
        yield from batch


def facts(about: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the rows (key, value) of the sheet `about` for a manifest.

    A value that is a dictionary has a row for each of its keys, such as `left_out flag_4`.
    """
    for name, value in about.items():
        if isinstance(value, dict):
            yield from ((f"{name} {part}", content) for part, content in value.items())
        else:
            yield name, value


def is_xlsx_export(path: Path) -> bool:
    """Return whether nalssi wrote this workbook: its properties have the generator."""
    return generator_of(path).startswith(f"{GENERATOR} ")
