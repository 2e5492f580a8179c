"""Remove documents from the warehouse, and the snapshots that no other document shows.

Loading the documents again restores them.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from nalssi.quality import update_quality
from nalssi.warehouse.database_file import transaction
from nalssi.warehouse.feed_observations import update_feed_observations
from nalssi.warehouse.load_parts import STEPS, remove_stale_documents
from nalssi.warehouse.warehouse_folder import Warehouse

MATCHING_DOCUMENTS = """
    SELECT document_id FROM documents
    WHERE ($uri IS NULL OR uri GLOB replace($uri, '[', '[[]'))
        AND ($site IS NULL OR site GLOB replace($site, '[', '[[]'))
"""
COUNTS = """
    WITH gone AS (SELECT snapshot_id FROM sightings SEMI JOIN forgotten USING (document_id)),
    staying AS (SELECT snapshot_id FROM sightings ANTI JOIN forgotten USING (document_id)),
    orphans AS (SELECT DISTINCT snapshot_id FROM gone ANTI JOIN staying USING (snapshot_id))
    SELECT
        (SELECT count(*) FROM forgotten),
        (SELECT count(*) FROM gone),
        (SELECT count(*) FROM rejects SEMI JOIN forgotten USING (document_id)),
        (SELECT count(*) FROM orphans),
        (SELECT count(*) FROM readings SEMI JOIN orphans USING (snapshot_id))
"""


@dataclass(frozen=True)
class Forgotten:
    """The number of rows that were removed, or that a preview would remove, by table."""

    documents: int
    sightings: int
    rejects: int
    snapshots: int
    readings: int


def preview(warehouse: Warehouse, *, uri: str | None = None, site: str | None = None) -> Forgotten:
    """Count the rows that `forget` would remove with the same patterns. Nothing is removed.

    `uri` and `site` are the patterns; at least one of them must be given.
    """
    with warehouse.reader() as con:
        return _counts(con, uri, site)


def forget(warehouse: Warehouse, *, uri: str | None = None, site: str | None = None) -> Forgotten:
    """Remove the documents whose uri and site match the patterns, and publish.

    In a pattern, `*` matches any text and `?` any character; None matches everything. Sightings and
    rejects are removed with their document; a snapshot and its readings are removed with its last
    sighting. Returns the number of removed rows of each table.

    Raises ValueError without a pattern, because that would remove everything, and WarehouseError if
    there is no warehouse.
    """
    preview(warehouse, uri=uri, site=site)
    with warehouse.writer() as con, transaction(con):
        counts = _counts(con, uri, site)
        con.execute(
            "CREATE OR REPLACE TEMP TABLE accepted AS SELECT *, true AS stale FROM forgotten"
        )
        con.execute(STEPS["changed"])
        remove_stale_documents(con)
        con.execute(STEPS["forget_reconciliations"])
        changed = con.execute(STEPS["distinct_changed"]).fetchall()
        update_quality(con, pl.DataFrame(changed, {"snapshot_id": pl.String}, orient="row"))
        update_feed_observations(con)
    return counts


def _counts(con: duckdb.DuckDBPyConnection, uri: str | None, site: str | None) -> Forgotten:
    if not uri and not site:
        raise ValueError("say what to forget: a pattern for uri or site")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE forgotten AS {MATCHING_DOCUMENTS}",
        {"uri": uri, "site": site},
    )
    return Forgotten(*(con.execute(COUNTS).fetchone() or ()))
