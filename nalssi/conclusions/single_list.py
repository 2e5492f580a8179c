"""Find out when the list of a document was observed, from the document alone.

The document must have a single list. The result is the row that `draw_conclusions.sql` computes in
a warehouse with this document only, where no other document and no official observation is
evidence. A test compares both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nalssi.common.korea_time import KST

LAST_HOUR = time(23, tzinfo=KST)


@dataclass(frozen=True)
class ListEvidence:
    """The evidence in a document for the time of its only list.

    `printed_on` is the date of the list (KST), from any source, `feed_hour` the hour that a feed
    states, `captured_at` the capture time.
    """

    printed_on: date | None
    feed_hour: datetime | None
    captured_at: datetime | None


@dataclass(frozen=True)
class ConcludedTime:
    """When a list was observed: the columns of these names in the table `conclusions`."""

    day: date | None
    observed_at: datetime | None
    hour_source: str | None
    clock_at: datetime | None
    clock_source: str | None


def conclude_single_list(evidence: ListEvidence) -> ConcludedTime:
    """Return the day, the hour and the clock time of the list.

    If a feed states the hour, all three follow from it. Otherwise the hour is None, and the day is
    the printed date. A page that was captured before 23:00 of the day before proves the date false;
    then the day is None. If the page was captured on that day (KST), the capture time is the clock
    time; otherwise the clock time is None.
    """
    hour, captured_at = evidence.feed_hour, evidence.captured_at
    if hour is not None:
        return ConcludedTime(hour.astimezone(KST).date(), hour, "feed", hour, "feed")
    day = evidence.printed_on
    if day is not None and captured_at is not None:
        earliest = datetime.combine(day, LAST_HOUR) - timedelta(days=1)
        if captured_at < earliest:
            day = None
    if captured_at is not None and day is not None and captured_at.astimezone(KST).date() == day:
        return ConcludedTime(day, None, None, captured_at, "capture")
    return ConcludedTime(day, None, None, None, None)
