"""Load staged parts into the warehouse, in one transaction.

A part is what extraction made of one partition: the tables `documents`, `snapshots`, `sightings`
(without `load_id`), `readings`, `rejects` and `examined`, in the files that `nalssi.part_tables`
reads, and `counts`. The ids depend only on content. So the same parts give the same rows, whatever
their order or division, and loading them again changes nothing but `loads` and
`sightings.load_id`.

The SQL steps are in `load_parts.sql`; this module runs them in order and counts rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.ids import random_id
from nalssi.common.sql_steps import read_steps, registered, run_step
from nalssi.common.version import __version__
from nalssi.conclusions import neighbouring_snapshots
from nalssi.part_tables import read_document_ids, read_file
from nalssi.quality import update_quality
from nalssi.staging import COUNTS
from nalssi.warehouse.check_part import TABLES_OF_PART, checked_tables
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.feed_observations import update_feed_observations
from nalssi.warehouse.warehouse_folder import Warehouse
from schemas.contracts import ContractError, check, polars_schema

STEPS = read_steps(Path(__file__).with_suffix(".sql"))
FORGET_STEPS = (
    # Remove documents that are to be replaced, and what only they showed.
    "forget_sightings",
    "forget_rejects",
    "forget_documents",
    "orphans",
    "forget_snapshots",
    "forget_readings",
)
INSERT_STEPS = (
    # Insert the accepted documents, and what they show for the first time.
    "documents",
    "sightings",
    "rejects",
    "new_sightings",
    "changed_by_sighting",
    "snapshots",
    "readings",
    "duplicates",
    "merge_duplicates",
)
READINGS_AT_ONCE = 500_000
"""Small parts are inserted together, up to this number of readings, which take about 50 MB."""

CHANGED = {"snapshot_id": pl.String}


@dataclass(frozen=True)
class LoadReport:
    """The result of a load: the values of its row in `loads`, and the rejected lines by reason.

    To add a count, add it here, to `schemas/load_table.py` and in a migration.
    """

    load_id: str
    started_at: datetime
    finished_at: datetime
    flow_run_id: str | None
    nalssi_version: str
    parser_version: int
    sources_failed: int
    documents_read: int
    documents_with_ticker: int
    documents_new: int
    documents_skipped: int
    ticker_lines: int
    reading_lines: int
    rejected_lines: int
    rejected_dates: int
    snapshots_new: int
    sightings_new: int
    readings_new: int
    rejects_by_reason: dict[str, int] = field(default_factory=dict)

    def row(self) -> dict[str, object]:
        """Return the row for the table `loads`."""
        row = asdict(self)
        del row["rejects_by_reason"]
        return row


Progress = Callable[[int, int, str], None]
"""A function that is called before each step of a load, with three arguments: the number of parts
inserted so far, the number of parts to insert, and the step in words."""


def silent(_inserted: int, _total: int, _step: str) -> None:
    """Do nothing: the default for `progress`."""


def load_parts(
    warehouse: Warehouse,
    parts: Sequence[Path],
    *,
    flow_run_id: str | None = None,
    progress: Progress = silent,
) -> LoadReport:
    """Load staged parts, update the quality flags and publish: everything, or nothing on an error.

    A document is loaded if it is new, or if an older version of the grammar read it. In that case
    its old sightings and rejects are removed first. All other documents are skipped. `progress` is
    called before each step. `flow_run_id` is the Prefect run that loads, for the table `loads`.

    Raises ContractError, which names the part, if its data break a contract; PartError if a part
    cannot be read; WarehouseError if the warehouse cannot be written; ValueError without parts.
    """
    if not parts:
        raise ValueError("no parts to load")
    with warehouse.writer() as con, transaction(con):
        report = load_into(con, parts, flow_run_id=flow_run_id, progress=progress)
        progress(len(parts), len(parts), "committing and publishing")
        return report


def load_into(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Path],
    *,
    flow_run_id: str | None = None,
    progress: Progress = silent,
) -> LoadReport:
    """Load staged parts into an open database, in its current transaction, without publishing.

    The arguments, and the exceptions for parts, are those of `load_parts`.
    """
    return _load(con, sorted(set(parts)), flow_run_id, progress)


def _load(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Path],
    flow_run_id: str | None,
    progress: Progress,
) -> LoadReport:
    load_id, started_at = random_id(), datetime.now(UTC)
    part_counts = _counts(parts)
    with (
        registered(con, "part_counts", part_counts),
        registered(con, "part_offers", _offers(parts)),
    ):
        con.execute(STEPS["offers"])
    for step in ("known", "accepted", "changed"):
        con.execute(STEPS[step])
    counts: dict[str, int] = part_counts.select(
        pl.col(COUNTS).sum(), pl.col("parser_version").max()
    ).row(0, named=True)

    if con.execute("SELECT 1 FROM accepted WHERE stale LIMIT 1").fetchone():
        remove_stale_documents(con)
    inserted = dict.fromkeys(INSERT_STEPS, 0)
    accepted = _accepted_parts(con)
    for number, tables in _inserted_together(parts, accepted):
        progress(number, len(accepted), f"{number:,} of {len(accepted):,} parts inserted")
        with ExitStack() as stack:
            for table, rows in tables.items():
                stack.enter_context(registered(con, f"part_{table}", rows))
            for step in INSERT_STEPS:
                result = run_step(con, STEPS[step], {"load_id": load_id})
                (count,) = result.fetchone() or (0,)
                inserted[step] += count
    con.execute(STEPS["forget_reconciliations"])
    snapshots = con.execute(STEPS["distinct_changed"]).fetchall()
    changed = pl.DataFrame(snapshots, CHANGED, orient="row")
    progress(len(accepted), len(accepted), f"judging {changed.height:,} changed lists")
    update_feed_observations(con, update_quality(con, changed))

    report = LoadReport(
        load_id=load_id,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        flow_run_id=flow_run_id,
        nalssi_version=__version__,
        **counts,
        documents_new=inserted["documents"],
        documents_skipped=counts["documents_with_ticker"] - inserted["documents"],
        snapshots_new=inserted["snapshots"],
        sightings_new=inserted["sightings"],
        readings_new=inserted["readings"],
        rejects_by_reason=_rejects_by_reason(parts),
    )
    row = check("loads", pl.DataFrame([report.row()], schema=polars_schema("loads")))
    con.from_arrow(row.to_arrow()).insert_into("loads")
    return report


def remove_stale_documents(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the documents that are marked as `stale` in the temporary table `accepted`.

    They are stale because an older version of the grammar read them. Snapshots and readings that
    only these documents show are removed too. The snapshots that the removal can affect are added
    to the table `changed`.
    """
    con.execute(STEPS["changed_by_removal"])
    shown = con.sql("SELECT DISTINCT snapshot_id FROM changed").pl()
    # Their pages and sites are known only as long as their documents are there.
    with registered(con, "neighbours", neighbouring_snapshots(con, shown)):
        con.execute(STEPS["changed_near_removal"])
    for step in FORGET_STEPS:
        con.execute(STEPS[step])


def _counts(parts: Sequence[Path]) -> pl.DataFrame:
    """Return a row of counts for each part: COUNTS, `parser_version`, and `part`, its index."""
    counts = pl.concat((read_file(part, "counts") for part in parts), how="vertical_relaxed")
    if counts.height != len(parts):
        raise ContractError(f"{len(parts)} parts have {counts.height} rows of counts")
    return counts.with_row_index("part")


def _offers(parts: Sequence[Path]) -> pl.DataFrame:
    """Return all documents of the parts: `document_id, part` (its index), `holds_ticker`."""
    return pl.concat(
        read_document_ids(part, table).with_columns(
            part=pl.lit(number, dtype=pl.UInt32), holds_ticker=holds_ticker
        )
        for number, part in enumerate(parts)
        for table, holds_ticker in (
            ("documents", pl.lit(value=True)),
            ("examined", pl.lit(value=False)),
        )
    )


def _rejects_by_reason(parts: Sequence[Path]) -> dict[str, int]:
    """Return the number of rejects of the parts by reason, the most frequent reason first.

    Rejects of skipped documents count too, as in the counts of the parts.
    """
    reasons = pl.concat(read_file(part, "rejects", ["reason"]) for part in parts)
    lines = reasons.group_by("reason").len().sort("len", "reason", descending=[True, False])
    return dict(lines.iter_rows())


def _inserted_together(
    parts: Sequence[Path], accepted: Sequence[int]
) -> Iterator[tuple[int, dict[str, pl.DataFrame]]]:
    """Read and check the accepted parts, and yield their tables for insertion.

    `accepted` are indexes of `parts`. Small parts are joined, up to READINGS_AT_ONCE readings.
    Yields pairs: how many parts were yielded before (for the progress), and the tables of the next
    parts by name. In the tables, the column `part` is the index of a row's part.
    """
    waiting: list[dict[str, pl.DataFrame]] = []
    readings = 0
    for position, number in enumerate(accepted):
        tables = checked_tables(parts[number])
        if waiting and readings + tables["readings"].height > READINGS_AT_ONCE:
            yield position - len(waiting), _together(waiting)
            waiting, readings = [], 0
        part = pl.lit(number, dtype=pl.UInt32).alias("part")
        waiting.append({table: rows.with_columns(part) for table, rows in tables.items()})
        readings += tables["readings"].height
    if waiting:
        yield len(accepted) - len(waiting), _together(waiting)


def _together(parts: Sequence[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    return {table: pl.concat(part[table] for part in parts) for table in TABLES_OF_PART}


def _accepted_parts(con: duckdb.DuckDBPyConnection) -> list[int]:
    rows = con.execute("SELECT DISTINCT part FROM accepted WHERE holds_ticker ORDER BY part")
    return [part for (part,) in rows.fetchall()]
