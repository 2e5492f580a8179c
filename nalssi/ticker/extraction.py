"""What comes out of documents: the frames that pass from the grammar to the warehouse."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

PARSER_VERSION = 6
"""Raised whenever the same page could give other readings, rejects, dates or ids than before."""

LEAST = (
    pl.col("station_source").min(),
    pl.col("condition").first(),
    pl.col("condition_raw").min(),
    pl.col("temperature_c").first(),
)
"""What becomes of a reading whose list is met several times: how the station is known and how the
weather is worded may differ, and the alphabetically first stays, as in a load."""


@dataclass(frozen=True)
class Extraction:
    """The tickers found in a batch of documents, as frames in the columns of their models.

    `sightings` lacks `load_id`, which the load adds. `lines` has every reading in page order,
    one row a ticker line, before equal lists are folded into one snapshot:
    `document_id, line, snapshot_id, station_id, station_source, condition, condition_raw,
    temperature_c`. `examined` (`document_id`) names the documents that held a temperature but
    no ticker, so that a newer grammar can take back what an older one saw in them.
    """

    documents: pl.DataFrame
    snapshots: pl.DataFrame
    sightings: pl.DataFrame
    readings: pl.DataFrame
    rejects: pl.DataFrame
    lines: pl.DataFrame
    examined: pl.DataFrame
    ticker_lines: int
    """Counted where lines are recognised, not from what became of them."""
    problems: tuple[tuple[str, str], ...] = ()
    """Documents that could not be read at all (a feed that is no XML): address and cause."""
