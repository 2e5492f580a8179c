"""SQL files of several steps: `-- step: name` begins one, and a step names its parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

STEP = re.compile(r"^-- step: (\w+)\n(.*?)(?=^-- step:|\Z)", flags=re.MULTILINE | re.DOTALL)


def read_steps(path: Path) -> dict[str, str]:
    """The statements of a file by the names of their steps, in order."""
    return dict(STEP.findall(path.read_text(encoding="utf-8")))


def run_step(
    con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> duckdb.DuckDBPyConnection:
    """Execute a step's statement with the parameters that it names."""
    return con.execute(sql, {name: values[name] for name in re.findall(r"\$(\w+)", sql)})
