"""Export as CSV: one file for spreadsheets, with a row for each reading.

`exported_columns.sql` lists the columns and their meaning. A second file beside the CSV file,
`….csv-metadata.json`, describes the columns as CSV on the Web metadata and contains the manifest. A
file named `….csv.gz` is compressed. Texts that a spreadsheet would run as a formula are escaped
(`nalssi.common.spreadsheet`).
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb
from duckdb import (
    CaseExpression,
    ColumnExpression,
    ConstantExpression,
    Expression,
    FunctionExpression,
)
from duckdb.sqltypes import DuckDBPyType

from nalssi.common.decompression import READ_ERRORS
from nalssi.common.korea_time import KST_OFFSET
from nalssi.common.spreadsheet import BOM, FORMULA_PATTERN
from nalssi.export.manifest import Manifest, is_manifest, read_json, write_json
from nalssi.export.replace_export import replace_export
from nalssi.export.selection import ORDER, Selection, count_excluded, count_rows, exported_columns

SAFE_TEXT_COLUMNS = frozenset({
    "snapshot_id", "hour_source", "clock_source", "name_ko", "name_en", "condition",
    "station_source", "failed",
})  # fmt: skip
"""The columns whose texts nalssi writes itself: ids, codes and KMA's names. Only other text columns
are searched for formulas, because the search takes a third of the time of an export."""
DATATYPES = {"DATE": "date", "DOUBLE": "decimal", "SMALLINT": "integer", "TINYINT": "integer"}
"""The data types of CSV on the Web by DuckDB type. Columns of other types are strings."""
MAX_HEAD_LENGTH = 2**16
"""The number of characters that are read to get the CSV header; the names of all columns are
shorter."""


def write_csv_export(
    con: duckdb.DuckDBPyConnection, selection: Selection, temporary: Path, out: Path
) -> Manifest:
    """Write the selected readings to the file `temporary`, and return the manifest.

    The metadata file is written beside `out`, the final path of the export. `con` is the connection
    that `open_selection` yields for `selection`.
    """
    readings = con.table("exported_readings")
    manifest = Manifest.create(
        "csv", selection, {"readings": count_rows(readings)}, count_excluded(con)
    )
    cells = [_cell(*column) for column in zip(readings.columns, readings.types, strict=True)]
    cells[0] = cells[0].alias(BOM + readings.columns[0])  # DuckDB does not write the mark itself
    readings.order(ORDER).select(*cells).write_csv(str(temporary))
    with replace_export(metadata_file(out), _is_metadata) as file:
        write_json(file, _metadata(readings, out.name, manifest))
    return manifest


def _cell(name: str, type_: DuckDBPyType) -> Expression:
    """Return a DuckDB expression for the CSV cells of the column `name`, whose type is `type_`.

    Times get their UTC offset, lists are joined by spaces, and formulas are escaped.
    """
    column: Expression = ColumnExpression(name)
    if str(type_).startswith("TIMESTAMP"):
        form = ConstantExpression(f"%Y-%m-%dT%H:%M:%S{KST_OFFSET}")
        return FunctionExpression("strftime", column, form).alias(name)
    if str(type_) == "VARCHAR[]":
        column = FunctionExpression("array_to_string", column, ConstantExpression(" ")).alias(name)
    if name in SAFE_TEXT_COLUMNS or not str(type_).startswith("VARCHAR"):
        return column
    is_formula = FunctionExpression("regexp_matches", column, ConstantExpression(FORMULA_PATTERN))
    escaped = FunctionExpression("concat", ConstantExpression("'"), column)
    return CaseExpression(is_formula, escaped).otherwise(column).alias(name)


def _metadata(
    readings: duckdb.DuckDBPyRelation, name: str, manifest: Manifest
) -> dict[str, object]:
    """Return CSV on the Web metadata for the CSV file `name`, with the manifest as a note.

    The format is https://www.w3.org/TR/tabular-metadata/.
    """
    columns: list[dict[str, object]] = []
    for column, type_ in zip(readings.columns, map(str, readings.types), strict=True):
        described: dict[str, object] = {
            "name": column,
            "titles": column,
            "dc:description": exported_columns().items[column],
        }
        if type_ == "VARCHAR[]":
            described["separator"] = " "
        elif type_.startswith("TIMESTAMP"):
            described["datatype"] = "dateTime"
        else:
            described["datatype"] = DATATYPES.get(type_, "string")
        columns.append(described)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:description": exported_columns().comment,
        "dc:rights": f"{manifest.attribution}; {manifest.attribution_en}",
        "tableSchema": {"columns": columns},
        "notes": [manifest.as_dict()],
    }


def metadata_file(csv: Path) -> Path:
    """Return the path of the metadata file of the CSV export `csv`."""
    return csv.with_name(f"{csv.name}-metadata.json")


def is_csv_export(path: Path) -> bool:
    """Return whether nalssi wrote this CSV file.

    The metadata file beside it must have a manifest and describe its columns: another program may
    have replaced the CSV file. The columns of this version are accepted too, because an export by
    another version may have been killed after it wrote its metadata.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig") as file:
            head = file.readline(MAX_HEAD_LENGTH).rstrip()
    except (*READ_ERRORS, UnicodeError):
        return False
    metadata = read_json(metadata_file(path))
    known = {*_column_names(metadata), *exported_columns().items}
    return _has_manifest(metadata) and known.issuperset(head.split(","))


def _is_metadata(path: Path) -> bool:
    return _has_manifest(read_json(path))


def _has_manifest(metadata: Any) -> bool:
    match metadata:
        case {"notes": [*notes]}:
            return any(map(is_manifest, notes))
    return False


def _column_names(metadata: Any) -> list[str]:
    match metadata:
        case {"tableSchema": {"columns": [*columns]}}:
            return [str(column.get("name")) for column in columns if isinstance(column, dict)]
    return []
