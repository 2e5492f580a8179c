"""The dry run `nalssi parse`: read sources and print every reading and reject, without a warehouse.

Nothing is deduplicated: a ticker on two pages is printed twice. Flags are computed from these
sources only: a frozen feed is found if its copies are among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from nalssi.common.known_names import station_names
from nalssi.common.korea_time import korean_iso_text
from nalssi.sources import Kind, Options, Partition, Skipped, plan, read
from nalssi.ticker import Extraction, extract
from schemas.vocabulary import DATE_REASONS, reference_rows

_SKIPPED_SCHEMA = {"source": pl.String, "format": pl.String, "cause": pl.String}


@dataclass
class ParseCounts:
    """The counts of a dry run, with its problems and its skipped files.

    `str` gives the counts as one line of text.
    """

    documents: int = 0
    with_ticker: int = 0
    """The number of documents with a ticker."""
    tickers: int = 0
    ticker_lines: int = 0
    readings: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    """Rejected lines and dates, by reason."""
    problems: list[str] = field(default_factory=list)
    """A line for each problem: a source or a part of it that could not be used."""
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
    sources: Sequence[str],
    kind: Kind | None,
    options: Options,
    counts: ParseCounts,
    *,
    flags: bool = False,
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield (readings, rejects) of all sources, two frames for each batch of documents.

    The columns are those of `printed_columns`. With `flags`, the readings also have the columns of
    `reading_flags`, and the sources are read twice. `counts` is updated with every batch. `kind` is
    the format of all sources; None to detect it for each file. `options` say how sources are read.
    """
    planned = plan(sources, kind, options)
    counts.problems += map(str, planned.problems)
    counts.skipped += planned.skipped
    judged = reading_flags(planned.partitions) if flags else None
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
            readings, rejects = printed_columns(extraction)
            if judged is not None:
                keys = ["snapshot_id", "station_id"]
                readings = readings.join(judged, on=keys, how="left", maintain_order="left")
            yield readings, rejects


def reading_flags(partitions: Sequence[Partition]) -> pl.DataFrame:
    """Return the flag of each reading, as in a warehouse that contains only these sources.

    Columns: `snapshot_id, station_id, flag, failed, region_id, region_ko`. `flag` is 1 good, 2 not
    evaluated, 3 suspect, 4 fail, 9 missing. `failed` has the names of the failed quality tests,
    separated by spaces; null if there are none. A closed station has no region.
    """
    from nalssi.warehouse.temporary_database import sources_in_memory

    with sources_in_memory(partitions) as (con, _):  # the second reading reports the problems
        frame: pl.DataFrame = con.sql(
            "SELECT snapshot_id, station_id, flag, nullif(array_to_string(failed, ' '), '')"
            " AS failed, region_id, region_ko FROM every_reading"
        ).pl()
    return frame


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
