"""The class `Tickers`: ticker lines, read from pages or from feeds, before they become tables.

`read_pages` and `kma_feed` make ticker lines. `extract_tickers` converts them into tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

FEWEST_READINGS = 3
"""The smallest number of lines in a ticker that look like readings (`line_kinds`: `counted`)."""

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
    """The ticker lines in page order, with the columns `LINE_COLUMNS`."""
    rejected_dates: pl.DataFrame
    """The rejected date lines, with the columns `REJECTED_DATE_COLUMNS`."""
    problems: tuple[tuple[str, str], ...] = ()
    """Address and cause for each document that cannot be read."""


def list_and_station(list_column: str) -> pl.Expr:
    """Return an expression for one sort key: the number of a list and the id of a station.

    `list_column` is the integer column with the number of the list. The key is one integer, which
    is faster to sort and compare than two columns.
    """
    return pl.col(list_column).cast(pl.Int64) * 2**16 + pl.col("station_id")
