"""What the gallery is made from: a warehouse, asked for so much at a time as a part of it needs.

Which readings can be used is decided where the charts decide it (`nalssi.charts.snapshot_data`), so
that a table never shows as usable what the picture above it leaves out. Readings are never all
in memory: they come a span of days or a region at a time. What is kept is a value a day for
each station and region.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from nalssi.charts.chart_readings import selected_readings
from nalssi.charts.period_data import exact_mean
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.charts.snapshot_data import IS_DRAWN, with_display_flags
from nalssi.common.korea_time import korean_iso_text
from nalssi.common.safe_text import UNPRINTABLE, safe_text
from nalssi.common.spreadsheet import escape_formulas
from nalssi.gallery.public_links import published

HERE = Path(__file__).parent
AT_ONCE: Final = 50_000
"""Readings in memory at a time, or a day's if it has more."""

CSV_COLUMNS = (
    "snapshot_id", "observed_on", "observed_at", "hour_source", "region_id", "station_id",
    "name_ko", "name_en", "condition_ko", "condition_en", "temperature_c", "flag", "failed",
    "used",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """A warehouse, as far as the gallery shows it.

    `days`: `observed_on` (null for the undated), `readings`, in order. `station_days` and
    `region_days`: `observed_on, mean_c, low_c, high_c, count` of every station and region.
    """

    con: duckdb.DuckDBPyConnection
    days: pl.DataFrame
    station_days: pl.DataFrame
    region_days: pl.DataFrame
    rejects: pl.DataFrame
    sites: pl.DataFrame
    stations: pl.DataFrame
    history: pl.DataFrame
    regions: pl.DataFrame

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection) -> Facts:
        """Ask a reader's connection for all but the readings."""
        regions = con.sql("FROM regions ORDER BY region_id").pl()
        station_days = _ask(con, "station_days.sql")
        return cls(
            con,
            _ask(con, "days.sql"),
            station_days,
            _region_days(station_days, regions),
            _published(_ask(con, "rejects.sql")),
            con.sql("FROM sites ORDER BY pages DESC, site NULLS LAST").pl(),
            con.sql("FROM stations ORDER BY region_id, latitude DESC").pl(),
            con.sql("FROM station_history ORDER BY station_id, valid_from").pl(),
            regions,
        )

    def spans(self) -> Iterator[ReadingFilter]:
        """The undated readings, then all days in order, as many at a time as may be in memory."""
        first: date | None = None
        last: date | None = None
        total = 0
        for day, count in self.days.iter_rows():
            if day is None:
                yield ReadingFilter(undated=True)
                continue
            if first and total + count > AT_ONCE:
                yield ReadingFilter(first, last)
                first, total = None, 0
            first, last, total = first or day, day, total + count
        if first:
            yield ReadingFilter(first, last)

    def readings(self, selection: ReadingFilter) -> pl.DataFrame:
        """The readings selected, by time and snapshot, then region and north to south; `flag` as
        the charts settle it (0: a closed station's), `used` whether charts and tables count it."""
        readings = selected_readings(self.con, selection)
        return with_display_flags(readings).with_columns(used=IS_DRAWN)

    def sightings(self, span: ReadingFilter) -> pl.DataFrame:
        """Where the snapshots of a span were seen, and what dates them there."""
        found = _ask(self.con, "sightings.sql", since=span.since, until=span.until,
                     undated=span.undated)  # fmt: skip
        return _published(found)


def _ask(con: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pl.DataFrame:
    sql = (HERE / name).read_text(encoding="utf-8")
    frame: pl.DataFrame = con.sql(sql, params=values or None).pl()
    return frame


def _published(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with its addresses as strangers may see them."""
    addresses = {uri: published(uri) for uri in frame["uri"].unique()}
    return frame.with_columns(
        pl.col("uri").replace_strict(addresses, return_dtype=pl.String)
        if addresses
        else pl.col("uri")
    )


def _region_days(station_days: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Days of regions: each station counts once a day, however often it was read."""
    days = station_days.group_by("observed_on", "region_id").agg(
        exact_mean("mean_c", 2),
        pl.col("low_c").min(),
        pl.col("high_c").max(),
        pl.col("count").sum(),
    )
    names = regions.select("region_id", "name_ko", "name_en")
    return days.join(names, on="region_id").sort("observed_on", "region_id")


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV for spreadsheets (`common.spreadsheet`): instants in Korean time, temperatures
    with one decimal, names of tests parted by spaces, what is not seen spelt out."""
    return _written(_formatted(frame))


def readings_csv(readings: pl.DataFrame, by: str) -> dict[Any, bytes]:
    """Readings with their flags, used or not, as a CSV for each value of a column."""
    more = [name for name in ("change_c", "compared_with") if name in readings.columns]
    shown = _formatted(readings.select(*CSV_COLUMNS, *more))
    parts = shown.partition_by(by, as_dict=True, maintain_order=True)
    return {value: _written(part) for (value,), part in parts.items()}


def _written(frame: pl.DataFrame) -> bytes:
    return frame.write_csv(include_bom=True).encode()


def _formatted(frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.List):
            column = column.list.join(" ")
        elif kind == pl.String:
            unseen = column.str.contains(UNPRINTABLE)
            seen = column.map_elements(safe_text, return_dtype=pl.String)
            column = pl.when(unseen).then(seen).otherwise(column) if _any(frame, unseen) else column
        elif kind.is_float():
            column = column.round(2 if name.startswith("mean") else 1)
        elif isinstance(kind, pl.Datetime):
            column = korean_iso_text(column)
        columns.append(column.alias(name))
    return escape_formulas(frame.select(columns))


def _any(frame: pl.DataFrame, where: pl.Expr) -> bool:
    return bool(frame.select(where.any()).item())
