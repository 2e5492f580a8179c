"""The tables that extraction produces: documents, snapshots, sightings, readings, rejects.

A load writes them, and nothing edits them later. What is derived from them is in `derived_tables`.
Temperatures are in °C, dates are days in KST (Asia/Seoul), instants are in UTC.
"""

from __future__ import annotations

from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.ids import HEX_ID, LAST_DAY_OF_IDS
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import (
    DATE_SOURCES,
    REJECT_REASONS,
    STATION_SOURCES,
    condition_codes,
    station_ids,
)

Instant = Annotated[pl.Datetime, "us", "UTC"]


def id_begins_with_day() -> pl.Expr:
    """Return an expression that is true where a snapshot's id begins with its day.

    A dated id begins with `a` and the days since 1970-01-01, as four hex digits. An undated id
    begins with `f`. So the order of ids is the order of days, and a table that is sorted by id can
    be read by day.
    """
    number = pl.col("snapshot_id").str.slice(1, 4).str.to_integer(base=16, strict=False)
    days = pl.col("observed_on").cast(pl.Int32).clip(0, LAST_DAY_OF_IDS)
    is_dated = pl.col("snapshot_id").str.starts_with("a") & (number == days)
    is_undated = pl.col("snapshot_id").str.starts_with("f")
    return pl.when(pl.col("observed_on").is_null()).then(is_undated).otherwise(is_dated)


def one_decimal(column: str) -> pl.Expr:
    """Return an expression that is true where `column` is null or has at most one decimal."""
    tenths = pl.col(column) * 10
    return pl.col(column).is_null() | ((tenths - tenths.round()).abs() < 1e-6)


class Documents(pa.DataFrameModel):
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

    class Config:
        strict = True


class Snapshots(pa.DataFrameModel):
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
        strict = True

    @pa.dataframe_check(name="snapshot_id_begins_with_its_day")
    def id_begins_with_its_day(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(id_begins_with_day())


class Sightings(pa.DataFrameModel):
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
        strict = True
        unique = ["document_id", "line", "snapshot_id"]  # a line may hold several lists


class Readings(pa.DataFrameModel):
    """A station in a snapshot: what the list prints for it. Readings are never changed."""

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
        strict = True
        unique = ["snapshot_id", "station_id"]

    @pa.dataframe_check(name="temperature_c_has_one_decimal")
    def temperature_has_one_decimal(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(one_decimal("temperature_c"))


class Rejects(pa.DataFrameModel):
    """A rejected line with its reason, or a rejected part of a line that holds a whole list."""

    document_id: str = pa.Field(str_matches=HEX_ID, description="the document")
    line: pl.Int32 = pa.Field(ge=1, description="line of the document, from 1")
    text: str = pa.Field(description="the line, or the part of it, as printed")
    reason: str = pa.Field(isin=REJECT_REASONS, description="why it is not a reading")
    parser_version: pl.Int32 = pa.Field(ge=1, description="version of the grammar that rejected it")

    class Config:
        strict = True  # no key: a line that holds a whole list may have several
