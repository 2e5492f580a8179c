"""Tables about one load, for people: the new lists, the rejected lines, the sources.

The rejected lines and sources are of all documents that the load read, including documents that an
earlier load had read before. The artifacts of a run show these tables.
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
    """Three tables about one load. Each table has at most MOST_ROWS rows."""

    new_lists: pl.DataFrame
    """The lists that no earlier load has seen, newest first: `day, time` (text, KST), `stations,
    mean_c` (°C), `site, pages` (pages of this load that show the list)."""
    rejected_lines: pl.DataFrame
    """The rejected lines, sorted by reason: `reason, text, line, uri`."""
    sources: pl.DataFrame
    """The sites, or the paths of documents without a site, with counts: `source, documents` (with a
    ticker), `lists, rejected` (lines)."""


def load_contents(
    con: duckdb.DuckDBPyConnection, load_id: str, parts: Sequence[Path]
) -> LoadContents:
    """Return the tables about a load. `parts` are the staged parts that it loaded.

    `con` reads the published copy, to which the load has been published.
    """
    read = pl.concat(read_document_ids(part, "documents") for part in parts).unique()
    with registered(con, "read", read):
        tables = {name: _rows(con, name, load_id) for name in STEPS}
    return LoadContents(**tables)


def _rows(con: duckdb.DuckDBPyConnection, name: str, load_id: str) -> pl.DataFrame:
    values = {"most": MOST_ROWS} | ({"load_id": load_id} if "$load_id" in STEPS[name] else {})
    rows: pl.DataFrame = con.sql(STEPS[name], params=values).pl()
    return rows
