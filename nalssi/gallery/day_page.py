"""The pages of snapshots.

Every day has a page, which shows the snapshot that represents the day. The other snapshots of a day
and the undated snapshots have pages of their own. The page of the newest day is also the first page
of the gallery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final

import polars as pl

from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.calendar_page import DayCalendar
from nalssi.gallery.chart_files import ChartFolder
from nalssi.gallery.csv_tables import readings_csv
from nalssi.gallery.day_snapshots import Snapshot, SnapshotSpan, newest_usable_snapshot
from nalssi.gallery.false_date_page import false_date_reasons
from nalssi.gallery.gallery_data import FalseDate
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.gallery.site_files import SiteFile, content_file
from nalssi.gallery.snapshot_view import snapshot_view
from nalssi.locale.locales import Locale

CHART_KINDS: Final = ("map", "regions", "change")

Neighbour = date | tuple[SnapshotTime, str] | None
"""The target of a link to the previous or next page: a day, or the time and the path of the page of
another snapshot of the same day."""


@dataclass(frozen=True, kw_only=True)
class DayPage(GalleryPage):
    """The page of one snapshot.

    The snapshot may represent its day, be another snapshot of the day, or have no date.
    """

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
    """Rows of a table of the day's snapshots. Empty if the day has only one snapshot."""
    false_dates: Sequence[FalseDate] = ()
    """The lists that are printed under this day, but were not observed on it."""

    def as_newest(self) -> DayPage:
        """Return this page as the first page of the gallery, `index.html`."""
        return replace(self, path="index.html", section="index", newest=True)

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the fields, day, time, links to the previous and next page, and snapshot."""
        context = super().context(locale)
        day = self.snapshot.time.day
        return context | {
            "day": day,
            "time": SnapshotTime(day) if self.of_day else self.snapshot.time,
            "reasons": false_date_reasons(self.false_dates, locale),
            "previous": _link(self.previous, locale),
            "next": _link(self.next, locale),
            "snapshot": snapshot_view(self.snapshot, self.regions, context["charts"], locale),
        }


def snapshot_pages(
    span: SnapshotSpan,
    regions: Sequence[Row],
    calendar: DayCalendar,
    charts: ChartFolder,
    false_dates: Mapping[date, Sequence[FalseDate]],
) -> Iterator[DayPage]:
    """Yield the pages of all snapshots of a span.

    `false_dates` are the lists with a false date, by that date. The page of the snapshot that
    represents a day comes after the pages of its other snapshots.
    """

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
        for made in _linked(day, pages, snapshots.index(of_day), calendar):
            yield replace(made, false_dates=false_dates.get(day, ())) if made.of_day else made


def _linked(
    day: date, pages: Sequence[DayPage], of_day: int, calendar: DayCalendar
) -> Iterator[DayPage]:
    """Yield the pages of a day's snapshots, with links between them.

    The page with index `of_day` represents the day: its links lead to other days, and it comes
    last.
    """
    rows = [_row(page) for page in pages] if len(pages) > 1 else []
    links = [None, *((page.snapshot.time, page.path) for page in pages), None]
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
    """Return a row for each undated snapshot: `id`, `used` (usable readings), `count` (all)."""
    return [
        {"id": each.snapshot_id, "used": each.used, "count": each.readings.height}
        for each in span.snapshots
        if each.time.day is None
    ]


def _row(page: DayPage) -> Row:
    """Return the row of a page's snapshot in the table of the day's snapshots."""
    snapshot = page.snapshot
    used = snapshot.readings.filter("used")["temperature_c"]
    return {
        "id": snapshot.snapshot_id,
        "time": snapshot.time,
        "path": page.path,
        "used": snapshot.used,
        "count": snapshot.readings.height,
        "mean_c": snapshot.mean_c,
        "low_c": used.min(),
        "high_c": used.max(),
    }


def _link(neighbour: Neighbour, locale: Locale) -> tuple[str, str] | None:
    """Return path and text of the link to the previous or next page, or None without one."""
    if neighbour is None:
        return None
    if isinstance(neighbour, date):
        return f"dates/{neighbour}.html", locale.short_day(neighbour)
    time, path = neighbour
    return path, locale.clock(time)
