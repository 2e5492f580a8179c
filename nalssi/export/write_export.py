"""The function `export`: write selected readings in one of six formats.

To add a format, write a module like `geojson_export` and add it to `Format` and `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import duckdb

from nalssi.export.csv_export import is_csv_export, write_csv_export
from nalssi.export.dataset_export import is_dataset_export, write_dataset_export
from nalssi.export.duckdb_export import is_duckdb_export, write_duckdb_export
from nalssi.export.geojson_export import is_geojson_export, write_geojson_export
from nalssi.export.manifest import Manifest
from nalssi.export.parquet_export import is_parquet_export, write_parquet_export
from nalssi.export.replace_export import ExportError, replace_export
from nalssi.export.selection import Selection, newest_snapshot, open_selection
from nalssi.export.xlsx_export import is_xlsx_export, write_xlsx_export
from nalssi.warehouse import Warehouse
from schemas.vocabulary import USABLE_FLAGS

Format = Literal["parquet", "csv", "geojson", "duckdb", "dataset", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)

Writer = Callable[[duckdb.DuckDBPyConnection, Selection, Path, Path], Manifest]
"""A function that writes the selected readings to a temporary path, its third argument. The last
argument is the final path, which CSV needs for the name of the metadata file."""
WRITERS: dict[Format, tuple[Writer, Callable[[Path], bool]]] = {
    "parquet": (write_parquet_export, is_parquet_export),
    "csv": (write_csv_export, is_csv_export),
    "geojson": (write_geojson_export, is_geojson_export),
    "duckdb": (write_duckdb_export, is_duckdb_export),
    "dataset": (write_dataset_export, is_dataset_export),
    "xlsx": (write_xlsx_export, is_xlsx_export),
}
"""For each format, the function that writes it, and the function that recognises an earlier export.
"""


def export(
    warehouse: Warehouse,
    out: Path,
    form: Format,
    *,
    since: date | None = None,
    until: date | None = None,
    regions: Sequence[int] = (),
    stations: Sequence[int] = (),
    snapshot: str | None = None,
    flags: Sequence[int] | None = None,
) -> Manifest:
    """Write readings of the published copy to `out`, all or filtered, and return the manifest.

    `since` and `until` are Korean days, both included; they exclude readings without a day.
    `regions` and `stations` are numbers, `flags` are the quality flags to export; an empty sequence
    selects all. If `flags` is None, Parquet and DuckDB, which are copies, and a data set have all
    flags; CSV, GeoJSON and workbooks have the usable flags 1 and 2. `snapshot` is the id of the
    only snapshot to export. GeoJSON always has one snapshot: by default, the newest that has a
    selected reading.

    `out` is written atomically. An earlier export of the same format, or an empty folder, is
    replaced. Raises ExportError if `out` is anything else, if the filters select no reading or if
    writing fails, OSError if `out` cannot be created, ValueError for an impossible filter, and
    WarehouseError if there is no warehouse.
    """
    if out.is_symlink():
        out = out.resolve()  # replace the file that the link points to, not the link
    if flags is None and form in ("csv", "geojson", "xlsx"):
        flags = USABLE_FLAGS
    selection = Selection(
        since, until, _sorted(regions), _sorted(stations), snapshot, _sorted(flags)
    )
    if form == "geojson" and snapshot is None:
        selection = replace(selection, snapshot=newest_snapshot(warehouse, selection))
    write, is_export = WRITERS[form]
    with (
        open_selection(warehouse, selection) as con,
        replace_export(out, is_export) as temporary,
    ):
        try:
            return write(con, selection, temporary, out)
        except duckdb.IOException as error:  # for example a full disk
            raise ExportError(f"{out} cannot be written: {error}") from error


def _sorted(numbers: Sequence[int] | None) -> tuple[int, ...] | None:
    """Return the numbers sorted, each once; None, which selects all, for no numbers or None."""
    return tuple(sorted(set(numbers))) if numbers else None
