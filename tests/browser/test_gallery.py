"""The gallery in a browser: with a mouse, a keyboard, on a phone, in dark mode, in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import ATTACK, ATTACKED

KINDS_OF_PAGE = [
    "index.html",
    "calendar.html",
    "period.html",
    "places.html",
    "quality.html",
    "records.html",
    "compare.html",
    "embed/map.html",
    "dates/2025-08-07.html",
    "undated/*.html",
    "regions/3.html",
    "stations/105.html",
    "en/index.html",
]

SEVERAL_PAGES = ("dates", "undated", "regions", "stations")

# Preloading would fetch style sheets by script, which the pages' security policy forbids.
AXE = {"resultTypes": ["violations"], "preload": False}


def heading(page: Page, text: str) -> None:
    """Wait until the heading of the page contains a text."""
    expect(page.locator("h1")).to_contain_text(text)
    page.wait_for_load_state("load")  # the script handles keys only after it has run


def test_the_first_page_shows_the_newest_day_with_its_pictures(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    heading(page, "2026년 2월 22일")
    plots = page.locator("[data-plot]")
    assert plots.count() == 2  # no change: the hour of the newest list is unknown
    for plot in plots.all():
        assert len(plot.get_attribute("aria-label") or "") > 20
        assert plot.locator("[data-s]").count() == page.locator(".stations tbody tr").count()


def test_moving_from_day_to_day_by_links_and_by_the_calendar(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.get_by_role("link", name="이전 날짜").click()
    heading(page, "2026년 2월 2일")
    page.get_by_role("link", name="다음 날짜").click()
    heading(page, "2026년 2월 22일")
    page.goto(site + "index.html")
    page.locator(".month").get_by_role("link", name="2026년 2월 2일").click()
    heading(page, "2026년 2월 2일")
    page.get_by_role("link", name="달력", exact=True).click()
    page.get_by_role("link", name="2022년 8월 8일").click()
    heading(page, "2022년 8월 8일")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("강릉", "강릉"),
        ("Gangneung", "강릉"),
        ("gang neung", "강릉"),
        ("ㄱㄹ", "강릉"),
        ("영동", "강원영동"),
    ],
)
def test_search_finds_korean_and_english_names_and_initials(
    page: Page, site: str, words: str, first: str
) -> None:
    page.goto(site + "dates/2026-02-02.html")
    field = page.get_by_role("combobox")
    field.fill(words)
    expect(page.get_by_role("option").first).to_contain_text(first)
    field.press("Enter")
    heading(page, first)


def test_a_search_that_finds_nothing_says_so(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.get_by_role("combobox").fill("평양")
    expect(page.get_by_role("status")).to_have_text("일치하는 결과가 없습니다")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_switching_language_stays_on_the_page(page: Page, site: str) -> None:
    page.goto(site + "stations/105.html")
    page.get_by_role("link", name="English").click()
    heading(page, "Gangneung")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("combobox").fill("강릉")
    expect(page.get_by_role("option").first).to_contain_text("Gangneung")
    page.get_by_role("link", name="한국어").click()
    heading(page, "강릉")


def test_a_theme_is_kept_from_page_to_page(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="어두운 화면").click()
    dark = page.evaluate(colour)
    assert dark != light
    page.get_by_role("link", name="품질").click()
    heading(page, "품질")
    assert page.evaluate(colour) == dark
    page.get_by_role("button", name="밝은 화면").click()
    assert page.evaluate(colour) == light


def unfold(page: Page, gallery: Path, pattern: str) -> None:
    """Open a page that matches a pattern, and unfold its details."""
    page.goto(next(gallery.glob(pattern)).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


def test_every_kind_of_page_is_tested(gallery: Path) -> None:
    tested = {template(next(gallery.glob(kind))) for kind in KINDS_OF_PAGE}
    # The addresses in 404.html begin at the root of a web server, so it cannot be opened as a file.
    assert {template(file) for file in gallery.rglob("*.html")} == tested | {"404"}


def template(file: Path) -> str:
    """The kind of a page: its folder, or its name."""
    return file.parent.name if file.parent.name in SEVERAL_PAGES else file.stem


@pytest.mark.parametrize("path", KINDS_OF_PAGE)
def test_no_page_scrolls_sideways_on_a_phone(page: Page, gallery: Path, path: str) -> None:
    unfold(page, gallery, path)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_can_be_done_with_the_keyboard(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="본문으로 건너뛰기")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    heading(page, "2026년 2월 2일")
    page.keyboard.press("ArrowRight")
    heading(page, "2026년 2월 22일")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("seo")
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-activedescendant", "found-1")
    name = second.locator("b").inner_text()
    page.keyboard.press("Enter")
    heading(page, name)
    for _ in range(4):  # skip link, masthead, search, language
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="English")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="밝은 화면")).to_be_focused()


@pytest.mark.parametrize("path", KINDS_OF_PAGE)
def test_axe_has_no_serious_findings(page: Page, gallery: Path, path: str) -> None:
    unfold(page, gallery, path)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        # A theme changes only colours, so the other rules need not run twice.
        asked = AXE if theme == "light" else AXE | {"runOnly": ["color-contrast"]}
        found = Axe().run(page, options=asked).response["violations"]
        serious = [
            (theme, each["id"], [node["html"][:160] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == []


def test_the_lists_of_a_day_are_in_its_page_and_have_addresses(page: Page, gallery: Path) -> None:
    page.goto((gallery / f"dates/{ATTACKED}.html").as_uri())
    page.locator(".all-lists").get_by_role("link", name="09:00 관측").click()
    expect(page).to_have_url(re.compile("#T0900$"))
    shown = page.locator(".all-lists tr[aria-current]")
    expect(shown).to_contain_text("09:00 관측")
    expect(page.locator(".facts")).to_contain_text("09:00 관측")
    page.go_back()
    expect(shown).to_contain_text("15:00 관측")
    expect(page.locator(".facts")).to_contain_text("15:00 관측")


def test_a_chosen_list_is_the_same_on_map_plot_and_table(page: Page, gallery: Path) -> None:
    page.goto((gallery / f"dates/{ATTACKED}.html#T0900").as_uri().replace("%23", "#"))
    expect(page.locator(".facts")).to_contain_text("09:00 관측")
    for station in ("108", "159", "105"):
        row = page.locator(f'#values tr[data-station="{station}"]')
        value = row.locator("td").nth(0).inner_text().strip()
        assert page.locator(f'.map [data-s="{station}"] .v').first.text_content() == value
        point = page.locator(f'.dots[data-kind="temperature"] [data-s="{station}"] text')
        assert (point.text_content() or "").endswith(f" {value}")


def test_values_appear_with_the_keyboard_and_escape_hides_them(page: Page, gallery: Path) -> None:
    page.goto((gallery / "index.html").as_uri())
    plots = page.locator("[data-plot]")
    for plot in plots.all():
        plot.focus()
        page.keyboard.press("Home")
        expect(page.locator(".tip a")).to_have_count(1)
        first = page.locator(".tip").inner_text()
        page.keyboard.press("End")
        expect(page.locator(".tip")).not_to_have_text(first)
        page.keyboard.press("Escape")
        expect(page.locator(".tip")).to_be_empty()


def test_a_script_in_the_data_stays_text(page: Page, site: str) -> None:
    page.goto(f"{site}dates/{ATTACKED}.html")
    heading(page, "2026년 2월 1일")
    expect(page.get_by_role("cell", name=ATTACK).first).to_be_visible()
    expect(page.get_by_role("rowheader", name=ATTACK).first).to_be_visible()
    page.goto(site + "quality.html")
    expect(page.get_by_role("cell", name=ATTACK).first).to_be_visible()
    page.get_by_role("combobox").fill("script")
    expect(page.get_by_role("option").first).to_contain_text(ATTACK)
    assert "attacked" not in page.title()


def test_pages_of_places_show_the_newest_reading_of_an_open_day(page: Page, site: str) -> None:
    page.goto(f"{site}stations/108.html")
    expect(page.locator("[data-newest]")).to_contain_text("6.3°C 맑음 · 2026년 2월 22일(일)")
    page.goto(f"{site}regions/1.html")
    row = page.get_by_role("row").filter(has_text="서울")
    expect(row.get_by_role("cell")).to_have_text(["6.3", "맑음", "2026.02.22."])
    row.get_by_role("link").last.click()
    heading(page, "2026년 2월 22일")


def test_pages_can_be_read_without_scripts(page: Page, gallery: Path) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((gallery / "index.html").as_uri())
    expect(plain.get_by_role("button")).to_have_count(0)
    plain.get_by_role("combobox").press("Enter")
    expect(plain.get_by_role("link", name="강릉", exact=True)).to_be_visible()
    plain.goto((gallery / "stations/108.html").as_uri())
    expect(plain.locator("[data-newest]")).to_be_hidden()
    plain.get_by_role("link", name="2026.02.22.", exact=True).click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("2026년 2월 22일")
    context.close()


def test_plots_of_the_period_show_values_with_keys_and_mouse(page: Page, gallery: Path) -> None:
    for name, value in (("period.html", "°C"), ("quality.html", "%")):
        page.goto((gallery / name).as_uri())
        plot = page.locator("svg[data-grid]")
        plot.focus()
        page.keyboard.press("Home")
        tip = page.locator(".tip")
        expect(tip).to_contain_text(value)
        first = tip.inner_text()
        page.keyboard.press("ArrowRight")
        expect(tip).not_to_have_text(first)
        page.keyboard.press("Escape")
        expect(tip).to_be_empty()
        mark = plot.locator("[data-cells]").first if name == "period.html" else plot
        y = float(mark.get_attribute("y") or 60)
        plot.hover(position={"x": 2, "y": y})  # it waits until scrolling has ended
        expect(tip).to_contain_text(first.splitlines()[0])
