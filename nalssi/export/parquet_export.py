"""Export as a folder of Parquet files.

`readings/` has the columns of `exported_columns.sql` and the column `year` (of the Korean day). It
has a folder for each year and one for readings without a day. `observations/` is divided by year
too. The other tables of facts and the reference tables are one file each, with their own columns.
Tables that an import computes again are not exported. `about.json` is the manifest. If no filter is
set, the export has everything that `import_export` needs.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from nalssi.export.manifest import MANIFEST_FILE, Manifest, is_manifest, read_json, write_json
from nalssi.export.selection import (
    FACT_TABLES,
    ORDER,
    REFERENCE_TABLES,
    Selection,
    count_excluded,
    count_rows,
    selected_rows,
)

YEAR_COLUMNS = {"readings": "observed_on", "observations": "observed_at"}
"""The tables that are divided by year, and the column of each from which the year is taken."""
DUCKDB_NULL_FOLDER = "year=__HIVE_DEFAULT_PARTITION__"
"""The name of the folder into which DuckDB writes the rows without a year."""


def write_parquet_export(
    con: duckdb.DuckDBPyConnection, selection: Selection, temporary: Path, _: Path
) -> Manifest:
    """Write the selected readings, and the rows of other tables that belong to them.

    They are written into the new folder `temporary`. Returns the manifest. `con` is the connection
    that `open_selection` yields for `selection`.
    """
    temporary.mkdir()
    rows = {}
    for table in (*FACT_TABLES, *REFERENCE_TABLES):
        is_readings = table == "readings"
        relation = (
            con.table("exported_readings") if is_readings else selected_rows(con, selection, table)
        )
        rows[table] = count_rows(relation)
        if column := YEAR_COLUMNS.get(table):
            order = ORDER if is_readings else f"{column}, station_id"
            by_year = relation.order(order).select(f"*, year({column}) AS year")
            _write_by_year(by_year, temporary / table)
        else:
            file = temporary / f"{table}.parquet"
            relation.order("ALL").write_parquet(str(file), compression="zstd")
    manifest = Manifest.create("parquet", selection, rows, count_excluded(con))
    write_json(temporary / MANIFEST_FILE, manifest.as_dict())
    return manifest


def _write_by_year(relation: duckdb.DuckDBPyRelation, folder: Path) -> None:
    """Write the rows of a relation with the column `year` into a folder for each year.

    Rows without a year are in the folder `undated`.

    The folder names are not Hive partitions, and the year is a column of the files. pandas cannot
    read Hive partitions if one of them is null, and it would read any replacement of null as a
    year.
    """
    folder.mkdir()  # DuckDB does not create it when there are no rows
    relation.write_parquet(
        str(folder), compression="zstd", partition_by=["year"], write_partition_columns=True
    )
    for partition in list(folder.iterdir()):
        undated = partition.name == DUCKDB_NULL_FOLDER
        partition.rename(folder / ("undated" if undated else partition.name.removeprefix("year=")))


def is_parquet_export(path: Path) -> bool:
    """Return whether the folder is a Parquet export of nalssi, with no other file in it.

    It must have a manifest, and only files of the tables that the manifest names: a new export
    replaces the whole folder, and must not delete a file that somebody has added.
    """
    manifest = read_json(path / MANIFEST_FILE)
    if not is_manifest(manifest):
        return False
    tables = manifest.get("rows", {})
    names = {MANIFEST_FILE, *tables, *(f"{table}.parquet" for table in tables)}
    return all(
        entry.relative_to(path).parts[0] in names
        and (entry.name == MANIFEST_FILE or entry.is_dir() or entry.suffix == ".parquet")
        for entry in path.rglob("*")
    )
