"""Staged parts made by hand: the tables that extraction would write, without reading any page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from nalssi.common.ids import id_of_digest, snapshot_id
from nalssi.staging import COUNTS
from schemas.contracts import polars_schema

EXAMPLE_DAY = date(2025, 12, 19)


@dataclass(frozen=True)
class Ticker:
    """A ticker as a page prints it: a date and temperatures by station id."""

    on: date | None
    temperatures: dict[int, float | None]
    condition: str | None = "clear"
    condition_raw: str | None = "맑음"
    station_source: str = "name"
    at: datetime | None = None

    @property
    def snapshot_id(self) -> str:
        values = [(s, self.condition, t) for s, t in sorted(self.temperatures.items())]
        return snapshot_id(self.on, repr((self.on, self.at, values)).encode())


@dataclass(frozen=True)
class Page:
    """A document with its tickers and the texts of its rejected lines."""

    uri: str
    tickers: Sequence[Ticker] = ()
    rejected: Sequence[str] = ()
    captured_at: datetime | None = datetime(2025, 12, 31, tzinfo=UTC)
    site: str | None = "example.kr"
    reason: str = "unknown_station"

    @property
    def document_id(self) -> str:
        return id_of_digest(_digest(self.uri, self.captured_at))


def frames(pages: Sequence[Page], parser_version: int = 1) -> dict[str, pl.DataFrame]:
    """The frames of a part in which these pages were extracted by that version."""
    documents, snapshots, sightings, rejects = [], {}, [], []
    readings: dict[tuple[str, int], dict[str, object]] = {}
    holding = {p.document_id: p for p in pages if p.tickers or p.rejected}
    for page in holding.values():
        documents.append(
            {
                "document_id": page.document_id,
                "uri": page.uri,
                "site": page.site,
                "media_type": "text/html",
                "captured_at": page.captured_at,
            }
        )
        line = 1
        for ticker in page.tickers:
            snapshots[ticker.snapshot_id] = {
                "snapshot_id": ticker.snapshot_id,
                "observed_on": ticker.on,
                "observed_at": ticker.at,
                "station_count": len(ticker.temperatures),
            }
            sightings.append(
                {
                    "document_id": page.document_id,
                    "snapshot_id": ticker.snapshot_id,
                    "line": line,
                    "printed_on": ticker.on,
                    "date_source": "ticker" if ticker.on else None,
                    "parser_version": parser_version,
                }
            )
            for station_id, temperature in ticker.temperatures.items():
                reading = {
                    "snapshot_id": ticker.snapshot_id,
                    "station_id": station_id,
                    "station_source": ticker.station_source,
                    "condition": ticker.condition,
                    "condition_raw": ticker.condition_raw,
                    "temperature_c": temperature,
                }
                # Twice in one part: extraction keeps the alphabetically least, as a load does.
                before = readings.get((ticker.snapshot_id, station_id), reading)
                least = {
                    name: min((r[name] for r in (before, reading) if r[name]), default=None)
                    for name in ("station_source", "condition_raw")
                }
                readings[ticker.snapshot_id, station_id] = reading | least
            line += len(ticker.temperatures)
        for text in page.rejected:
            rejects.append(
                {
                    "document_id": page.document_id,
                    "line": line,
                    "text": text,
                    "reason": page.reason,
                    "parser_version": parser_version,
                }
            )
            line += 1
    examined = [{"document_id": p.document_id} for p in pages if p.document_id not in holding]
    reading_lines = sum(len(t.temperatures) for p in pages for t in p.tickers)
    counts = {
        "documents_read": len(pages),
        "documents_with_ticker": sum(bool(p.tickers or p.rejected) for p in pages),
        "ticker_lines": reading_lines + sum(len(p.rejected) for p in pages),
        "reading_lines": reading_lines,
        "rejected_lines": sum(len(p.rejected) for p in pages),
        "rejected_dates": 0,
        "sources_failed": 0,
        "parser_version": parser_version,
    }
    sighting_schema = dict(polars_schema("sightings"))
    del sighting_schema["load_id"]
    count_schema = dict.fromkeys(COUNTS, pl.Int64) | {"parser_version": pl.Int32}
    return {
        "documents": pl.DataFrame(documents, schema=polars_schema("documents")),
        "snapshots": pl.DataFrame(list(snapshots.values()), schema=polars_schema("snapshots")),
        "sightings": pl.DataFrame(sightings, schema=sighting_schema),
        "readings": pl.DataFrame(list(readings.values()), schema=polars_schema("readings")),
        "rejects": pl.DataFrame(rejects, schema=polars_schema("rejects")),
        "examined": pl.DataFrame(examined, schema={"document_id": pl.String}),
        "counts": pl.DataFrame([counts], schema=count_schema),
    }


def write_part(folder: Path, content: dict[str, pl.DataFrame]) -> Path:
    """Write the frames of a part into `folder`."""
    folder.mkdir(parents=True)
    for name, frame in content.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def part(folder: Path, pages: Sequence[Page], parser_version: int = 1) -> Path:
    """A part in `folder` in which these pages were extracted by that version."""
    return write_part(folder, frames(pages, parser_version))


def _digest(*values: object) -> str:
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()
