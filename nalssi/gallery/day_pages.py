"""Pages of days: the latest, one a date, one for each further snapshot, and the calendar."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import polars as pl

from nalssi.charts.period_data import exact_mean
from nalssi.charts.previous_snapshot import PreviousSnapshots
from nalssi.gallery.chart_files import Figures
from nalssi.gallery.gallery_data import Facts, readings_csv
from nalssi.gallery.page import Page
from nalssi.gallery.site_files import File, content
from nalssi.gallery.snapshot_view import Other, Snapshot, fingerprint, present, snapshots
from nalssi.locale.locales import Locale

WEEKS: Final = Calendar(firstweekday=6)  # Korean calendars begin on Sunday
FULL: Final = 0.8
"""Share of the fullest snapshot's stations with which a later one leads a day."""

Around = tuple[Any, Any]  # what comes before and after


@dataclass
class Days:
    """The days, a span of them at a time, and what they leave for the pages of the whole."""

    facts: Facts
    figures: Figures
    locales: Sequence[Locale]
    flags: list[pl.DataFrame] = field(default_factory=list)
    """Counts of readings by day, flag and failed tests, a frame a span."""
    _latest: Page | None = None
    _undated: list[Mapping[str, Any]] = field(default_factory=list)

    def parts(self) -> Iterator[File | Page]:
        """Every span's tables, then its pages."""
        earlier = PreviousSnapshots[Other]()
        for span in self.facts.spans():
            readings = self.facts.readings(span)
            keys = ("observed_on", "flag", "failed")
            self.flags.append(readings.group_by(keys).agg(count=pl.len()))
            every = list(snapshots(readings, self.facts.sightings(span), earlier))
            for day, own in groupby(every, key=lambda shown: shown.observed_on):
                if day:
                    yield from self._day(day, list(own))
                else:
                    yield from self._nowhere(list(own))

    def ends(self) -> Iterator[Page]:
        """The calendar, and the latest day, where people start."""
        yield self._calendar()
        yield self._latest or Page("index.html", "empty.html", "latest", (), lambda _: {})

    def _day(self, day: date, own: list[Snapshot]) -> Iterator[File | Page]:
        table = pl.concat([shown.readings for shown in own])
        (text,) = readings_csv(table, "observed_on").values()
        csv = content(f"data/dates/{day}.csv", text)
        yield csv
        lead = _lead(own)
        paths = {s.snapshot_id: f"dates/{s.stem}.html" for s in own}
        paths[lead.snapshot_id] = f"dates/{day}.html"
        around = [(s.observed_at, paths[s.snapshot_id]) for s in own]
        for index, shown in enumerate(own):
            if shown is lead:
                continue
            near = (
                around[index - 1] if index else None,
                around[index + 1] if index + 1 < len(own) else None,
            )
            yield self._page(paths[shown.snapshot_id], shown, own, paths, csv, near)
        order, index = self._order, self._places[day]
        dates: Around = (
            order[index - 1] if index else None,
            order[index + 1] if index + 1 < len(order) else None,
        )
        yield self._page(paths[lead.snapshot_id], lead, own, paths, csv, dates)
        if day == self._newest:
            self._latest = self._page("index.html", lead, own, paths, csv, dates)

    def _nowhere(self, own: list[Snapshot]) -> Iterator[File | Page]:
        """The snapshots without a day."""
        for shown in own:
            (text,) = readings_csv(shown.readings, "snapshot_id").values()
            csv = content(f"data/undated/{shown.snapshot_id}.csv", text)
            yield csv
            path = f"undated/{shown.snapshot_id}.html"
            yield self._page(path, shown, [shown], {shown.snapshot_id: path}, csv, (None, None))
            self._undated.append(
                {"id": shown.snapshot_id, "used": shown.used, "count": shown.readings.height}
            )

    @cached_property
    def _order(self) -> list[date]:
        days: list[date] = self.facts.days["observed_on"].drop_nulls().to_list()
        return days

    @cached_property
    def _places(self) -> Mapping[date, int]:
        """Where each day stands among all."""
        return {day: index for index, day in enumerate(self._order)}

    @cached_property
    def _means(self) -> Mapping[date, float | None]:
        """Each day's mean temperature (°C) over its stations, null if none is usable."""
        means = self.facts.station_days.group_by("observed_on").agg(exact_mean("mean_c", 2))
        return dict.fromkeys(self._order) | dict(means.iter_rows())

    @cached_property
    def _newest(self) -> date | None:
        """The newest day with a reading that can be used; else the newest."""
        good = [day for day, mean in self._means.items() if mean is not None]
        return max(good or self._order, default=None)

    def _page(
        self,
        path: str,
        shown: Snapshot,
        own: Sequence[Snapshot],
        paths: Mapping[str, str],
        csv: File,
        around: Around,
    ) -> Page:
        """The page of a snapshot, which may stand for its day or be one of several."""
        day, latest = shown.observed_on, path == "index.html"
        leads = path in ("index.html", f"dates/{day}.html")
        month = self._month(day.year, day.month) if day and leads else None
        rows = [_row(each, paths) for each in own] if len(own) > 1 else []

        def context(locale: Locale) -> Mapping[str, Any]:
            return {
                "day": day,
                "at": None if leads else shown.observed_at,
                "leads": leads,
                "latest": latest,
                "older": _link(around[0], locale),
                "newer": _link(around[1], locale),
                "month": month,
                "s": present(shown, self.facts.regions, self.figures, locale),
                "rows": rows,
                "csv": csv.path,
            }

        data = (
            repr((latest, around, month, rows)).encode(),
            csv.key.encode(),
            shown.snapshot_id.encode(),
            fingerprint(shown, self.figures, self.locales),
        )
        section = "latest" if latest else "day"
        return Page(path, "day.html", section, data, context)

    def _calendar(self) -> Page:
        means, undated = self._means, self._undated
        months = sorted({(day.year, day.month) for day in means}, reverse=True)

        def context(_: Locale) -> Mapping[str, Any]:
            years = [
                (year, [self._month(*month) for month in own])
                for year, own in groupby(months, key=lambda month: month[0])
            ]
            return {"years": years, "days": len(means), "undated": undated}

        data = repr((sorted(means.items()), undated)).encode()
        return Page("calendar.html", "calendar.html", "calendar", (data,), context)

    def _month(self, year: int, month: int) -> Mapping[str, Any]:
        """A month's weeks: `(date, has data, mean)` or None for another month's days."""
        means = self._means
        weeks = [
            [(d, d in means, means.get(d)) if d.month == month else None for d in week]
            for week in WEEKS.monthdatescalendar(year, month)
        ]
        return {"year": year, "month": month, "weeks": weeks}


def _lead(own: Sequence[Snapshot]) -> Snapshot:
    """The snapshot that stands for its day: the last one that is about as full as any."""
    fullest = max(shown.used for shown in own)
    return [shown for shown in own if shown.used >= FULL * fullest][-1]


def _row(shown: Snapshot, paths: Mapping[str, str]) -> Mapping[str, Any]:
    """A snapshot among the others of its day."""
    used = shown.readings.filter("used")["temperature_c"]
    return {
        "id": shown.snapshot_id,
        "at": shown.observed_at,
        "path": paths[shown.snapshot_id],
        "used": shown.used,
        "count": shown.readings.height,
        "mean_c": shown.mean_c,
        "low_c": used.min(),
        "high_c": used.max(),
    }


def _link(near: Any, locale: Locale) -> tuple[str, str] | None:
    """Path and name of what comes before or after: a day, or a snapshot of the same day."""
    if near is None:
        return None
    if isinstance(near, date):
        return f"dates/{near}.html", locale.short_day(near)
    at, path = near
    return path, locale.hour(at)
