"""Extract the tickers of documents into tables. Ids are computed from the content."""

from __future__ import annotations

import polars as pl

from nalssi.common.ids import snapshot_ids
from nalssi.common.ticker_symbols import FEED_MARK
from nalssi.ticker.extraction import MERGE_DUPLICATES, PARSER_VERSION, Extraction
from nalssi.ticker.kma_feed import FEED_TYPE, read_feeds
from nalssi.ticker.read_pages import read_pages
from nalssi.ticker.ticker_lines import Tickers, list_and_station


def extract(documents: pl.DataFrame) -> Extraction:
    """Extract the tickers of documents into tables.

    `documents` has the columns `document_id, uri, site, media_type, captured_at, text`. If a
    document id occurs several times, only the first of its rows is read.
    """
    documents = documents.unique("document_id", keep="first", maintain_order=True).with_row_index(
        "doc"
    )
    is_feed = (pl.col("media_type") == FEED_TYPE) | pl.col("text").str.starts_with(FEED_MARK)
    pages, feeds = documents.filter(~is_feed), documents.filter(is_feed)
    return _extraction(documents, _concatenate(read_pages(pages), read_feeds(feeds)))


def _concatenate(pages: Tickers, feeds: Tickers) -> Tickers:
    """Join the tickers of pages and of feeds, in the order of documents and lines.

    Both number their tickers from 0 in the column `run`. The numbers of feeds are raised above
    those of pages, so that each ticker has its own number.
    """
    lines = pages.lines
    if not feeds.lines.is_empty():
        page_tickers = lines.select(pl.col("run").max().fill_null(-1) + 1).item()
        lines = pl.concat([lines, feeds.lines.with_columns(pl.col("run") + page_tickers)])
        lines = lines.sort("doc", "line", maintain_order=True)
    return Tickers(lines, pl.concat([pages.rejected_dates, feeds.rejected_dates]), feeds.problems)


def _extraction(documents: pl.DataFrame, tickers: Tickers) -> Extraction:
    """Convert the ticker lines and rejected dates of `tickers` into the tables of an extraction.

    `documents` has the columns `doc` (the index to which `tickers` refers), `document_id, uri,
    site, media_type, captured_at`.
    """
    document_ids = documents.select("doc", "document_id")
    lines = tickers.lines.join(document_ids, on="doc", maintain_order="left")
    readings = lines.filter(pl.col("reason").is_null())
    snapshots = _identify_snapshots(readings)
    readings = readings.join(
        snapshots.select("run", "snapshot_id"), on="run", maintain_order="left"
    )
    documents_with_tickers = documents.join(
        lines.select("doc").unique(), on="doc", how="semi", maintain_order="left"
    )
    return Extraction(
        documents=documents_with_tickers.select(
            "document_id", "uri", "site", "media_type", "captured_at"
        ),
        snapshots=snapshots.unique("snapshot_id", maintain_order=True).select(
            "snapshot_id", "observed_on", "observed_at", "station_count"
        ),
        sightings=_sightings(snapshots, lines, document_ids),
        readings=_readings(readings, snapshots),
        rejects=_rejects(lines, tickers.rejected_dates, document_ids),
        lines=readings.select(
            "document_id",
            "line",
            "snapshot_id",
            "station_id",
            "station_source",
            "condition",
            "condition_raw",
            "temperature_c",
        ),
        examined=documents.join(lines.select("doc").unique(), on="doc", how="anti").select(
            "document_id"
        ),
        ticker_lines=lines.height,
        problems=tickers.problems,
    )


def _identify_snapshots(readings: pl.DataFrame) -> pl.DataFrame:
    """Compute the snapshot id of each ticker from its date, stations and values.

    `readings` are the ticker lines without a reject reason. Returns a row for each ticker: `run`
    (the number of the ticker), `doc` (the index of its document), `snapshot_id`, `station_count`,
    `printed_on, observed_on, observed_at, date_source`.
    """
    value = pl.format(
        "{},{},{}",
        "station_id",
        pl.col("condition").fill_null(""),
        (pl.col("temperature_c") * 10).round().cast(pl.Int16).cast(pl.String).fill_null(""),
    )
    key = pl.col("key")
    contents = (
        readings.select("run", key=list_and_station("run"), value=value)
        .sort("key")
        .filter((key != key.shift()).fill_null(value=True))
        .group_by("run", maintain_order=True)
        .agg(pl.col("value").str.join(";").alias("values"), station_count=pl.len().cast(pl.Int16))
    )
    tickers = contents.join(
        readings.select(
            *("run", "doc", "printed_on", "observed_on", "observed_at", "date_source")
        ).unique("run"),
        on="run",
        maintain_order="left",
    )
    content = pl.format(
        "{}|{}|{}",
        pl.col("observed_on").cast(pl.String).fill_null(""),
        pl.col("observed_at").dt.to_string("iso:strict").fill_null(""),
        "values",
    )
    return tickers.with_columns(snapshot_id=snapshot_ids(tickers, content)).drop("values")


def _sightings(
    snapshots: pl.DataFrame, lines: pl.DataFrame, document_ids: pl.DataFrame
) -> pl.DataFrame:
    first_lines = lines.group_by("run").agg(pl.col("line").min())
    return (
        snapshots.join(first_lines, on="run")
        .unique(["doc", "line", "snapshot_id"])  # a line can hold the same list twice
        .sort("doc", "line", "snapshot_id")
        .join(document_ids, on="doc", maintain_order="left")
        .select(
            "document_id",
            "snapshot_id",
            "line",
            "printed_on",
            "date_source",
            parser_version=pl.lit(PARSER_VERSION, dtype=pl.Int32),
        )
    )


def _readings(lines: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Return the table `readings`, sorted by snapshot and station.

    It has one row for each snapshot and station. `lines` are the ticker lines that are readings,
    with `snapshot_id`. `snapshots` is the result of `_identify_snapshots`. If two pages print the
    same list, or a list prints a station twice, `MERGE_DUPLICATES` merges the readings.
    """
    ranks = snapshots.select("run", rank=pl.col("snapshot_id").rank("dense"))
    rows = (
        lines.join(ranks, on="run", maintain_order="left")
        .select(
            *("rank", "snapshot_id", "station_id", "station_source"),
            *("condition", "condition_raw", "temperature_c"),
        )
        .sort(list_and_station("rank"))
        .drop("rank")
    )
    has_duplicates = (
        snapshots["snapshot_id"].n_unique() != snapshots.height
        or snapshots["station_count"].sum() != lines.height
    )
    if not has_duplicates:
        return rows
    return rows.group_by("snapshot_id", "station_id", maintain_order=True).agg(MERGE_DUPLICATES)


def _rejects(
    lines: pl.DataFrame, rejected_dates: pl.DataFrame, document_ids: pl.DataFrame
) -> pl.DataFrame:
    rejected_lines = lines.filter(pl.col("reason").is_not_null())
    return (
        pl.concat([rejected_lines.select("doc", "line", "text", "reason"), rejected_dates])
        .join(document_ids, on="doc", maintain_order="left")
        .sort("doc", "line", maintain_order=True)
        .select(
            "document_id",
            "line",
            pl.col("text").str.strip_chars(),
            "reason",
            parser_version=pl.lit(PARSER_VERSION, dtype=pl.Int32),
        )
    )
