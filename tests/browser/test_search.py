"""The search field and the date picker, in a browser.

The table of cases asks the function behind the field, in one page for each language.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import ATTACK

NOW = "2026-02-23T10:00:00+09:00"
"""The day after the newest day of the gallery, which also has 2025-12-25 and 2022-08-08."""
CHRISTMAS = "2025년 12월 25일(목) dates/2025-12-25.html"
SEOUL, BUSAN, GANGNEUNG = "stations/108.html", "stations/159.html", "stations/105.html"

PLACES = [
    ("강릉", f"강릉 {GANGNEUNG}"),
    ("gang-neung", f"강릉 {GANGNEUNG}"),
    ("ㄱㄹ", f"강릉 {GANGNEUNG}"),
    ("ㅅㅇ", f"서울 {SEOUL}"),
    ("seo", f"서울 {SEOUL}"),
    ("서", f"서울 {SEOUL}"),
    ("Seo-gu", f"서구 {BUSAN}"),
    ("buk", "북춘천 stations/93.html"),
    ("dong", "동두천 stations/98.html"),
    ("Yeongdong", "강원영동 regions/3.html"),
    ("Yeongdong-gun", "영동군 stations/135.html"),
    ("Gyeonggi", "서울·인천·경기도 regions/1.html"),
    ("Kangnung", f"강릉 {GANGNEUNG}"),
    ("Ch'unch'ŏn", "춘천 stations/101.html"),
    ("Taegu", "대구 stations/143.html"),
    ("Kyongju", "경주시 stations/283.html"),
    ("영동", "강원영동 regions/3.html"),
    ("강릉시", f"강릉시 {GANGNEUNG}"),
    ("서울시", f"서울특별시 {SEOUL}"),
    ("경기도", "경기도 regions/1.html"),
    ("강원도", "강원특별자치도 regions/2.html"),
    ("전라북도", "전북특별자치도 regions/6.html"),
    ("North Jeolla", "전북특별자치도 regions/6.html"),
    ("가평군", "가평군 stations/101.html"),
    ("gapyeong", "가평군 stations/101.html"),
    ("Gapyeong-gun", "가평군 stations/101.html"),
    ("인천 중구", "중구 stations/112.html"),
    ("광명", "광명시 stations/108.html"),
    ("attacked", f"{ATTACK} {BUSAN}"),
    ("평양", ""),
    ("<b>", ""),
    ("()", ""),
]
DATES = [
    *(
        (words, CHRISTMAS)
        for words in (
            "2025-12-25", "2025.12.25", "2025. 12. 25.", "2025/12/25", "20251225", "25.12.25",
            "2025년 12월 25일", "2025년 12월 25일(목)", "12월 25일", "12/25", "12.25", "25/12",
            "Dec 25", "25 December 2025", "December 25, 2025", "Thu, 25 December 2025", "Dec. 25th",
            "12/25/2025",
        )
    ),
    ("어제", "2026년 2월 22일(일) dates/2026-02-22.html"),
    ("yesterday", "2026년 2월 22일(일) dates/2026-02-22.html"),
    ("2022년 8월", "달력 calendar.html#m2022-08"),
    ("August 2022", "달력 calendar.html#m2022-08"),
    ("2022", "달력 calendar.html#y2022"),
    ("Jung", f"중구 {BUSAN}"),  # a name, not a month
]  # fmt: skip
MISSING = [
    ("오늘", "2026년 2월 23일(월)", ["2026년 2월 22일(일)"]),
    ("2026-01-07", "2026년 1월 7일(수)", ["2026년 1월 6일(화)", "2026년 2월 1일(일)"]),
    ("2020-01-01", "2020년 1월 1일(수)", ["2022년 8월 8일(월)"]),
    ("2월 29일", "2024년 2월 29일(목)", ["2022년 8월 8일(월)", "2024년 3월 29일(금)"]),
    ("2025-02-30", "달력에 없는 날짜", []),
    ("13월 40일", "달력에 없는 날짜", []),
]

FIND = """words => words.map(each => {
  const { found, note } = nalssi.search.find(each);
  return [found.map(one => [one.name, one.more, one.path]), note];
})"""


@pytest.fixture(scope="module")
def places(browser: Browser, gallery: Path) -> Iterator[Page]:
    """The page of places, on the day NOW."""
    context = browser.new_context(timezone_id="America/New_York")  # dates are Korea's everywhere
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto((gallery / "places.html").as_uri())
    yield page
    context.close()


def test_the_first_result_of_a_name_or_a_date_is_the_page_that_is_meant(places: Page) -> None:
    cases = [*PLACES, *DATES]
    found = places.evaluate(FIND, [words for words, _ in cases])
    firsts = {
        words: " ".join((results[0][0], results[0][2])) if results else ""
        for (words, _), (results, _) in zip(cases, found, strict=True)
    }
    assert firsts == dict(cases)
    assert all(not note for results, note in found if results)
    assert all(note for results, note in found if not results)


def test_a_date_without_a_page_offers_the_nearest_days(places: Page) -> None:
    found = places.evaluate(FIND, [words for words, _, _ in MISSING])
    for (words, note, near), (results, said) in zip(MISSING, found, strict=True):
        assert note in said, words
        names = [name for name, more, _ in results if more == "가까운 날짜"]
        assert (names[:1], names[-1:]) == (near[:1], near[-1:]), words


def test_a_town_without_a_station_states_the_nearest_one_and_its_distance(
    places: Page, gallery: Path
) -> None:
    ((results, _),) = places.evaluate(FIND, ["가평"])
    assert results[0][1] == "경기 · 가장 가까운 춘천 지점(29km) · Gapyeong-gun"
    ((results, _),) = places.evaluate(FIND, ["중구"])
    assert len({more for _, more, _ in results}) == len(results) == 6  # told apart by province
    places.goto((gallery / "en" / "places.html").as_uri())
    ((results, _),) = places.evaluate(FIND, ["가평"])
    assert results[0][:2] == [
        "Gapyeong-gun",
        "Gyeonggi-do · nearest station: Chuncheon, 29 km · 가평군",
    ]
    places.goto((gallery / "places.html").as_uri())


def test_the_search_field_says_that_a_date_has_no_page_and_leads_to_a_near_one(
    page: Page, gallery: Path
) -> None:
    page.goto((gallery / "index.html").as_uri())
    field = page.get_by_role("combobox")
    field.fill("2026-01-07")
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text("자료는 없습니다")
    field.press("Enter")  # chooses nothing: the reader did not ask for another day
    assert page.url.endswith("index.html")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator("h1")).to_contain_text("2026년 1월 6일")


def test_the_date_picker_leads_to_a_day_or_names_the_nearest_ones(
    page: Page, gallery: Path
) -> None:
    page.goto((gallery / "calendar.html").as_uri())
    picker = page.get_by_label("날짜로 이동")
    picker.fill("2026-01-07")
    picker.press("Enter")
    answer = page.locator("#jump").get_by_role("status")
    expect(answer).to_contain_text("2026년 1월 7일(수) 자료는 없습니다")
    expect(answer.get_by_role("link")).to_have_count(2)
    picker.fill("2025-12-25")
    picker.press("Enter")
    expect(page.locator("h1")).to_contain_text("2025년 12월 25일")
    expect(page.get_by_label("날짜로 이동")).to_have_value("2025-12-25")
