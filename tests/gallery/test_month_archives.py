"""The CSV files of past months are in one archive for each month."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.common.korea_time import KST
from nalssi.gallery import build, day_reader
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


def test_the_files_of_a_month_are_archived_when_a_later_month_has_a_list(
    december: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(december.gallery)
    assert ARCHIVE not in before
    load(december, [Page("b", [ticker(date(2026, 1, 5), 2.0)], captured_at=None)], "january")
    built(december, ["ko"])
    after = contents(december.gallery)
    assert {path for path in after if path.startswith("data/dates/")} == {
        ARCHIVE,
        "data/dates/2026-01-05.csv",
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
    later = [ticker(date(2026, month, 5), 2.0) for month in (1, 2)]
    load(december, [Page("b", later, captured_at=None)], "later")
    built(december, ["ko"])
    whole = contents(december.gallery)
    january = "data/dates/2026-01.zip"
    assert {ARCHIVE, january} <= whole.keys()
    monkeypatch.setenv("NALSSI_ARCHIVE_MONTHS", "1")
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
