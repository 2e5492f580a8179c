"""Read series of temperatures from KMA's files of official hours, and divide series by season."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from nalssi.common.korea_time import KST_HOURS
from nalssi.common.reference import reference
from nalssi.common.station_grid import STATIONS, station_columns
from nalssi.observations.asos_table import read_asos
from studies.synthetic_weather import Series

SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}


def official_series(files: Sequence[Path]) -> list[Series]:
    """Read each file of hourly observations as a series, in the order of their first hours.

    A series is named after its stations and its period, such as `Seoul, 2013`.
    """
    series = [_series(file) for file in files]
    return sorted(series, key=lambda one: (one.starts[0], one.name))


def _series(file: Path) -> Series:
    values = pl.concat([block.observations for block in read_asos(file)])
    values = values.unique(["station_id", "observed_at"], keep="first", maintain_order=True)
    hours, row = np.unique(values["observed_at"].to_numpy(), return_inverse=True)
    temperatures = np.full((hours.size, len(STATIONS)), np.nan)
    columns = station_columns()[values["station_id"].to_numpy()]
    temperatures[row, columns] = values["temperature_c"].to_numpy()
    starts = [
        start + timedelta(hours=KST_HOURS) for start in hours.astype("datetime64[us]").tolist()
    ]
    stations = values["station_id"].unique()
    names = reference("stations").filter(pl.col("station_id").is_in(stations.implode()))["name_en"]
    who = names.item() if names.len() == 1 else f"{stations.len()} stations"
    # Files end at 0:00 of the next day, or an hour later.
    first, last = starts[0], starts[-1 - len(starts) // 100]
    period = f"{first:%Y-%m}" if first.month == last.month else f"{first:%Y-%m} to {last:%Y-%m}"
    if (first.month, last.month) == (1, 12):
        period = f"{first:%Y}"
    return Series(f"{who}, {period}", starts, temperatures)


def by_season(series: Series) -> Iterator[tuple[str, Series]]:
    """Yield (season, part of the series in it) for each of the SEASONS that the series has."""
    month = np.array([start.month for start in series.starts])
    for season, months in SEASONS.items():
        rows = np.flatnonzero(np.isin(month, months))
        if rows.size:
            starts = [series.starts[row] for row in rows]
            yield season, Series(series.name, starts, series.temperatures[rows])
