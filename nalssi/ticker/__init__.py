"""Documents → readings and rejects: the grammar of tickers.

`extract` is all that others need. A page goes through `lines` (where a ticker can stand), `shapes`
and `names` (what a line can be, whose it is), `runs` (which lines are a ticker, what each says),
`dates` and `order` (nameless lines); KMA's XML feed goes through `feed`.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.ids import document_id, snapshot_ids
from nalssi.ticker.extraction import LEAST, PARSER_VERSION, Extraction
from nalssi.ticker.feed import FEED_MARK, FEED_TYPE, read_feeds
from nalssi.ticker.found import Found, place_in
from nalssi.ticker.text import read_text

__all__ = ["LEAST", "PARSER_VERSION", "Extraction", "document_id", "extract"]


def extract(documents: pl.DataFrame) -> Extraction:
    """The tickers in `documents` (`document_id, uri, site, media_type, captured_at, text`).

    Documents met twice (one `document_id`) are read once.
    """
    documents = documents.unique("document_id", keep="first", maintain_order=True).with_row_index(
        "doc"
    )
    feed = (pl.col("media_type") == FEED_TYPE) | pl.col("text").str.starts_with(FEED_MARK)
    pages, feeds = documents.filter(~feed), documents.filter(feed)
    found = _together(read_text(pages), read_feeds(feeds))
    return _assemble(documents, found)


def _together(pages: Found, feeds: Found) -> Found:
    """Both kinds as one, tickers numbered through."""
    lines = pages.lines
    if not feeds.lines.is_empty():
        tickers = lines.select(pl.col("run").max().fill_null(-1) + 1).item()
        lines = pl.concat([lines, feeds.lines.with_columns(pl.col("run") + tickers)])
        lines = lines.sort("doc", "line", maintain_order=True)
    return Found(lines, pl.concat([pages.dates, feeds.dates]), feeds.problems)


def _assemble(documents: pl.DataFrame, found: Found) -> Extraction:
    """Name documents and snapshots by their content, and part the lines into the tables."""
    names = documents.select("doc", "document_id")
    lines = found.lines.join(names, on="doc", maintain_order="left")
    good = lines.filter(pl.col("reason").is_null())
    tickers = _identify(good)
    good = good.join(tickers.select("run", "snapshot_id"), on="run", maintain_order="left")
    first_lines = lines.group_by("run").agg(pl.col("line").min())
    sightings = (
        tickers.join(first_lines, on="run")
        .unique(["doc", "line", "snapshot_id"])  # one list twice on one line
        .sort("doc", "line", "snapshot_id")
        .join(names, on="doc", maintain_order="left")
        .select(
            "document_id",
            "snapshot_id",
            "line",
            "printed_on",
            "date_source",
            parser_version=pl.lit(PARSER_VERSION, dtype=pl.Int32),
        )
    )
    refused = pl.concat(
        [
            lines.filter(pl.col("reason").is_not_null()).select("doc", "line", "text", "reason"),
            found.dates,
        ]
    )
    rejects = (
        refused.join(names, on="doc", maintain_order="left")
        .sort("doc", "line", maintain_order=True)
        .select(
            "document_id",
            "line",
            pl.col("text").str.strip_chars(),
            "reason",
            parser_version=pl.lit(PARSER_VERSION, dtype=pl.Int32),
        )
    )
    holds_ticker = documents.join(
        lines.select("doc").unique(), on="doc", how="semi", maintain_order="left"
    )
    return Extraction(
        documents=holds_ticker.select("document_id", "uri", "site", "media_type", "captured_at"),
        snapshots=tickers.unique("snapshot_id", maintain_order=True).select(
            "snapshot_id", "observed_on", "observed_at", "station_count"
        ),
        sightings=sightings,
        readings=_readings(good, tickers),
        rejects=rejects,
        lines=good.select(
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
        problems=found.problems,
    )


def _identify(readings: pl.DataFrame) -> pl.DataFrame:
    """One row a ticker: `run, doc, snapshot_id, station_count` and what dates it."""
    value = pl.format(
        "{},{},{}",
        "station_id",
        pl.col("condition").fill_null(""),
        (pl.col("temperature_c") * 10).round().cast(pl.Int16).cast(pl.String).fill_null(""),
    )
    place = pl.col("place")
    values = (
        readings.select("run", place=place_in("run"), value=value)
        .sort("place")
        .filter((place != place.shift()).fill_null(value=True))
        .group_by("run", maintain_order=True)
        .agg(pl.col("value").str.join(";").alias("values"), station_count=pl.len().cast(pl.Int16))
    )
    tickers = values.join(
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


def _readings(lines: pl.DataFrame, tickers: pl.DataFrame) -> pl.DataFrame:
    """One row a snapshot and station."""
    order = tickers.select("run", list=pl.col("snapshot_id").rank("dense"))
    rows = (
        lines.join(order, on="run", maintain_order="left")
        .select(
            *("list", "snapshot_id", "station_id", "station_source"),
            *("condition", "condition_raw", "temperature_c"),
        )
        .sort(place_in("list"))
        .drop("list")
    )
    nothing_twice = (
        tickers["snapshot_id"].n_unique() == tickers.height
        and tickers["station_count"].sum() == lines.height
    )
    if nothing_twice:
        return rows
    return rows.group_by("snapshot_id", "station_id", maintain_order=True).agg(LEAST)
