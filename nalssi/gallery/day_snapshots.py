"""The snapshots of the warehouse in order of time, each compared with an earlier one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

import polars as pl

from nalssi.charts.previous_snapshot import NoComparison, PreviousSnapshots
from nalssi.common.snapshot_time import SnapshotTime


@dataclass(frozen=True)
class Snapshot:
    """A snapshot with all its readings, and the time of the earlier snapshot to compare with.

    `readings` has the columns of `gallery_data.read_readings`, `change_c` (the change of the
    temperature in °C since the earlier snapshot; null if it cannot be compared) and `compared_with`
    (the id of the earlier snapshot). `sightings` has the columns of `gallery_data.read_sightings`.
    """

    snapshot_id: str
    time: SnapshotTime
    readings: pl.DataFrame
    sightings: pl.DataFrame
    previous: SnapshotTime | NoComparison
    """The time of the earlier snapshot to compare with, or the reason why there is none."""
    used: int
    """The number of usable readings."""
    mean_c: float | None
    """The mean of the usable temperatures (°C); None if there is none."""


@dataclass(frozen=True)
class SnapshotSpan:
    """The snapshots of some days, or all undated snapshots.

    The gallery holds one span in memory at a time.
    """

    readings: pl.DataFrame
    """The readings of all snapshots, with the columns of `gallery_data.read_readings`."""
    snapshots: Sequence[Snapshot]

    @cached_property
    def by_unit(self) -> Mapping[str, Sequence[Snapshot]]:
        """The snapshots by name of the unit, in order of time.

        The name is the day, such as `2026-11-29`, or the id of an undated snapshot.
        """
        units: dict[str, list[Snapshot]] = {}
        for each in self.snapshots:
            name = str(each.time.day) if each.time.day else each.snapshot_id
            units.setdefault(name, []).append(each)
        return units


def newest_usable_snapshot(snapshots: Sequence[Snapshot]) -> Snapshot:
    """Return the snapshot that represents its day.

    It is the newest one with a usable reading, or the newest one if none has any. `snapshots` are
    the snapshots of a day, in order of time.
    """
    usable = [snapshot for snapshot in snapshots if snapshot.used]
    return (usable or snapshots)[-1]


_TIME_COLUMNS: Final = ("snapshot_id", "observed_on", "clock_at", "clock_source")


@dataclass(frozen=True)
class Compared:
    """An earlier snapshot to compare with: its usable temperatures (°C) by station id."""

    snapshot_id: str
    time: SnapshotTime
    temperatures: Mapping[int, float]


def compared_snapshots(readings: pl.DataFrame) -> Iterator[Compared]:
    """Yield the snapshots of `readings` that have a usable reading, in order of time."""
    for snapshot_id, time, listed in _by_snapshot(readings):
        if now := _usable(listed):
            yield Compared(snapshot_id, time, now)


def snapshots_of(
    readings: pl.DataFrame, sightings: pl.DataFrame, earlier: PreviousSnapshots[Compared]
) -> Iterator[Snapshot]:
    """Yield the snapshots of a span, each compared with an earlier snapshot.

    `earlier` are the snapshots of earlier days. The snapshots of this span are added to it.
    """
    seen = sightings.partition_by("snapshot_id", as_dict=True)
    start = 0
    for snapshot_id, time, listed in _by_snapshot(readings):
        own = readings[start : start + len(listed)]
        start += len(listed)
        now = _usable(listed)
        found = earlier.find(time, now.keys())
        if now:
            earlier.add(time, now.keys(), Compared(snapshot_id, time, now))
        previous = found if isinstance(found, Compared) else None
        before = previous.temperatures if previous else {}
        changes = [
            round(temperature - before[station], 1) if used and station in before else None
            for station, temperature, used in listed
        ]
        yield Snapshot(
            snapshot_id=snapshot_id,
            time=time,
            readings=own.with_columns(
                change_c=pl.Series(changes, dtype=pl.Float64),
                compared_with=pl.lit(previous and previous.snapshot_id, pl.String),
            ),
            sightings=seen.get((snapshot_id,), sightings.clear()),
            previous=found.time if isinstance(found, Compared) else found,
            used=len(now),
            mean_c=math.fsum(now.values()) / len(now) if now else None,
        )


_Listed = list[tuple[int, float, bool]]
"""The readings of a snapshot: station id, temperature (°C), and whether the reading is usable."""


def _by_snapshot(readings: pl.DataFrame) -> Iterator[tuple[str, SnapshotTime, _Listed]]:
    rows = readings.select(*_TIME_COLUMNS, "station_id", "temperature_c", "used").iter_rows()
    for (snapshot_id, *time), group in groupby(rows, key=lambda row: row[:4]):
        yield snapshot_id, SnapshotTime(*time), [row[4:] for row in group]


def _usable(listed: _Listed) -> dict[int, float]:
    return {station: temperature for station, temperature, used in listed if used}
