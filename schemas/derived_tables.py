"""The tables that are derived from readings, and the official observations they are compared with.

Derived values are never stored beside extracted ones, so these tables can be deleted and computed
again (`observations` is loaded again from KMA's files, its API hub and captures of its feed).
"""

from __future__ import annotations

from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.contract_model import Contract
from schemas.extracted_tables import Instant
from schemas.ids import HEX_ID
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import (
    CLOCK_SOURCES,
    FLAGS_NOT_GOOD,
    HOUR_SOURCES,
    OBSERVATION_SOURCES,
    SEARCHES,
    VERDICTS,
    station_ids,
)


class Quality(Contract):
    """A reading that is not good. A reading without a row here is good (flag 1)."""

    snapshot_id: str = pa.Field(str_matches=HEX_ID, description="the snapshot")
    station_id: pl.Int16 = pa.Field(isin=station_ids(), description="KMA's station number")
    flag: pl.Int8 = pa.Field(
        isin=FLAGS_NOT_GOOD, description="QARTOD: 2 not evaluated, 3 suspect, 4 fail, 9 missing"
    )
    failed: Annotated[pl.List, pl.String] = pa.Field(
        description="names of the failed quality tests, sorted; empty if no test was possible"
    )

    class Config:
        unique = ["snapshot_id", "station_id"]
        failed_names_known_tests = ()


class Observations(Contract):
    """An official hourly observation of KMA's ASOS network."""

    station_id: pl.Int16 = pa.Field(isin=station_ids(), description="KMA's station number")
    observed_at: Instant = pa.Field(description="hour of observation")
    temperature_c: float = pa.Field(
        ge=LOWEST_TEMPERATURE_C,
        le=HIGHEST_TEMPERATURE_C,
        description="air temperature, one decimal",
        metadata={"unit": "°C"},
    )
    source: str = pa.Field(
        isin=OBSERVATION_SOURCES,
        description="source: portal (a file of KMA's data portal), apihub (KMA's API hub) or feed"
        " (a capture of KMA's feed)",
    )

    class Config:
        unique = ["station_id", "observed_at"]
        temperature_c_has_one_decimal = ()


class Reconciliations(Contract):
    """A comparison of a snapshot with official observations, and the only hour that fits."""

    snapshot_id: str = pa.Field(str_matches=HEX_ID, unique=True, description="the snapshot")
    observed_at: Instant = pa.Field(
        nullable=True, description="the hour that fits; null unless the fit is good and unambiguous"
    )
    distance_c: float = pa.Field(
        nullable=True,
        ge=0,
        description="robust distance to the best hour over the common stations",
        metadata={"unit": "°C"},
    )
    margin_c: float = pa.Field(
        nullable=True,
        ge=0,
        description="distance of the second-best hour, minus `distance_c`",
        metadata={"unit": "°C"},
    )
    stations: pl.Int16 = pa.Field(
        ge=0, description="stations compared", metadata={"unit": "stations"}
    )
    searched: str = pa.Field(
        isin=SEARCHES,
        description="hours compared: date (those of its date), or all (no date, or a frozen feed)",
    )
    verdict: str = pa.Field(isin=VERDICTS, description="result of the comparison")


class RepeatedLists(Contract):
    """A snapshot whose list of temperatures is printed under several dates: a frozen feed."""

    snapshot_id: str = pa.Field(str_matches=HEX_ID, unique=True, description="the snapshot")
    first_on: pl.Date = pa.Field(description="first date (KST) under which the list is printed")
    last_on: pl.Date = pa.Field(description="last date (KST) under which the list is printed")
    existed_on: pl.Date = pa.Field(
        nullable=True,
        description="first day (KST) on which the list is known to have existed: its printed date,"
        " a feed's or a capture's day, not that of a site's last edit; null if there is none",
    )


class Conclusions(Contract):
    """The conclusions about a snapshot: when it was observed, and which readings are usable."""

    snapshot_id: str = pa.Field(str_matches=HEX_ID, unique=True, description="the snapshot")
    day: pl.Date = pa.Field(
        nullable=True,
        description="day of observation (KST): that of a known hour, else the printed date; null if"
        " unknown",
    )
    observed_at: Instant = pa.Field(
        nullable=True, description="hour of observation; null if unknown"
    )
    hour_source: str = pa.Field(
        nullable=True,
        isin=HOUR_SOURCES,
        description="source of the hour: feed or official; null if the hour is unknown",
    )
    not_before: Instant = pa.Field(
        nullable=True,
        description="the hour is not before this instant; null if there is no such limit",
    )
    not_after: Instant = pa.Field(
        nullable=True,
        description="the hour is not after this instant; null if there is no such limit",
    )
    clock_at: Instant = pa.Field(
        nullable=True,
        description="the hour if it is known, else the first capture if it is on `day`; null"
        " otherwise",
    )
    clock_source: str = pa.Field(
        nullable=True,
        isin=CLOCK_SOURCES,
        description="source of clock_at: feed, official or capture; null if it is unknown",
    )
    counts_as: str = pa.Field(
        str_matches=HEX_ID,
        description="the snapshot as which it counts: lists of one hour count as one observation",
    )
    counts_on: pl.Date = pa.Field(
        nullable=True, description="day (KST) of that observation; null if unknown"
    )
    counts_at: Instant = pa.Field(
        nullable=True, description="clock_at of that observation: its hour, else its first capture"
    )
    counts_source: str = pa.Field(
        nullable=True,
        isin=CLOCK_SOURCES,
        description="source of counts_at: feed, official or capture; null if it is unknown",
    )
    lists: pl.Int16 = pa.Field(
        ge=1, description="lists that count as that observation", metadata={"unit": "snapshots"}
    )
    repeated: Annotated[pl.List, pl.Int16] = pa.Field(
        description="numbers of the stations, sorted, whose reading counts in another of these"
        " lists, not in this one"
    )
    pages: pl.Int32 = pa.Field(
        ge=0, description="documents that show the snapshot", metadata={"unit": "documents"}
    )
    first_document_id: str = pa.Field(
        nullable=True, str_matches=HEX_ID, description="the first captured of these documents"
    )
    usable: pl.Int16 = pa.Field(
        ge=0, description="stations with a usable reading", metadata={"unit": "stations"}
    )
    unusable: Annotated[pl.List, pl.Int16] = pa.Field(
        description="numbers of the stations without a usable reading, sorted: it is missing or"
        " excluded"
    )
