"""The units of charts and gallery: days and undated lists, each with a digest of what it shows.

A unit is named by its day (`2026-11-29`) or by the id of its undated list. A digest tells whether
the unit has changed since the last build, without its readings being read. The digests are of the
rows that decide what a page shows; `day_digests.sql` explains them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb

from nalssi.charts.selected_data import EARLIER_DAYS
from nalssi.common.ids import digest

QUERY = Path(__file__).with_name("day_digests.sql")
_REFERENCE = """
SELECT to_hex(sum(hash(t))) FROM {table} AS t
"""


@dataclass(frozen=True)
class Unit:
    """A day with lists, or an undated list (`day` is None).

    `name` is the day or the id of the list. `lists` and `readings` are numbers of lists and
    readings. `digest` changes when the lists of the unit change. `page_digest` also changes when
    the lists of earlier days change, with which those of the unit may be compared.
    """

    name: str
    day: date | None
    lists: int
    readings: int
    digest: str
    page_digest: str


@dataclass(frozen=True)
class Units:
    """The units of a warehouse by name: undated lists, then days in order."""

    by_name: Mapping[str, Unit]

    @classmethod
    def load(cls, con: duckdb.DuckDBPyConnection) -> Units:
        """Read the digests of all units from the warehouse. No reading is read."""
        common = _reference_digest(con)
        rows = con.execute(QUERY.read_text(encoding="utf-8")).fetchall()
        digests = {day: own for _, day, _, _, own in rows if day}
        days = sorted(digests)
        units = {}
        for name, day, lists, readings, own in rows:
            compared = [f"{each} {digests[each]}".encode() for each in _compared_days(day, days)]
            units[name] = Unit(
                name,
                day,
                lists,
                readings,
                digest(common.encode(), own.encode()),
                digest(common.encode(), own.encode(), *compared),
            )
        return cls(units)

    @cached_property
    def days(self) -> Mapping[date, Unit]:
        """The units that are days, by day, from the oldest to the newest."""
        return {unit.day: unit for unit in self.by_name.values() if unit.day}

    @cached_property
    def newest_day(self) -> date | None:
        """The newest day with lists; None if no list has a day."""
        return max(self.days, default=None)


def _compared_days(day: date | None, days: Sequence[date]) -> Sequence[date]:
    """Return the days whose lists the lists of `day` may be compared with.

    `days` are all days with lists, in order. The result is those within EARLIER_DAYS before `day`.
    """
    if day is None:
        return []
    return days[bisect_left(days, day - EARLIER_DAYS) : bisect_left(days, day)]


def _reference_digest(con: duckdb.DuckDBPyConnection) -> str:
    """Return a digest of the reference tables. What a unit shows depends on them, too."""
    tables = ("stations", "station_history", "regions", "conditions")
    return " ".join(
        str((con.execute(_REFERENCE.format(table=table)).fetchone() or ("",))[0])
        for table in tables
    )
