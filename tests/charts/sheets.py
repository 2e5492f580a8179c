"""Snapshots to draw: one of 16 stations as a page printed it, one of all that are open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl

from nalssi.charts.snapshot_data import Sheet
from nalssi.common.reference import reference

# The list of 2025-12-19, as a news site printed it (station id: °C).
SIXTEEN = {
    98: 5.0, 105: 14.1, 108: 8.6, 133: 12.2, 143: 10.6, 152: 16.4, 156: 16.7, 159: 14.9,
    172: 15.6, 184: 19.2, 201: 7.6, 226: 8.8, 238: 11.0, 259: 16.5, 283: 14.0, 294: 13.3,
}  # fmt: skip


def all_stations(shift_c: float = 0.0) -> dict[int, float]:
    """A temperature for each of the 97 open stations: colder to the north and with height."""
    return {
        station_id: round(44.0 - latitude - 0.0065 * elevation + shift_c, 1)
        for station_id, latitude, elevation in reference("stations")
        .select("station_id", "latitude", "elevation_m")
        .iter_rows()
    }


def rows(
    temperatures: Mapping[int, float | None],
    flags: Mapping[int, int] | None = None,
    group: str | None = "rain",
) -> pl.DataFrame:
    """Readings as a sheet takes them; stations without a flag are good."""
    readings = pl.DataFrame(
        {
            "station_id": list(temperatures),
            "temperature_c": list(temperatures.values()),
            "flag": [(flags or {}).get(station_id, 1) for station_id in temperatures],
        },
        schema={"station_id": pl.Int16, "temperature_c": pl.Float64, "flag": pl.Int8},
    )
    place = reference("stations").select(
        "station_id", "name_ko", "name_en", "region_id", "latitude", "longitude"
    )
    condition = pl.lit(group, dtype=pl.String).alias("condition_group")
    return readings.join(place, on="station_id", how="left").with_columns(condition)


def sheet(
    temperatures: Mapping[int, float | None],
    day: date | None = date(2025, 12, 19),
    at: datetime | None = None,
    flags: Mapping[int, int] | None = None,
    snapshot_id: str = "0123456789abcdef",
) -> Sheet:
    """A snapshot of these temperatures."""
    return Sheet.of(snapshot_id, day, at, rows(temperatures, flags))
