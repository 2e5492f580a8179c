"""The tables that extraction produces: documents, snapshots, sightings, readings, rejects.

A load writes them, and nothing edits them later. What is derived from them is in `derived_tables`.
Temperatures are in °C, dates are days in KST (Asia/Seoul), instants are in UTC.
"""

from __future__ import annotations

from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.contract_model import Contract
from schemas.ids import HEX_ID
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import (
    DATE_SOURCES,
    REJECT_REASONS,
    STATION_SOURCES,
    condition_codes,
    station_ids,
)

Instant = Annotated[pl.Datetime, "us", "UTC"]


class Documents(Contract):
    """A page or archive record. Only documents that hold a ticker are stored."""

    document_id: str = pa.Field(
        str_matches=HEX_ID, unique=True, description="hash of uri, capture time and content"
    )
    uri: str = pa.Field(str_length={"min_value": 1}, description="where the document came from")
    site: str = pa.Field(
        nullable=True, description="host that published it, without `www.`; null if unknown"
    )
    media_type: str = pa.Field(description="its media type, e.g. text/html")
    captured_at: Instant = pa.Field(
        nullable=True, description="when it was captured (UTC); null if unknown"
    )


class Snapshots(Contract):
    """A distinct ticker: a list of stations and values under one date."""

    snapshot_id: str = pa.Field(
        str_matches=HEX_ID,
        unique=True,
        description="`a` and the days since 1970 (four hex digits), or `f` if the date is unknown;"
        " then hash of date, feed hour and the sorted station, condition, temperature",
    )
    observed_on: pl.Date = pa.Field(
        nullable=True, description="date (KST) that is printed at the list; null if unknown"
    )
    observed_at: Instant = pa.Field(
        nullable=True, description="hour of observation; null unless KMA's feed states it"
    )
    station_count: pl.Int16 = pa.Field(
        ge=1, description="stations in the list", metadata={"unit": "stations"}
    )

    class Config:
        snapshot_id_begins_with_its_day = ()


class Sightings(Contract):
    """A ticker in a document: where a snapshot was seen, and which date was printed there."""

    document_id: str = pa.Field(str_matches=HEX_ID, description="the document")
    snapshot_id: str = pa.Field(str_matches=HEX_ID, description="the snapshot seen in it")
    line: pl.Int32 = pa.Field(
        ge=1, description="line of the document on which the list begins, from 1"
    )
    printed_on: pl.Date = pa.Field(
        nullable=True, description="date printed at the list; null if none, or if it is impossible"
    )
    date_source: str = pa.Field(
        nullable=True,
        isin=DATE_SOURCES,
        description="source of the snapshot's date: feed, ticker, site (last edit) or capture; null"
        " if none",
    )
    parser_version: pl.Int32 = pa.Field(ge=1, description="version of the grammar that read it")
    load_id: str = pa.Field(str_matches=HEX_ID, description="the load that added it")

    class Config:
        unique = ["document_id", "line", "snapshot_id"]  # a line may hold several lists


class Readings(Contract):
    """A station in a snapshot, with the values that the list prints. Readings never change."""

    snapshot_id: str = pa.Field(str_matches=HEX_ID, description="the snapshot")
    station_id: pl.Int16 = pa.Field(isin=station_ids(), description="KMA's station number")
    station_source: str = pa.Field(
        isin=STATION_SOURCES,
        description="how the station is known: name (printed), order (position in the feed) or feed"
        " (id)",
    )
    condition: str = pa.Field(
        nullable=True,
        isin=condition_codes(),
        description="code of the condition; null if not observed or not printed",
    )
    condition_raw: str = pa.Field(
        nullable=True, description="the condition as printed; null if not printed"
    )
    temperature_c: float = pa.Field(
        nullable=True,
        ge=LOWEST_TEMPERATURE_C,
        le=HIGHEST_TEMPERATURE_C,
        description="air temperature, one decimal; null if not printed",
        metadata={"unit": "°C"},
    )

    class Config:
        unique = ["snapshot_id", "station_id"]
        temperature_c_has_one_decimal = ()


class Rejects(Contract):
    """A rejected line with its reason, or a rejected part of a line that holds a whole list."""

    # No columns are unique: a line that holds a whole list may have several rejects.
    document_id: str = pa.Field(str_matches=HEX_ID, description="the document")
    line: pl.Int32 = pa.Field(ge=1, description="line of the document, from 1")
    text: str = pa.Field(description="the line, or the part of it, as printed")
    reason: str = pa.Field(
        isin=list(REJECT_REASONS),
        description="why it is not a reading: "
        + "; ".join(f"{reason} ({meaning})" for reason, meaning in REJECT_REASONS.items()),
    )
    parser_version: pl.Int32 = pa.Field(ge=1, description="version of the grammar that rejected it")
