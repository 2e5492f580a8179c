"""The data that a run draws charts from. Each table is read when a kind of chart needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from nalssi.charts import chart_readings, hour_data, period_data
from nalssi.charts.chart_names import day_file_stem, snapshot_file_stem
from nalssi.charts.compared_with import NOTHING, ComparedWith
from nalssi.charts.previous_snapshot import MAX_DAYS
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.charts.snapshot_data import SnapshotData

if TYPE_CHECKING:
    import duckdb

EARLIER_DAYS = timedelta(days=MAX_DAYS + 1)
"""The snapshots of this many days before a period are read too, because those of the period are
compared with them. Around midnight, the same hour three days before may belong to a fourth day."""


@dataclass(frozen=True)
class SelectedData:
    """The tables and snapshots that charts are drawn from: readings that a filter selects."""

    con: duckdb.DuckDBPyConnection
    reading_filter: ReadingFilter
    compared_with: ComparedWith = NOTHING
    every_list: bool = False
    """Whether each list has charts of its own. Otherwise one list represents its day."""

    @cached_property
    def readings(self) -> pl.DataFrame:
        """All selected readings (`chart_readings.selected_readings`)."""
        return chart_readings.selected_readings(self.con, self.reading_filter)

    @cached_property
    def printed_readings(self) -> pl.DataFrame:
        """The selected readings, and undated ones whose printed (false) date is in the period."""
        if self.reading_filter.since is None and self.reading_filter.until is None:
            return self.readings
        by_printed_date = replace(self.reading_filter, printed=True)
        return chart_readings.selected_readings(self.con, by_printed_date)

    @cached_property
    def snapshots(self) -> Sequence[SnapshotData]:
        """The snapshots with a usable reading, in order of time."""
        return _with_readings(self.readings)

    @cached_property
    def drawn_lists(self) -> Sequence[tuple[str, SnapshotData]]:
        """The lists to draw, each as a pair of file stem and snapshot.

        They are the list that represents each day, which is the newest with a usable reading. With
        `every_list` they are all lists, undated ones too.
        """
        if self.every_list:
            return [
                (snapshot_file_stem(each.snapshot_id, each.time.day), each)
                for each in self.snapshots
            ]
        of_day = {each.time.day: each for each in self.snapshots if each.time.day}
        return [(day_file_stem(day), each) for day, each in of_day.items()]

    @cached_property
    def earlier_snapshots(self) -> Sequence[SnapshotData]:
        """The snapshots of EARLIER_DAYS before the period, to compare those of the period with.

        There are none if the period has no first day.
        """
        since = self.reading_filter.since
        if since is None:
            return ()
        before = replace(
            self.reading_filter, since=since - EARLIER_DAYS, until=since - timedelta(days=1)
        )
        return _with_readings(chart_readings.selected_readings(self.con, before))

    @cached_property
    def station_days(self) -> pl.DataFrame:
        """The statistics of the stations by day (`period_data.station_days`)."""
        return period_data.station_days(self.con, self.reading_filter)

    @cached_property
    def region_days(self) -> pl.DataFrame:
        """The statistics of the regions by day (`period_data.region_days`)."""
        return period_data.region_days(self.con, self.reading_filter)

    @cached_property
    def day_hours(self) -> pl.DataFrame:
        """The observations of days with two or more clock times (`hour_data.day_hours`)."""
        return hour_data.day_hours(self.con, self.reading_filter)

    @cached_property
    def station_records(self) -> pl.DataFrame:
        """The lowest and highest observation of each station (`hour_data.station_records`)."""
        return hour_data.station_records(self.con, self.reading_filter)

    @cached_property
    def compared_days(self) -> pl.DataFrame:
        """The days of a comparison, with the values of both sides (`hour_data.compared_days`)."""
        return hour_data.compared_days(self.con, self.reading_filter, self.compared_with)

    @cached_property
    def compared_names(self) -> pl.DataFrame:
        """The names and days of the two sides of a comparison (`hour_data.compared_names`)."""
        return hour_data.compared_names(self.con, self.reading_filter, self.compared_with)

    @cached_property
    def regions(self) -> pl.DataFrame:
        """The reference table of the regions, from north to south."""
        return chart_readings.all_regions(self.con)


def _with_readings(readings: pl.DataFrame) -> Sequence[SnapshotData]:
    snapshots = chart_readings.split_snapshots(readings)
    return [snapshot for snapshot in snapshots if not snapshot.readings.is_empty()]
