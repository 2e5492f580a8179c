"""A build from kept statistics gives the same site as a build from nothing, and reads less."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.common.korea_time import KST
from nalssi.gallery import build, day_reader, month_archives
from nalssi.gallery.kept_summaries import KEPT_FILES, RECENT_FILE
from nalssi.warehouse import Warehouse
from nalssi.warehouse.forget_documents import forget
from tests.thorough import thorough
from tests.warehouse.make_parts import Page, Ticker

from .site import built, contents, load

SEOUL, BUSAN, GANGNEUNG, CLOSED = 108, 159, 105, 175
DAY = date(2025, 12, 19)


@pytest.fixture(scope="module", autouse=True)
def _few_days_have_own_csv() -> Iterator[None]:
    """Let the fifth day before the newest one, and those before it, be in archives of months."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(month_archives, "OWN_CSV_DAYS", 5)
        yield


def random_pages(chance: random.Random, name: str) -> list[Page]:
    """Some pages with lists of a few days, of which some are undated and some have no hour."""
    pages = []
    for number in range(chance.randint(1, 4)):
        day = chance.choice([None, *(DAY + timedelta(days=n) for n in range(7))])
        hour = chance.choice([None, 3, 15])
        at = day and hour and datetime(day.year, day.month, day.day, hour, tzinfo=KST)
        stations = chance.sample([SEOUL, BUSAN, GANGNEUNG, CLOSED], chance.randint(1, 4))
        values = {each: chance.choice([None, chance.randint(-50, 50) / 10]) for each in stations}
        rejected = ["• 비17.7℃"] if chance.random() < 0.3 else []
        ticker = Ticker(day, values, at=at or None, condition_raw=chance.choice(["맑음", "비"]))
        pages.append(Page(f"https://example.kr/{name}/{number}", [ticker], rejected))
    return pages


@pytest.mark.parametrize("seed", [1, thorough(2), thorough(3)])
def test_after_any_loads_and_removals_a_build_equals_one_from_nothing(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    warehouse = Warehouse(tmp_path / "warehouse")
    for step in range(3):
        load(warehouse, random_pages(chance, str(step)), str(step))
        if step and chance.random() < 0.6:
            with warehouse.reader() as con:
                rows = con.execute("SELECT uri FROM documents ORDER BY ALL").fetchall()
            forget(warehouse, uri=chance.choice(rows)[0])
        today = chance.choice([None, DAY + timedelta(days=chance.randint(2, 7))])
        built(warehouse, ["ko"], today=today)
        with warehouse.reader() as con:
            build(con, tmp_path / f"new{step}", warehouse.charts, ["ko"], today=today)
        assert contents(warehouse.gallery) == contents(tmp_path / f"new{step}")
        for name in KEPT_FILES:
            new = (tmp_path / f"new{step}" / name).read_bytes()
            assert (warehouse.gallery / name).read_bytes() == new


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a warehouse with a list on each of fourteen days, and its gallery."""
    warehouse = Warehouse(tmp_path_factory.mktemp("two-weeks"))
    days = [Ticker(DAY + timedelta(days=n), {SEOUL: n / 10, BUSAN: 9.0}) for n in range(14)]
    load(warehouse, [Page("a", days, captured_at=None)])
    built(warehouse, ["ko"])
    return warehouse.folder


@pytest.fixture
def two_weeks(template: Path, tmp_path: Path) -> Warehouse:
    """A copy of the template, with the times of its files."""
    return Warehouse(Path(shutil.copytree(template, tmp_path / "warehouse")))


def read_days(monkeypatch: pytest.MonkeyPatch) -> list[tuple[date | None, date | None]]:
    """The periods whose readings are read from now on."""
    read: list[tuple[date | None, date | None]] = []
    original = day_reader.read_readings

    def recorded(con, selected):  # type: ignore[no-untyped-def]
        read.append((selected.since, selected.until))
        return original(con, selected)

    monkeypatch.setattr(day_reader, "read_readings", recorded)
    return read


def test_a_build_with_nothing_new_reads_no_reading(
    two_weeks: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_days(monkeypatch)
    assert built(two_weeks, ["ko"]).written == 0
    assert read == []


def test_a_new_list_lets_only_days_near_it_be_read(
    two_weeks: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = DAY + timedelta(days=14)
    load(two_weeks, [Page("b", [Ticker(last, {SEOUL: 5.0})], captured_at=None)], "more")
    read = read_days(monkeypatch)
    built(two_weeks, ["ko"])
    assert read
    # The pages of the day, of the day before, whose link to the next day is new, and of the day
    # that goes into the archive, and the lists of the four days before that can be compared with
    # theirs.
    assert min(since for since, _ in read if since) >= last - timedelta(days=5 + 4)


@pytest.mark.parametrize(
    "path",
    [RECENT_FILE, f"dates/{DAY}.html", "data/dates/2026-01-01.csv", "data/dates/2025-12.zip"],
)
@pytest.mark.parametrize("damage", [thorough("removed"), "cut", thorough("changed")])
def test_a_damaged_file_is_written_again(two_weeks: Warehouse, path: str, damage: str) -> None:
    before = contents(two_weeks.gallery)
    file = two_weeks.gallery / path
    kept = file.read_bytes()
    if damage == "removed":
        file.unlink()
    else:
        file.write_bytes(kept[:100] if damage == "cut" else kept[::-1])
    built(two_weeks, ["ko"])
    assert file.read_bytes() == kept
    assert contents(two_weeks.gallery) == before
