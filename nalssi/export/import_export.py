"""Make a warehouse from a complete Parquet export.

The rows of its tables equal those of the exported warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.ids import day_of_id, id_of_digest
from nalssi.export.manifest import MANIFEST_FILE, is_manifest, read_json
from nalssi.export.parquet_export import YEAR_COLUMNS
from nalssi.export.replace_export import ExportError
from nalssi.export.selection import FACT_TABLES, SQL
from nalssi.quality import update_quality
from nalssi.warehouse import Warehouse
from nalssi.warehouse.database_file import transaction
from schemas.contracts import ContractError, check, polars_schema

LENGTH_OF_OLD_DAY = 5
FIRST_LETTERS = {str(digit): id_of_digest(str(digit)) for digit in range(10)}


def import_export(folder: Path, warehouse: Warehouse) -> dict[str, int]:
    """Fill an empty warehouse from the complete Parquet export in `folder`, and publish it.

    Ids, loads and derived tables are imported too. Ids of older versions get the present form. The
    reference tables are those of this version of nalssi. Every table must satisfy its contract,
    have the number of rows that the manifest states and agree with the other tables. Everything is
    imported or nothing. Flags and conclusions are computed again.

    Returns the number of rows by table. Raises ExportError if the folder has no complete export,
    if its content breaks one of these rules, or if the warehouse is not empty, and WarehouseError
    if the warehouse cannot be written. After an import that was interrupted before it was
    published, the same import publishes it.
    """
    rows = _manifest_rows(folder)
    was_published = warehouse.published.exists()
    with warehouse.writer() as con:
        if not was_published and _is_imported(con, folder, rows):
            return {table: rows[table] for table in FACT_TABLES}
        if filled := [table for table in FACT_TABLES if con.table(table).limit(1).fetchall()]:
            raise ExportError(
                f"{warehouse.folder} already has {filled[0]}: import into an empty folder"
            )
        with transaction(con):
            renamed = _renamed_snapshots(folder)
            for table in FACT_TABLES:
                _import_table(con, folder, table, rows[table], renamed)
            _check_consistency(con, folder)
            update_quality(con, None)
    return {table: rows[table] for table in FACT_TABLES}


def _is_imported(con: duckdb.DuckDBPyConnection, folder: Path, rows: Mapping[str, int]) -> bool:
    """Return whether the warehouse has all rows of this export, because an import was interrupted.

    It was interrupted after its commit, before the writer made the published copy. `con` is the
    writer's connection, `folder` that of the export, and `rows` are its numbers of rows by table.
    """
    found = {table: con.table(table).shape[0] for table in FACT_TABLES}
    if not found["loads"] or found != {table: rows[table] for table in FACT_TABLES}:
        return False
    (file,) = _files(folder, "loads")
    exported = _with_current_ids(_read(file, "loads"), {})["load_id"]
    return set(exported) == {
        load for (load,) in con.execute("SELECT load_id FROM loads").fetchall()
    }


def _manifest_rows(folder: Path) -> Mapping[str, int]:
    """Return the number of rows that the manifest of the export states, by table.

    Raises ExportError if `folder` is not a complete Parquet export.
    """
    manifest = read_json(folder / MANIFEST_FILE)
    if not is_manifest(manifest) or manifest.get("format") != "parquet":
        raise ExportError(
            f"{folder} is not a Parquet export of nalssi: it has no valid {MANIFEST_FILE}"
        )
    if not manifest.get("complete"):
        filters = manifest.get("selection", {}).items()
        listed = ", ".join(f"{name} {value}" for name, value in filters)
        raise ExportError(f"{folder} is not a complete export, but a selection ({listed})")
    rows: dict[str, int] = manifest.get("rows", {})
    if missing := set(FACT_TABLES) - rows.keys():
        raise ExportError(
            f"{folder}: {MANIFEST_FILE} does not say how many {min(missing)} there are"
        )
    return rows


def _import_table(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    table: str,
    expected_rows: int,
    renamed: Mapping[str, str],
) -> None:
    """Import the files of a table, one at a time. `renamed` has new snapshot ids by old ids.

    Raises ExportError if a file cannot be read or breaks the contract of the table, or if the
    number of rows is not `expected_rows`.
    """
    rows = 0
    for file in _files(folder, table):
        try:
            frame = _with_current_ids(_read(file, table), renamed)
            check(table, frame)
        except (pl.exceptions.PolarsError, OSError, ContractError) as error:
            raise ExportError(f"{file}: {error}") from error
        con.from_arrow(frame.to_arrow()).insert_into(table)
        rows += frame.height
    if rows != expected_rows:
        raise ExportError(
            f"{folder}: {table} has {rows} rows, {MANIFEST_FILE} says {expected_rows}"
        )


def _read(file: Path, table: str) -> pl.DataFrame:
    columns = polars_schema(table).names()
    # Older versions exported observations of the portal only, without their source.
    lacks_source = table == "observations" and "source" not in pl.read_parquet_schema(file)
    if lacks_source:
        columns.remove("source")
    frame = pl.read_parquet(file, columns=columns, glob=False, hive_partitioning=False)
    return frame.with_columns(source=pl.lit("portal")) if lacks_source else frame


def _renamed_snapshots(folder: Path) -> Mapping[str, str]:
    """Return the new ids of snapshots by their old ids; empty if the export has no old ids.

    In exports of older versions, the id of a dated snapshot begins with a decimal digit: with two
    digits of the year and three of the day of the year, not with the days since 1970.
    """
    (file,) = _files(folder, "snapshots")
    try:
        snapshots = _read(file, "snapshots").select("snapshot_id", "observed_on")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ExportError(f"{file}: {error}") from error
    return {
        old: day_of_id(day) + old[LENGTH_OF_OLD_DAY:]
        for old, day in snapshots.drop_nulls().iter_rows()
        if old[:1].isdecimal()
    }


def _with_current_ids(frame: pl.DataFrame, renamed: Mapping[str, str]) -> pl.DataFrame:
    """Return the frame with the ids of older versions in the present form.

    `renamed` has new snapshot ids by old ids. Ids that have the present form do not change.
    """
    columns = []
    if renamed and "snapshot_id" in frame.columns:
        columns.append(pl.col("snapshot_id").replace(renamed))
    for name in ("document_id", "load_id"):
        if name in frame.columns:
            first = pl.col(name).str.head(1).replace(FIRST_LETTERS)
            columns.append(first + pl.col(name).str.slice(1))
    return frame.with_columns(columns)


def _files(folder: Path, table: str) -> Iterator[Path]:
    if table in YEAR_COLUMNS:
        yield from sorted((folder / table).rglob("*.parquet"))
    else:
        yield folder / f"{table}.parquet"


def _check_consistency(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Raise ExportError if imported rows refer to rows of other tables that do not exist."""
    if violations := con.execute(SQL["consistency"]).fetchall():
        raise ExportError(
            f"{folder}: " + ", ".join(f"{violation} ({rows})" for violation, rows in violations)
        )
