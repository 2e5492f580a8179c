"""What pages and feeds are read into: ticker lines, readings or rejects, and refused dates."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

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
    problems: tuple[tuple[str, str], ...] = ()


def place_in(column: str) -> pl.Expr:
    """A station's place in its list, as one integer: cheaper to sort and compare than two."""
    return pl.col(column).cast(pl.Int64) * 2**16 + pl.col("station_id")


def refuse_duplicates(lines: pl.DataFrame) -> pl.DataFrame:
    """Refuse every line of a station to which one ticker gives two different values."""
    reading = pl.col("reason").is_null()
    place = place_in("run")
    twice = lines.filter(reading).select(place=place).to_series()
    twice = twice.filter(twice.is_duplicated()).unique()
    if twice.is_empty():
        return lines
    values = pl.struct("condition", "temperature_c")
    contradicting = (
        lines.select(reading, "condition", "temperature_c", place=place)
        .filter("reason", pl.col("place").is_in(twice.implode()))
        .group_by("place")
        .agg(values.n_unique().alias("values"))
        .filter(pl.col("values") > 1)["place"]
    )
    contradicted = reading & place.is_in(contradicting.implode())
    return lines.with_columns(
        reason=pl.when(contradicted).then(pl.lit("duplicate_station")).otherwise("reason")
    )
