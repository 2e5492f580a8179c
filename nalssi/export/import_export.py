"""Make a warehouse again of a Parquet export: every fact, flag, comparison and load, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from nalssi.export.manifest import ABOUT, BY_YEAR, is_ours, read_json
from nalssi.export.replace_target import ExportError
from nalssi.export.selection import FACTS, SQL
from nalssi.quality import update_snapshot_summary
from nalssi.warehouse import Warehouse
from nalssi.warehouse.warehouse_folder import transaction
from schemas.contracts import ContractError, check, polars_schema


def import_export(folder: Path, warehouse: Warehouse) -> dict[str, int]:
    """Fill an empty warehouse from the whole Parquet export in `folder`, and publish it.

    What is there afterwards equals what was exported, row by row: ids, `loads` and derived tables
    included. Only the reference tables are this nalssi's own, as in every warehouse. Everything is
    held to its contract and to the account that came with it; all of it is taken or nothing.
    Returns the rows by table. Raises ExportError when the folder holds no whole export, when what
    it holds breaks a contract, or when the warehouse holds something already.
    """
    rows = _promised(folder)
    with warehouse.writer() as con:
        if occupied := [table for table in FACTS if con.table(table).limit(1).fetchall()]:
            raise ExportError(
                f"{warehouse.folder} holds {occupied[0]} already: import into an empty folder"
            )
        with transaction(con):
            for table in FACTS:
                _fill(con, folder, table, rows[table])
            _check_agreement(con, folder)
            update_snapshot_summary(con)
    return {table: rows[table] for table in FACTS}


def _promised(folder: Path) -> Mapping[str, int]:
    """How many rows each table has, by the export's own account."""
    about = read_json(folder / ABOUT)
    if not is_ours(about) or about.get("format") != "parquet":
        raise ExportError(
            f"{folder} is no Parquet export of nalssi: it has no {ABOUT} that says so"
        )
    if not about.get("complete"):
        asked = ", ".join(f"{name} {value}" for name, value in about.get("selection", {}).items())
        raise ExportError(f"{folder} is no whole export, but a selection ({asked})")
    rows: dict[str, int] = about.get("rows", {})
    if missing := set(FACTS) - rows.keys():
        raise ExportError(f"{folder}: {ABOUT} does not say how many {min(missing)} there are")
    return rows


def _fill(con: duckdb.DuckDBPyConnection, folder: Path, table: str, promised: int) -> None:
    """Fill a table, one file at a time."""
    rows = 0
    for file in _files(folder, table):
        try:
            columns = polars_schema(table).names()
            frame = pl.read_parquet(file, columns=columns, glob=False, hive_partitioning=False)
            check(table, frame)
        except (pl.exceptions.PolarsError, OSError, ContractError) as error:
            raise ExportError(f"{file}: {error}") from error
        con.from_arrow(frame.to_arrow()).insert_into(table)
        rows += frame.height
    if rows != promised:
        raise ExportError(f"{folder}: {table} has {rows} rows, {ABOUT} says {promised}")


def _files(folder: Path, table: str) -> Iterator[Path]:
    if table in BY_YEAR:
        yield from sorted((folder / table).rglob("*.parquet"))
    else:
        yield folder / f"{table}.parquet"


def _check_agreement(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Rows of different tables must name each other, as they do after loads."""
    if broken := con.execute(SQL["consistency"]).fetchall():
        raise ExportError(f"{folder}: " + ", ".join(f"{claim} ({rows})" for claim, rows in broken))
