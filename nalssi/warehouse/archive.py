"""Rebuild a warehouse from its Parquet archive (`nalssi export --format parquet`).

Every file is held to its table's contract on the way in. Reference tables are not in the
archive: they are this checkout's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from nalssi.warehouse.export import ARCHIVED
from nalssi.warehouse.store import Warehouse, WarehouseError
from schemas.contracts import ContractError, check


def restore(warehouse: Warehouse, archive: Path) -> dict[str, int]:
    """Fill an empty warehouse from an archive, in one transaction; returns rows by table.

    Raises WarehouseError when the warehouse has content or a file is missing, ContractError,
    naming the file, when one breaks its contract; nothing is changed then.
    """
    missing = [table for table in ARCHIVED if not list(_files(archive, table))]
    if missing:
        raise WarehouseError(f"{archive} is no archive: it has no {', '.join(missing)}")
    with warehouse.writer() as con:
        if _has_content(con):
            raise WarehouseError(f"{warehouse.folder} is not empty: import into a new folder")
        con.begin()
        try:
            rows = {table: _restore_table(con, archive, table) for table in ARCHIVED}
        except BaseException:
            con.rollback()
            raise
        con.commit()
    return rows


def _restore_table(con: duckdb.DuckDBPyConnection, archive: Path, table: str) -> int:
    rows = 0
    for file in _files(archive, table):
        frame = pl.read_parquet(file, hive_partitioning=False)
        try:
            check(table, frame)
        except ContractError as error:
            raise ContractError(f"{file}: {error}") from error
        con.from_arrow(frame.to_arrow()).insert_into(table)
        rows += frame.height
    return rows


def _files(archive: Path, table: str) -> Iterator[Path]:
    """The table's file, or its files by year, oldest first."""
    single = archive / f"{table}.parquet"
    yield from [single] if single.exists() else sorted((archive / table).glob("**/*.parquet"))


def _has_content(con: duckdb.DuckDBPyConnection) -> bool:
    return any(con.table(table).limit(1).fetchall() for table in ARCHIVED)
