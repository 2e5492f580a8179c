"""What pages and feeds are read into: ticker lines, readings or rejects, and refused dates."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

KST = "Asia/Seoul"

LINES: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc": pl.UInt32,
    "run": pl.Int32,  # index of the ticker
    "line": pl.Int32,
    "text": pl.String,
    "reason": pl.String,  # null: a reading
    "station_id": pl.Int16,
    "station_source": pl.String,
    "condition": pl.String,
    "condition_raw": pl.String,
    "temperature_c": pl.Float64,
    "printed_on": pl.Date,
    "observed_on": pl.Date,
    "observed_at": pl.Datetime("us", "UTC"),
    "date_source": pl.String,
}
DATES: dict[str, pl.DataType | type[pl.DataType]] = {
    "doc": pl.UInt32,
    "line": pl.Int32,
    "text": pl.String,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Found:
    """Ticker lines (`LINES`, in page order), refused dates (`DATES`), unreadable documents."""

    lines: pl.DataFrame
    dates: pl.DataFrame
    problems: tuple[str, ...] = ()


def refuse_duplicates(lines: pl.DataFrame) -> pl.DataFrame:
    """Refuse every line of a station to which one ticker gives two different values."""
    reading = pl.col("reason").is_null()
    values = pl.struct("condition", "temperature_c").filter(reading)
    contradicted = reading & (values.n_unique().over("run", "station_id") > 1)
    return lines.with_columns(
        reason=pl.when(contradicted).then(pl.lit("duplicate_station")).otherwise("reason")
    )
