"""Write a selection in one of four formats.

- `parquet`: a folder. `readings/` has the columns of `export_columns.sql` and `year` (KST), in a
  folder for each year and one for the undated; every other table of the warehouse stands beside it
  in its own columns, the observations by year too; `about.json` tells whose data it is and what
  was left out. Without filters it holds all that `import_export` needs.
- `csv`: the flat table as one file for spreadsheets (`nalssi.common.spreadsheet`; named `….csv.gz`,
  compressed), with its columns' meaning, units and the account of the export beside it as CSV on
  the Web metadata (`….csv-metadata.json`).
- `geojson`: one snapshot, the latest unless another is asked for, as points (RFC 7946).
- `duckdb`: one file that DuckDB 1.2 and later open: tables, views and comments as in the
  warehouse, with what belongs to the selected readings, and the account in the table `about`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb
from duckdb import (
    CaseExpression,
    ColumnExpression,
    ConstantExpression,
    Expression,
    FunctionExpression,
)
from duckdb.sqltypes import DuckDBPyType

from nalssi.common.korea_time import KST_OFFSET
from nalssi.common.spreadsheet import BOM, FORMULA_PATTERN
from nalssi.export.manifest import ABOUT, BY_YEAR, About
from nalssi.export.recognize import (
    PARQUET_TABLES,
    is_our_csv,
    is_our_database,
    is_our_folder,
    is_our_geojson,
    is_our_metadata,
    metadata_of,
)
from nalssi.export.replace_target import ExportError, placing
from nalssi.export.selection import (
    FACTS,
    Selection,
    flat,
    kept,
    latest_snapshot,
    left_out,
    opened,
)
from nalssi.quality import update_snapshot_summary
from nalssi.warehouse import Warehouse
from nalssi.warehouse.result_formats import jsonable
from nalssi.warehouse.warehouse_folder import STORAGE_VERSION, attach
from schemas.vocabulary import FLAG_GOOD, FLAG_NOT_EVALUATED

Format = Literal["parquet", "csv", "geojson", "duckdb"]
FORMATS: tuple[Format, ...] = get_args(Format)
USABLE = (FLAG_GOOD, FLAG_NOT_EVALUATED)
ORDER = "observed_on, observed_at, snapshot_id, station_id"
NO_YEAR = "year=__HIVE_DEFAULT_PARTITION__"
"""The folder in which DuckDB puts the rows without a year."""
OURS = frozenset({
    "snapshot_id", "hour_source", "name_ko", "name_en", "condition", "station_source", "failed",
})  # fmt: skip
"""Columns whose text is ours: ids, codes and KMA's names. No page can put a formula there, and to
look for one in every column takes a third of the time of a CSV export."""
CSV_TYPES = {"DATE": "date", "DOUBLE": "decimal", "SMALLINT": "integer", "TINYINT": "integer"}


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
) -> About:
    """Write what the published copy holds to `out`, whole or filtered; the account of it.

    `since` and `until` are days (KST), both included; a reading whose day isn't known is in no
    period. `regions` and `stations` are numbers, none: all. `flags` are those to keep. By default a
    Parquet or DuckDB export, being a copy, keeps all; CSV and GeoJSON, being for use as they are,
    keep those that can be used: 1 and 2.

    `out` appears at once and whole; an earlier export of that format there is replaced, anything
    else refused. Raises ExportError for that, when no reading is selected and when writing fails,
    OSError where `out` can't be made, ValueError for a selection that can't be, WarehouseError when
    there is no warehouse.
    """
    if out.is_symlink():
        out = out.resolve()  # what it points to is meant
    if flags is None and form in ("csv", "geojson"):
        flags = USABLE
    selection = Selection(
        since, until, _chosen(regions), _chosen(stations), snapshot, _chosen(flags)
    )
    if form == "geojson" and snapshot is None:
        selection = replace(selection, snapshot=latest_snapshot(warehouse, selection))
    write, ours = WRITERS[form]
    with opened(warehouse, selection) as con, placing(out, ours) as partial:
        try:
            return write(con, selection, partial, out)
        except duckdb.IOException as error:  # a full disk, for one
            raise ExportError(f"{out} cannot be written: {error}") from error


def _chosen(numbers: Sequence[int] | None) -> tuple[int, ...] | None:
    """Numbers in order, each once; None where there are none."""
    return tuple(sorted(set(numbers))) if numbers else None


def _write_parquet(
    con: duckdb.DuckDBPyConnection, selection: Selection, partial: Path, _: Path
) -> About:
    partial.mkdir()
    rows = {}
    for table in PARQUET_TABLES:
        relation = con.table("flat") if table == "readings" else kept(con, selection, table)
        rows[table] = _count(relation)
        if column := BY_YEAR.get(table):
            order = ORDER if table == "readings" else f"{column}, station_id"
            by_year = relation.order(order).select(f"*, year({column}) AS year")
            _write_by_year(by_year, partial / table)
        else:
            file = partial / f"{table}.parquet"
            relation.order("ALL").write_parquet(str(file), compression="zstd")
    about = About.of("parquet", selection, rows, left_out(con))
    _write_json(partial / ABOUT, about.as_dict())
    return about


def _write_by_year(relation: duckdb.DuckDBPyRelation, folder: Path) -> None:
    """Write rows in a folder for each year and one for those of none, `undated`.

    The folders are no Hive partitions, and the year is a column in the files: pandas cannot read
    partitions of which one is null, and each other value for the undated would be taken for a year.
    """
    folder.mkdir()  # also when there is nothing to put into it
    relation.write_parquet(
        str(folder), compression="zstd", partition_by=["year"], write_partition_columns=True
    )
    for partition in list(folder.iterdir()):
        undated = partition.name == NO_YEAR
        partition.rename(folder / ("undated" if undated else partition.name.removeprefix("year=")))


def _write_csv(
    con: duckdb.DuckDBPyConnection, selection: Selection, partial: Path, out: Path
) -> About:
    readings = con.table("flat")
    about = About.of("csv", selection, {"readings": _count(readings)}, left_out(con))
    cells = [_cell(*column) for column in zip(readings.columns, readings.types, strict=True)]
    cells[0] = cells[0].alias(BOM + readings.columns[0])  # DuckDB writes no mark of its own
    readings.order(ORDER).select(*cells).write_csv(str(partial))
    with placing(metadata_of(out), is_our_metadata) as described:
        _write_json(described, _csv_metadata(readings, out.name, about))
    return about


def _cell(name: str, type_: DuckDBPyType) -> Expression:
    """A column as a spreadsheet takes it: hours with their offset, text that stays text."""
    column: Expression = ColumnExpression(name)
    if str(type_).startswith("TIMESTAMP"):
        form = ConstantExpression(f"%Y-%m-%dT%H:%M:%S{KST_OFFSET}")
        return FunctionExpression("strftime", column, form).alias(name)
    if str(type_) == "VARCHAR[]":
        column = FunctionExpression("array_to_string", column, ConstantExpression(" ")).alias(name)
    if name in OURS or not str(type_).startswith("VARCHAR"):
        return column
    formula = FunctionExpression("regexp_matches", column, ConstantExpression(FORMULA_PATTERN))
    marked = FunctionExpression("concat", ConstantExpression("'"), column)
    return CaseExpression(formula, marked).otherwise(column).alias(name)


def _csv_metadata(readings: duckdb.DuckDBPyRelation, name: str, about: About) -> dict[str, object]:
    """CSV on the Web: https://www.w3.org/TR/tabular-metadata/."""
    columns: list[dict[str, object]] = []
    for column, type_ in zip(readings.columns, map(str, readings.types), strict=True):
        meaning: dict[str, object] = {
            "name": column,
            "titles": column,
            "dc:description": flat().items[column],
        }
        if type_ == "VARCHAR[]":
            meaning["separator"] = " "
        elif type_.startswith("TIMESTAMP"):
            meaning["datatype"] = "dateTime"
        else:
            meaning["datatype"] = CSV_TYPES.get(type_, "string")
        columns.append(meaning)
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:description": flat().comment,
        "dc:rights": f"{about.attribution}; {about.attribution_en}",
        "tableSchema": {"columns": columns},
        "notes": [about.as_dict()],
    }


def _write_geojson(
    con: duckdb.DuckDBPyConnection, selection: Selection, partial: Path, _: Path
) -> About:
    query = con.table("flat").order("station_id")
    rows = [dict(zip(query.columns, row, strict=True)) for row in query.fetchall()]
    about = About.of("geojson", selection, {"readings": len(rows)}, left_out(con))
    collection = {
        "type": "FeatureCollection",
        "about": about.as_dict(),  # RFC 7946, 6.1: members of our own are allowed
        "features": [_feature(row) for row in rows],
    }
    _write_json(partial, collection)
    return about


def _feature(row: dict[str, Any]) -> dict[str, object]:
    """A reading as a point. Its height stays a property: GeoJSON's is above the ellipsoid."""
    point = {"type": "Point", "coordinates": [row.pop("longitude"), row.pop("latitude")]}
    properties = {name: jsonable(value) for name, value in row.items()}
    return {
        "type": "Feature",
        "id": row["station_id"],
        "geometry": point,
        "properties": properties,
    }


def _write_duckdb(
    con: duckdb.DuckDBPyConnection, selection: Selection, partial: Path, _: Path
) -> About:
    _make_empty(partial)
    attach(con, partial, "READ_WRITE", "exported")
    con.execute("USE nalssi")
    rows = {}
    for table in FACTS:
        relation = kept(con, selection, table)
        rows[table] = _count(relation)
        relation.insert_into(f"exported.{table}")
    con.execute("USE exported")
    update_snapshot_summary(con)
    con.execute("USE nalssi")
    about = About.of("duckdb", selection, rows, left_out(con))
    con.execute("CREATE TABLE exported.about (name VARCHAR NOT NULL, value VARCHAR NOT NULL)")
    con.execute("COMMENT ON TABLE exported.about IS 'What this export is and leaves out.'")
    told = [(n, v if isinstance(v, str) else _json(v)) for n, v in about.as_dict().items()]
    con.executemany("INSERT INTO exported.about VALUES ($1, $2)", told)
    con.execute("DETACH exported")
    return about


def _make_empty(path: Path) -> None:
    """A warehouse's database without a row but the reference facts."""
    from nalssi.warehouse.migrate import migrate

    with duckdb.connect() as con:
        attach(con, path, f"STORAGE_VERSION '{STORAGE_VERSION}'")
        migrate(con)


Writer = Callable[[duckdb.DuckDBPyConnection, Selection, Path, Path], About]
WRITERS: dict[Format, tuple[Writer, Callable[[Path], bool]]] = {
    "parquet": (_write_parquet, is_our_folder),
    "csv": (_write_csv, is_our_csv),
    "geojson": (_write_geojson, is_our_geojson),
    "duckdb": (_write_duckdb, is_our_database),
}


def _count(relation: duckdb.DuckDBPyRelation) -> int:
    return int(relation.count("*").fetchall()[0][0])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
