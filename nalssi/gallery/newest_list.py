"""The newest list of a warehouse, and the newest reading of each station on the newest day.

The list is that of the view `newest_snapshot`, and the readings are those of `latest_readings`.
`newest_json` and `embed_pages` show them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from nalssi.charts.chart_readings import snapshot_time
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.gallery_page import Row

QUERIES: Final = Path(__file__).parent


@dataclass(frozen=True)
class NewestList:
    """The newest list that has a usable reading, with all its readings.

    `readings` are rows by station id with `station_id, name_ko, name_en, region_id, latitude,
    longitude, condition, condition_ko, condition_en, condition_group, temperature_c` (°C), `flag,
    failed, usable`.
    `not_before` and `not_after` are the limits of the hour of observation. `sites` are the names of
    the sites that print the list.
    """

    snapshot_id: str
    time: SnapshotTime
    not_before: datetime | None
    not_after: datetime | None
    first_captured_at: datetime | None
    last_captured_at: datetime | None
    sites: Sequence[str]
    readings: Sequence[Row]


def newest_list(con: duckdb.DuckDBPyConnection) -> NewestList | None:
    """Read the newest list, or None if no list has a usable reading."""
    rows = _rows(con, "newest_list.sql")
    if not rows:
        return None
    first = rows[0]
    return NewestList(
        snapshot_id=first["snapshot_id"],
        time=snapshot_time(first),
        not_before=first["not_before"],
        not_after=first["not_after"],
        first_captured_at=first["first_captured_at"],
        last_captured_at=first["last_captured_at"],
        sites=first["sites"] or [],
        readings=rows,
    )


def newest_readings(con: duckdb.DuckDBPyConnection) -> Mapping[int, Row]:
    """Read the newest usable reading of each open station on the newest day, by station id.

    A row has `station_id, observed_on, clock_at, clock_source, condition_ko, condition_en,
    temperature_c` (°C) and `site`, the site of the first capture of its list.
    """
    return {row["station_id"]: row for row in _rows(con, "newest_readings.sql")}


def _rows(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    sql = (QUERIES / name).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = con.sql(sql).pl().to_dicts()
    return rows
