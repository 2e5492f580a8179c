"""Which days are finished, and a digest of everything that is known of them.

A day (KST) is finished when it is over. Pages that show many days end with the last finished day,
so that a new list of today changes neither them nor any page of an earlier day: while the digest of
the finished days is the same, their files are not planned again (`site_files`). Today's lists are
on the page of the day, on the first page, in `newest.json` and `data/newest.js`, in the calendar,
and in `embed/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from nalssi.charts.day_units import Unit, Units
from nalssi.gallery.build_inputs import chart_files
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
        """Return the units divided into open days, which `days` names, and finished units."""
        return cls(
            {name: unit for name, unit in units.by_name.items() if unit.day not in days},
            {name: unit for name, unit in units.by_name.items() if unit.day in days},
        )

    @property
    def newest_open(self) -> date | None:
        """The newest open day; None if all days are finished."""
        return max((unit.day for unit in self.open.values() if unit.day), default=None)

    def digest(self, charts: Path, *others: Any) -> str:
        """Return a digest of the finished units, of the names of open days, and of chart files.

        `charts` is the folder of charts; those of open days are left out. `others` are further
        values on which the files of finished days depend.
        """
        pictures = [
            (path, *state)
            for path, *state in chart_files(charts)
            if path.rpartition("/")[2].partition(".")[0] not in self.open
        ]
        units = [(unit.name, unit.page_digest) for unit in self.finished.values()]
        return input_digest((units, list(self.open), pictures, others))
