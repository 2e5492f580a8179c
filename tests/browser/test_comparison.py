"""The page of comparison, the same day of other years, and the age of the newest list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from nalssi.gallery.html_templates import degrees

from .conftest import ATTACKED
from .test_gallery import AXE

CHOICE = "#a=108&b=159&from=2026-02-01&to=2026-02-02"
"""The choice in an address: Seoul, and Busan, whose name is an attack, on two days of the
sample."""


def cells(page: Page) -> list[list[str]]:
    """The table of comparison, a list for each row."""
    rows: list[list[str]] = page.locator("#compare-table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


def daily(gallery: Path, name: str) -> dict[int, list[str]]:
    """The values of a script of comparison, by the number of the day in the year."""
    script = (gallery / "data" / "compare" / f"{name}.js").read_text(encoding="utf-8")
    entries = [
        entry.split(",") for entry in json.loads(script.rpartition(" = ")[2][:-2]).split(";")
    ]
    return {int(day): values for day, *values in entries}


def test_an_address_shows_a_comparison_whose_values_are_those_of_the_data(
    page: Page, site: str, gallery: Path
) -> None:
    page.goto(f"{site}compare.html{CHOICE}")
    expect(page.locator("#compare-plot")).to_be_visible()
    for row in cells(page):
        day = int(re.findall(r"\d+", row[0])[2]) + 31  # February
        for number, shown in ((108, row[1]), (159, row[3])):
            value = daily(gallery, f"{number}-2026").get(day)
            expected = "–" if value is None else degrees(int(value[0]) / 100)
            assert shown.split()[0] == expected
        # The hour of these lists is unknown, but both stations are in the same list.
        if "–" not in (row[1], row[3]):
            assert row[5] != "–"
    drawn = page.locator("#compare-plot .mark > title").all_text_contents()
    assert len(drawn) == sum(row[i] != "–" for row in cells(page) for i in (1, 3))
    assert page.title() != "attacked"


def test_a_choice_goes_into_the_address_and_back_returns_to_the_one_before(
    page: Page, site: str
) -> None:
    page.goto(f"{site}compare.html{CHOICE}")
    page.get_by_label("둘째 지역·지점").select_option("105")
    page.get_by_label("둘째 기간의 시작일").fill("2025-12-25")
    page.get_by_role("button", name="비교하기").press("Enter")
    expect(page.locator("#compare-table thead")).to_contain_text("강릉 2025년")
    assert page.url.endswith("#a=108&b=105&from=2026-02-01&to=2026-02-02&from-b=2025-12-25")
    page.go_back()
    expect(page.get_by_label("둘째 지역·지점")).to_have_value("159")
    expect(page.locator("#compare-table thead")).not_to_contain_text("강릉")


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("#a=108&b=159&from=2026-02-02&to=2026-02-01", "종료일이 시작일보다 앞서거나"),
        ("#a=108&b=105&from=2019-01-01&to=2019-01-02", "모두 자료가 없습니다"),
        ("#a=108&b=108&from=2019-01-01&to=2019-01-02", "고른 기간에는 서울 자료가 없습니다"),
        ("#a=<b>&b=999999&from=never&to=", ""),
    ],
)
def test_a_useless_address_shows_a_reason_or_the_usual_choice(
    page: Page, gallery: Path, choice: str, said: str
) -> None:
    page.goto((gallery / "compare.html").as_uri() + choice)
    expect(page.locator("#compare-says")).to_contain_text(said or re.compile("."))
    expect(page.locator("#compare-plot")).to_be_visible(visible=not said)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("folder", ["", "en/"])
def test_a_comparison_and_records_are_accessible_and_fit_a_phone(
    page: Page, gallery: Path, scheme: str, folder: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 800})
    for path in (f"compare.html{CHOICE}", "records.html"):
        page.goto((gallery / folder).as_uri() + "/" + path)
        expect(page.locator("table:visible").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()


def test_a_comparison_prints_without_its_form(page: Page, gallery: Path) -> None:
    page.goto((gallery / "compare.html").as_uri() + CHOICE)
    page.emulate_media(media="print")
    expect(page.locator("#compare")).to_be_hidden()
    expect(page.locator("#compare-plot svg").first).to_be_visible()


def test_a_day_without_usable_readings_prints_the_reasons_without_its_controls(
    page: Page, gallery: Path
) -> None:
    page.goto((gallery / "dates" / "2025-08-07.html").as_uri())
    page.emulate_media(media="print")
    expect(page.locator(".left-out")).to_be_visible()
    for control in ("#jump", "details:not([open])"):
        expect(page.locator(control).first).to_be_hidden()


def test_a_day_shows_the_same_day_of_other_years_with_links(page: Page, gallery: Path) -> None:
    page.goto((gallery / "dates" / f"{ATTACKED}.html").as_uri())
    section = page.locator("#other-years")
    expect(section.locator("tbody tr")).to_have_count(1)
    assert [each.strip() for each in section.locator("td").all_text_contents()][:3] == [
        "−0.2", "−3.0", "2.5"
    ]  # fmt: skip
    section.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("2025년 2월 1일")
    expect(section.get_by_role("link")).to_have_text(re.compile("^2026년 2월 1일"))


def test_the_first_page_says_how_old_its_newest_list_is(page: Page, gallery: Path) -> None:
    age = page.locator("#age")
    page.clock.set_fixed_time("2026-02-23T10:00:00+09:00")
    page.goto((gallery / "index.html").as_uri())
    expect(age).to_have_text(re.compile(r"^최신 목록: 2026년 2월 22일.*, 어제$"))
    page.clock.set_fixed_time("2026-02-28T10:00:00+09:00")
    page.goto((gallery / "en" / "index.html").as_uri())
    expect(age).to_contain_text("6 days ago. No new data")
    expect(age).to_contain_text("not the current weather")
