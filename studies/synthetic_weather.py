"""Make series of temperatures without errors: synthetic weather.

The synthetic weather is smooth, but it has the features that cause false alarms: seasons, a diurnal
cycle for each station, moving fronts, height with a changing lapse rate, errors that neighbouring
stations have in common, and errors of single stations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.common.station_grid import NO_VALUE, STATIONS, station_columns, station_positions
from nalssi.quality.snapshot_grid import SNAPSHOT_SCHEMA, SnapshotGrid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
START = datetime(2026, 1, 1)
"""Hour 0 of the synthetic weather (Korean time)."""
SHORT_LIST = (98, 105, 108, 133, 143, 152, 156, 159, 172, 184, 201, 226, 238, 259, 283, 294)
"""The 16 stations of the most common ticker."""


def column_of(station: int) -> int:
    """Return the column of a station in the temperatures of a series."""
    return int(station_columns()[station])


@dataclass(frozen=True)
class Series:
    """A series of temperatures without errors, synthetic or official.

    `temperatures` (°C) have a row for each hour and a column for each of the STATIONS; NaN where
    unknown. `starts` are the hours of the rows, in Korean time without a time zone.
    """

    name: str
    starts: list[datetime]
    temperatures: Floats

    def only(self, stations: tuple[int, ...] | list[int]) -> Series:
        """Return the series with the values of these stations; all other values are NaN."""
        kept = np.full_like(self.temperatures, np.nan)
        columns = [column_of(station) for station in stations]
        kept[:, columns] = self.temperatures[:, columns]
        return Series(self.name, self.starts, kept)


def synthetic(days: int, seed: int) -> Series:
    """Return synthetic weather for every hour of `days` days, which are spread over a year."""
    whole = np.unique(np.linspace(0, 364, days).astype(int))
    hours = (whole[:, None] * 24 + np.arange(24)).ravel()
    return Series(
        "synthetic", [START + timedelta(hours=int(h)) for h in hours], weather(hours, seed)
    )


def weather(hours: Ints, seed: int) -> Floats:
    """Return synthetic temperatures (°C, one decimal) of all STATIONS at these hours.

    `hours` are counted from START and must ascend. Consecutive hours are correlated, as in real
    weather.
    """
    rng = np.random.default_rng(seed)
    position = station_positions()
    latitude, longitude, height = (
        position[name].to_numpy() for name in ("latitude", "longitude", "elevation_m")
    )
    day, hour = hours / 24, hours % 24
    winter = (1 + np.cos(2 * np.pi * (day - 20) / 365.25)) / 2  # 1 in late January, 0 in July
    level = 26 - 27 * winter
    to_north = -(0.3 + 1.0 * winter)[:, None] * (latitude - 36.5)
    swing = rng.uniform(2.0, 6.0, len(STATIONS)) * (height < 700)
    # Cloudiness and lapse rate of a day change linearly from noon to noon.
    noons = np.arange(int(day.max()) + 3)
    clear = np.interp(day + 0.5, noons, rng.uniform(0.2, 1.0, noons.size))
    gradient = np.interp(day + 0.5, noons, -0.0065 + 0.003 * rng.standard_normal(noons.size))
    lapse = gradient[:, None] * height
    diurnal = clear[:, None] * swing * np.cos(2 * np.pi * (hour - 15) / 24)[:, None]
    # Fronts: waves some 1500 km long that cross the country from west to east within days.
    front = np.zeros((hours.size, len(STATIONS)))
    for _ in range(4):
        period, size = rng.uniform(60, 200), rng.uniform(1.0, 3.0)
        phase = rng.uniform(0, 2 * np.pi)
        front += size * np.sin(
            2 * np.pi * (hours[:, None] / period - (longitude - 127) / 15) + phase
        )
    near = np.exp(-_distances_km(latitude, longitude) / 120)
    root = np.linalg.cholesky(near + 1e-9 * np.eye(len(STATIONS)))
    local = rng.standard_normal((hours.size, len(STATIONS))) @ root.T
    keep = np.exp(-np.diff(hours, prepend=hours[0] - 10_000) / 12.0)
    for row in range(1, hours.size):
        local[row] = keep[row] * local[row - 1] + np.sqrt(1 - keep[row] ** 2) * local[row]
    white = rng.normal(0, 0.3, local.shape)
    own = rng.normal(0, 0.6, len(STATIONS))
    temperatures: Floats = np.round(
        level[:, None] + to_north + lapse + diurnal + front + 1.3 * local + white + own, 1
    )
    return temperatures


def _distances_km(latitude: Floats, longitude: Floats) -> Floats:
    north = 111.2 * (latitude[:, None] - latitude)
    east = 111.2 * np.cos(np.radians(36.5)) * (longitude[:, None] - longitude)
    distance: Floats = np.hypot(north, east)
    return distance


def snapshot_grid(
    temperatures: Floats,
    days: list[date | None],
    at: list[datetime | None] | None = None,
    site: list[str] | None = None,
    source: list[str] | None = None,
) -> SnapshotGrid:
    """Return a grid of snapshots with these temperatures.

    `temperatures` are in °C, snapshots by STATIONS; NaN if the snapshot does not list the station.
    `days`, `at`, `site` and `source` are the date, hour, site and date source of each snapshot.
    """
    rows = len(days)
    known = ~np.isnan(temperatures)
    snapshots = pl.DataFrame(
        {
            "snapshot_id": [f"a{row:015x}" for row in range(rows)],
            "observed_on": days,
            "date_source": source or ["ticker"] * rows,
            "observed_at": at or [None] * rows,
            "station_count": known.sum(axis=1),
            "proven_frozen": [False] * rows,
            "sites": [[name] for name in site or ["example.kr"] * rows],
        },
        schema_overrides=dict(SNAPSHOT_SCHEMA),
    ).cast(SNAPSHOT_SCHEMA)
    grid = SnapshotGrid.without_readings(snapshots)
    row, column = np.nonzero(known)
    grid.tenths[row, column] = np.round(temperatures[row, column] * 10).astype(np.int16)
    return grid


def readings_of(grid: SnapshotGrid, condition: str | None = None) -> pl.DataFrame:
    """Return the readings of all snapshots in a grid, all with the same condition.

    Columns: `grid_row` (of the snapshot), `station_id, temperature_c, condition`.
    """
    row, column = np.nonzero(grid.tenths > NO_VALUE)
    return pl.DataFrame(
        {
            "grid_row": row.astype(np.uint32),
            "station_id": np.array(STATIONS, np.int16)[column],
            "temperature_c": grid.tenths[row, column] / 10,
        }
    ).with_columns(condition=pl.lit(condition, pl.String))
