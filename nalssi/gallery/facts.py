"""What the gallery is made from: all of a warehouse, asked once, as frames.

Which readings can be used is decided where the charts decide it (`nalssi.charts.sheet`), so
that a table never shows as usable what the picture above it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from nalssi.charts.sheet import DRAWN, with_flags

HERE = Path(__file__).parent

CSV_COLUMNS = (
    "snapshot_id", "observed_on", "observed_at", "hour_source", "region_id", "station_id",
    "name_ko", "name_en", "condition_ko", "condition_en", "temperature_c", "flag", "failed",
    "used",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A warehouse's contents, as far as the gallery shows them.

    `readings`: every reading, by time and snapshot, then region and north to south; `flag` as the
    charts settle it (0: a closed station's), `used` whether charts and tables count it.
    """

    readings: pl.DataFrame
    sightings: pl.DataFrame
    rejects: pl.DataFrame
    stations: pl.DataFrame
    history: pl.DataFrame
    regions: pl.DataFrame


def facts(con: duckdb.DuckDBPyConnection) -> Facts:
    """Ask a reader's connection for everything."""
    flagged = with_flags(_ask(con, "readings.sql")).with_columns(used=DRAWN)
    return Facts(
        flagged,
        _ask(con, "sightings.sql"),
        _ask(con, "rejects.sql"),
        con.sql("FROM stations ORDER BY region_id, latitude DESC").pl(),
        con.sql("FROM station_history ORDER BY station_id, valid_from").pl(),
        con.sql("FROM regions ORDER BY region_id").pl(),
    )


def _ask(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    frame: pl.DataFrame = con.sql((HERE / name).read_text(encoding="utf-8")).pl()
    return frame


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV in UTF-8; instants in Korean time, temperatures with one decimal, names of
    tests parted by spaces, texts that a spreadsheet would run as formulas kept texts."""
    return _formatted(frame).write_csv().encode()


def readings_csv(readings: pl.DataFrame, by: str) -> dict[Any, bytes]:
    """Readings with their flags, used or not, as a CSV for each value of a column."""
    more = [name for name in ("change_c", "compared_with") if name in readings.columns]
    shown = _formatted(readings.select(*CSV_COLUMNS, *more))
    parts = shown.partition_by(by, as_dict=True, maintain_order=True)
    return {value: part.write_csv().encode() for (value,), part in parts.items()}


def _formatted(frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.List):
            column = column.list.join(" ")
        elif kind == pl.String:
            formula = column.str.contains(r"^[=+@\t\r]|^-.")
            column = pl.when(formula).then("'" + column).otherwise(column)
        elif kind.is_float():
            column = column.round(2 if name.startswith("mean") else 1)
        elif isinstance(kind, pl.Datetime):
            column = column.dt.convert_time_zone("Asia/Seoul").dt.strftime("%Y-%m-%dT%H:%M:%S%:z")
        columns.append(column.alias(name))
    return frame.select(columns)


def usable(readings: pl.DataFrame) -> pl.DataFrame:
    """The readings that charts and tables count."""
    return readings.filter("used")


def daily(readings: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Usable dated readings by day: `observed_on, mean_c, low_c, high_c, count`, and `by`."""
    temperature = pl.col("temperature_c")
    keys = ("observed_on", *by)
    return (
        usable(readings)
        .filter(pl.col("observed_on").is_not_null())
        .group_by(keys)
        .agg(
            mean_c=temperature.mean().round(2),
            low_c=temperature.min(),
            high_c=temperature.max(),
            count=pl.len(),
        )
        .sort(keys)
    )
