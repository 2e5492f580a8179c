"""Where the gallery shows a list: the path of its page, and its anchor in that page.

All lists of a day are in the page of the day. The anchor of a list is named by its clock time
(KST): `T0015`, then `T0015-2` for the second list with that time, in order of recency. A list
without a clock time has its id in the anchor: `list-<id>`. An undated list has a page of its own.
Make every link to a list with these functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from nalssi.common.korea_time import KST
from nalssi.common.snapshot_time import SnapshotTime


def day_path(day: date) -> str:
    """Return the path of the page of a day, in the folder of a language."""
    return f"dates/{day}.html"


def undated_path(snapshot_id: str) -> str:
    """Return the path of the page of an undated list."""
    return f"undated/{snapshot_id}.html"


def list_anchor(snapshot_id: str, time: SnapshotTime, nth: int = 1) -> str:
    """Return the anchor of a list in the page of its day, without `#`.

    `nth` counts the lists of the day with the same hour and minute, in order of recency, from 1.
    `false_dates.sql` shows how SQL counts them.
    """
    if time.clock_at is None:
        return f"list-{snapshot_id}"
    anchor = f"T{time.clock_at.astimezone(KST):%H%M}"
    return anchor if nth == 1 else f"{anchor}-{nth}"


def list_anchors(lists: Iterable[tuple[str, SnapshotTime]]) -> list[str]:
    """Return the anchors of all lists of a day, in the order of `lists`.

    `lists` are ids and times in order of recency.
    """
    seen: Counter[str] = Counter()
    anchors = []
    for snapshot_id, time in lists:
        first = list_anchor(snapshot_id, time)
        seen[first] += 1
        anchors.append(list_anchor(snapshot_id, time, seen[first]))
    return anchors


def list_path(snapshot_id: str, time: SnapshotTime, nth: int = 1) -> str:
    """Return the path and anchor of a list: `dates/2026-11-29.html#T0015`, `undated/<id>.html`.

    `nth` counts the lists of the day with the same hour and minute, in order of recency, from 1.
    """
    if time.day is None:
        return undated_path(snapshot_id)
    return f"{day_path(time.day)}#{list_anchor(snapshot_id, time, nth)}"
