"""SQL files with several statements, each of which Python runs by its name.

A line `-- step: NAME` begins a statement. A statement uses parameters by name: `$load_id`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

_STEP = re.compile(r"^-- step: (\w+)\n(.*?)(?=^-- step:|\Z)", flags=re.MULTILINE | re.DOTALL)


def read_steps(path: Path) -> dict[str, str]:
    """Return the statements of a file by the names of their steps, in the order of the file."""
    return dict(_STEP.findall(path.read_text(encoding="utf-8")))


def run_step(
    con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> duckdb.DuckDBPyConnection:
    """Execute a statement. `values` has at least the parameters that the statement uses."""
    return con.execute(sql, {name: values[name] for name in re.findall(r"\$(\w+)", sql)})
