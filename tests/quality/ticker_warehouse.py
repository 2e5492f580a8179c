"""A database in memory with the tables of a warehouse, and tickers to put into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb
import polars as pl

from nalssi.common.ids import digest, id_of_digest, snapshot_id
from nalssi.common.reference import FILES, reference
from schemas.contracts import TABLES, check, polars_schema

Value = float | None
Reading = tuple[str | None, Value]
"""Condition code and temperature."""


def hex_id(*parts: object) -> str:
    return id_of_digest(digest(*(str(part).encode() for part in parts)))


@dataclass(frozen=True)
class Ticker:
    """A ticker as one site prints it, with the values for all tables of the warehouse."""

    readings: dict[int, Reading]
    observed_on: date | None = None
    date_source: str | None = "ticker"
    site: str | None = "example.kr"
    observed_at: datetime | None = None
    verdict: str | None = None
    reconciled_at: datetime | None = None
    name: str = ""
    uri: str | None = None
    captured_at: datetime | None = None

    @property
    def snapshot_id(self) -> str:
        content = (self.observed_on, self.observed_at, sorted(self.readings.items()))
        return snapshot_id(self.observed_on, repr(content).encode())

    @property
    def document_id(self) -> str:
        return hex_id(
            self.name, self.site, self.date_source, self.uri, self.captured_at, self.snapshot_id
        )


@dataclass
class Rows:
    """The rows of every fact table, by key."""

    documents: dict[str, dict[str, object]] = field(default_factory=dict)
    snapshots: dict[str, dict[str, object]] = field(default_factory=dict)
    sightings: dict[str, dict[str, object]] = field(default_factory=dict)
    readings: dict[tuple[str, int], dict[str, object]] = field(default_factory=dict)
    reconciliations: dict[str, dict[str, object]] = field(default_factory=dict)


def rows(tickers: Iterable[Ticker]) -> Rows:
    made = Rows()
    for ticker in tickers:
        snapshot, document = ticker.snapshot_id, ticker.document_id
        made.documents[document] = {
            "document_id": document,
            "uri": ticker.uri or f"file:///{document}",
            "site": ticker.site,
            "media_type": "text/plain",
            "captured_at": ticker.captured_at,
        }
        made.snapshots[snapshot] = {
            "snapshot_id": snapshot,
            "observed_on": ticker.observed_on,
            "observed_at": ticker.observed_at,
            "station_count": len(ticker.readings),
        }
        made.sightings[document] = {
            "document_id": document,
            "snapshot_id": snapshot,
            "line": 1,
            "printed_on": ticker.observed_on,
            "date_source": ticker.date_source if ticker.observed_on else None,
            "parser_version": 1,
            "load_id": "a" * 16,
        }
        for station, (condition, temperature) in ticker.readings.items():
            made.readings[snapshot, station] = {
                "snapshot_id": snapshot,
                "station_id": station,
                "station_source": "name",
                "condition": condition,
                "condition_raw": condition,
                "temperature_c": temperature,
            }
        if ticker.verdict:
            made.reconciliations[snapshot] = {
                "snapshot_id": snapshot,
                "observed_at": ticker.reconciled_at,
                "distance_c": 0.0,
                "margin_c": 1.0,
                "stations": len(ticker.readings),
                "searched": "all",
                "verdict": ticker.verdict,
            }
    return made


def warehouse() -> duckdb.DuckDBPyConnection:
    """A database with empty fact tables and full reference tables."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Seoul'")
    con.execute("SET threads = 1")  # the tables are tiny
    for table in TABLES:
        empty = polars_schema(table).to_frame()  # noqa: F841
        con.execute(f'CREATE TABLE "{table}" AS SELECT * FROM empty')
    for table in FILES:
        facts = reference(table)  # noqa: F841
        con.execute(f'INSERT INTO "{table}" SELECT * FROM facts')
    return con


def put(
    con: duckdb.DuckDBPyConnection, tickers: Iterable[Ticker], *, checked: bool = True
) -> pl.DataFrame:
    """Replace all facts; return the `snapshot_id`s. `checked`: validate against the contracts."""
    made = rows(tickers)
    for table, content in vars(made).items():
        frame = pl.DataFrame(list(content.values()), schema=polars_schema(table))
        if checked:
            check(table, frame)
        # Deleted rows would stay in memory, and every later query would scan them.
        con.execute(f'CREATE OR REPLACE TABLE "{table}" AS SELECT * FROM frame')
    return pl.DataFrame({"snapshot_id": list(made.snapshots)}, schema={"snapshot_id": pl.String})


def quality(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    frame = con.sql("SELECT * FROM quality ORDER BY snapshot_id, station_id").pl()
    return check("quality", frame.cast(dict(polars_schema("quality"))))
