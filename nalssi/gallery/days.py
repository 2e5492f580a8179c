"""Pages of days: the latest, one a date, one a snapshot without a date, and the calendar."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

import polars as pl

from nalssi.gallery.facts import Facts, readings_csv
from nalssi.gallery.figures import Figures
from nalssi.gallery.page import Page
from nalssi.gallery.render import Tongue
from nalssi.gallery.site import File, content
from nalssi.gallery.snapshots import Snapshot, compare, fingerprint, present, snapshots

WEEKS: Final = Calendar(firstweekday=6)  # Korean calendars begin on Sunday


@dataclass(frozen=True)
class Days:
    """Every day with its snapshots, the fullest first, and the snapshots that have no day."""

    facts: Facts
    figures: Figures
    tongues: Sequence[Tongue]
    dated: Mapping[date, Sequence[Snapshot]]
    undated: Sequence[Snapshot]
    tables: Mapping[str, bytes]
    """The readings of every page as CSV, by path."""

    @classmethod
    def of(cls, facts: Facts, figures: Figures, tongues: Sequence[Tongue]) -> Days:
        compared, days = compare(facts.readings)
        every = list(snapshots(compared, days, facts.sightings))
        dated: dict[date, list[Snapshot]] = {}
        for shown in every:
            if shown.observed_on is not None:
                dated.setdefault(shown.observed_on, []).append(shown)
        # The fullest leads its day; among equals, the latest does.
        led = {day: sorted(own, key=lambda s: s.used)[::-1] for day, own in dated.items()}
        undated = [shown for shown in every if shown.observed_on is None]
        nowhere = compared.filter(pl.col("observed_on").is_null())
        somewhen = compared.filter(pl.col("observed_on").is_not_null())
        tables = {
            _table(day, ""): text for day, text in readings_csv(somewhen, "observed_on").items()
        }
        for snapshot_id, text in readings_csv(nowhere, "snapshot_id").items():
            tables[_table(None, snapshot_id)] = text
        return cls(facts, figures, tongues, led, undated, tables)

    @property
    def latest(self) -> date | None:
        """The newest day with a reading that can be used; else the newest."""
        good = [day for day, own in self.dated.items() if own[0].used]
        return max(good or self.dated, default=None)

    def means(self) -> Mapping[date, float | None]:
        """Each day's mean temperature over the stations of its fullest snapshot."""
        return {day: own[0].mean_c for day, own in self.dated.items()}

    def pages(self) -> Iterator[Page]:
        """The pages, those that others point to first."""
        order = sorted(self.dated)
        means = self.means()
        newest, latest = self.latest, None
        for index, day in enumerate(order):
            around = (
                order[index - 1] if index else None,
                order[index + 1] if index + 1 < len(order) else None,
            )
            page = self._page(f"dates/{day}.html", day, self.dated[day], around, means)
            if day == newest:
                latest = self._page("index.html", day, self.dated[day], around, means, latest=True)
            yield page
        for shown in self.undated:
            yield self._page(f"undated/{shown.snapshot_id}.html", None, [shown])
        yield self._calendar(means)
        yield latest or Page("index.html", "empty.html", "latest", (), lambda _: {})

    def files(self) -> Iterator[File]:
        """The readings of every day as CSV."""
        for path, text in self.tables.items():
            yield content(path, text)

    def _page(
        self,
        path: str,
        day: date | None,
        own: Sequence[Snapshot],
        around: tuple[date | None, date | None] = (None, None),
        means: Mapping[date, float | None] | None = None,
        *,
        latest: bool = False,
    ) -> Page:
        month = _month(day, means or {}) if day else None
        table = _table(day, own[0].snapshot_id)
        parts = [fingerprint(s, self.figures, self.tongues) for s in own]

        def context(tongue: Tongue) -> Mapping[str, Any]:
            return {
                "day": day,
                "latest": latest,
                "older": around[0],
                "newer": around[1],
                "month": month,
                "snapshots": [present(s, self.facts.regions, self.figures, tongue) for s in own],
                "csv": table,
            }

        data = (repr((day, latest, around, month)).encode(), self.tables[table], *parts)
        return Page(path, "day.html", "latest" if latest else "day", data, context)

    def _calendar(self, means: Mapping[date, float | None]) -> Page:
        months = sorted({(day.year, day.month) for day in means}, reverse=True)
        undated = [
            {"id": s.snapshot_id, "used": s.used, "count": s.readings.height} for s in self.undated
        ]

        def context(_: Tongue) -> Mapping[str, Any]:
            years = [
                (year, [_month(date(y, m, 1), means) for y, m in own])
                for year, own in groupby(months, key=lambda month: month[0])
            ]
            return {"years": years, "days": len(means), "undated": undated}

        data = repr((sorted(means.items()), undated)).encode()
        return Page("calendar.html", "calendar.html", "calendar", (data,), context)


def _table(day: date | None, snapshot_id: str) -> str:
    """Where the readings of a day, or of a snapshot without one, are as CSV."""
    return f"data/dates/{day}.csv" if day else f"data/undated/{snapshot_id}.csv"


def _month(day: date, means: Mapping[date, float | None]) -> Mapping[str, Any]:
    """The weeks of a day's month: `(date, has data, mean)` or None for another month's days."""
    weeks = [
        [(d, d in means, means.get(d)) if d.month == day.month else None for d in week]
        for week in WEEKS.monthdatescalendar(day.year, day.month)
    ]
    return {"year": day.year, "month": day.month, "weeks": weeks}
