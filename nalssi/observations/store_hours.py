"""Store hours of one source in the table `observations`, and count every row by its outcome.

The sources are `schemas.vocabulary.OBSERVATION_SOURCES`, the most reliable one first. A value
replaces a stored one of the same source, because KMA corrects its data later, or of a less reliable
source. It never replaces one of a more reliable source. So the order in which sources are loaded
makes no difference, and the order of loads matters only within a source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.common.sql_steps import read_steps, run_step
from nalssi.observations.asos_table import Block
from nalssi.observations.observation_report import FileReport
from schemas.contracts import check
from schemas.vocabulary import OBSERVATION_SOURCES

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
EXAMPLES = 5
"""How many rejected rows of a file its report quotes."""


def store_hours(
    con: duckdb.DuckDBPyConnection, blocks: Iterable[Block], source: str, name: str
) -> tuple[FileReport, pl.DataFrame]:
    """Store the observations of `blocks`, the rows of a file or an answer called `name`.

    `source` is one of OBSERVATION_SOURCES. Returns the counts and the hours whose values changed
    (`observed_at`, sorted); an equal value counts as a change if it replaces one of the feed. The
    hours are also added to `meta.changed_hours`, from which `nalssi.timing` learns which snapshots
    to compare again. Works on the writer's open connection, inside its transaction. If iterating
    `blocks` raises an error, nothing is stored.
    """
    con.execute(STEPS["create_incoming"])
    rows = missing = 0
    rejected: Counter[str] = Counter()
    examples: list[str] = []
    for block in blocks:
        rows += block.rows
        missing += block.missing
        rejected.update(block.rejected["reason"])
        for line, text, reason in block.rejected.head(EXAMPLES - len(examples)).iter_rows():
            examples.append(safe_text(f"{name}, line {line}: {reason}: {text}", MAX_MESSAGE_LENGTH))
        _insert_incoming(con, block.observations, source)
    parameters = {"source": source, "sources": list(OBSERVATION_SOURCES)}
    run_step(con, STEPS["compare"], parameters)
    counts = con.sql(STEPS["count"]).pl().row(0, named=True)
    hours = con.sql(STEPS["changed_hours"]).pl()
    for step in ("replace", "add", "note_changed_hours", "drop_tables"):
        run_step(con, STEPS[step], parameters)
    report = FileReport(Path(name), rows, missing, rejected, examples=tuple(examples), **counts)
    return report, hours.with_columns(pl.col("observed_at").dt.convert_time_zone("UTC"))


def _insert_incoming(
    con: duckdb.DuckDBPyConnection, observations: pl.DataFrame, source: str
) -> None:
    distinct = observations.unique(["station_id", "observed_at"], keep="last")
    check("observations", distinct.drop("line").with_columns(source=pl.lit(source)))
    con.register("block", observations.to_arrow())
    con.execute(STEPS["insert_incoming"])
    con.unregister("block")
