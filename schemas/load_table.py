"""The table `loads`: the counts of each load.

To add a count, add it here, to `LoadReport` in `nalssi.warehouse.load_parts` and in a migration.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract_model import Contract
from schemas.extracted_tables import Instant
from schemas.ids import HEX_ID

DOCUMENTS = {"unit": "documents"}
LINES = {"unit": "lines"}


class Loads(Contract):
    """A load and its counts. Always, ticker_lines = reading_lines + rejected_lines."""

    load_id: str = pa.Field(str_matches=HEX_ID, unique=True, description="random id of the load")
    started_at: Instant = pa.Field(description="start of the load")
    finished_at: Instant = pa.Field(description="end of the load")
    flow_run_id: str = pa.Field(
        nullable=True, description="Prefect's flow run; null outside a flow"
    )
    nalssi_version: str = pa.Field(description="version of nalssi")
    parser_version: pl.Int32 = pa.Field(ge=1, description="version of the grammar")
    sources_failed: pl.Int64 = pa.Field(ge=0, description="sources that could not be read")
    documents_read: pl.Int64 = pa.Field(
        ge=0, description="documents read, with or without a ticker", metadata=DOCUMENTS
    )
    documents_with_ticker: pl.Int64 = pa.Field(
        ge=0, description="documents that hold a ticker", metadata=DOCUMENTS
    )
    documents_new: pl.Int64 = pa.Field(
        ge=0, description="documents added, or read again by a newer grammar", metadata=DOCUMENTS
    )
    documents_skipped: pl.Int64 = pa.Field(
        ge=0,
        description="documents skipped: loaded before by this grammar or a newer one, or repeated",
        metadata=DOCUMENTS,
    )
    ticker_lines: pl.Int64 = pa.Field(ge=0, description="ticker lines", metadata=LINES)
    reading_lines: pl.Int64 = pa.Field(
        ge=0, description="ticker lines that are readings", metadata=LINES
    )
    rejected_lines: pl.Int64 = pa.Field(ge=0, description="rejected ticker lines", metadata=LINES)
    rejected_dates: pl.Int64 = pa.Field(ge=0, description="rejected date lines", metadata=LINES)
    snapshots_new: pl.Int64 = pa.Field(
        ge=0, description="snapshots added", metadata={"unit": "snapshots"}
    )
    sightings_new: pl.Int64 = pa.Field(
        ge=0, description="sightings added", metadata={"unit": "sightings"}
    )
    readings_new: pl.Int64 = pa.Field(
        ge=0, description="readings added", metadata={"unit": "readings"}
    )

    class Config:
        every_ticker_line_is_a_reading_or_a_reject = ()
        every_ticker_document_is_new_or_skipped = ()
