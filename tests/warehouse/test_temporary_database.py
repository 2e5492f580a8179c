"""A database in memory has the same rows as a warehouse with the same parts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from nalssi.warehouse import Warehouse
from nalssi.warehouse.load_parts import load_parts
from nalssi.warehouse.temporary_database import temporary_database
from nalssi.warehouse.views import view_names
from schemas.contracts import TABLES

from .make_parts import Page, Ticker, part

DAY = date(2025, 12, 19)
FROZEN: dict[int, float | None] = {108: -3.2, 159: 4.1, 143: 2.0, 184: 9.4}
RUN_COLUMNS = ("load_id", "started_at", "finished_at")


def quoted(name: str) -> str:
    return f'"{name}"'


def test_a_database_in_memory_has_the_rows_of_a_warehouse(tmp_path: Path) -> None:
    days = [DAY + timedelta(days=number) for number in range(3)]
    pages = [Page("a", [Ticker(day, FROZEN) for day in days])]
    parts = [part(tmp_path / "part", pages)]
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, parts)
    with warehouse.reader() as kept, temporary_database(parts, tmp_path / "spilled") as con:
        views = con.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main'")
        assert {name for (name,) in views.fetchall()} >= set(view_names())
        for table in TABLES:
            columns = [name for name in con.table(table).columns if name not in RUN_COLUMNS]
            query = f"SELECT {', '.join(map(quoted, columns))} FROM {table} ORDER BY ALL"
            assert con.execute(query).fetchall() == kept.execute(query).fetchall()
        assert con.execute("SELECT count(*) FROM quality").fetchall() != [(0,)]
