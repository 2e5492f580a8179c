"""Removing the documents of a bad source keeps everything that other documents show, too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nalssi.warehouse import Warehouse, WarehouseError
from nalssi.warehouse.forget_documents import Forgotten, forget, preview
from nalssi.warehouse.load_parts import load_parts

from .make_parts import Page, Ticker, part
from .test_load_parts import content

SHARED, BAD = Ticker(date(2025, 12, 1), {108: 1.0}), Ticker(date(2025, 12, 2), {108: 2.0, 159: 3.0})
GOOD_PAGES = [Page("https://good.kr/1", [SHARED], site="good.kr")]
BAD_PAGES = [Page("https://bad.kr/1", [SHARED, BAD], ["• 달13.1℃"], site="bad.kr")]
COUNTS = Forgotten(documents=1, sightings=2, rejects=1, snapshots=1, readings=2)


@pytest.mark.parametrize("pattern", [{"site": "bad.*"}, {"uri": "https://bad.kr/*"}])
def test_a_forgotten_source_leaves_the_warehouse_as_if_never_loaded(
    pattern: dict[str, str], tmp_path: Path
) -> None:
    both, good = Warehouse(tmp_path / "both"), Warehouse(tmp_path / "good")
    good_part = part(tmp_path / "good-part", GOOD_PAGES)
    load_parts(good, [good_part])
    load_parts(both, [good_part, part(tmp_path / "bad-part", BAD_PAGES)])
    before = content(both)
    assert preview(both, **pattern) == COUNTS
    assert content(both) == before
    assert forget(both, **pattern) == COUNTS
    assert content(both) == content(good)


def test_a_forgotten_source_can_be_loaded_again(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    parts = [part(tmp_path / "part", GOOD_PAGES + BAD_PAGES)]
    load_parts(warehouse, parts)
    before = content(warehouse)
    forget(warehouse, site="bad.kr")
    load_parts(warehouse, parts)
    assert content(warehouse) == before


def test_forgetting_without_a_warehouse_creates_none(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse in"):
        forget(Warehouse(tmp_path / "none"), site="bad.kr")
    assert list(tmp_path.iterdir()) == []


def test_without_a_pattern_nothing_is_forgotten(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", GOOD_PAGES)])
    with pytest.raises(ValueError, match="pattern"):
        forget(warehouse)


def test_brackets_in_a_pattern_match_brackets(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    pages = [
        Page("https://a.kr/a[1].txt", [Ticker(date(2024, 5, 1), {108: 1.0})]),
        Page("https://a.kr/a1.txt", [Ticker(date(2024, 5, 2), {108: 2.0})]),
    ]
    load_parts(warehouse, [part(tmp_path / "p", pages)])
    assert forget(warehouse, uri="*/a[1].txt").documents == 1
    with warehouse.reader() as con:
        assert con.sql("SELECT uri FROM documents").fetchall() == [("https://a.kr/a1.txt",)]


def test_a_date_is_no_longer_believed_without_the_page_that_showed_a_live_feed(
    tmp_path: Path,
) -> None:
    day = date(2025, 12, 19)
    kept, shown_elsewhere = Ticker(day, {108: 3.0}), Ticker(day, {108: 4.0})
    pages = [
        Page("https://a.kr/1", [kept], site="a.kr"),
        Page("https://a.kr/2", [shown_elsewhere], site="a.kr"),
        Page("https://b.kr/1", [shown_elsewhere], site="b.kr"),
    ]
    warehouse = Warehouse(tmp_path / "warehouse")
    load_parts(warehouse, [part(tmp_path / "part", pages)])
    asked = "SELECT not_before IS NULL FROM conclusions WHERE snapshot_id = $1"
    with warehouse.reader() as con:
        assert con.execute(asked, [kept.snapshot_id]).fetchall() == [(False,)]
    assert forget(warehouse, uri="https://a.kr/2").snapshots == 0
    with warehouse.reader() as con:
        assert con.execute(asked, [kept.snapshot_id]).fetchall() == [(True,)]
