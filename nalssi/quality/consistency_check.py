"""The check `consistency`: printed values that contradict each other.

It consists of three rules: condition against temperature, snapshots of one known hour against
each other, and snapshots that are too short to be judged. Each returns findings
(`flags.FINDING_SCHEMA`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from nalssi.common.reference import reference
from nalssi.common.station_grid import Bools
from nalssi.quality.flags import all_findings
from nalssi.quality.snapshot_grid import SnapshotGrid
from nalssi.quality.thresholds import threshold
from nalssi.quality.time_groups import findings_of_groups, group_by_hour
from nalssi.quality.value_checks import TEMPERATURE, findings
from schemas.vocabulary import FLAG_NOT_EVALUATED, FLAG_SUSPECT

TEST = "consistency"


def contradictory(readings: pl.DataFrame) -> pl.DataFrame:
    """Return findings: snow far above freezing and rain far below it are suspect.

    Either the condition or the temperature is wrong. Snow or rain that has ended (`눈 끝남`) is not
    flagged. `readings`: `grid_row, station_id, condition, temperature_c`.
    """
    condition = pl.col("condition").cast(pl.String)
    snow = condition.is_in(_falling("snow")) & (threshold("snow_warmest") < TEMPERATURE)
    rain = condition.is_in(_falling("rain")) & (threshold("rain_coldest") > TEMPERATURE)
    return findings(readings, TEST, pl.when(snow | rain).then(FLAG_SUSPECT))


def short_snapshot(readings: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Return findings: all readings of a snapshot of fewer than 12 stations are not evaluated.

    No site prints so few stations, so lines of the list were lost. The remaining readings may be
    right, but the snapshot is too short for the checks that could confirm them. `readings` has the
    columns `grid_row, station_id`; `snapshots` are the rows of the grid (`SNAPSHOT_SCHEMA`).
    """
    short = snapshots.select(
        "station_count", grid_row=pl.int_range(pl.len(), dtype=pl.UInt32)
    ).filter(pl.col("station_count") < threshold("list_stations"))
    return findings(
        readings.join(short, on="grid_row", how="semi"), TEST, pl.lit(FLAG_NOT_EVALUATED)
    )


def one_hour_two_values(grid: SnapshotGrid, rows: Bools | None = None) -> pl.DataFrame:
    """Return findings on stations with contradictory temperatures in snapshots of one known hour.

    A station is suspect if its temperatures of the hour differ by more than the threshold
    `hour_disagreement`. It is flagged in all snapshots of the hour, because it is unknown which of
    them is right. The findings are for the snapshots marked in `rows` (default: all).
    """
    by_hour = group_by_hour(grid)
    if by_hour is None:
        return all_findings([])
    groups, _ = by_hour
    tolerance = round(threshold("hour_disagreement") * 10)
    differ = groups.known & (groups.high.astype(np.int32) - groups.low > tolerance)
    return findings_of_groups(grid, groups, differ, TEST, rows)


@cache
def _falling(group: str) -> list[str]:
    """Return the codes of a group of conditions (`snow`, `rain`), without those that have ended."""
    codes = reference("conditions").filter(pl.col("group") == group)["code"].drop_nulls()
    return sorted(code for code in codes.unique() if "_ended" not in code)
