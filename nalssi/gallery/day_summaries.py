"""Small statistics of each unit (a day or an undated list), for the pages that show many days.

Stations, regions, calendar, period and quality need values of all days, but few of each. These
values are computed when a unit changes, and kept between builds (`kept_summaries`), so that a build
reads the readings of changed units only. To add a statistic, add a frame to `FRAMES` and compute it
in `_summarize`.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
import polars as pl

from nalssi.charts import period_data
from nalssi.charts.day_units import Unit
from nalssi.charts.period_data import DAY_COLUMNS
from nalssi.charts.reading_filter import ReadingFilter

_TIME: Final = pl.Datetime("us", "Asia/Seoul")
_STATISTICS: Final[dict[str, Any]] = {
    "observed_on": pl.Date,
    "mean_c": pl.Float64,
    "low_c": pl.Float64,
    "high_c": pl.Float64,
    "readings": pl.Int64,
    "hours": pl.Int8,
    "lists": pl.Int64,
    "first_at": _TIME,
    "last_at": _TIME,
    "representative": pl.Boolean,
}
FRAMES: Final[Mapping[str, Mapping[str, Any]]] = {
    # The statistics of each station and region (`period_data`); the names are in the reference.
    "station_days": {"station_id": pl.Int16, **_STATISTICS},
    "region_days": {"region_id": pl.Int8, **_STATISTICS},
    # The mean of a day's stations, the kind of their means, and the extremes of the day.
    "means_of_days": {
        "observed_on": pl.Date,
        "mean_c": pl.Float64,
        "daily": pl.Boolean,
        "fewest": pl.Int64,
        "most": pl.Int64,
        "low_c": pl.Float64,
        "high_c": pl.Float64,
    },
    # Which lists of a day have a usable reading of a station, or of any station of a region.
    "lists_of_stations": {"station_id": pl.Int16, "observed_on": pl.Date, "in_lists": pl.Int64},
    "lists_of_regions": {"region_id": pl.Int8, "observed_on": pl.Date, "in_lists": pl.Int64},
    # The newest usable reading of each station on each day.
    "newest": {
        "station_id": pl.Int16,
        "observed_on": pl.Date,
        "temperature_c": pl.Float64,
        "condition_ko": pl.String,
        "condition_en": pl.String,
    },
    # The number of excluded readings of each station.
    "excluded": {
        "station_id": pl.Int16,
        "flag": pl.Int64,
        "failed": pl.List(pl.String),
        "count": pl.Int64,
    },
    # The number of readings by day, or printed date of an undated list, and by flag.
    "flags": {
        "day": pl.Date,
        "flag": pl.Int64,
        "failed": pl.List(pl.String),
        "used": pl.Boolean,
        "count": pl.Int64,
    },
    # The undated lists, and the number of undated readings of each station.
    "undated": {"id": pl.String, "used": pl.Int64, "count": pl.Int64},
    "undated_stations": {"station_id": pl.Int16, "count": pl.Int64},
}
"""The columns of each frame, by name of the frame. Each frame also has `unit`, the name of the unit
of a row."""


@dataclass
class DaySummaries:
    """Small statistics of units (days and undated lists), as frames with rows of all units.

    `digests` has the digest of each unit, by name, from which the statistics were computed. If the
    digest of a unit has changed since, its statistics are out of date.
    """

    digests: dict[str, str] = field(default_factory=dict)
    kept: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    """The statistics of an earlier build, by name of the frame: sorted parts of the frame as
    Parquet files. A frame is read from them when it is needed."""
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    _added: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def frame(self, name: str) -> pl.DataFrame:
        """Return a frame of FRAMES with the rows of all units, sorted by unit and other columns."""
        if name not in self._frames:
            kept = map(pl.read_parquet, self.kept.get(name, ()))
            self._frames[name] = _with_rows(next(kept, empty_frame(name)), list(kept))
        if added := self._added.pop(name, None):
            self._frames[name] = _with_rows(self._frames[name], added)
        return self._frames[name]

    def excluded_by_station(self) -> Mapping[int, Sequence[Mapping[str, Any]]]:
        """Return counts of the excluded readings of each station, by id: `flag, failed, count`.

        `failed` are the checks that the readings failed. The largest count is first. A station
        without excluded readings has no entry.
        """
        counts = (
            self.frame("excluded")
            .group_by("station_id", "flag", "failed")
            .agg(pl.col("count").sum())
            .sort("count", "flag", pl.col("failed").list.join(" "), descending=[True, False, False])
        )
        return counts.rows_by_key("station_id", named=True)

    def copy(self) -> DaySummaries:
        """Return summaries to which units can be added without changing this object."""
        added = {name: list(parts) for name, parts in self._added.items()}
        return DaySummaries(dict(self.digests), self.kept, dict(self._frames), added)

    def keep_only(self, units: Mapping[str, Unit]) -> None:
        """Remove the statistics of units that have changed or are not in `units`."""
        gone = [name for name, own in self.digests.items() if not _is_same(units.get(name), own)]
        if not gone:
            return
        for name in FRAMES:
            self._frames[name] = self.frame(name).filter(~pl.col("unit").is_in(gone))
        for unit in gone:
            del self.digests[unit]

    def add(
        self, con: duckdb.DuckDBPyConnection, readings: pl.DataFrame, units: Collection[Unit]
    ) -> None:
        """Compute and add the statistics of some units. `readings` are all their readings."""
        names = {unit.name for unit in units}
        for name, frame in _summarize(con, readings, units).items():
            own = frame.filter(pl.col("unit").is_in(names))
            schema = empty_frame(name).schema
            own = _compact(own.select(schema.names()).cast(schema))
            self._added.setdefault(name, []).append(own)
        self.digests |= {unit.name: unit.digest for unit in units}


def empty_frame(name: str) -> pl.DataFrame:
    """Return a frame of FRAMES without rows, with its columns and types."""
    return pl.DataFrame(schema={"unit": pl.String, **FRAMES[name]})


def _with_rows(ordered: pl.DataFrame, added: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add rows to a frame that is sorted by unit and its other columns. Return the sorted frame.

    Only rows from the first added unit on are sorted again, because earlier rows are in order
    already.
    """
    if not any(map(len, added)):
        return ordered
    rows = pl.concat(added)
    keys = [
        pl.col(column).list.join(" ") if isinstance(kind, pl.List) else pl.col(column)
        for column, kind in ordered.schema.items()
    ]
    earlier = int((ordered["unit"] < rows["unit"].min()).sum())
    rest = pl.concat([ordered.slice(earlier), rows]).sort(keys)
    return pl.concat([ordered.head(earlier), rest])


def _compact(frame: pl.DataFrame) -> pl.DataFrame:
    """Copy a frame, so that it does not keep the memory of the readings that it was taken from.

    The texts of a few rows keep the texts of all rows in memory: 800 MiB for two million readings.
    """
    return pl.read_ipc_stream(io.BytesIO(frame.write_ipc_stream(None).getvalue()))


def _is_same(unit: Unit | None, digest: str) -> bool:
    return unit is not None and unit.digest == digest


def _summarize(
    con: duckdb.DuckDBPyConnection, readings: pl.DataFrame, units: Collection[Unit]
) -> dict[str, pl.DataFrame]:
    """Return the frames of FRAMES by name, computed for the units of a span.

    `readings` are the readings of the span. The frames may also have rows of other units between
    the first and the last of `units`.
    """
    readings = readings.with_columns(unit=_unit())
    days = [unit.day for unit in units if unit.day]
    frames = {name: empty_frame(name) for name in FRAMES}
    if days:
        selected = ReadingFilter(min(days), max(days))
        by_day = pl.col("observed_on").cast(pl.String).alias("unit")
        stations = period_data.station_days(con, selected)
        frames["station_days"] = stations.select(by_day, "station_id", *DAY_COLUMNS)
        regions = period_data.region_days(con, selected)
        frames["region_days"] = regions.select(by_day, "region_id", *DAY_COLUMNS)
        frames["means_of_days"] = _means_of_days(stations)
        used = readings.filter("used", pl.col("observed_on").is_not_null())
        # Readings are in order of time.
        frames["newest"] = used.unique(["unit", "station_id"], keep="last", maintain_order=True)
        frames["lists_of_stations"] = _in_lists(used, "station_id")
        frames["lists_of_regions"] = _in_lists(used, "region_id")
    excluded = readings.filter(~pl.col("used"))
    by_reason = excluded.group_by("unit", "station_id", "flag", "failed").agg(count=pl.len())
    frames["excluded"] = by_reason
    day = pl.coalesce("observed_on", "printed_on")
    frames["flags"] = readings.group_by("unit", "flag", "failed", "used", day=day).agg(
        count=pl.len()
    )
    undated = readings.filter(pl.col("observed_on").is_null())
    frames["undated"] = undated.group_by("unit").agg(
        pl.col("snapshot_id").first().alias("id"),
        pl.col("used").sum(),
        pl.len().alias("count"),
    )
    frames["undated_stations"] = undated.group_by("unit", "station_id").agg(count=pl.len())
    return frames


def _means_of_days(stations: pl.DataFrame) -> pl.DataFrame:
    lists_of_others = pl.col("lists").filter(~pl.col("representative"))
    return stations.group_by("observed_on").agg(
        unit=pl.col("observed_on").first().cast(pl.String),
        # Sum whole hundredths: a sum of floats depends on the order of addition.
        mean_c=((pl.col("mean_c") * 100).round().cast(pl.Int64).sum() / pl.len() / 100).round(2),
        daily=pl.col("representative").all(),
        fewest=lists_of_others.min(),
        most=lists_of_others.max(),
        low_c=pl.col("low_c").min(),
        high_c=pl.col("high_c").max(),
    )


def _unit() -> pl.Expr:
    return pl.coalesce(pl.col("observed_on").cast(pl.String), "snapshot_id")


def _in_lists(readings: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return a number for each place and day. Places that are in the same lists have equal numbers.

    `readings` are the readings of a span. Columns of the result: `unit, observed_on`, `by` (the id
    of the place, `station_id` or `region_id`) and `in_lists`, the number.
    """
    lists = readings.select("unit", "observed_on", by, "snapshot_id").drop_nulls(by).unique()
    # An id ends with eleven digits of a hash: sums of different lists hardly ever are equal.
    number = pl.col("snapshot_id").str.slice(-11).str.to_integer(base=16)
    return lists.group_by("unit", "observed_on", by).agg(in_lists=number.sum())
