"""Example snapshots: 16 stations as a page printed them, and all open stations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl

from nalssi.charts.snapshot_data import FLAG_CLOSED_STATION, SnapshotData
from nalssi.common.korea_time import KST
from nalssi.common.reference import reference
from nalssi.common.snapshot_time import SnapshotTime
from schemas.vocabulary import FLAG_GOOD, FLAG_MISSING, FLAG_NOT_EVALUATED

# The list of 2025-12-19, as a news site printed it (station id: °C).
SIXTEEN = {
    98: 5.0, 105: 14.1, 108: 8.6, 133: 12.2, 143: 10.6, 152: 16.4, 156: 16.7, 159: 14.9,
    172: 15.6, 184: 19.2, 201: 7.6, 226: 8.8, 238: 11.0, 259: 16.5, 283: 14.0, 294: 13.3,
}  # fmt: skip


# The open stations of lists that news sites printed.
SIXTY_ONE = (
    90, 95, 98, 99, 100, 101, 102, 104, 105, 106, 108, 112, 114, 115, 119, 121, 127, 129,
    130, 131, 133, 135, 136, 137, 138, 140, 143, 146, 152, 155, 156, 159, 162, 165, 168,
    169, 170, 174, 177, 184, 185, 188, 189, 192, 201, 202, 203, 211, 212, 216, 217, 221,
    226, 232, 235, 236, 238, 243, 244, 245, 247,
)  # fmt: skip
SEVENTY_NINE = (
    90, 93, 95, 98, 99, 100, 101, 102, 104, 105, 106, 108, 112, 114, 115, 119, 121, 127,
    129, 130, 131, 133, 135, 136, 137, 138, 140, 143, 146, 152, 155, 156, 159, 162, 165,
    168, 169, 170, 172, 174, 177, 181, 184, 185, 188, 189, 192, 201, 202, 203, 211, 212,
    216, 217, 221, 226, 232, 235, 236, 238, 239, 243, 244, 245, 247, 248, 251, 252, 253,
    254, 255, 257, 258, 259, 260, 261, 262, 263, 264,
)  # fmt: skip
STATION_LISTS = {
    "16": tuple(SIXTEEN),
    "29": SIXTY_ONE[1::2][:29],
    "61": SIXTY_ONE,
    "79": SEVENTY_NINE,
    "97": tuple(sorted(reference("stations")["station_id"])),
}
"""The stations of lists, by the number of stations. All lists are as a site prints them, except the
list of 29 stations, which is a part of another one."""


def all_stations(shift_c: float = 0.0) -> dict[int, float]:
    """Return a temperature for all 97 open stations, colder to the north and with height."""
    return {
        station_id: round(44.0 - latitude - 0.0065 * elevation + shift_c, 1)
        for station_id, latitude, elevation in reference("stations")
        .select("station_id", "latitude", "elevation_m")
        .iter_rows()
    }


def readings_of(
    temperatures: Mapping[int, float | None],
    flags: Mapping[int, int] | None = None,
    weather: Mapping[int, str] | None = None,
) -> pl.DataFrame:
    """Return readings with the columns that charts use of `chart_readings.sql`.

    Readings without a flag in `flags` are good, except missing ones and those of closed stations.
    The printed word for the weather is 비, except at the stations in `weather`.
    """
    readings = pl.DataFrame(
        {
            "station_id": list(temperatures),
            "temperature_c": list(temperatures.values()),
            "flag": [(flags or {}).get(station_id, 1) for station_id in temperatures],
            "condition_ko": [(weather or {}).get(station_id, "비") for station_id in temperatures],
        },
        schema={
            "station_id": pl.Int16,
            "temperature_c": pl.Float64,
            "flag": pl.Int64,
            "condition_ko": pl.String,
        },
    )
    conditions = reference("conditions").select(
        condition_ko="word", condition="code", condition_en="meaning_en", condition_group="group"
    )
    stations = reference("stations").select(
        "station_id", "name_ko", "name_en", "region_id", "latitude", "longitude"
    )
    flag = pl.col("flag")
    good = flag.is_in((FLAG_GOOD, FLAG_NOT_EVALUATED))
    return (
        readings.join(stations, on="station_id", how="left")
        .join(conditions, on="condition_ko", how="left")
        .with_columns(
            pl.when(pl.col("temperature_c").is_null())
            .then(FLAG_MISSING)
            .when(good & pl.col("region_id").is_null())
            .then(FLAG_CLOSED_STATION)
            .otherwise(flag)
            .alias("flag"),
        )
        .with_columns(usable=good)
    )


def snapshot_of(
    temperatures: Mapping[int, float | None],
    day: date | None = date(2025, 12, 19),
    clock: str | None = None,
    source: str = "official",
    flags: Mapping[int, int] | None = None,
    snapshot_id: str = "a123456789abcdef",
    weather: Mapping[int, str] | None = None,
) -> SnapshotData:
    """Return a snapshot of these temperatures by station id. `clock` is such as `14:00`, in KST.

    `weather` are the words for the weather of some stations, instead of 비.
    """
    time = SnapshotTime(day)
    if day and clock:
        clock_at = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), KST)
        time = SnapshotTime(day, clock_at, source)
    return SnapshotData.from_readings(snapshot_id, time, readings_of(temperatures, flags, weather))
