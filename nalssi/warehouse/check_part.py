"""Check a staged part before it is loaded: its tables, and the references between them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from nalssi.part_tables import read_tables
from schemas.contracts import ContractError, check

TABLES_OF_PART = ("documents", "snapshots", "sightings", "readings", "rejects")


def checked_tables(part: Path) -> dict[str, pl.DataFrame]:
    """Read and check the tables TABLES_OF_PART of a staged part, and return them by name.

    `part` is the folder of the part. Raises ContractError if a table breaks its contract, or if its
    rows refer to missing rows of another table; PartError if a file is missing or damaged.
    """
    try:
        tables = read_tables(part)
        frames = {name: tables[name] for name in TABLES_OF_PART}
        # The load adds the id of the load. Any valid id will do for the check.
        sightings = frames["sightings"].with_columns(load_id=pl.lit("a" * 16))
        for table, frame in (frames | {"sightings": sightings}).items():
            check(table, frame)
        _check_agreement(frames)
        return frames
    except ContractError as error:
        raise ContractError(f"{part}: {error}") from error


def _check_agreement(frames: dict[str, pl.DataFrame]) -> None:
    """Raise ContractError if a row refers to a document or snapshot that is not in the part.

    Every document must have a sighting or a reject, and every snapshot `station_count` readings.
    `frames` are the tables of the part, by name.
    """
    sightings, readings, rejects = frames["sightings"], frames["readings"], frames["rejects"]
    listed = readings.group_by("snapshot_id").agg(station_count=pl.len().cast(pl.Int16))
    referring = pl.concat([sightings.select("document_id"), rejects.select("document_id")])
    violations = {
        "a sighting of a snapshot that is not in the part": sightings.join(
            frames["snapshots"], on="snapshot_id", how="anti"
        ),
        "a sighting or reject of a document that is not in the part": referring.join(
            frames["documents"], on="document_id", how="anti"
        ),
        "a document with neither sighting nor reject": frames["documents"].join(
            referring, on="document_id", how="anti"
        ),
        "a snapshot without exactly station_count readings": frames["snapshots"].join(
            listed, on=["snapshot_id", "station_count"], how="anti"
        ),
        "a reading of a snapshot that is not in the part": listed.join(
            frames["snapshots"], on="snapshot_id", how="anti"
        ),
    }
    for violation, rows in violations.items():
        if rows.height:
            raise ContractError(f"{violation}: {rows.item(0, 0)!r}")
