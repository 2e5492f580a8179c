"""Choose the list that a picture of one list shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from nalssi.charts.reading_filter import ReadingFilter
from nalssi.drawing.drawing_errors import DrawingError

DAYS_NAMED: Final = 4
"""The largest number of days that an error message or a note names."""


def choose_list(
    days: Mapping[str, date | None], reading_filter: ReadingFilter, snapshot: str | None = None
) -> str:
    """Return the id of the list to draw.

    `days` has the day of each list with a usable reading, by snapshot id, from the oldest to the
    newest; a list without a day comes before all others. The list is the one with the id
    `snapshot`, or else the newest of the days that the filter selects. Raises DrawingError if no
    list has this id, if `days` is empty, or if the filter selects no day with a list. In the last
    case, the message names days that have lists.
    """
    if snapshot is not None:
        if snapshot not in days:
            raise DrawingError(f"no snapshot {snapshot} with a usable reading")
        return snapshot
    since, until = reading_filter.since, reading_filter.until
    if not days:
        raise DrawingError("there is nothing to draw: no list has a usable reading")
    if since is None and until is None:
        return list(days)[-1]
    selected = [
        each
        for each, day in days.items()
        if day and (since is None or day >= since) and (until is None or day <= until)
    ]
    if not selected:
        period = str(since) if since == until else f"{since or '…'} to {until or '…'}"
        raise DrawingError(
            f"there is nothing to draw: no list of {period}; there are {listed_days(days)}"
        )
    return selected[-1]


def listed_days(days: Mapping[str, date | None]) -> str:
    """Return a text that names the days of lists, such as `lists of 2026-11-29, 2026-11-28`.

    The newest day comes first. Days after the first DAYS_NAMED, and undated lists, are only
    counted. `days` has the day of each list by snapshot id.
    """
    known = sorted({day for day in days.values() if day}, reverse=True)
    undated = sum(day is None for day in days.values())
    parts = [f"lists of {', '.join(map(str, known[:DAYS_NAMED]))}"] if known else []
    if more := len(known[DAYS_NAMED:]):
        parts.append(f"{more:,} earlier days")
    if undated:
        count = f"{undated:,} lists" if undated > 1 else "a list"
        parts.append(f"{count} without a date")
    return " and ".join(parts)
