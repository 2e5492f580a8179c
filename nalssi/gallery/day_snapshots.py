"""The snapshots of the warehouse in order of time, each compared with an earlier one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

import polars as pl

from nalssi.charts.chart_kinds import snapshot_file_stem
from nalssi.charts.previous_snapshot import NoComparison, PreviousSnapshots
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.gallery_data import GalleryData


@dataclass(frozen=True)
class Snapshot:
    """A snapshot with all its readings, and the earlier snapshot with which it is compared.

    `readings` has the columns of `GalleryData.readings`, `change_c` (the change of the temperature
    in °C since the earlier snapshot; null if it cannot be compared) and `compared_with` (the id of
    the earlier snapshot). `sightings` has the columns of `GalleryData.sightings`.
    """

    snapshot_id: str
    time: SnapshotTime
    readings: pl.DataFrame
    sightings: pl.DataFrame
    previous: SnapshotTime | NoComparison
    """The time of the earlier snapshot, or why there is none."""
    used: int
    """The number of usable readings."""
    mean_c: float | None
    """The mean of the usable temperatures (°C)."""

    @property
    def chart_stem(self) -> str:
        """The beginning of the file names of the snapshot's charts."""
        return snapshot_file_stem(self.snapshot_id, self.time.day)


@dataclass(frozen=True)
class SnapshotSpan:
    """The snapshots of some consecutive days, or all undated snapshots.

    The gallery holds one span in memory at a time.
    """

    readings: pl.DataFrame
    """The readings of all snapshots, with the columns of `Snapshot.readings`."""
    snapshots: Sequence[Snapshot]

    def by_day(self) -> Iterator[tuple[date | None, list[Snapshot]]]:
        """Yield each day with its snapshots in order of time. The day may be None."""
        for day, own in groupby(self.snapshots, key=lambda snapshot: snapshot.time.day):
            yield day, list(own)


def snapshot_spans(data: GalleryData, readings_in_memory: int) -> Iterator[SnapshotSpan]:
    """Yield the span of the undated snapshots, then spans of consecutive days, in order of time.

    `readings_in_memory` is the largest number of readings in a span, but a day is never divided.
    """
    earlier = PreviousSnapshots[_Compared]()
    for span in data.spans(readings_in_memory):
        snapshots = list(_snapshots(data.readings(span), data.sightings(span), earlier))
        yield SnapshotSpan(pl.concat([each.readings for each in snapshots]), snapshots)


def newest_usable_snapshot(snapshots: Sequence[Snapshot]) -> Snapshot:
    """Return the snapshot that represents its day: the newest with a usable reading, if any.

    `snapshots` are those of a day, in order of time.
    """
    usable = [snapshot for snapshot in snapshots if snapshot.used]
    return (usable or snapshots)[-1]


_TIME_COLUMNS: Final = ("snapshot_id", "observed_on", "clock_at", "clock_source")


@dataclass(frozen=True)
class _Compared:
    """The usable temperatures (°C) of an earlier snapshot, by station."""

    snapshot_id: str
    time: SnapshotTime
    temperatures: Mapping[int, float]


def _snapshots(
    readings: pl.DataFrame, sightings: pl.DataFrame, earlier: PreviousSnapshots[_Compared]
) -> Iterator[Snapshot]:
    """Yield the snapshots of a span, each compared with an earlier snapshot.

    `earlier` are the snapshots of earlier spans. The snapshots of this span are added to it.
    """
    seen = sightings.partition_by("snapshot_id", as_dict=True)
    rows = readings.select(*_TIME_COLUMNS, "station_id", "temperature_c", "used").iter_rows()
    start = 0
    for (snapshot_id, *of_time), group in groupby(rows, key=lambda row: row[:4]):
        time = SnapshotTime(*of_time)
        listed = [row[4:] for row in group]
        own = readings[start : start + len(listed)]
        start += len(listed)
        now = {station: temperature for station, temperature, used in listed if used}
        found = earlier.find(time, now.keys())
        if now:
            earlier.add(time, now.keys(), _Compared(snapshot_id, time, now))
        previous = found if isinstance(found, _Compared) else None
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
            previous=found.time if isinstance(found, _Compared) else found,
            used=len(now),
            mean_c=math.fsum(now.values()) / len(now) if now else None,
        )
