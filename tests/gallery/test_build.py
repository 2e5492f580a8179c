"""Building the gallery: its pages are complete and safe, and only what changes is written."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nalssi.charts.draw import draw_all
from nalssi.charts.draw_options import DrawOptions
from nalssi.common.korea_time import KST
from nalssi.common.reference import reference
from nalssi.conclusions import conclude
from nalssi.gallery import build
from nalssi.gallery.kept_summaries import KEPT_FILES
from nalssi.gallery.station_page import ENGLISH_FORMER_NAMES
from nalssi.locale.locales import LOCALES
from nalssi.warehouse import Warehouse
from schemas.vocabulary import region_ids
from tests.warehouse.make_parts import Page, Ticker

from .site import addresses, built, contents, load, parsed, planned, text

SEOUL, BUSAN, GANGNEUNG, CLOSED = 108, 159, 105, 175
DAY, NEXT = date(2025, 12, 19), date(2025, 12, 20)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KST)


COLD = Ticker(DAY, {SEOUL: -3.2, BUSAN: 4.1, GANGNEUNG: None}, at=at(DAY, 15))
MILD = Ticker(NEXT, {SEOUL: 1.0, BUSAN: 9.5}, at=at(NEXT, 15))
UNDATED = Ticker(None, {SEOUL: 20.5})
PAGES = [
    Page("https://example.kr/a", [COLD]),
    Page("file:///b.txt", [MILD, UNDATED], ["• 비17.7℃"]),
]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse."""
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with PAGES and its gallery, which tests only read."""
    warehouse = Warehouse(tmp_path_factory.mktemp("original") / "warehouse")
    load(warehouse, PAGES)
    built(warehouse)
    return warehouse


@pytest.fixture
def site(original: Warehouse) -> Path:
    """The gallery of PAGES, which tests only read."""
    return original.gallery


@pytest.fixture
def filled(original: Warehouse, warehouse: Warehouse) -> Warehouse:
    """A warehouse with PAGES and its gallery, which a test may change."""
    shutil.copytree(original.folder, warehouse.folder)
    return warehouse


def test_every_address_on_every_page_leads_to_a_file_of_the_site(site: Path) -> None:
    for page in site.rglob("*.html"):
        for tag, address in addresses(page):
            if address.startswith("https://example.kr"):
                assert tag == "a", "only a reader's click may leave the site"
                continue
            path, _, anchor = address.partition("#")
            start = site if path.startswith("/") else page.parent  # 404.html is for any depth
            target = (start / path.lstrip("/")).resolve() if path else page
            assert target.is_file(), f"{page.name}: {address}"
            assert target.is_relative_to(site)
            if anchor:
                assert parsed(target).css_first(f"#{anchor}"), f"{page.name}: {address}"


def test_a_day_a_region_and_a_station_have_a_page_in_both_languages(site: Path) -> None:
    for folder in (site, site / "en"):
        assert (folder / f"dates/{DAY}.html").exists()
        assert (folder / f"dates/{NEXT}.html").exists()
        assert len(list((folder / "regions").iterdir())) == len(region_ids())
        assert (folder / f"stations/{SEOUL}.html").exists()
        assert (folder / f"undated/{UNDATED.snapshot_id}.html").exists()
    assert "2025년 12월 20일(토)" in text(site / "index.html")
    assert "Sat, 20 December 2025" in text(site / "en/index.html")


def test_the_history_of_a_station_has_its_names_in_the_language_of_the_page(site: Path) -> None:
    assert "문산, 2001.12.07.~2013.10.22." in text(site / "stations/99.html")
    english = text(site / "en/stations/99.html")
    assert "Munsan, 2001-12-07 to 2013-10-22" in english
    assert "Paju, 2013-10-22 to now" in english


def test_every_former_name_of_a_station_has_an_english_one() -> None:
    now = dict(reference("stations").select("station_id", "name_ko").iter_rows())
    history = reference("station_history").select("station_id", "name_ko").iter_rows()
    former = {name for number, name in history if number in now and name != now[number]}
    assert former == ENGLISH_FORMER_NAMES.keys()


def test_an_undated_list_does_not_state_where_its_date_is_from(site: Path) -> None:
    page = text(site / f"en/undated/{UNDATED.snapshot_id}.html")
    assert "hour of observation unknown" in page
    assert not [phrase for phrase in LOCALES["en"].gallery.date_sources.values() if phrase in page]


def test_lists_of_a_day_without_an_hour_are_numbered(warehouse: Warehouse) -> None:
    load(warehouse, [Page("a", [Ticker(DAY, {SEOUL: 1.0}), Ticker(DAY, {SEOUL: 2.0})])])
    built(warehouse)
    page = parsed(warehouse.gallery / f"dates/{DAY}.html")
    links = page.css(".lists-nav [aria-label]")
    assert [each.text() for each in links] == ["목록 1", "목록 2"]
    assert links[0].attributes["aria-label"] == "관측 시각 미상 (목록 1)"


def test_the_calendar_counts_the_days_with_usable_readings(warehouse: Warehouse) -> None:
    load(warehouse, [Page("a", [Ticker(DAY, {SEOUL: 1.0}), Ticker(NEXT, {SEOUL: None})])])
    built(warehouse)
    assert "자료가 있는 날 1일" in text(warehouse.gallery / "calendar.html")


def test_excluded_readings_are_counted_and_listed_with_their_reason(site: Path) -> None:
    page = text(site / f"dates/{DAY}.html")
    assert "3개 지점 가운데 2개 사용" in page
    assert "제외한 관측값 1개와 사유" in page
    assert "강릉맑음 –결측" in page


def test_a_page_states_the_hour_or_the_capture_time_or_that_neither_is_known(
    warehouse: Warehouse,
) -> None:
    unknown = Ticker(DAY - timedelta(days=1), {SEOUL: 0.5, BUSAN: 2.0})
    captured = Ticker(NEXT, {SEOUL: 1.0, BUSAN: 2.0})
    load(
        warehouse,
        [Page("a", [unknown, COLD]), Page("b", [captured], captured_at=at(NEXT, 0, 15))],
    )
    built(warehouse)

    def facts(path: str) -> str:
        (found,) = parsed(warehouse.gallery / path).css(".facts")
        return found.text()

    assert "관측 시각 미상" in facts(f"dates/{unknown.on}.html")
    assert "15:00 관측" in facts(f"dates/{DAY}.html")
    assert "observed at 15:00 KST" in facts(f"en/dates/{DAY}.html")
    assert "00:15 수집" in facts("index.html")
    assert "captured at 00:15 KST" in facts("en/index.html")
    assert "관측" not in facts("index.html")
    assert "observed" not in facts("en/index.html")
    # A day of one list has no daily mean.
    days = text(warehouse.gallery / f"stations/{SEOUL}.html")
    assert "목록 1개 평균(00:15)" in days
    assert "목록 1개 평균(15:00)" in days
    assert "일평균(" not in days


def test_a_list_whose_date_is_false_is_on_its_true_day_only(warehouse: Warehouse) -> None:
    evening = Ticker(NEXT, {SEOUL: -5.5, BUSAN: 0.5})
    load(warehouse, [Page("a", [COLD, evening])])
    with warehouse.writer() as con:
        con.execute(
            "INSERT INTO reconciliations (snapshot_id, observed_at, stations, searched, verdict)"
            " VALUES ($1, $2, 8, 'days', 'matched')",
            [evening.snapshot_id, at(DAY, 23)],
        )
        conclude(con)
    built(warehouse)
    newest = text(warehouse.gallery / "index.html")
    assert "2025년 12월 19일(금)" in newest
    assert "23:00 관측" in newest
    false = text(warehouse.gallery / f"dates/{NEXT}.html")
    assert "날짜가 틀려 이날 자료에서 제외한 목록 1개" in false
    assert "실제로는 2025년 12월 19일(금) 23:00 관측 자료입니다" in false
    assert "-5.5" not in false.replace("−", "-")
    english = text(warehouse.gallery / f"en/dates/{NEXT}.html")
    assert "is from Fri, 19 December 2025, observed at 23:00 KST." in english
    days = csv.DictReader(
        io.StringIO((warehouse.gallery / "data/stations.csv").read_text("utf-8-sig"))
    )
    assert {row["observed_on"] for row in days} == {str(DAY)}
    links = dict(map(reversed, addresses(warehouse.gallery / f"dates/{DAY}.html")))
    assert f"../dates/{NEXT}.html" in links
    # The page of the false date leads to the list in the page of its true day.
    links = dict(map(reversed, addresses(warehouse.gallery / f"dates/{NEXT}.html")))
    assert f"../dates/{DAY}.html#T2300" in links


def test_the_first_page_shows_the_newest_day_with_a_usable_reading(
    warehouse: Warehouse,
) -> None:
    load(warehouse, [Page("a", [COLD, Ticker(NEXT, {SEOUL: None})])])
    built(warehouse, ["ko"])
    assert "12월 19일" in text(warehouse.gallery / "index.html")
    assert "쓸 수 있는 관측값이 없어" in text(warehouse.gallery / f"dates/{NEXT}.html")


def test_one_list_represents_its_day_and_the_others_are_in_the_same_page(
    warehouse: Warehouse,
) -> None:
    small = Ticker(DAY, {SEOUL: 7.7, GANGNEUNG: None})
    load(warehouse, [Page("a", [small, COLD])])
    built(warehouse, ["ko"])
    day = warehouse.gallery / f"dates/{DAY}.html"
    assert [file.name for file in day.parent.iterdir()] == [day.name]
    assert "3개 지점 가운데 2개 사용" in text(day)
    assert "이날의 날씨 목록 2개" in text(day)
    row = parsed(day).css_first(f"tr#list-{small.snapshot_id}")
    assert row is not None
    assert " ".join(row.text().split()) == "관측 시각 미상 7.77.77.71/2"
    assert parsed(day).css_first("tr#T1500[aria-current]")
    # The excluded readings of both lists are stated, with the list that has them.
    assert "제외한 관측값 2개와 사유" in text(day)
    assert "강릉– 맑음 –, 15:00 맑음 –결측" in text(day)


def test_a_table_has_the_values_of_all_lists_of_a_day(warehouse: Warehouse) -> None:
    first = Ticker(
        DAY, {SEOUL: 7.7, GANGNEUNG: None}, at=at(DAY, 9), condition="rain", condition_raw="비"
    )
    load(warehouse, [Page("a", [first, COLD])])
    built(warehouse)
    for folder, words in (("", "비|맑음"), ("en/", "rain|clear")):
        table = parsed(warehouse.gallery / f"{folder}dates/{DAY}.html").css_first("#values")
        assert table is not None
        assert table.attributes["data-words"] == words
        assert table.attributes["data-symbols"] == "rain|clear"
        assert [cell.attributes["data-list"] for cell in table.css("th[data-list]")] == [
            "T0900",
            "T1500",
        ]
        rows = {
            row.attributes["data-station"]: (
                row.attributes["data-weather"],
                [(cell.text(), cell.attributes.get("class")) for cell in row.css("td")],
            )
            for row in table.css("tr[data-station]")
        }
        assert rows == {
            str(SEOUL): ("ab", [("7.7", None), ("−3.2", None)]),
            str(GANGNEUNG): ("ab", [("", "x"), ("", "x")]),
            str(BUSAN): ("-b", [("", None), ("4.1", None)]),
        }


def test_a_day_captured_every_hour_has_a_page_with_all_hours(warehouse: Warehouse) -> None:
    hours = [
        Ticker(day, {SEOUL: hour / 2 + 5 * (day == NEXT), BUSAN: 9.0 + hour / 10}, at=at(day, hour))
        for day in (DAY, NEXT)
        for hour in range(24)
    ]
    load(warehouse, [Page("a", hours)])
    built(warehouse)
    newest = text(warehouse.gallery / "index.html")
    assert "23:00 관측" in newest
    assert "이날의 날씨 목록 24개" in newest
    assert "변화: 2025년 12월 19일(금) 23:00 관측 대비" in newest
    page = parsed(warehouse.gallery / f"dates/{NEXT}.html")
    assert [row.attributes["id"] for row in page.css("tr[id]")] == [f"T{h:02}00" for h in range(24)]
    assert "일평균(24개 시각)" in text(warehouse.gallery / f"stations/{SEOUL}.html")
    # One of the nine stations of the region is not enough.
    region = text(warehouse.gallery / "regions/1.html")
    assert "목록 24개 평균(00:00~23:00)" in region
    assert "일평균(" not in region
    days = (warehouse.gallery / f"data/stations/{SEOUL}.csv").read_text().splitlines()
    assert len(days) == 1 + 2
    english = text(warehouse.gallery / "en/index.html")
    assert "Change since Fri, 19 December 2025, observed at 23:00 KST" in english
    statistics = (warehouse.gallery / "data/stations.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(statistics)))
    basis = {(row["hours"], row["lists"], row["representative"]) for row in rows}
    assert basis == {("24", "24", "true")}


def test_the_site_does_not_depend_on_how_many_readings_are_read_at_a_time(
    warehouse: Warehouse,
) -> None:
    days = [Ticker(DAY + timedelta(days=n), {SEOUL: n / 10, BUSAN: 9.0}) for n in range(9)]
    load(warehouse, [Page("a", [*days, UNDATED])])
    built(warehouse, ["ko"])
    before = contents(warehouse.gallery)
    again = built(warehouse, ["ko"], readings_in_memory=5)
    assert (again.written, again.removed) == (0, 0)
    assert contents(warehouse.gallery) == before


def test_data_that_looks_like_markup_stays_text(warehouse: Warehouse) -> None:
    attack = "<script>alert(1)</script>"
    ticker = Ticker(DAY, {SEOUL: 1.0, BUSAN: None}, condition_raw=attack)
    load(warehouse, [Page(f"javascript:alert(1)//{attack}", [ticker], [attack], site=attack)])
    with warehouse.writer() as con:
        con.execute("UPDATE stations SET name_ko = $1 WHERE station_id = $2", [attack, SEOUL])
    built(warehouse)
    for page in warehouse.gallery.rglob("*.html"):
        for script in parsed(page).css("script"):
            assert script.attributes.get("src")
            assert not script.text()
        for _, address in addresses(page):
            assert not address.lower().startswith("javascript:")
    assert text(warehouse.gallery / "index.html").count(attack) >= 3
    assert attack in text(warehouse.gallery / "quality.html")


def test_csv_files_hold_flags_and_changes(site: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((site / f"data/dates/{DAY}.csv").read_text())))
    shown = {row["name_en"]: (row["temperature_c"], row["flag"], row["used"]) for row in rows}
    assert shown == {
        "Seoul": ("-3.2", "2", "true"),
        "Busan": ("4.1", "2", "true"),
        "Gangneung": ("", "9", "false"),
    }
    mild = list(csv.DictReader(io.StringIO((site / f"data/dates/{NEXT}.csv").read_text())))
    assert {row["name_en"]: row["change_c"] for row in mild} == {"Seoul": "4.2", "Busan": "5.4"}


def test_a_text_that_a_spreadsheet_would_run_is_escaped_in_csv(warehouse: Warehouse) -> None:
    load(warehouse, [Page("a", [COLD], ["=HYPERLINK(1)"])])
    built(warehouse, ["ko"])
    assert "'=HYPERLINK(1)" in (warehouse.gallery / "data/rejects.csv").read_text()


def test_pictures_have_a_description(filled: Warehouse) -> None:
    with filled.reader() as con:
        draw_all(con, filled.charts, DrawOptions(("ko",), ("svg",), ("regions", "change")))
    built(filled, ["ko"])
    page = parsed(filled.gallery / "index.html")
    drawn_map, regions, change = (
        plot.attributes["aria-label"] or "" for plot in page.css("[data-plot]")
    )
    assert "가장 높은 곳 부산 9.5°C" in drawn_map
    assert "서울·인천·경기도 1.0°C, 부산·울산·경남 9.5°C" in regions
    assert "서울 +4.2°C에서 부산 +5.4°C까지" in change
    # What the pages compare is what the charts compare.
    drawn = {file.name.partition(".")[0] for file in (filled.charts / "change").iterdir()}
    with_change = {p.stem for p in (filled.gallery / "dates").iterdir() if "변화:" in text(p)}
    assert {name.partition("_")[0] for name in drawn} == with_change


def test_a_page_links_to_no_chart_of_another_language(filled: Warehouse) -> None:
    with filled.reader() as con:
        draw_all(con, filled.charts, DrawOptions(("ko",), ("svg",), ("regions", "change")))
        draw_all(con, filled.charts, DrawOptions(("en",), ("svg",), ("change",)))
    built(filled)
    shown: dict[str, set[str]] = {"ko": set(), "en": set()}
    for path in filled.gallery.rglob("*.html"):
        lang = "en" if path.is_relative_to(filled.gallery / "en") else "ko"
        links = [link.attributes["href"] or "" for link in parsed(path).css(".files a")]
        sources = [link for link in links if "charts/" in link]
        shown[lang] |= {Path(source).name.split(".")[1] for source in sources}
        if lang == "en":
            assert not any("charts/regions" in source for source in sources)
    assert shown == {"ko": {"ko"}, "en": {"en"}}


def test_a_redrawn_chart_has_another_name(filled: Warehouse) -> None:
    with filled.reader() as con:
        chart = draw_all(con, filled.charts, DrawOptions(("ko",), ("svg",), ("regions",))).paths[0]
    built(filled, ["ko"])
    before = {file.name for file in (filled.gallery / "charts/regions").iterdir()}
    drawn = chart.read_bytes()
    chart.unlink()  # as a rename would: the gallery's own link keeps the old content until then
    chart.write_bytes(drawn.replace(b"</title>", b" again</title>", 1))
    assert built(filled, ["ko"]).removed == 1
    after = {file.name for file in (filled.gallery / "charts/regions").iterdir()}
    assert len(after - before) == len(before - after) == 1


def test_a_second_build_writes_nothing_and_another_folder_gets_the_same_bytes(
    filled: Warehouse, tmp_path: Path
) -> None:
    before = contents(filled.gallery)
    again = built(filled)
    assert (again.written, again.removed, again.files) == (0, 0, len(before) + len(KEPT_FILES))
    shutil.move(filled.gallery, tmp_path / "elsewhere")
    built(filled)
    assert contents(filled.gallery) == before


def test_a_new_day_changes_only_the_pages_that_show_it(warehouse: Warehouse) -> None:
    days = [Ticker(DAY + timedelta(weeks=9 * n), {SEOUL: n / 10, BUSAN: 9.0}) for n in range(5)]
    load(warehouse, [Page("a", days, captured_at=None)])
    built(warehouse, ["ko"])
    before = contents(warehouse.gallery)
    more = [Ticker(DAY + timedelta(weeks=90), {SEOUL: 8.0})]
    load(warehouse, [Page("b", more, captured_at=None)], "more")
    built(warehouse, ["ko"])
    after = contents(warehouse.gallery)
    changed = {path for path in after if before.get(path) != after[path]}
    dates = {path for path in changed if path.startswith("dates/")}
    assert dates == {f"dates/{days[-1].on}.html", f"dates/{DAY + timedelta(weeks=90)}.html"}
    assert {path for path in changed if path.startswith("stations/")} == {f"stations/{SEOUL}.html"}


def test_files_no_longer_needed_are_removed_and_foreign_files_stay(filled: Warehouse) -> None:
    (filled.gallery / "dates/notes.txt").write_text("mine")
    built(filled, ["ko"])
    assert not (filled.gallery / "en").exists()
    with filled.writer() as con:
        for table in ("readings", "sightings", "snapshots"):
            con.execute(f"DELETE FROM {table} WHERE snapshot_id = $1", [COLD.snapshot_id])
    built(filled, ["ko"])
    assert {file.name for file in (filled.gallery / "dates").iterdir()} == {
        f"{NEXT}.html",
        "notes.txt",
    }


def test_the_next_build_completes_an_interrupted_one(
    filled: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = contents(filled.gallery)
    shutil.rmtree(filled.gallery)
    replace, calls = Path.replace, iter(range(40))

    def fail_in_the_middle(self: Path, target: Path) -> Path:
        if next(calls, None) is None:
            raise OSError("disk full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_in_the_middle)
    with pytest.raises(OSError, match="disk full"):
        built(filled)
    monkeypatch.undo()
    assert not (filled.gallery / "index.html").exists(), "it is written last"
    assert 0 < built(filled).written <= len(expected) - 38, "the files written before stay"
    assert contents(filled.gallery) == expected


def test_a_manipulated_file_list_removes_nothing_outside_the_site(
    filled: Warehouse, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    with (filled.gallery / ".gallery").open("a") as listed:
        listed.write(f"- ../../outside.txt\n- {outside}\n- index.html\nnonsense")
    built(filled)
    assert outside.exists()


def test_a_warehouse_without_readings_has_a_page_that_says_so(warehouse: Warehouse) -> None:
    with warehouse.writer():
        pass
    built(warehouse, ["ko"])
    assert "아직 보여 줄 자료가 없습니다" in text(warehouse.gallery / "index.html")
    assert "쓸 수 있는 관측값이 아직 없습니다" in text(warehouse.gallery / f"stations/{SEOUL}.html")


@pytest.mark.parametrize("langs", [[], ["fr"]])
def test_an_unknown_language_is_an_error(original: Warehouse, langs: list[str]) -> None:
    with pytest.raises(ValueError, match="choose from ko, en"):
        built(original, langs)


def test_a_closed_station_has_a_page_once_it_has_a_reading(warehouse: Warehouse) -> None:
    load(warehouse, [Page("a", [Ticker(DAY, {CLOSED: 3.0, SEOUL: 1.0})])])
    built(warehouse, ["ko"])
    assert "폐지된 지점" in text(warehouse.gallery / f"stations/{CLOSED}.html")
    assert f",0,{CLOSED}]" in next(
        file.read_text() for file in (warehouse.gallery / "assets").glob("places.*.js")
    )


def test_a_thousand_dates_make_small_pages_and_a_new_one_changes_few(
    warehouse: Warehouse,
) -> None:
    first = date(2022, 1, 1)
    tickers = [
        Ticker(first + timedelta(days=n), {SEOUL: n % 300 / 10, BUSAN: n % 250 / 10})
        for n in range(1000)
    ]
    load(warehouse, [Page("a", tickers)])
    before = planned(warehouse, ["ko"])

    def size(path: str) -> int:
        content = before[path].content
        assert callable(content)
        return len(content())

    assert size("index.html") < 40_000
    assert size("calendar.html") < 300_000
    assert size("period.html") < 120_000
    assert size(f"stations/{SEOUL}.html") < 500_000
    assets = [path for path in before if path.startswith("assets/")]
    of_comparison = [path for path in assets if path.startswith("assets/compare.")]
    assert len(of_comparison) == 1  # no other page loads it
    assert sum(map(size, assets)) - size(of_comparison[0]) < 100_000
    load(warehouse, [Page("b", [Ticker(first + timedelta(days=1000), {SEOUL: 1.0})])], "more")
    after = planned(warehouse, ["ko"])
    changed = [path for path in after if path not in before or after[path].key != before[path].key]
    changed = [
        path for path in changed if not path.startswith("embed/")
    ]  # they name the newest day
    assert 0 < len(changed) < 60


def test_a_page_changes_with_everything_it_shows(filled: Warehouse, tmp_path: Path) -> None:
    with filled.writer() as con:  # each change is shown by another page
        con.execute(f"UPDATE stations SET elevation_m = 1234 WHERE station_id = {SEOUL}")
        con.execute(f"UPDATE station_history SET name_ko = 'x' WHERE station_id = {BUSAN}")
        con.execute("UPDATE rejects SET reason = 'cut_line'")
        con.execute("UPDATE documents SET captured_at = captured_at - INTERVAL 1 DAY")
    built(filled, ["ko"])
    with filled.reader() as con:
        build(con, tmp_path / "new", filled.charts, ["ko"])
    assert contents(filled.gallery) == contents(tmp_path / "new")
