"""Records, comparison and the same day of other years: what they show, and what a build changes."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.common.korea_time import KST
from nalssi.warehouse import Warehouse
from tests.warehouse.make_parts import Page, Ticker

from .site import addresses, built, contents, load, parsed, text

SEOUL, BUSAN = 108, 159
FIRST = date(2024, 12, 19)
LAST = date(2025, 12, 19)
ATTACK = "<script>alert(1)</script>"


def day_of(day: date, seoul: float, busan: float, hours: int = 24) -> list[Ticker]:
    """Lists of a day: both stations have the same temperature all day, but 0.1 more at noon."""
    return [
        Ticker(
            day,
            {SEOUL: seoul + 0.1 * (hour == 12), BUSAN: busan + 0.1 * (hour == 12)},
            at=datetime(day.year, day.month, day.day, hour, tzinfo=KST),
        )
        for hour in range(hours)
    ]


PAGES = [
    Page(
        "https://example.kr/a",
        [
            *day_of(FIRST, -3.0, 4.0),
            *day_of(FIRST + timedelta(1), -8.5, 4.5),
            *day_of(LAST, -8.5, 6.0, hours=2),
            *day_of(LAST + timedelta(1), 2.0, 8.5, hours=13),
        ],
    )
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with PAGES and its gallery, which tests only read."""
    warehouse = Warehouse(tmp_path_factory.mktemp("finding") / "warehouse")
    load(warehouse, PAGES)
    with warehouse.writer() as con:
        con.execute("UPDATE stations SET name_en = $1 WHERE station_id = $2", [ATTACK, BUSAN])
    built(warehouse)
    return warehouse


def rows(page: Path) -> dict[str, list[str]]:
    """The cells of the rows of all tables of a page, by the text of their heading."""
    found = {}
    for row in parsed(page).css("tbody tr"):
        heading, *cells = (" ".join(cell.text().split()) for cell in row.css("th, td"))
        found[heading] = cells
    return found


def test_records_state_their_day_and_among_how_many_days_and_lists_they_are(
    warehouse: Warehouse,
) -> None:
    found = rows(warehouse.gallery / "records.html")
    span = "2024.12.19. ~ 2025.12.20."
    lowest = ["−8.5", "2024.12.20. 외 1일"]
    change = ["−5.5", "2024.12.20."]
    assert found["서울"] == ["2.1", "2025.12.20.", *lowest, *change, "4", span, "63"]
    assert found["부산"][:2] == ["8.6", "2025.12.20."]
    # A region of one station has no daily mean, so it has no change.
    assert found["서울·인천·경기도"] == [*found["서울"][:4], "–", "–", *found["서울"][6:]]
    assert "수원" not in found  # it has no data
    assert "공식 기록이 아닙니다" in text(warehouse.gallery / "records.html")


def test_a_change_needs_two_days_in_a_row_with_daily_means(tmp_path: Path) -> None:
    sparse = Warehouse(tmp_path / "warehouse")
    days = [FIRST, FIRST + timedelta(1), FIRST + timedelta(3)]
    lists = [ticker for day in days for ticker in day_of(day, -3.0, 4.0, hours=2)]
    load(sparse, [Page("https://example.kr/a", lists)])
    built(sparse, lang=("ko",))
    assert rows(sparse.gallery / "records.html")["서울"][4:6] == ["–", "–"]


def test_records_and_comparison_escape_names(warehouse: Warehouse) -> None:
    for name in ("records", "compare"):
        page = warehouse.gallery / "en" / f"{name}.html"
        assert ATTACK not in page.read_text(encoding="utf-8")
        assert ATTACK in text(page)


def test_without_data_the_pages_say_so(tmp_path: Path) -> None:
    empty = Warehouse(tmp_path / "warehouse")
    load(empty, [])
    built(empty, lang=("ko",))
    for name in ("records", "compare"):
        assert "쓸 수 있는" in text(empty.gallery / f"{name}.html")


def test_the_comparison_offers_places_and_years_with_data_and_leads_on_without_script(
    warehouse: Warehouse,
) -> None:
    page = warehouse.gallery / "compare.html"
    options = parsed(page).css("#a option")
    offered = {each.attributes["value"]: each.attributes["data-years"] for each in options}
    both = "2024 2025"
    assert offered == {"r1": both, "r9": both, f"{SEOUL}": both, f"{BUSAN}": both}
    links = {address for tag, address in addresses(page) if tag == "a"}
    assert {"regions/1.html", f"stations/{SEOUL}.html"} <= links
    form = parsed(page).css_first("form#compare")
    assert form is not None
    assert "hidden" in form.attributes  # the script shows it
    scripts = {file.stem for file in (warehouse.gallery / "data" / "compare").iterdir()}
    assert scripts == {
        f"{place}-{year}" for place, years in offered.items() for year in (years or "").split()
    }


def test_the_scripts_of_comparison_have_values_and_lists_of_days(warehouse: Warehouse) -> None:
    last: list[list[str]] = []
    for place in (SEOUL, BUSAN):
        script = (warehouse.gallery / "data" / "compare" / f"{place}-2025.js").read_text()
        name, _, value = script.removesuffix(";\n").rpartition(" = ")
        assert name == f'(window.nalssiDaily ??= {{}})["{place}-2025"]'
        entries = [entry.split(",") for entry in json.loads(value).split(";")]
        if place == SEOUL:
            shown = [entry[:-1] for entry in entries]
            assert shown == [
                ["353", "-850", "-85", "-85", "2", "0000", "0100"],
                ["354", "201", "20", "21", "13", "0000", "1200"],
            ]
        last.append([entry[-1] for entry in entries])
    # Both stations are in the same lists of each day, and the days have other lists.
    assert last[0] == last[1]
    assert last[0][0] != last[0][1]


def test_a_day_has_the_values_of_the_same_day_of_other_years(warehouse: Warehouse) -> None:
    script = (warehouse.gallery / "data" / "years" / "12.js").read_text()
    days = json.loads(script.removeprefix("window.nalssiYears = ").removesuffix(";\n"))
    assert list(days) == ["1219", "1220"]
    assert days["1219"] == [[2024, 0.5, -3.0, 4.1, 0], [2025, -1.2, -8.5, 6.0, 2]]
    page = warehouse.gallery / "dates" / f"{LAST}.html"
    section = parsed(page).css_first("#other-years")
    assert section is not None
    assert section.attributes["data-day"] == f"{LAST}"
    assert "../data/years/12.js" in {address for _, address in addresses(page)}


def test_a_new_day_changes_no_page_of_other_years(tmp_path: Path) -> None:
    growing = Warehouse(tmp_path / "warehouse")
    load(growing, PAGES)
    built(growing, lang=("ko",))
    before = contents(growing.gallery)
    new = date(2026, 12, 19)
    load(growing, [Page("https://example.kr/b", day_of(new, 12.0, 3.0))], name="new")
    built(growing, lang=("ko",))
    after = contents(growing.gallery)
    changed = {path for path in after if after[path] != before.get(path)}
    assert {"records.html", "compare.html", "data/years/12.js"} <= changed
    assert {path for path in changed if path.startswith("data/compare/")} == {
        f"data/compare/{place}-2026.js" for place in ("r1", "r9", SEOUL, BUSAN)
    }
    assert f"dates/{FIRST}.html" not in changed
    # The month of the last day is past now: its CSV files are in an archive.
    page = f"dates/{LAST}.html"
    link = rb'<a href="../data/dates/[^<]*</a>\s*'
    assert re.sub(link, b"", after[page]) == re.sub(link, b"", before[page])
    assert rows(growing.gallery / "records.html")["서울"][:2] == ["12.1", "2026.12.19."]
