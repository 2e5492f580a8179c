"""The dry run: what the grammar makes of sources, line by line, without a warehouse.

Nothing is folded together here: a list that stands on two pages is printed twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TextIO
from urllib.parse import unquote

import polars as pl

from nalssi.common.korea_time import korean_iso_text
from nalssi.common.names import station_names
from nalssi.common.safe_text import data_stream, safe_text
from nalssi.common.spreadsheet import byte_order_mark, escape_formulas
from nalssi.sources import Kind, Options, Skipped, plan, read
from nalssi.ticker import Extraction, extract
from schemas.vocabulary import DATE_REASONS, reference_rows

Format = Literal["table", "ndjson", "csv"]

_NUMBERS = ("line", "station_id", "temperature_c")
_SKIPPED = {"source": pl.String, "format": pl.String, "cause": pl.String}
_HEADS = {
    "station_id": "id",
    "station_name": "station",
    "station_source": "known by",
    "condition_raw": "as printed",
    "temperature_c": "°C",
}


@dataclass
class Counts:
    """What a dry run met; `problems` has a line for each source that could not be used."""

    documents: int = 0
    with_ticker: int = 0
    tickers: int = 0
    ticker_lines: int = 0
    readings: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    """Files in a format that is not read."""

    def __str__(self) -> str:
        refused = sum(self.rejects.values())
        reasons = ", ".join(f"{reason} {lines:,}" for reason, lines in sorted(self.rejects.items()))
        dates = sum(self.rejects[reason] for reason in DATE_REASONS)
        without = self.documents - self.with_ticker
        return (
            f"{self.documents:,} documents, {self.tickers:,} tickers, {self.ticker_lines:,} lines:"
            f" {self.readings:,} readings, {refused - dates:,} rejected"
            + (f", {dates:,} dates refused" if dates else "")
            + (f" ({reasons})" if reasons else "")
            + (f"; no ticker in {without:,} of the documents" if without and self.tickers else "")
        )


def parse(
    sources: Sequence[str], kind: Kind | None, options: Options, counts: Counts
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Readings and rejects of everything in `sources`, some documents at a time.

    Readings: `document_id, uri, line, snapshot_id, observed_on, observed_at` (KST)`, station_id,
    station_name, station_source, condition, condition_raw, temperature_c`. Rejects: `document_id,
    uri, line, text, reason`. Fills `counts`.
    """
    planned = plan(sources, kind, options)
    counts.problems += map(str, planned.problems)
    counts.skipped += planned.skipped
    for partition in planned.partitions:
        for batch in read(partition):
            found = extract(batch.documents)
            problems = (*batch.problems, *partition.problems_of(found.problems))
            counts.problems += map(str, problems)
            counts.documents += batch.read
            counts.with_ticker += found.documents.height
            counts.tickers += found.sightings.height
            counts.ticker_lines += found.ticker_lines
            counts.readings += found.lines.height
            counts.rejects.update(found.rejects["reason"])
            yield printable(found)


def printable(found: Extraction) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Readings and rejects of an extraction, in the columns that `parse` gives."""
    places = found.documents.select("document_id", "uri")
    readings = (
        found.lines.join(places, on="document_id", maintain_order="left")
        .join(found.snapshots, on="snapshot_id", maintain_order="left")
        .select(
            "document_id",
            "uri",
            "line",
            "snapshot_id",
            "observed_on",
            korean_iso_text(pl.col("observed_at")),
            "station_id",
            pl.col("station_id")
            .replace_strict(_names(), return_dtype=pl.String)
            .alias("station_name"),
            "station_source",
            "condition",
            "condition_raw",
            "temperature_c",
        )
    )
    rejects = found.rejects.join(places, on="document_id", maintain_order="left").select(
        "document_id", "uri", "line", "text", "reason"
    )
    return readings, rejects


def _names() -> dict[int, str]:
    """Each station's present name, or its last one."""
    names = {station: name for name, station in station_names().iter_rows()}
    return names | {int(row["station_id"]): row["name_ko"] for row in reference_rows("stations")}


def listed(skipped: Sequence[Skipped]) -> pl.DataFrame:
    """Files that were not read: `source, format, cause`."""
    rows = [(file.source, file.format, file.cause) for file in skipped]
    return pl.DataFrame(rows, schema=_SKIPPED, orient="row")


class Writer:
    """Writes frames of one kind one after another, as ndjson, csv with one head, or a table."""

    def __init__(self, stream: TextIO, form: Format) -> None:
        self._stream, self._form, self._begun = stream, form, False
        self._data = stream if form == "table" else data_stream(stream)

    def write(self, frame: pl.DataFrame) -> None:
        """Write the rows of `frame`."""
        if self._form == "ndjson":
            self._data.write(frame.write_ndjson())
        elif self._form == "csv":
            if not self._begun:
                self._data.write(byte_order_mark(self._stream))
            self._data.write(escape_formulas(frame).write_csv(include_header=not self._begun))
        elif frame.height:
            self._write_table(frame)
        self._begun = True

    def _write_table(self, frame: pl.DataFrame) -> None:
        """A block for each list or, of rejects, each document, under a line that says where."""
        from rich.console import Console
        from rich.table import Table

        console = Console(file=self._stream, highlight=False, markup=False)
        heads = [name for name in ("uri", "observed_on", "observed_at") if name in frame.columns]
        shown = [
            name for name in frame.columns if name not in (*heads, "document_id", "snapshot_id")
        ]
        keys = [name for name in ("document_id", "snapshot_id") if name in frame.columns]
        for block in frame.partition_by(keys, maintain_order=True):
            uri, *when = block.select(heads).row(0)
            dated = [str(value) for value in when if value is not None] or ["no date"] * bool(when)
            place = safe_text(unquote(uri).removeprefix("file://"))
            console.print("\n" + "  ".join([place, *dated]))
            table = Table(box=None, pad_edge=False, header_style="bold")
            for name in shown:
                head = _HEADS.get(name, name)
                table.add_column(head, justify="right" if name in _NUMBERS else "left")
            for row in block.select(shown).iter_rows():
                table.add_row(*("" if value is None else safe_text(str(value)) for value in row))
            console.print(table)
