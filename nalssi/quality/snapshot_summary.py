"""Update the table `conclusions`: per snapshot, when it was observed and what is usable.

The summary follows from `snapshots`, `reconciliations` and `quality` alone. Views read it instead
of joining these tables, so that a question about one day reads only that day.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from nalssi.quality.snapshot_batch import registered
from schemas.vocabulary import USABLE_FLAGS

INSERT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


def update_snapshot_summary(
    con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame | None = None
) -> None:
    """Replace the summary of the snapshots whose `snapshot_id` is in `wanted`, or of all."""
    if wanted is None:
        con.execute("DELETE FROM conclusions")
        wanted = con.sql("SELECT snapshot_id FROM snapshots").pl()
    with registered(con, "quality_wanted", wanted):
        con.execute("DELETE FROM conclusions WHERE snapshot_id IN (FROM quality_wanted)")
        con.execute(INSERT, {"usable_flags": list(USABLE_FLAGS)})
