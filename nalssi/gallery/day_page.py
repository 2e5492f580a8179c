"""The pages of snapshots: one for each day, one for each other snapshot, and the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.gallery.calendar_page import DayCalendar
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.csv_tables import readings_csv
from nalssi.gallery.day_snapshots import Snapshot, SnapshotSpan, newest_usable_snapshot
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.site_files import SiteFile, content_file
from nalssi.gallery.snapshot_view import snapshot_view
from nalssi.locale.locales import Locale

CHART_KINDS: Final = ("map", "regions", "change")

Neighbour = date | tuple[datetime | None, str] | None
"""The page before or after: a day, or the hour and the path of another snapshot of the same day."""


@dataclass(frozen=True, kw_only=True)
class DayPage(GalleryPage):
    """The page of a snapshot: of the one that represents its day, of another one, or undated."""

    template: ClassVar[str] = "day.html"
    snapshot: Snapshot
    regions: Sequence[Row]
    of_day: bool = False
    """Whether the snapshot represents its day."""
    newest: bool = False
    """Whether this is the first page of the gallery."""
    previous: Neighbour = None
    next: Neighbour = None
    month: Row | None = None
    snapshots_of_day: Sequence[Row] = ()
    """The snapshots of the day, if it has several."""

    def as_newest(self) -> DayPage:
        """The same page as the first page of the gallery."""
        return replace(self, path="index.html", section="index", newest=True)

    def context(self, locale: Locale) -> dict[str, Any]:
        """Add the day and the hour, the links before and after, and the snapshot's view."""
        context = super().context(locale)
        return context | {
            "day": self.snapshot.observed_on,
            "at": None if self.of_day else self.snapshot.observed_at,
            "previous": _link(self.previous, locale),
            "next": _link(self.next, locale),
            "snapshot": snapshot_view(self.snapshot, self.regions, context["charts"], locale),
        }


def snapshot_pages(
    span: SnapshotSpan, regions: Sequence[Row], calendar: DayCalendar, charts: ChartFolder
) -> Iterator[DayPage]:
    """The pages of all snapshots of a span. The page of a day comes after its other snapshots."""

    def page(snapshot: Snapshot, path: str, csv: SiteFile) -> DayPage:
        return DayPage(
            path=path,
            section="day",
            charts=charts.find(CHART_KINDS, snapshot.chart_stem),
            tables=[csv],
            snapshot=snapshot,
            regions=regions,
        )

    dated = pl.col("observed_on").is_not_null()
    csv_by_day = readings_csv(span.readings.filter(dated), "observed_on")
    csv_by_snapshot = readings_csv(span.readings.filter(~dated), "snapshot_id")
    for day, snapshots in span.by_day():
        if day is None:
            for each in snapshots:
                number = each.snapshot_id
                csv = content_file(f"data/undated/{number}.csv", csv_by_snapshot[number])
                yield page(each, f"undated/{number}.html", csv)
            continue
        csv = content_file(f"data/dates/{day}.csv", csv_by_day[day])
        of_day = newest_usable_snapshot(snapshots)
        paths = [
            f"dates/{day}.html" if each is of_day else f"dates/{each.chart_stem}.html"
            for each in snapshots
        ]
        pages = [page(each, path, csv) for each, path in zip(snapshots, paths, strict=True)]
        yield from _linked(day, pages, snapshots.index(of_day), calendar)


def _linked(
    day: date, pages: Sequence[DayPage], of_day: int, calendar: DayCalendar
) -> Iterator[DayPage]:
    """Link the pages of a day's snapshots with each other.

    The page with index `of_day` represents the day: it links to other days, and comes last.
    """
    rows = [_row(page) for page in pages] if len(pages) > 1 else []
    links = [None, *((page.snapshot.observed_at, page.path) for page in pages), None]
    for index, page in enumerate(pages):
        if index != of_day:
            previous, after = links[index], links[index + 2]
            yield replace(page, previous=previous, next=after, snapshots_of_day=rows)
    previous_day, next_day = calendar.neighbours(day)
    yield replace(
        pages[of_day],
        of_day=True,
        previous=previous_day,
        next=next_day,
        month=calendar.month(day.year, day.month),
        snapshots_of_day=rows,
    )


def undated_rows(span: SnapshotSpan) -> Sequence[Row]:
    """The undated snapshots of a span: `id`, `used` (usable readings) and `count` (all)."""
    return [
        {"id": each.snapshot_id, "used": each.used, "count": each.readings.height}
        for each in span.snapshots
        if each.observed_on is None
    ]


def _row(page: DayPage) -> Row:
    """A snapshot in the table of those of its day."""
    snapshot = page.snapshot
    used = snapshot.readings.filter("used")["temperature_c"]
    return {
        "id": snapshot.snapshot_id,
        "at": snapshot.observed_at,
        "path": page.path,
        "used": snapshot.used,
        "count": snapshot.readings.height,
        "mean_c": snapshot.mean_c,
        "low_c": used.min(),
        "high_c": used.max(),
    }


def _link(neighbour: Neighbour, locale: Locale) -> tuple[str, str] | None:
    """Path and text of the link to a neighbour."""
    if neighbour is None:
        return None
    if isinstance(neighbour, date):
        return f"dates/{neighbour}.html", locale.short_day(neighbour)
    observed_at, path = neighbour
    return path, locale.hour(observed_at)
