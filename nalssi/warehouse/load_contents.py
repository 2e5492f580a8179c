"""What a load read and added, as tables for people: new lists, rejected lines, sources.

Rejected lines and sources include those of pages that an earlier load has read, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from nalssi.part_tables import read_document_ids

MOST_ROWS: Final = 100
"""The largest number of rows of each table."""
STEPS: Final = read_steps(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class LoadContents:
    """What a load read and added. Each table has at most MOST_ROWS rows."""

    new_lists: pl.DataFrame
    """`day, time, stations, mean_c, site, pages`: see `load_contents.sql`."""
    rejected_lines: pl.DataFrame
    """`reason, text, line, uri`: the rejected lines, by reason."""
    sources: pl.DataFrame
    """`source, documents, lists, rejected`: sites, or paths of documents without a site, with the
    numbers of documents with a ticker, of lists and of rejected lines."""


def load_contents(
    con: duckdb.DuckDBPyConnection, load_id: str, parts: Sequence[Path]
) -> LoadContents:
    """Return what a load read from staged parts and added. `con` reads the published copy."""
    read = pl.concat(read_document_ids(part, "documents") for part in parts).unique()
    with registered(con, "read", read):
        tables = {name: _rows(con, name, load_id) for name in STEPS}
    return LoadContents(**tables)


def _rows(con: duckdb.DuckDBPyConnection, name: str, load_id: str) -> pl.DataFrame:
    values = {"most": MOST_ROWS} | ({"load_id": load_id} if "$load_id" in STEPS[name] else {})
    rows: pl.DataFrame = con.sql(STEPS[name], params=values).pl()
    return rows
