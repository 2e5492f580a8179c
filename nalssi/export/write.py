"""Write a selection in one of four formats.

- `parquet`: a folder. `readings/year=…/` (partitioned by the day's year, KST) has the flat table
  (`flat.sql`), every other table of the warehouse stands beside it in its own columns, the
  observations by year too; `about.json` tells whose data it is and what was left out. Without
  filters it holds all that `import_export` needs.
- `csv`: the flat table as one file (named `….csv.gz`, compressed), with its columns' meaning, units
  and the account of the export beside it as CSV on the Web metadata (`….csv-metadata.json`).
- `geojson`: one snapshot, the latest unless another is asked for, as points (RFC 7946).
- `duckdb`: one file that DuckDB 1.2 and later open: tables, views and comments as in the
  warehouse, with what belongs to the selected readings, and the account in the table `about`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import duckdb

from nalssi.export.about import ABOUT, BY_YEAR, About, is_ours, read_json
from nalssi.export.place import ExportError, placing
from nalssi.export.selection import (
    FACTS,
    REFERENCE,
    Selection,
    flat,
    kept,
    latest_snapshot,
    left_out,
    opened,
)
from nalssi.output import jsonable
from nalssi.quality import conclude
from nalssi.sources.partition import READ_ERRORS
from nalssi.warehouse import Warehouse
from nalssi.warehouse.store import STORAGE_VERSION, attach
from schemas.vocabulary import FLAG_GOOD, FLAG_NOT_EVALUATED

Format = Literal["parquet", "csv", "geojson", "duckdb"]
FORMATS: tuple[Format, ...] = get_args(Format)
USABLE = (FLAG_GOOD, FLAG_NOT_EVALUATED)
ORDER = "observed_on, observed_at, snapshot_id, station_id"
PARQUET_NAMES = {ABOUT} | {
    table if table in BY_YEAR else f"{table}.parquet" for table in (*FACTS, *REFERENCE)
}
LONGEST_HEAD = 2**12  # characters: more than all columns' names
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
    for table in (*FACTS, *REFERENCE):
        relation = con.table("flat") if table == "readings" else kept(con, selection, table)
        rows[table] = _count(relation)
        if column := BY_YEAR.get(table):
            order = ORDER if table == "readings" else f"{column}, station_id"
            by_year = relation.order(order).select(f"*, year({column}) AS year")
            (partial / table).mkdir()  # also when there is nothing to put into it
            by_year.write_parquet(str(partial / table), compression="zstd", partition_by=["year"])
        else:
            file = partial / f"{table}.parquet"
            relation.order("ALL").write_parquet(str(file), compression="zstd")
    about = About.of("parquet", selection, rows, left_out(con))
    _write_json(partial / ABOUT, about.as_dict())
    return about


def _write_csv(
    con: duckdb.DuckDBPyConnection, selection: Selection, partial: Path, out: Path
) -> About:
    readings = con.table("flat")
    about = About.of("csv", selection, {"readings": _count(readings)}, left_out(con))
    text = readings.order(ORDER).select(
        "* REPLACE (strftime(observed_at, '%Y-%m-%dT%H:%M:%S+09:00') AS observed_at,"
        " array_to_string(failed, ' ') AS failed)"
    )
    text.write_csv(str(partial))
    with placing(_metadata(out), _is_our_metadata) as described:
        _write_json(described, _csv_metadata(readings, out.name, about))
    return about


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
    conclude(con)
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


def _is_our_folder(out: Path) -> bool:
    """Whether it holds an export and nothing else: it is replaced whole."""
    return is_ours(read_json(out / ABOUT)) and all(
        path.relative_to(out).parts[0] in PARQUET_NAMES
        and (path.name == ABOUT or path.is_dir() or path.suffix == ".parquet")
        for path in out.rglob("*")
    )


def _is_our_csv(out: Path) -> bool:
    """Whether it begins as our tables do and has our metadata beside it."""
    opened = gzip.open if out.suffix == ".gz" else open
    try:
        with opened(out, "rt", encoding="utf-8") as file:
            head = file.readline(LONGEST_HEAD).rstrip()
    except (*READ_ERRORS, UnicodeError):
        return False
    return head == ",".join(flat().items) and _is_our_metadata(_metadata(out))


def _is_our_metadata(path: Path) -> bool:
    told = read_json(path)
    notes = told.get("notes") if isinstance(told, dict) else None
    return isinstance(notes, list) and any(map(is_ours, notes))


def _is_our_geojson(out: Path) -> bool:
    told = read_json(out)
    return isinstance(told, dict) and is_ours(told.get("about"))


def _is_our_database(out: Path) -> bool:
    try:
        with duckdb.connect(str(out), read_only=True) as con:
            return is_ours(dict(con.execute("FROM about").fetchall()))
    except duckdb.Error:
        return False


Writer = Callable[[duckdb.DuckDBPyConnection, Selection, Path, Path], About]
WRITERS: dict[Format, tuple[Writer, Callable[[Path], bool]]] = {
    "parquet": (_write_parquet, _is_our_folder),
    "csv": (_write_csv, _is_our_csv),
    "geojson": (_write_geojson, _is_our_geojson),
    "duckdb": (_write_duckdb, _is_our_database),
}


def _count(relation: duckdb.DuckDBPyRelation) -> int:
    return int(relation.count("*").fetchall()[0][0])


def _metadata(csv: Path) -> Path:
    return csv.with_name(f"{csv.name}-metadata.json")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
