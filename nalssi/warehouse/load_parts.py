"""Load staged parts into the warehouse, in one transaction.

A part is what extraction made of one partition: the Parquet files `documents`, `snapshots`,
`sightings` (without `load_id`), `readings`, `rejects`, `examined` and `counts`. The ids depend only
on content. So the same parts give the same rows, whatever their order or division, and loading
them again changes nothing but `loads` and `sightings.load_id`.

The SQL steps are in `load_parts.sql`; this module runs them in order and counts rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.ids import random_id
from nalssi.common.sql_steps import read_steps, registered, run_step
from nalssi.common.version import __version__
from nalssi.conclusions import neighbouring_snapshots
from nalssi.quality import update_quality
from nalssi.staging import COUNTS, read_file
from nalssi.warehouse.check_part import PART_FILES, check_part
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


def load_parts(
    warehouse: Warehouse, parts: Sequence[Path], *, flow_run_id: str | None = None
) -> LoadReport:
    """Load staged parts, update the quality flags and publish: everything, or nothing on an error.

    A document is loaded if it is new, or if an older version of the grammar read it. In that case
    its old sightings and rejects are removed first. All other documents are skipped.

    Raises ContractError, which names the part, if its data break a contract; PartError if a part
    cannot be read; WarehouseError if the warehouse cannot be written; ValueError without parts.
    """
    if not parts:
        raise ValueError("no parts to load")
    with warehouse.writer() as con, transaction(con):
        return load_into(con, parts, flow_run_id=flow_run_id)


def load_into(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Path], *, flow_run_id: str | None = None
) -> LoadReport:
    """Load staged parts into an open database, in its transaction. Raises what `load_parts` does.

    Nothing is published.
    """
    wanted = sorted(set(parts))
    with _damaged_parts_named(wanted):
        return _load(con, wanted, flow_run_id)


@contextmanager
def _damaged_parts_named(parts: Sequence[Path]) -> Iterator[None]:
    """Raise PartError instead of DuckDB's error if the block cannot read a file of a part."""
    try:
        yield
    except (duckdb.Error, pl.exceptions.PolarsError, OSError):
        for part in parts:
            for name in PART_FILES:
                read_file(part, name)
        raise


def _load(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Path], flow_run_id: str | None
) -> LoadReport:
    load_id, started_at = random_id(), datetime.now(UTC)
    run = _runner(con, parts, load_id)
    for step in ("parts", "offers", "known", "accepted", "changed"):
        run(step)
    counts = _sum_of_counts(con, parts)
    rejects_by_reason = dict(run("rejects_by_reason").fetchall())

    if con.execute("SELECT 1 FROM accepted WHERE stale LIMIT 1").fetchone():
        remove_stale_documents(con)
    inserted = dict.fromkeys(INSERT_STEPS, 0)
    if with_documents := _parts_with_accepted_documents(con):
        for part in with_documents:
            check_part(part)
        run = _runner(con, with_documents, load_id)
        for step in INSERT_STEPS:
            (rows,) = run(step).fetchone() or (0,)
            inserted[step] = rows
    run("forget_reconciliations")
    changed = pl.DataFrame(run("distinct_changed").fetchall(), CHANGED, orient="row")
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
        rejects_by_reason=rejects_by_reason,
    )
    row = check("loads", pl.DataFrame([report.row()], schema=polars_schema("loads")))
    con.from_arrow(row.to_arrow()).insert_into("loads")
    return report


def remove_stale_documents(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the documents that are `stale` in the table `accepted`, and what only they show.

    The snapshots that the removal can affect are added to the table `changed`.
    """
    con.execute(STEPS["changed_by_removal"])
    shown = con.sql("SELECT DISTINCT snapshot_id FROM changed").pl()
    # Their pages and sites are known only as long as their documents are there.
    with registered(con, "neighbours", neighbouring_snapshots(con, shown)):
        con.execute(STEPS["changed_near_removal"])
    for step in FORGET_STEPS:
        con.execute(STEPS[step])


def _runner(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Path], load_id: str
) -> Callable[[str], duckdb.DuckDBPyConnection]:
    """Return a function that runs a step of `load_parts.sql` with the parameters of that step."""
    parameters: dict[str, object] = {
        name: [str(part / f"{name}.parquet") for part in parts] for name in PART_FILES
    } | {"load_id": load_id}

    def run(step: str) -> duckdb.DuckDBPyConnection:
        return run_step(con, STEPS[step], parameters)

    return run


def _sum_of_counts(con: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> dict[str, int]:
    """Return the sums of the counts of all parts, and the newest version of their grammars."""
    counts = con.table("parts").pl()
    if counts.height != len(parts):
        raise ContractError(f"{len(parts)} parts have {counts.height} rows of counts")
    row = counts.select(pl.col(COUNTS).sum(), pl.col("parser_version").max())
    sums: dict[str, int] = row.row(0, named=True)
    return sums


def _parts_with_accepted_documents(con: duckdb.DuckDBPyConnection) -> list[Path]:
    rows = con.execute("SELECT DISTINCT part FROM accepted WHERE holds_ticker ORDER BY part")
    return [Path(part) for (part,) in rows.fetchall()]
