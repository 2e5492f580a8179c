"""Whether a path holds an export of ours, of this version or another: only that is replaced.

An older version wrote fewer columns and tables than this one, a newer one writes more. So an
export is known by its own account of itself, not by what this version would write.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb

from nalssi.export.manifest import ABOUT, is_ours, read_json
from nalssi.export.selection import FACTS, REFERENCE, flat
from nalssi.sources.partition import READ_ERRORS

PARQUET_TABLES = (*FACTS, *REFERENCE)
LONGEST_HEAD = 2**16
"""Characters: more than all columns' names."""


def is_our_folder(out: Path) -> bool:
    """Whether it holds an export, of any version, and nothing else: it is replaced whole."""
    about = read_json(out / ABOUT)
    if not is_ours(about):
        return False
    tables = {*PARQUET_TABLES, *about.get("rows", ())}
    names = {ABOUT, *tables, *(f"{table}.parquet" for table in tables)}
    return all(
        path.relative_to(out).parts[0] in names
        and (path.name == ABOUT or path.is_dir() or path.suffix == ".parquet")
        for path in out.rglob("*")
    )


def is_our_csv(out: Path) -> bool:
    """Whether our metadata lie beside it and it begins with columns of ours, of any version."""
    opened = gzip.open if out.suffix == ".gz" else open
    try:
        with opened(out, "rt", encoding="utf-8-sig") as file:
            head = file.readline(LONGEST_HEAD).rstrip()
    except (*READ_ERRORS, UnicodeError):
        return False
    # A killed export may have left the metadata of one version beside the table of another.
    known = {*_columns(read_json(metadata_of(out))), *flat().items}
    return is_our_metadata(metadata_of(out)) and known.issuperset(head.split(","))


def _columns(described: Any) -> list[str]:
    """The names of the columns that CSV on the Web metadata describe."""
    match described:
        case {"tableSchema": {"columns": [*columns]}}:
            return [str(column.get("name")) for column in columns if isinstance(column, dict)]
    return []


def is_our_metadata(path: Path) -> bool:
    told = read_json(path)
    notes = told.get("notes") if isinstance(told, dict) else None
    return isinstance(notes, list) and any(map(is_ours, notes))


def is_our_geojson(out: Path) -> bool:
    told = read_json(out)
    return isinstance(told, dict) and is_ours(told.get("about"))


def is_our_database(out: Path) -> bool:
    try:
        with duckdb.connect(str(out), read_only=True) as con:
            return is_ours(dict(con.execute("FROM about").fetchall()))
    except duckdb.Error:
        return False


def metadata_of(csv: Path) -> Path:
    """Where the meaning of a CSV export's columns is told."""
    return csv.with_name(f"{csv.name}-metadata.json")
