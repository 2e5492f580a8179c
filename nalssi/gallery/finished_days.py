"""Which days are finished, and digests of everything that is known of them.

A day (KST) is finished when it is over. Pages that show many days end with the last finished day,
so that a new list of today changes neither them nor any page of an earlier day. Today's lists are
on the page of the day, on the first page, in `newest.json` and `data/newest.js`, in the calendar,
in `embed/`, and in the counts of the page on quality.

The files of finished days are in groups (`site_files`): those of each year, those of undated lists,
and those that show the days of several years. While the digest of a group is the same, its files
are not planned again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import duckdb

from nalssi.charts.day_units import Unit, Units
from nalssi.gallery.input_digest import input_digest

_DAYS_SINCE: Final = """
SELECT DISTINCT day FROM conclusions WHERE day >= $today ORDER BY day
"""
_IS_ANY_BEFORE: Final = "SELECT EXISTS (FROM conclusions WHERE day < $today)"


def open_days(con: duckdb.DuckDBPyConnection, today: date | None) -> Sequence[date]:
    """Return the days from `today` on that have lists, in order.

    They are not over. The result is empty if no list is of an earlier day, or if `today` is None:
    then pages show all days.
    """
    if today is None:
        return ()
    parameters = {"today": today}
    (is_any_before,) = con.execute(_IS_ANY_BEFORE, parameters).fetchone() or (False,)
    if not is_any_before:
        return ()
    return [day for (day,) in con.execute(_DAYS_SINCE, parameters).fetchall()]


@dataclass(frozen=True)
class FinishedDays:
    """The units of a warehouse by name, divided into finished ones and open days.

    An undated list counts as finished.
    """

    finished: Mapping[str, Unit]
    open: Mapping[str, Unit]

    @classmethod
    def of(cls, units: Units, days: Sequence[date]) -> FinishedDays:
        """Return the units, divided into the open days `days` and finished units."""
        return cls(
            {name: unit for name, unit in units.by_name.items() if unit.day not in days},
            {name: unit for name, unit in units.by_name.items() if unit.day in days},
        )

    @property
    def newest_open(self) -> date | None:
        """The newest open day; None if all days are finished."""
        return max((unit.day for unit in self.open.values() if unit.day), default=None)

    def often_planned(self, with_charts: Collection[str]) -> Mapping[str, Unit]:
        """Return the units whose pages are planned in every build: open days, and days with charts.

        `with_charts` are the names of units that have chart files. Charts of a day may be drawn
        after the day is finished. So the pages of such days are in no group of files: a new chart
        would change the whole group.
        """
        pictured = {name: unit for name, unit in self.finished.items() if name in with_charts}
        return {**pictured, **self.open}

    @cached_property
    def years(self) -> Mapping[int, Mapping[str, Unit]]:
        """The units that are finished days, by year and name, from the oldest to the newest."""
        years: dict[int, dict[str, Unit]] = {}
        for name, unit in self.finished.items():
            if unit.day:
                years.setdefault(unit.day.year, {})[name] = unit
        return dict(sorted(years.items()))


def units_digest(units: Iterable[Unit], *others: Any) -> str:
    """Return a digest of some units and of further values, `others`."""
    text = "\n".join(f"{unit.name} {unit.page_digest}" for unit in units)
    return input_digest((text, others))
