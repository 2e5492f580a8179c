"""Helpers for SQL: read and run files with several statements, and give frames a name in SQL.

A file with steps has several statements, which Python runs one by one, by name. A line
`-- step: NAME` begins a statement. A statement uses parameters by name: `$load_id`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import duckdb

_STEP = re.compile(r"^-- step: (\w+)\n(.*?)(?=^-- step:|\Z)", flags=re.MULTILINE | re.DOTALL)


def read_steps(path: Path) -> dict[str, str]:
    """Return the SQL statements of a file by the names of their steps, in the order of the file."""
    return dict(_STEP.findall(path.read_text(encoding="utf-8")))


def run_step(
    con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> duckdb.DuckDBPyConnection:
    """Execute an SQL statement with its named parameters. Return `con`, which holds the result.

    `values` must have a value for each parameter that the statement uses. Other values are ignored.
    """
    return con.execute(sql, {name: values[name] for name in re.findall(r"\$(\w+)", sql)})


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Let SQL read a frame as the table `name` during the block."""
    con.register(name, frame)
    try:
        yield
    finally:
        con.unregister(name)
