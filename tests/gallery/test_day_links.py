"""Links to lists: each list of a day has an anchor of its own, named by its time."""

from __future__ import annotations

from datetime import date, datetime

from nalssi.common.korea_time import KST
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.gallery.day_links import list_anchor, list_anchors, list_path

DAY = date(2026, 11, 29)
QUARTER = SnapshotTime(DAY, datetime(2026, 11, 29, 0, 15, 42, tzinfo=KST), "capture")
NOON = SnapshotTime(DAY, datetime(2026, 11, 29, 12, tzinfo=KST), "feed")


def test_lists_of_the_same_minute_have_different_anchors() -> None:
    lists = [("a", SnapshotTime(DAY)), ("b", QUARTER), ("c", QUARTER), ("d", NOON), ("e", QUARTER)]
    anchors = ["list-a", "T0015", "T0015-2", "T1200", "T0015-3"]
    assert list_anchors(lists) == anchors
    assert list_anchor("c", QUARTER, 2) == "T0015-2"


def test_a_path_leads_to_the_page_of_the_day_or_of_the_undated_list() -> None:
    assert list_path("c", QUARTER, 2) == "dates/2026-11-29.html#T0015-2"
    assert list_path("a", SnapshotTime(DAY)) == "dates/2026-11-29.html#list-a"
    assert list_path("f", SnapshotTime(None)) == "undated/f.html"
