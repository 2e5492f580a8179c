"""Update the table `conclusions`: per snapshot, when it was observed and what is usable.

The conclusions follow from the evidence alone (see the package's docstring), so they can be drawn
again at any time. Views read them instead of joining the tables of the evidence, so that a question
about one day reads only that day.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.sql_steps import read_steps, registered
from schemas.vocabulary import USABLE_FLAGS

STEPS = read_steps(Path(__file__).with_suffix(".sql"))


def conclude(con: duckdb.DuckDBPyConnection) -> None:
    """Draw all conclusions again."""
    con.execute(STEPS["delete_all"])
    ids = con.sql("SELECT snapshot_id FROM snapshots").pl()
    conclude_times(con, ids)
    conclude_usable(con, ids)


def conclude_times(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> None:
    """Conclude when snapshots were observed.

    `wanted`: `snapshot_id` of the snapshots. The rows of removed snapshots are deleted. The columns
    `usable` and `unusable` are not known yet: the checks that decide them need the hours. Call
    `conclude_usable` for the same snapshots afterwards.
    """
    with registered(con, "conclude_wanted", wanted):
        con.execute(STEPS["times"])
        con.execute(STEPS["delete"])
    con.execute(STEPS["insert_times"])
    con.execute(STEPS["drop_times"])


def conclude_usable(con: duckdb.DuckDBPyConnection, wanted: pl.DataFrame) -> None:
    """Conclude which readings are usable, from the flags in `quality`.

    `wanted`: `snapshot_id` of the snapshots whose flags or times have changed. Rows are written
    sorted by id.
    """
    with registered(con, "conclude_wanted", wanted):
        con.execute(STEPS["usable"], {"usable_flags": list(USABLE_FLAGS)})
        con.execute(STEPS["delete"])
    con.execute(STEPS["insert_usable"])
    con.execute(STEPS["drop_usable"])
