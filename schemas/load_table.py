"""The record that each load leaves: what went in, what came out, what was refused."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.extracted_tables import HEX_ID, Instant

DOCUMENTS = {"unit": "documents"}
LINES = {"unit": "lines"}


class Loads(pa.DataFrameModel):
    """A load: ticker_lines = reading_lines + rejected_lines, always."""

    load_id: str = pa.Field(str_matches=HEX_ID, unique=True, description="random id of the load")
    started_at: Instant = pa.Field(description="when it began")
    finished_at: Instant = pa.Field(description="when it was committed")
    flow_run_id: str = pa.Field(
        nullable=True, description="Prefect's flow run; null outside a flow"
    )
    nalssi_version: str = pa.Field(description="version of nalssi")
    parser_version: pl.Int32 = pa.Field(ge=1, description="version of the grammar")
    sources_failed: pl.Int64 = pa.Field(ge=0, description="sources that could not be read")
    documents_read: pl.Int64 = pa.Field(
        ge=0, description="documents met, with a ticker or not", metadata=DOCUMENTS
    )
    documents_with_ticker: pl.Int64 = pa.Field(
        ge=0, description="documents that hold a ticker", metadata=DOCUMENTS
    )
    documents_new: pl.Int64 = pa.Field(
        ge=0, description="documents new, or read anew by a newer parser", metadata=DOCUMENTS
    )
    documents_skipped: pl.Int64 = pa.Field(
        ge=0,
        description="documents already loaded by this parser or a newer one, or met twice",
        metadata=DOCUMENTS,
    )
    ticker_lines: pl.Int64 = pa.Field(ge=0, description="ticker lines met", metadata=LINES)
    reading_lines: pl.Int64 = pa.Field(
        ge=0, description="ticker lines that are readings", metadata=LINES
    )
    rejected_lines: pl.Int64 = pa.Field(ge=0, description="ticker lines refused", metadata=LINES)
    rejected_dates: pl.Int64 = pa.Field(ge=0, description="date lines refused", metadata=LINES)
    snapshots_new: pl.Int64 = pa.Field(
        ge=0, description="distinct tickers added", metadata={"unit": "snapshots"}
    )
    sightings_new: pl.Int64 = pa.Field(
        ge=0, description="sightings added", metadata={"unit": "sightings"}
    )
    readings_new: pl.Int64 = pa.Field(
        ge=0, description="readings added", metadata={"unit": "readings"}
    )

    class Config:
        strict = True

    @pa.dataframe_check(name="every_ticker_line_is_a_reading_or_a_reject")
    def lines_add_up(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(
            pl.col("ticker_lines") == pl.col("reading_lines") + pl.col("rejected_lines")
        )

    @pa.dataframe_check(name="every_ticker_document_is_new_or_skipped")
    def documents_add_up(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(
            pl.col("documents_with_ticker") == pl.col("documents_new") + pl.col("documents_skipped")
        )
