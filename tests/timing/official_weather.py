"""Synthetic official hours, tickers drawn from them, and a warehouse to put both in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import polars as pl

from nalssi.common.korea_time import KST
from nalssi.warehouse.database_file import attach
from nalssi.warehouse.warehouse_folder import Warehouse
from schemas.contracts import polars_schema

SIXTEEN = (98, 105, 108, 133, 143, 152, 156, 159, 172, 184, 201, 226, 238, 259, 283, 294)
FORTY = (*SIXTEEN, 90, 95, 101, 112, 114, 119, 127, 129, 131, 135, 136, 138, 140, 146, 155, 162,
         165, 168, 170, 188, 189, 192, 221, 232)  # fmt: skip


def official(start: date, days: int, seed: int = 0) -> pl.DataFrame:
    """Rows of `observations`: smooth weather with a daily cycle, days that differ, and noise."""
    rng = np.random.default_rng(seed)
    hours = np.arange(24 * days)
    stations = len(FORTY)
    level = rng.normal(15, 4, stations) + np.cumsum(rng.normal(0, 0.4, (len(hours), 1)), axis=0)
    swing = rng.uniform(2, 6, stations) * np.cos(2 * np.pi * (hours[:, None] - 15) / 24)
    wander = np.cumsum(rng.normal(0, 0.3, (len(hours), stations)), axis=0)
    values = np.round(level + swing + wander, 1).clip(-40, 45)
    midnight = datetime(start.year, start.month, start.day, tzinfo=KST)
    first = int(midnight.timestamp()) * 1_000_000
    instants = first + hours * 3_600_000_000  # microseconds since 1970
    return pl.DataFrame(
        {
            "station_id": np.tile(np.array(FORTY, dtype=np.int16), len(hours)),
            "observed_at": np.repeat(instants, stations),
            "temperature_c": values.ravel(),
            "source": ["portal"] * values.size,
        },
        schema=polars_schema("observations"),
    )


@dataclass(frozen=True)
class Ticker:
    """A ticker: its printed date, its temperatures by station, and the hour if a feed states it."""

    on: date | None
    temperatures: dict[int, float | None]
    at: datetime | None = None


def at(
    observations: pl.DataFrame,
    hour: datetime,
    stations: Iterable[int] = SIXTEEN,
    *,
    noise_c: float = 0.0,
    seed: int = 0,
) -> dict[int, float | None]:
    """The temperatures that a ticker would print at this hour."""
    rng = np.random.default_rng(seed)
    values = dict(
        observations.filter(pl.col("observed_at") == hour.astimezone(UTC))
        .select("station_id", "temperature_c")
        .iter_rows()
    )
    return {
        station: round(values[station] + rng.normal(0, noise_c) if noise_c else values[station], 1)
        for station in stations
    }


def hour(day: date, hour: int) -> datetime:
    """An hour of Korean time."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=KST)


@cache
def _empty_database() -> bytes:
    """The database of a new warehouse."""
    with TemporaryDirectory() as folder:
        with Warehouse(Path(folder)).writer():
            pass
        return Warehouse(Path(folder)).database.read_bytes()


@contextmanager
def warehouse(folder: Path, observations: pl.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the database of a new warehouse that has these observations.

    Nothing is published, because the tests use this connection only.
    """
    folder.mkdir(exist_ok=True)
    database = Warehouse(folder).database
    database.write_bytes(_empty_database())
    with duckdb.connect() as con:
        attach(con, database, "TYPE duckdb")
        put(con, "observations", observations)
        yield con


def put(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Insert rows into a table."""
    con.register("rows", rows.to_arrow())
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")
    con.unregister("rows")


def print_tickers(con: duckdb.DuckDBPyConnection, tickers: dict[str, Ticker]) -> None:
    """Insert tickers as snapshots; a name is padded to an id."""
    snapshots = [
        {
            "snapshot_id": "a" + name.zfill(15),
            "observed_on": ticker.on,
            "observed_at": ticker.at,
            "station_count": len(ticker.temperatures),
        }
        for name, ticker in tickers.items()
    ]
    readings = [
        {
            "snapshot_id": "a" + name.zfill(15),
            "station_id": station,
            "station_source": "name",
            "condition": "clear",
            "condition_raw": "맑음",
            "temperature_c": temperature,
        }
        for name, ticker in tickers.items()
        for station, temperature in ticker.temperatures.items()
    ]
    put(con, "snapshots", pl.DataFrame(snapshots, schema=polars_schema("snapshots")))
    put(con, "readings", pl.DataFrame(readings, schema=polars_schema("readings")))


def compared(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, object]]:
    """Rows of `reconciliations` by the names of `print_tickers`."""
    rows = con.sql("SELECT * FROM reconciliations ORDER BY snapshot_id").pl()
    return {row["snapshot_id"][1:].lstrip("0"): row for row in rows.iter_rows(named=True)}
