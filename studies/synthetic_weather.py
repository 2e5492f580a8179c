"""Clean series of temperatures: synthetic weather, and official hours from KMA's files.

The synthetic weather is smooth and made up, but it has what makes checks err: seasons, a diurnal
cycle of each station's own, fronts that move through, height with a changing lapse rate,
differences that neighbours share and differences that they don't.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.quality.snapshot_grid import STATIONS, places

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
COLUMN = {station: column for column, station in enumerate(STATIONS)}
START = datetime(2026, 1, 1)


@dataclass(frozen=True)
class Series:
    """Clean lists: dates and temperatures (rows) of STATIONS (columns), an hour a row."""

    name: str
    starts: list[datetime]
    temperatures: Floats

    def only(self, stations: tuple[int, ...] | list[int]) -> Series:
        kept = np.full_like(self.temperatures, np.nan)
        columns = [COLUMN[station] for station in stations]
        kept[:, columns] = self.temperatures[:, columns]
        return Series(self.name, self.starts, kept)


def synthetic(days: int, seed: int) -> Series:
    """Whole days spread over the year, every hour of them."""
    whole = np.unique(np.linspace(0, 364, days).astype(int))
    hours = (whole[:, None] * 24 + np.arange(24)).ravel()
    return Series(
        "synthetic", [START + timedelta(hours=int(h)) for h in hours], weather(hours, seed)
    )


def weather(hours: Ints, seed: int) -> Floats:
    """Temperatures (°C, one decimal) of all STATIONS at `hours` since START.

    Consecutive hours are correlated as weather is; the hours must rise.
    """
    rng = np.random.default_rng(seed)
    place = places()
    latitude, longitude, height = (
        place[name].to_numpy() for name in ("latitude", "longitude", "elevation_m")
    )
    day, hour = hours / 24, hours % 24
    winter = (1 + np.cos(2 * np.pi * (day - 20) / 365.25)) / 2  # 1 in late January, 0 in July
    level = 26 - 27 * winter
    to_north = -(0.3 + 1.0 * winter)[:, None] * (latitude - 36.5)
    swing = rng.uniform(2.0, 6.0, len(STATIONS)) * (height < 700)
    # What differs from day to day changes evenly from noon to noon.
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
    found: Floats = np.round(
        level[:, None] + to_north + lapse + diurnal + front + 1.3 * local + white + own, 1
    )
    return found


def _distances_km(latitude: Floats, longitude: Floats) -> Floats:
    north = 111.2 * (latitude[:, None] - latitude)
    east = 111.2 * np.cos(np.radians(36.5)) * (longitude[:, None] - longitude)
    distance: Floats = np.hypot(north, east)
    return distance


def asos(files: Sequence[Path]) -> Series:
    """The hours of KMA's hourly files (CP949 or UTF-8 with BOM)."""
    frames = []
    for file in files:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig" if raw[:3] == b"\xef\xbb\xbf" else "cp949")
        frames.append(
            pl.read_csv(text.encode(), infer_schema=False).select(
                station_id=pl.col("지점").cast(pl.Int16),
                at=pl.col("일시").str.to_datetime("%Y-%m-%d %H:%M"),
                temperature_c=pl.col("기온(°C)").cast(pl.Float64),
            )
        )
    wide = pl.concat(frames).pivot(on="station_id", index="at", values="temperature_c").sort("at")
    temperatures = np.full((wide.height, len(STATIONS)), np.nan)
    for name in wide.columns[1:]:
        temperatures[:, COLUMN[int(name)]] = wide[name].to_numpy()
    return Series("ASOS", wide["at"].to_list(), temperatures)
