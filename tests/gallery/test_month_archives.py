"""The CSV files of days before the newest ones are in one archive for each month."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.common.korea_time import KST
from nalssi.gallery import build, day_reader
from nalssi.gallery.gallery_page import PageRenderer
from nalssi.gallery.month_archives import OWN_CSV_DAYS
from nalssi.warehouse import Warehouse
from tests.warehouse.make_parts import Page, Ticker

from .site import addresses, built, contents, load

FIRST = date(2025, 12, 10)
ARCHIVE = "data/dates/2025-12.zip"


def ticker(day: date, degrees: float) -> Ticker:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=KST)
    return Ticker(day, {108: degrees, 159: 9.0}, at=at)


@pytest.fixture
def december(tmp_path: Path) -> Warehouse:
    """A warehouse with a list on each of nineteen days of one month, and its gallery."""
    warehouse = Warehouse(tmp_path / "warehouse")
    lists = [ticker(FIRST + timedelta(days=n), n / 10) for n in range(19)]
    load(warehouse, [Page("a", lists, captured_at=None)])
    built(warehouse, ["ko"])
    return warehouse


def test_with_each_new_day_one_day_is_archived(
    december: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(december.gallery)
    rendered: list[str] = []
    original = PageRenderer._render

    def recorded(renderer, page, *others):  # type: ignore[no-untyped-def]
        rendered.append(page.path)
        return original(renderer, page, *others)

    monkeypatch.setattr(PageRenderer, "_render", recorded)
    for number in range(4):
        newest = FIRST + timedelta(days=OWN_CSV_DAYS + number)
        load(
            december,
            [Page(f"n{number}", [ticker(newest, 5.0 + number)], captured_at=None)],
            f"load-{number}",
        )
        rendered.clear()
        built(december, ["ko"])
        with zipfile.ZipFile(december.gallery / ARCHIVE) as archive:
            assert archive.testzip() is None
            archived = {f"data/dates/{name}": archive.read(name) for name in archive.namelist()}
        days = [FIRST + timedelta(days=n) for n in range(number + 1)]
        assert archived == {
            f"data/dates/{day}.csv": before[f"data/dates/{day}.csv"] for day in days
        }
        own = {path for path in contents(december.gallery) if path.startswith("data/dates/2025")}
        csv_files = {path for path in before if path.startswith("data/dates/")}
        assert own == csv_files - archived.keys() | {ARCHIVE}
        pages = [f"dates/{FIRST + timedelta(days=n)}.html" for n in range(14)]
        changed = [page for page in pages[1:] if page in rendered]
        assert changed == ([pages[number]] if number else [])
        with december.reader() as con:
            build(con, december.folder / f"again-{number}", december.charts, ["ko"])
        assert contents(december.folder / f"again-{number}") == contents(december.gallery)


def test_the_files_of_a_month_are_archived_when_they_are_older_than_the_newest_days(
    december: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(december.gallery)
    assert ARCHIVE not in before
    load(december, [Page("b", [ticker(date(2026, 1, 31), 2.0)], captured_at=None)], "january")
    built(december, ["ko"])
    after = contents(december.gallery)
    assert {path for path in after if path.startswith("data/dates/")} == {
        ARCHIVE,
        "data/dates/2026-01-31.csv",
    }
    with zipfile.ZipFile(december.gallery / ARCHIVE) as archive:
        assert archive.testzip() is None
        archived = {f"data/dates/{name}": archive.read(name) for name in archive.namelist()}
    assert archived == {path: before[path] for path in before if path.startswith("data/dates/")}
    links = {address for _, address in addresses(december.gallery / f"dates/{FIRST}.html")}
    assert f"../{ARCHIVE}" in links

    read: list[tuple[date | None, date | None]] = []
    original = day_reader.read_readings

    def recorded(con, selected):  # type: ignore[no-untyped-def]
        read.append((selected.since, selected.until))
        return original(con, selected)

    monkeypatch.setattr(day_reader, "read_readings", recorded)
    load(december, [Page("c", [ticker(date(2025, 12, 28), 7.0)], captured_at=None)], "late")
    built(december, ["ko"])
    changed = contents(december.gallery)
    assert changed[ARCHIVE] != after[ARCHIVE]
    assert min(since for since, _ in read if since) >= date(2025, 12, 20)
    with december.reader() as con:
        build(con, december.folder / "again", december.charts, ["ko"])
    assert contents(december.folder / "again") == changed


def test_archives_of_old_months_are_removed_if_that_is_set(
    december: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = [ticker(date(2026, month, 5), 2.0) for month in (1, 3)]
    load(december, [Page("b", later, captured_at=None)], "later")
    built(december, ["ko"])
    whole = contents(december.gallery)
    january = "data/dates/2026-01.zip"
    assert {ARCHIVE, january} <= whole.keys()
    monkeypatch.setenv("NALSSI_ARCHIVE_MONTHS", "2")
    built(december, ["ko"])
    limited = contents(december.gallery)
    assert whole.keys() - limited.keys() == {ARCHIVE}
    links = {address for _, address in addresses(december.gallery / f"dates/{FIRST}.html")}
    assert not any("data/dates" in link for link in links)
    linked = {address for _, address in addresses(december.gallery / "dates/2026-01-05.html")}
    assert f"../{january}" in linked
    monkeypatch.delenv("NALSSI_ARCHIVE_MONTHS")
    built(december, ["ko"])
    assert contents(december.gallery) == whole
    monkeypatch.setenv("NALSSI_ARCHIVE_MONTHS", "a year")
    with pytest.raises(
        ValueError, match="NALSSI_ARCHIVE_MONTHS 'a year' is not a number of months"
    ):
        built(december, ["ko"])
