"""Bring staged parts into the warehouse: one transaction, keyed by content.

A part is what extraction made of one partition: `documents`, `snapshots`, `sightings` (without
`load_id`), `readings`, `rejects`, `examined` and `counts`, one Parquet file each. Loading the
same parts twice, in another order or in other pieces gives the same rows, `loads` and
`sightings.load_id` aside. The steps are in `load_parts.sql`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from nalssi.common.sql_steps import read_steps, run_step
from nalssi.common.version import __version__
from nalssi.quality import update_quality
from nalssi.staging import read_file
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.warehouse_folder import Warehouse
from schemas.contracts import ContractError, check, polars_schema

FILES = ("documents", "snapshots", "sightings", "readings", "rejects", "examined", "counts")
STEPS = read_steps(Path(__file__).with_suffix(".sql"))
FORGET = (
    "touched",
    "forget_sightings",
    "forget_rejects",
    "forget_documents",
    "orphans",
    "forget_snapshots",
    "forget_readings",
)
BRING = (
    "documents",
    "sightings",
    "rejects",
    "arriving",
    "changed_by_arrival",
    "snapshots",
    "readings",
    "variants",
    "settle_variants",
)
CHANGED = {"snapshot_id": pl.String}
COUNTS = (
    "sources_failed",
    "documents_read",
    "documents_with_ticker",
    "ticker_lines",
    "reading_lines",
    "rejected_lines",
    "rejected_dates",
)


@dataclass(frozen=True)
class LoadReport:
    """A load, as its row in `loads` has it, and the lines refused by reason."""

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
        """The row of `loads`."""
        row = asdict(self)
        del row["rejects_by_reason"]
        return row


def load_parts(
    warehouse: Warehouse, parts: Sequence[Path], *, flow_run_id: str | None = None
) -> LoadReport:
    """Load staged parts, bring quality up to date, publish; all of it or nothing.

    A document is taken when it is new or was read by an older grammar, whose sightings and
    rejects then go; otherwise it is skipped. Raises ContractError, naming the part, when
    something to be loaded breaks a contract, PartError when a part cannot be read, WarehouseError
    when the warehouse cannot be written, and ValueError when there are no parts.
    """
    if not parts:
        raise ValueError("no parts to load")
    wanted = sorted(set(parts))
    with warehouse.writer() as con, _damage_in(wanted), transaction(con):
        return _load(con, wanted, flow_run_id)


@contextmanager
def _damage_in(parts: Sequence[Path]) -> Iterator[None]:
    """When something cannot be read, say whether a part is to blame, and which file of it."""
    try:
        yield
    except (duckdb.Error, pl.exceptions.PolarsError, OSError):
        for part in parts:
            for name in FILES:
                read_file(part, name)
        raise


def check_part(part: Path) -> None:
    """Raise ContractError unless every frame of the part keeps its contract and they agree."""
    try:
        frames = {name: pl.read_parquet(part / f"{name}.parquet") for name in FILES[:-2]}
        # The load's id is the one column that only the load can know.
        sightings = frames["sightings"].with_columns(load_id=pl.lit("0" * 16))
        for table, frame in (frames | {"sightings": sightings}).items():
            check(table, frame)
        _check_agreement(frames)
    except ContractError as error:
        raise ContractError(f"{part}: {error}") from error


def _check_agreement(frames: dict[str, pl.DataFrame]) -> None:
    """Documents, sightings, snapshots and readings of one part must name each other."""
    sightings, readings, rejects = frames["sightings"], frames["readings"], frames["rejects"]
    described = readings.group_by("snapshot_id").agg(station_count=pl.len().cast(pl.Int16))
    mentions = pl.concat([sightings.select("document_id"), rejects.select("document_id")])
    claims = {
        "a sighting of a snapshot that is not described": sightings.join(
            frames["snapshots"], on="snapshot_id", how="anti"
        ),
        "a sighting or reject in a document that is not described": mentions.join(
            frames["documents"], on="document_id", how="anti"
        ),
        "a document with neither sighting nor reject": frames["documents"].join(
            mentions, on="document_id", how="anti"
        ),
        "a snapshot without exactly station_count readings": frames["snapshots"].join(
            described, on=["snapshot_id", "station_count"], how="anti"
        ),
        "a reading of a snapshot that is not described": described.join(
            frames["snapshots"], on="snapshot_id", how="anti"
        ),
    }
    for claim, rows in claims.items():
        if rows.height:
            raise ContractError(f"{claim}: {rows.item(0, 0)!r}")


def _load(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Path], flow_run_id: str | None
) -> LoadReport:
    load_id, started_at = secrets.token_hex(8), datetime.now(UTC)
    run = _runner(con, parts, load_id)
    for step in ("parts", "offers", "known", "accepted", "changed"):
        run(step)
    counts = _sum_of_counts(con, parts)
    rejects_by_reason = dict(run("rejects_by_reason").fetchall())

    if con.execute("SELECT 1 FROM accepted WHERE stale LIMIT 1").fetchone():
        for step in FORGET:
            run(step)
    added = dict.fromkeys(BRING, 0)
    if bringing := _parts_that_bring_something(con):
        for part in bringing:
            check_part(part)
        run = _runner(con, bringing, load_id)
        for step in BRING:
            (rows,) = run(step).fetchone() or (0,)
            added[step] = rows
    run("forget_reconciliations")
    update_quality(con, pl.DataFrame(run("distinct_changed").fetchall(), CHANGED, orient="row"))

    report = LoadReport(
        load_id=load_id,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        flow_run_id=flow_run_id,
        nalssi_version=__version__,
        **counts,
        documents_new=added["documents"],
        documents_skipped=counts["documents_with_ticker"] - added["documents"],
        snapshots_new=added["snapshots"],
        sightings_new=added["sightings"],
        readings_new=added["readings"],
        rejects_by_reason=rejects_by_reason,
    )
    row = check("loads", pl.DataFrame([report.row()], schema=polars_schema("loads")))
    con.from_arrow(row.to_arrow()).insert_into("loads")
    return report


def _runner(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Path], load_id: str
) -> Callable[[str], duckdb.DuckDBPyConnection]:
    """A function that runs a step of `load_parts.sql` with the parameters that it names."""
    parameters: dict[str, object] = {
        name: [str(part / f"{name}.parquet") for part in parts] for name in FILES
    } | {"load_id": load_id}

    def run(step: str) -> duckdb.DuckDBPyConnection:
        return run_step(con, STEPS[step], parameters)

    return run


def _sum_of_counts(con: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> dict[str, int]:
    """The parts' counts added up, and the newest version of the grammar among them."""
    counts = con.table("parts").pl()
    if counts.height != len(parts):
        raise ContractError(f"{len(parts)} parts have {counts.height} rows of counts")
    row = counts.select(pl.col(COUNTS).sum(), pl.col("parser_version").max())
    sums: dict[str, int] = row.row(0, named=True)
    return sums


def _parts_that_bring_something(con: duckdb.DuckDBPyConnection) -> list[Path]:
    rows = con.execute("SELECT DISTINCT part FROM accepted WHERE holds_ticker ORDER BY part")
    return [Path(part) for (part,) in rows.fetchall()]
