"""Export as a data set for publication: a folder that describes itself.

- `readings/YEAR.parquet`, `readings/undated.parquet`: the columns of `exported_columns.sql`;
- `stations.csv`, `regions.csv`, `conditions.csv`, `sites.csv`: the tables to which readings refer;
- `datapackage.json`: a Data Package of Frictionless (version 2), with the licence, the meaning of
  every column, the number of rows and the SHA-256 of every file above, and the size of CSV files;
- `croissant.json`: a description for search engines of data sets (MLCommons Croissant), with the
  licence, the period, and the size and the SHA-256 of every file above;
- `README.md` (English), `README.ko.md` (Korean), `SHA256SUMS` and the manifest `about.json`.

Two exports of the same readings by the same version are equal byte for byte: no file has the time
of the export. Addresses of pages are not in it, only the names of the sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import duckdb

from nalssi.export.dataset_description import (
    LICENCE,
    TITLE,
    DataFile,
    Fields,
    croissant,
    data_package,
)
from nalssi.export.manifest import MANIFEST_FILE, Manifest, is_manifest, read_json, write_json
from nalssi.export.selection import ORDER, Selection, count_excluded, count_rows, exported_columns

PACKAGE_FILE: Final = "datapackage.json"
CROISSANT_FILE: Final = "croissant.json"
SUMS_FILE: Final = "SHA256SUMS"
TEXTS: Final = {"README.md": "dataset_readme.en.md", "README.ko.md": "dataset_readme.ko.md"}
TABLES: Final = {
    "stations": "station_id",
    "regions": "region_id",
    "conditions": "word",
    "sites": "site",
}
"""The tables that are CSV files, and the column by which each is sorted."""
UNDATED: Final = "undated"

_TYPES: Final = {
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "SMALLINT": "integer",
    "TINYINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}
"""The types of Frictionless by DuckDB type."""


def write_dataset_export(
    con: duckdb.DuckDBPyConnection, selection: Selection, temporary: Path, _: Path
) -> Manifest:
    """Write the selected readings and their description into the folder `temporary`.

    Returns the manifest. `con` is the connection that `open_selection` yields for `selection`.
    """
    (temporary / "readings").mkdir(parents=True)
    con.execute("SET threads = 1")  # several threads may divide a file into other row groups
    files = [*_write_readings(con, temporary), *_write_tables(con, temporary)]
    rows: dict[str, int] = {}
    for file in files:
        rows[file.table] = rows.get(file.table, 0) + file.rows
    manifest = Manifest.create("dataset", selection, rows, count_excluded(con))
    manifest = replace(manifest, exported_at="")  # the same data give the same files
    facts = _facts(con, manifest, files)
    for name, template in TEXTS.items():
        text = (Path(__file__).parent / template).read_text("utf-8").format(**facts)
        (temporary / name).write_text(text, "utf-8", newline="\n")
    write_json(temporary / PACKAGE_FILE, data_package(files, facts))
    write_json(temporary / CROISSANT_FILE, croissant(files, facts))
    write_json(temporary / MANIFEST_FILE, manifest.as_dict())
    _write_sums(temporary, {file.path: file.sha256 for file in files})
    return manifest


def is_dataset_export(path: Path) -> bool:
    """Return whether the folder is a data set that nalssi wrote, and has no other file."""
    manifest = read_json(path / MANIFEST_FILE)
    if not (is_manifest(manifest) and manifest.get("format") == "dataset"):
        return False
    package = read_json(path / PACKAGE_FILE) or {}
    known = {resource.get("path") for resource in package.get("resources", [])}
    known |= {MANIFEST_FILE, PACKAGE_FILE, CROISSANT_FILE, SUMS_FILE, *TEXTS, "readings"}
    return all(entry.relative_to(path).as_posix() in known for entry in path.rglob("*"))


def _write_readings(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[DataFile]:
    """Write a Parquet file for each year, and one for readings without a day. Yield the files."""
    # A list of names is one text here, because Data Packages have no type for a list in a cell.
    names = "array_to_string(failed, ' ') AS failed"
    readings = con.table("exported_readings").select(f"* REPLACE ({names})")
    meanings = exported_columns().items
    years = con.sql("SELECT DISTINCT year(observed_on) AS y FROM exported_readings ORDER BY ALL")
    for (year,) in years.fetchall():
        condition = "observed_on IS NULL" if year is None else f"year(observed_on) = {year}"
        own = readings.filter(condition).order(ORDER)
        path = f"readings/{UNDATED if year is None else year}.parquet"
        own.write_parquet(str(folder / path), compression="zstd")
        when = "without a day" if year is None else f"of {year}"
        description = f"Readings {when}: {exported_columns().comment}"
        fields = _fields(readings, meanings)
        yield _written(folder, path, "readings", description, count_rows(own), fields)


def _write_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[DataFile]:
    for table, key in TABLES.items():
        relation = con.table(table)
        path = f"{table}.csv"
        cells = map(_csv_cell, relation.columns, map(str, relation.types))
        relation.order(f"{key} NULLS LAST").select(", ".join(cells)).write_csv(str(folder / path))
        comments = dict(
            con.execute(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = $table",
                {"table": table},
            ).fetchall()
        )
        described = con.execute(
            "SELECT comment FROM duckdb_tables() WHERE table_name = $table UNION ALL"
            " SELECT comment FROM duckdb_views() WHERE view_name = $table",
            {"table": table},
        ).fetchall()
        fields = _fields(relation, comments)
        yield _written(folder, path, table, str(described[0][0]), count_rows(relation), fields)


def _written(
    folder: Path, path: str, table: str, description: str, rows: int, fields: Sequence[Fields]
) -> DataFile:
    """Return a DataFile for the file that has just been written at `path` in `folder`.

    `table` and `description` say what the file contains, `rows` is its number of rows, and `fields`
    describe its columns. The size and the checksum are those of the file on disk.
    """
    file = folder / path
    return DataFile(path, table, description, rows, fields, file.stat().st_size, _sha256(file))


def _csv_cell(column: str, type_: str) -> str:
    """Return the SQL expression for the column `column` in a CSV file: times as ISO 8601 in UTC.

    `type_` is the column's DuckDB type.
    """
    if not type_.startswith("TIMESTAMP"):
        return f'"{column}"'
    return f"strftime(\"{column}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS \"{column}\""


def _fields(relation: duckdb.DuckDBPyRelation, meanings: Mapping[str, str]) -> list[Fields]:
    return [
        {"name": name, "type": _TYPES[str(type_)], "description": meanings[name]}
        for name, type_ in zip(relation.columns, relation.types, strict=True)
    ]


def _facts(
    con: duckdb.DuckDBPyConnection, manifest: Manifest, files: Sequence[DataFile]
) -> dict[str, Any]:
    """Return the values that README files and descriptions state about the data, by name.

    The names are those of the placeholders in the README templates, such as `first`, `last` (days),
    `readings`, `licence` and `files`. `files` are the files written so far.
    """
    first, last, snapshots, stations = con.sql(
        "SELECT min(observed_on), max(observed_on), count(DISTINCT snapshot_id),"
        " count(DISTINCT station_id) FROM exported_readings"
    ).fetchall()[0]
    excluded = ", ".join(f"{count:,} {reason}" for reason, count in manifest.excluded.items())
    filters = ", ".join(f"{name} = {value}" for name, value in manifest.selection.items())
    flags = con.sql("SELECT flag, count(*) FROM exported_readings GROUP BY ALL ORDER BY ALL")
    parsers = con.sql("SELECT DISTINCT parser_version FROM sightings ORDER BY ALL").fetchall()
    return {
        "title": TITLE,
        "first": first,
        "last": last,
        "readings": f"{manifest.rows['readings']:,}",
        "snapshots": f"{snapshots:,}",
        "stations": stations,
        "sites": manifest.rows["sites"],
        "filters": filters or "–",
        "excluded": excluded or "–",
        "flags": ", ".join(f"{flag}: {count:,}" for flag, count in flags.fetchall()),
        "attribution": manifest.attribution,
        "attribution_en": manifest.attribution_en,
        "licence": LICENCE["path"],
        "generator": manifest.generator,
        "duckdb": version("duckdb"),
        "parsers": ", ".join(str(parser) for (parser,) in parsers),
        "files": "\n".join(f"| `{file.path}` | {file.rows:,} |" for file in files),
    }


def _write_sums(folder: Path, known: Mapping[str, str]) -> None:
    """Write the file SHA256SUMS with the sum of every file, for `sha256sum --check SHA256SUMS`.

    `known` has the sums that were computed before, by path.
    """
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    lines = [
        f"{known.get(name) or _sha256(path)}  {name}\n"
        for name, path in sorted(files.items())
        if path.is_file()
    ]
    (folder / SUMS_FILE).write_text("".join(lines), "utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
