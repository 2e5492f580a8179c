"""How a warehouse stands: rows, the newest snapshot, the last load, versions, room on disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from nalssi import __version__
from nalssi.warehouse.store import Warehouse

NEWEST = """
    SELECT snapshot_id, observed_on, observed_at, hour_source, station_count
    FROM timed_snapshots
    WHERE observed_on IS NOT NULL
    ORDER BY observed_on DESC, observed_at DESC NULLS LAST, station_count DESC, snapshot_id
    LIMIT 1
"""
VERDICTS = "SELECT verdict, count(*) FROM reconciliations GROUP BY ALL ORDER BY ALL"
LAST_LOAD = "FROM loads ORDER BY finished_at DESC LIMIT 1"


@dataclass(frozen=True)
class Status:
    """What `nalssi status` shows; `as_json` is what `--json` prints."""

    folder: Path
    rows: dict[str, int]
    verdicts: dict[str, int]
    first_on: date | None
    newest_snapshot: dict[str, Any] | None
    last_load: dict[str, Any] | None
    versions: dict[str, str | int | None]
    bytes_on_disk: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """As plain values; dates and instants in ISO 8601."""

        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: plain(item) for key, item in value.items()}
            if isinstance(value, date | datetime):
                return value.isoformat()
            return str(value) if isinstance(value, Path) else value

        return {name: plain(value) for name, value in vars(self).items()}


def status(warehouse: Warehouse) -> Status:
    """The state of what is published. Raises WarehouseError when nothing is."""
    with warehouse.reader() as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY table_name"
        ).fetchall()
        rows = {table: _value(con.table(table).count("*").fetchall()) for (table,) in tables}
        last_load = _first(con, LAST_LOAD)
        return Status(
            folder=warehouse.folder,
            rows=rows,
            verdicts=dict(con.execute(VERDICTS).fetchall()),
            first_on=_value(con.execute("SELECT min(observed_on) FROM snapshots").fetchall()),
            newest_snapshot=_first(con, NEWEST),
            last_load=last_load,
            versions={
                "nalssi": __version__,
                "parser": last_load["parser_version"] if last_load else None,
                "warehouse": _value(
                    con.execute("SELECT max(version) FROM meta.migrations").fetchall()
                ),
                "duckdb": duckdb.__version__,
            },
            bytes_on_disk={
                path.name: _size(path)
                for path in (
                    warehouse.database,
                    warehouse.published,
                    warehouse.staged,
                    warehouse.charts,
                    warehouse.gallery,
                    warehouse.landing,
                )
            },
        )


def _first(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any] | None:
    row = con.execute(sql).fetchone()
    names = [column[0] for column in con.description or ()]
    return dict(zip(names, row, strict=True)) if row else None


def _value(rows: list[tuple[Any, ...]]) -> Any:
    return rows[0][0]


def _size(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; 0 for what is not there."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
