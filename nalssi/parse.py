"""The dry run `nalssi parse`: read sources and print every reading and reject, without a warehouse.

Nothing is deduplicated: a ticker on two pages is printed twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TextIO
from urllib.parse import unquote

import polars as pl

from nalssi.common.known_names import station_names
from nalssi.common.korea_time import korean_iso_text
from nalssi.common.safe_text import data_stream, safe_text
from nalssi.common.spreadsheet import byte_order_mark, escape_formulas
from nalssi.common.tables import print_table
from nalssi.sources import Kind, Options, Skipped, plan, read
from nalssi.ticker import Extraction, extract
from schemas.vocabulary import DATE_REASONS, reference_rows

Format = Literal["table", "ndjson", "csv"]

_NUMBERS = ("line", "station_id", "temperature_c")
_SKIPPED_SCHEMA = {"source": pl.String, "format": pl.String, "cause": pl.String}
_TABLE_HEADS = {
    "station_id": "id",
    "station_name": "station",
    "station_source": "known by",
    "condition_raw": "as printed",
    "temperature_c": "°C",
}


@dataclass
class ParseCounts:
    """The counts of a dry run, with its problems and its skipped files."""

    documents: int = 0
    with_ticker: int = 0
    """Documents with a ticker."""
    tickers: int = 0
    ticker_lines: int = 0
    readings: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    """Rejected lines and dates, by reason."""
    problems: list[str] = field(default_factory=list)
    """A line for each source that could not be used."""
    skipped: list[Skipped] = field(default_factory=list)
    """Files in a format that nalssi does not read."""

    def __str__(self) -> str:
        rejected = sum(self.rejects.values())
        dates = sum(self.rejects[reason] for reason in DATE_REASONS)
        reasons = ", ".join(f"{reason} {lines:,}" for reason, lines in sorted(self.rejects.items()))
        without = self.documents - self.with_ticker
        return (
            f"{self.documents:,} documents, {self.tickers:,} tickers, {self.ticker_lines:,} lines:"
            f" {self.readings:,} readings, {rejected - dates:,} rejected"
            + (f", {dates:,} dates rejected" if dates else "")
            + (f" ({reasons})" if reasons else "")
            + (f"; no ticker in {without:,} of the documents" if without and self.tickers else "")
        )


def parse(
    sources: Sequence[str], kind: Kind | None, options: Options, counts: ParseCounts
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield the readings and the rejects of all sources, one batch of documents at a time.

    The columns are those of `printed_columns`. `counts` is updated with every batch.
    """
    planned = plan(sources, kind, options)
    counts.problems += map(str, planned.problems)
    counts.skipped += planned.skipped
    for partition in planned.partitions:
        for batch in read(partition):
            extraction = extract(batch.documents)
            problems = (*batch.problems, *partition.problems_of(extraction.problems))
            counts.problems += map(str, problems)
            counts.documents += batch.read
            counts.with_ticker += extraction.documents.height
            counts.tickers += extraction.sightings.height
            counts.ticker_lines += extraction.ticker_lines
            counts.readings += extraction.lines.height
            counts.rejects.update(extraction.rejects["reason"])
            yield printed_columns(extraction)


def printed_columns(extraction: Extraction) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the readings and rejects of an extraction with the columns that `nalssi parse` prints.

    Readings: `document_id, uri, line, snapshot_id, observed_on, observed_at, station_id,
    station_name, station_source, condition, condition_raw, temperature_c`. `observed_at` is text
    (ISO 8601 in Korean time). Rejects: `document_id, uri, line, text, reason`.
    """
    uris = extraction.documents.select("document_id", "uri")
    readings = (
        extraction.lines.join(uris, on="document_id", maintain_order="left")
        .join(extraction.snapshots, on="snapshot_id", maintain_order="left")
        .select(
            "document_id",
            "uri",
            "line",
            "snapshot_id",
            "observed_on",
            korean_iso_text(pl.col("observed_at")),
            "station_id",
            pl.col("station_id")
            .replace_strict(_station_names(), return_dtype=pl.String)
            .alias("station_name"),
            "station_source",
            "condition",
            "condition_raw",
            "temperature_c",
        )
    )
    rejects = extraction.rejects.join(uris, on="document_id", maintain_order="left").select(
        "document_id", "uri", "line", "text", "reason"
    )
    return readings, rejects


def _station_names() -> dict[int, str]:
    """Return the name of each station by its number: the present name, or the last one."""
    names = {station: name for name, station in station_names().iter_rows()}
    return names | {int(row["station_id"]): row["name_ko"] for row in reference_rows("stations")}


def skipped_frame(skipped: Sequence[Skipped]) -> pl.DataFrame:
    """Return the skipped files as a frame with the columns `source, format, cause`."""
    rows = [(file.source, file.format, file.cause) for file in skipped]
    return pl.DataFrame(rows, schema=_SKIPPED_SCHEMA, orient="row")


class FrameWriter:
    """Writes frames with the same columns to one stream, as NDJSON, CSV or tables.

    CSV has one header for all frames, and formulas are escaped in it. CSV and NDJSON are data for
    programs, so standard output becomes UTF-8.
    """

    def __init__(self, stream: TextIO, form: Format) -> None:
        self._stream, self._form, self._begun = stream, form, False
        self._data = stream if form == "table" else data_stream(stream)

    def write(self, frame: pl.DataFrame) -> None:
        """Write the rows of a frame."""
        if self._form == "ndjson":
            self._data.write(frame.write_ndjson())
        elif self._form == "csv":
            if not self._begun:
                self._data.write(byte_order_mark(self._stream))
            self._data.write(escape_formulas(frame).write_csv(include_header=not self._begun))
        elif frame.height:
            self._write_tables(frame)
        self._begun = True

    def _write_tables(self, frame: pl.DataFrame) -> None:
        """Write readings as a table for each ticker, or rejects as a table for each document.

        The address of the document, and the date of the ticker, are above each table.
        """
        title_columns = [c for c in ("uri", "observed_on", "observed_at") if c in frame.columns]
        keys = [c for c in ("document_id", "snapshot_id") if c in frame.columns]
        shown = [c for c in frame.columns if c not in (*title_columns, *keys)]
        for ticker in frame.partition_by(keys, maintain_order=True):
            uri, *times = ticker.select(title_columns).row(0)
            dates = [str(value) for value in times if value is not None]
            if times and not dates:
                dates = ["no date"]
            address = safe_text(unquote(uri).removeprefix("file://"))
            self._stream.write("\n" + "  ".join([address, *dates]) + "\n")
            print_table(
                [_TABLE_HEADS.get(name, name) for name in shown],
                [
                    ["" if value is None else safe_text(str(value)) for value in row]
                    for row in ticker.select(shown).iter_rows()
                ],
                stream=self._stream,
                right_aligned=[name in _NUMBERS for name in shown],
            )
