"""Pages of many days end with the last finished day, so a new list of today writes few files."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.common.korea_time import KST
from nalssi.gallery import build
from nalssi.gallery.finished_days import open_days
from nalssi.gallery.site_files import LIST_FILE, SiteFolder
from nalssi.gallery.site_plan import gallery_files
from nalssi.warehouse import Warehouse
from tests.warehouse.make_parts import Page, Ticker

from .site import built, contents, load, text

SEOUL, BUSAN = 108, 159
TODAY = date(2025, 12, 19)
YESTERDAY = TODAY - timedelta(days=1)


def page(day: date, hour: int, celsius: float) -> Page:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=KST)
    ticker = Ticker(day, {SEOUL: celsius, BUSAN: celsius + 5}, at=at)
    return Page(f"https://example.kr/{at:%Y%m%d%H}", [ticker], captured_at=at)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a warehouse with two finished days and a list of today, and its gallery."""
    warehouse = Warehouse(tmp_path_factory.mktemp("today"))
    days = (TODAY - timedelta(days=2), YESTERDAY, TODAY)
    load(warehouse, [page(day, 3, number - 2.5) for number, day in enumerate(days)])
    built(warehouse, today=TODAY)
    return warehouse.folder


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Warehouse:
    """A copy of the template, with the times of its files."""
    return Warehouse(Path(shutil.copytree(template, tmp_path / "warehouse")))


def states(warehouse: Warehouse) -> dict[str, str]:
    lines = (warehouse.gallery / LIST_FILE).read_text("utf-8").splitlines()
    return {path: state for state, _, path in (line.partition(" ") for line in lines)}


def test_a_new_list_of_today_writes_no_page_of_many_days(site: Warehouse) -> None:
    before = states(site)
    load(site, [page(TODAY, 4, 7.5)], "more")
    assert built(site, today=TODAY).written > 0
    written = {path for path, state in states(site).items() if before.get(path) != state}
    assert {"index.html", f"dates/{TODAY}.html", "newest.json", "data/newest.js"} <= written
    own = ("dates/", "embed/", "data/dates/")
    places = ("stations/", "regions/", "period", "records", "compare", "data/stations", "feed")
    for path in written:
        in_language = path.removeprefix("en/")
        assert not in_language.startswith(places), path
        assert not in_language.startswith(own) or str(TODAY) in path or "embed" in path, path


def test_after_lists_of_today_and_a_new_day_a_build_equals_one_from_nothing(
    site: Warehouse, tmp_path: Path
) -> None:
    steps = [(TODAY, 4, TODAY), (YESTERDAY, 5, TODAY)]
    tomorrow = TODAY + timedelta(days=1)
    for number, (day, hour, today) in enumerate([*steps, (tomorrow, 0, tomorrow)]):
        load(site, [page(day, hour, 8.0 + number)], str(number))
        built(site, today=today)
        with site.reader() as con:
            build(con, tmp_path / f"new{number}", site.charts, today=today)
        assert contents(site.gallery) == contents(tmp_path / f"new{number}")


def test_a_page_of_many_days_says_that_today_is_missing_and_links_to_it(site: Warehouse) -> None:
    for name in (f"stations/{SEOUL}", "regions/1", "period", "records", "compare"):
        path = site.gallery / f"{name}.html"
        assert "2025.12.19. 자료는 하루가 끝나면 더합니다." in text(path), name
        assert f'dates/{TODAY}.html">' in path.read_text("utf-8")
    station = text(site.gallery / f"en/stations/{SEOUL}.html")
    assert "is added when the day is over." in station


def test_the_script_of_the_newest_readings_has_those_of_the_embedded_pages(
    site: Warehouse,
) -> None:
    script = (site.gallery / "data/newest.js").read_text("utf-8")
    newest = json.loads(script.partition("= ")[2].rstrip(";\n"))
    number, degrees, color, weather = newest["readings"][str(SEOUL)]
    assert (degrees, color, weather["ko"]) == ("−0.5", "tm1", "맑음")
    assert newest["times"][number]["path"] == f"dates/{TODAY}.html"
    embedded = text_of_body(site.gallery / f"embed/stations/{SEOUL}.html")
    assert degrees in embedded
    assert newest["times"][number]["ko"][0] in embedded


def text_of_body(path: Path) -> str:
    return " ".join(path.read_text("utf-8").split())


def test_a_list_of_an_earlier_year_plans_no_page_of_another_year(
    site: Warehouse, tmp_path: Path
) -> None:
    earlier = TODAY.replace(year=2024, month=5)
    load(site, [page(earlier, 3, 1.0)], "earlier")
    built(site, today=TODAY)
    groups = {path: state.rpartition(":")[2] for path, state in states(site).items()}
    assert groups[f"dates/{earlier}.html"] == "2024"
    assert groups[f"data/compare/{SEOUL}-2025.js"] == groups[f"dates/{YESTERDAY}.html"] == "2025"
    assert groups["period.html"] == "many-days"
    load(site, [page(earlier, 4, 2.0)], "more")
    with site.reader() as con:
        folder = SiteFolder(site.gallery)
        files = gallery_files(con, folder, site.charts, ["ko", "en"], open_days=[TODAY])
        planned = {groups.get(file.path) for file in files}
    assert {"2024", "many-days"} <= planned
    assert "2025" not in planned
    built(site, today=TODAY)
    with site.reader() as con:
        build(con, tmp_path / "new", site.charts, today=TODAY)
    assert contents(site.gallery) == contents(tmp_path / "new")


def test_a_damaged_file_of_finished_days_is_written_again(site: Warehouse) -> None:
    path = site.gallery / f"stations/{SEOUL}.html"
    kept = path.read_bytes()
    path.write_bytes(kept[:100])
    assert built(site, today=TODAY).written == 1
    assert path.read_bytes() == kept


def test_if_all_lists_are_of_today_pages_show_them(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    load(warehouse, [page(TODAY, 3, 1.0)])
    with warehouse.reader() as con:
        assert list(open_days(con, TODAY)) == []
        assert list(open_days(con, TODAY + timedelta(days=1))) == []
    load(warehouse, [page(YESTERDAY, 3, 1.0)], "more")
    with warehouse.reader() as con:
        assert list(open_days(con, TODAY)) == [TODAY]
        assert list(open_days(con, None)) == []
