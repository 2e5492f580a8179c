"""The class `Extraction`: the tables that the grammar makes from documents, for the warehouse."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

PARSER_VERSION = 6
"""The version of the grammar. `make new-grammar` raises it: run that after every change that could
give other readings, rejects, dates or ids for some page. A load then replaces the rows that an
older version extracted."""

MERGE_DUPLICATES = (
    pl.col("station_source").min(),
    pl.col("condition").first(),
    pl.col("condition_raw").min(),
    pl.col("temperature_c").first(),
)
"""Expressions that merge the rows of one snapshot and station, grouped by both, into one reading.
They keep the alphabetically first `station_source` and `condition_raw`. The other columns are equal
in these rows. A load merges duplicates in the same way."""


@dataclass(frozen=True)
class Extraction:
    """The tickers of a batch of documents, as one frame per table.

    The columns are those of the tables' contracts, except that `sightings` has no `load_id`, which
    the load adds. Two frames are not tables of the warehouse:

    - `lines` has a row for each ticker line that is a reading, in page order: `document_id, line,
      snapshot_id, station_id, station_source, condition, condition_raw, temperature_c`. A list that
      two pages print is in it twice; in `readings` it is there once.
    - `examined` (`document_id`) has the documents without a ticker line. They print a temperature
      unit or are a feed. A load removes the rows that an older version extracted from them.
    """

    documents: pl.DataFrame
    snapshots: pl.DataFrame
    sightings: pl.DataFrame
    readings: pl.DataFrame
    rejects: pl.DataFrame
    lines: pl.DataFrame
    examined: pl.DataFrame
    ticker_lines: int
    """The number of ticker lines. Each of them is a reading or a reject."""
    problems: tuple[tuple[str, str], ...] = ()
    """Address and cause for each document that cannot be read, such as a feed that is not XML."""
