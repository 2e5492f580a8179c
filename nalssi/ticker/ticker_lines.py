"""Ticker lines, the intermediate result that pages and feeds have in common.

`read_pages` and `kma_feed` make them; `extract_tickers` turns them into tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

FEWEST_READINGS = 3
"""A ticker has at least so many lines with known names, for different stations."""

LINE_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc": pl.UInt32,  # index of the document in the batch
    "run": pl.Int32,  # index of the ticker in the batch
    "line": pl.Int32,  # line of the document, from 1
    "text": pl.String,
    "reason": pl.String,  # null for a reading
    "station_id": pl.Int16,
    "station_source": pl.String,
    "condition": pl.String,
    "condition_raw": pl.String,
    "temperature_c": pl.Float64,
    "printed_on": pl.Date,
    "observed_on": pl.Date,
    "observed_at": pl.Datetime("us", "UTC"),
    "date_source": pl.String,
}
REJECTED_DATE_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc": pl.UInt32,
    "line": pl.Int32,
    "text": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Tickers:
    """The ticker lines and rejected dates of a batch of documents."""

    lines: pl.DataFrame
    """Columns `LINE_COLUMNS`, in page order."""
    rejected_dates: pl.DataFrame
    """Columns `REJECTED_DATE_COLUMNS`."""
    problems: tuple[tuple[str, str], ...] = ()
    """Documents that cannot be read: address and cause."""


def list_and_station(list_column: str) -> pl.Expr:
    """Return list and station as one integer, which is cheaper to sort and compare than two."""
    return pl.col(list_column).cast(pl.Int64) * 2**16 + pl.col("station_id")
