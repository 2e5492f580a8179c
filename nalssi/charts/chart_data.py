"""From the warehouse to what charts are drawn from. `readings.sql` says what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from nalssi.charts.snapshot_data import Sheet

QUERY: Final = Path(__file__).with_name("readings.sql")


@dataclass(frozen=True)
class Selection:
    """Which readings: days (KST, both ends included), or only those without a day; one region
    (0: the stations that have closed and are in none) or one station."""

    since: date | None = None
    until: date | None = None
    region: int | None = None
    station: int | None = None
    undated: bool = False

    @property
    def suffix(self) -> str:
        """What the selection of a place adds to a file's name."""
        parts = []
        if self.region is not None:
            parts.append(f".region-{self.region}")
        if self.station is not None:
            parts.append(f".station-{self.station}")
        return "".join(parts)

    @property
    def period(self) -> str:
        """What the selection of days is called in a file's name: `all` if it is none."""
        if self.since is None and self.until is None:
            return "all"
        return f"{self.since or ''}_{self.until or ''}"


def readings(con: duckdb.DuckDBPyConnection, selection: Selection) -> pl.DataFrame:
    """Every reading selected, good or not, with all that charts and gallery say about it: at
    least `snapshot_id, observed_on, observed_at`, the columns of a sheet and `failed`; sorted by
    time and snapshot, then from north to south."""
    parameters = {
        "since": selection.since,
        "until": selection.until,
        "region": selection.region,
        "station": selection.station,
        "undated": selection.undated,
    }
    frame: pl.DataFrame = con.sql(QUERY.read_text(encoding="utf-8"), params=parameters).pl()
    return frame


def regions(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The ten regions, north to south: `region_id, name_ko, name_en`."""
    frame: pl.DataFrame = con.sql("FROM regions ORDER BY region_id").pl()
    return frame


def drawable_snapshots(con: duckdb.DuckDBPyConnection) -> dict[str, date | None]:
    """Every snapshot of the warehouse that has a usable reading, with its day."""
    return dict(con.sql("SELECT DISTINCT snapshot_id, observed_on FROM usable_readings").fetchall())


def sheets(selected: pl.DataFrame) -> Iterator[Sheet]:
    """The snapshots among `readings`, in their order; those without a usable reading too."""
    for part in selected.partition_by("snapshot_id", maintain_order=True):
        first = part.row(0, named=True)
        yield Sheet.of(first["snapshot_id"], first["observed_on"], first["observed_at"], part)
