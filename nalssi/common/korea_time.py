"""Korea's time (KST, UTC+9), in which the project counts every day and shows every hour.

Instants are stored in UTC; the functions here convert them for people. A day is always a day in
Korea.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # the command line reads the zone before it needs polars
    import polars as pl

KST_ZONE_NAME: Final = "Asia/Seoul"
"""The IANA name of Korea's time zone, for polars and DuckDB."""
KST: Final = ZoneInfo(KST_ZONE_NAME)
KST_HOURS: Final = 9
"""The number of hours that KST is ahead of UTC, for arithmetic on whole hours. KMA counts its hours
without summer time."""
KST_OFFSET: Final = "+09:00"
"""The offset of KST from UTC as ISO 8601 writes it."""


def korean_today() -> date:
    """Return the current day in Korea."""
    return datetime.now(KST).date()


def korean_day(instant: pl.Expr) -> pl.Expr:
    """Return an expression for the Korean day of each instant in a column."""
    return instant.dt.convert_time_zone(KST_ZONE_NAME).dt.date()


def korean_iso_text(instant: pl.Expr) -> pl.Expr:
    """Return instants as ISO 8601 text with Korea's offset: `2025-12-19T09:00:00+09:00`."""
    return instant.dt.convert_time_zone(KST_ZONE_NAME).dt.to_string("%Y-%m-%dT%H:%M:%S%:z")
