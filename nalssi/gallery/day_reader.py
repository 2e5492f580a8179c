"""Read lists (snapshots) from a warehouse, a span of days at a time.

Readings are read when a page is rendered or a statistic is computed. Days are grouped into spans,
so that few queries read many days. A span has at most a given number of readings, because all of
them are in memory. A single day with more readings, or all undated lists, are one span.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import duckdb
import polars as pl

from nalssi.charts.day_units import Unit, Units
from nalssi.charts.previous_snapshot import PreviousSnapshots
from nalssi.charts.reading_filter import ReadingFilter
from nalssi.charts.selected_data import EARLIER_DAYS
from nalssi.gallery.day_snapshots import (
    Compared,
    Snapshot,
    SnapshotSpan,
    compared_snapshots,
    snapshots_of,
)
from nalssi.gallery.gallery_data import read_readings, read_sightings
from nalssi.gallery.input_digest import Digested
from nalssi.locale.locales import Lang

ONE_DAY = timedelta(days=1)


@dataclass
class DayReader:
    """Reads the lists of units from a warehouse. A unit is a day or an undated list.

    Units are read in spans: groups of days that are read together. The lists of one span are in
    memory at a time. `con` reads the warehouse, `units` are all its units, and `readings_in_memory`
    is the largest number of readings in a span of several days.
    """

    con: duckdb.DuckDBPyConnection
    units: Units
    readings_in_memory: int
    _span: SnapshotSpan | None = None
    _names: frozenset[str] = frozenset()
    _readings: tuple[frozenset[str], pl.DataFrame] | None = None
    """The span whose readings were read last: the names of its units, and the readings."""
    _earlier: PreviousSnapshots[Compared] = field(default_factory=PreviousSnapshots)
    _until: date | None = None
    """The last day whose lists are in `_earlier`, the lists to compare later lists with."""

    def spans(self, wanted: Collection[Unit]) -> Iterator[Sequence[Unit]]:
        """Divide the wanted units into spans to read together: undated lists, then days in order.

        All days between the first and the last day of a span have at most `readings_in_memory`
        readings, unless the span is a single day.
        """
        undated = [unit for unit in wanted if unit.day is None]
        if undated:
            yield undated
        positions = {unit.name: index for index, unit in enumerate(self.units.days.values())}
        totals = [0, *accumulate(unit.readings for unit in self.units.days.values())]
        group: list[Unit] = []
        start = 0
        for unit in sorted((u for u in wanted if u.day), key=lambda u: u.name):
            position = positions[unit.name]
            if group and totals[position + 1] - totals[start] > self.readings_in_memory:
                yield group
                group = []
            if not group:
                start = position
            group.append(unit)
        if group:
            yield group

    def read(self, group: Sequence[Unit]) -> SnapshotSpan:
        """Return the lists of a span, a group of units that `spans` has yielded.

        They are read from the warehouse unless they are in memory.
        """
        names = frozenset(unit.name for unit in group)
        if self._span is None or not names <= self._names:
            self._span = None  # before the next one is in memory
            days = [unit.day for unit in group if unit.day]
            readings = self.readings(group)
            self._readings = None
            if days:
                self._prepare(min(days))
                self._until = max(days)
            sightings = read_sightings(self.con, _selected(group))
            earlier = self._earlier if days else PreviousSnapshots[Compared]()
            self._span = SnapshotSpan(readings, list(snapshots_of(readings, sightings, earlier)))
            self._names = names | set(self._span.by_unit)
        return self._span

    def readings(self, group: Sequence[Unit]) -> pl.DataFrame:
        """Return the readings of a span, a group of units that `spans` has yielded.

        The columns are those of `read_readings`. The readings of the last span stay in memory.
        """
        names = frozenset(unit.name for unit in group)
        if self._readings is None or self._readings[0] != names:
            self._readings = None  # before the next ones are in memory
            self._readings = names, read_readings(self.con, _selected(group))
        return self._readings[1]

    def lists(self, unit: Unit) -> Sequence[Snapshot]:
        """Return the lists of a unit (a day or an undated list) in order of recency.

        If they are not in the last span that was read, they are read as a span of their own.
        """
        group = [unit] if unit.name not in self._names else []
        span = self.read(group) if group or self._span is None else self._span
        return span.by_unit[unit.name]

    def _prepare(self, since: date) -> None:
        """Read the lists of the days before a span, with which its lists can be compared.

        `since` is the first day of the span. The lists are not read again if they are in memory.
        """
        first = since - EARLIER_DAYS
        between = [day for day in self.units.days if first <= day < since]
        if self._until is None or self._until >= since or any(d > self._until for d in between):
            self._earlier = PreviousSnapshots()
            if between:
                readings = read_readings(self.con, ReadingFilter(first, since - ONE_DAY))
                for each in compared_snapshots(readings):
                    self._earlier.add(each.time, each.temperatures.keys(), each)


def _selected(group: Sequence[Unit]) -> ReadingFilter:
    """Return a filter that selects the days of a group, from first to last, or undated lists."""
    days = [unit.day for unit in group if unit.day]
    return ReadingFilter(min(days), max(days)) if days else ReadingFilter(undated=True)


@dataclass(frozen=True)
class DayLists(Digested):
    """The lists of a unit as a field of a page. They are read when the page is rendered."""

    unit: Unit
    reader: DayReader
    shown: dict[Lang, dict[str, Any]] = field(default_factory=dict, compare=False)
    """Variables of the template `day.html` that depend on the lists only, by language. The page of
    a day and the first page, which shows the same lists, share them."""

    @property
    def digest(self) -> str:
        """A digest of everything that a page can show of the lists."""
        return self.unit.page_digest

    def read(self) -> Sequence[Snapshot]:
        """Return the lists in order of recency."""
        return self.reader.lists(self.unit)
