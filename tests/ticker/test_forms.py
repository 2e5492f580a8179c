"""Lists that do not stand one reading a line, and signs that mean one thing here, another there."""

from __future__ import annotations

from itertools import permutations

import polars as pl
import pytest

from nalssi.common.ticker_symbols import BULLETS
from schemas.contracts import check, polars_schema
from tests.ticker.pages import read, readings, rejects

SEOUL, GEOJE, BUSAN, JEJU = (108, "맑음", 1.0), (294, "-", -2.8), (159, "비", 3.0), (184, "눈", 4.0)
DATED = "2026.01.23 (금)"


def counted(found) -> tuple[int, int]:
    """Readings and rejects, which together are all ticker lines."""
    assert found.ticker_lines == found.lines.height + found.rejects.height
    return found.lines.height, found.rejects.height


# The hyphen


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_hyphen_is_the_condition_in_a_list_with_conditions_and_without_bullets(place):
    lines = ["맑음 서울 1.0℃", "비 부산 3.0℃", "눈 제주 4.0℃"]
    lines.insert(place, "- 거제 -2.8℃")
    found = read("\n".join([DATED, *lines, "기상청 제공"]))
    assert sorted(readings(found)) == sorted([SEOUL, GEOJE, BUSAN, JEJU])
    assert found.snapshots.height == 1


@pytest.mark.parametrize("dashes", [3, 4, 8, 16])
def test_a_list_of_nothing_but_hyphens_is_a_list_with_bullets(dashes):
    names = ["서울", "부산", "제주", "거제", "대구", "대전", "광주", "울산"]
    names += ["강릉", "속초", "철원", "여수", "목포", "완도", "남해", "통영"]
    found = read("\n".join(f"- {name} 1.{n % 10}℃" for n, name in enumerate(names[:dashes])))
    assert counted(found) == (dashes, 0)
    assert set(found.lines["condition_raw"]) == {None}


def test_a_hyphen_stays_a_bullet_where_all_lines_have_one():
    found = read("- 맑음 서울 1.0℃\n- 거제 -2.8℃\n- 비 부산 3.0℃\n- 눈 제주 4.0℃")
    assert readings(found) == [SEOUL, (294, None, -2.8), BUSAN, JEJU]


def test_a_menu_with_hyphens_below_a_list_is_none_of_its_lines():
    found = read("맑음 서울 1.0℃\n비 부산 3.0℃\n눈 제주 4.0℃\n- 거제\n- 부산\n- 로그인")
    assert counted(found) == (3, 0)


# The question mark


@pytest.mark.parametrize("blank", [" ", ""])
def test_a_question_mark_before_every_line_is_a_bullet_that_was_not_saved(blank):
    lines = ["맑음 서울 1.0℃", "-거제 -2.8℃", "비 부산 3.0℃", "눈 제주 4.0℃"]
    page = "\n".join(f"  ?{blank}{line}" for line in lines)
    assert readings(read(page)) == [SEOUL, GEOJE, BUSAN, JEJU]
    assert readings(read(page.replace("? 비 부산", "? 바 부산"))) != []


def test_a_question_mark_before_some_lines_is_no_bullet():
    lines = ["맑음 서울 1.0℃", "비 부산 3.0℃", "눈 제주 4.0℃", "맑음 대구 2.0℃"]
    marked = [f"? {line}" for line in lines]
    assert read("\n".join([*marked[:3], lines[3]])).ticker_lines == 0
    assert counted(read("\n".join([marked[0], *lines[1:]]))) == (3, 0)


# Malformed lines and menus

GOOD = ["• 맑음속초 1.0℃", "• 흐림강릉 2.0℃", "• 비서울 3.0℃", "• 눈대전 4.0℃", "• 비대구 5.0℃"]
MALFORMED = {
    "another unit": "• 구름많음수원 8.6도",
    "another unit, glued": "• 구름많음수원8.6도",
    "Fahrenheit": "• 구름많음수원 48.6℉",
    "no unit": "• 구름많음수원 8.6",
    "an unknown station": "• 맑음평양 3.2℃",
    "an unknown condition": "• 흙비수원 3.2℃",
    "no name": "• 3.2℃",
    "two decimals": "• 맑음수원 3.25℃",
    "beyond all temperatures": "• 맑음수원 99.9℃",
    "half a number": "• 맑음수원 3.℃",
    "no number and no condition": "• 수원",
    "a broken byte": "• 맑음수\ufffd 3.2℃",
    "another text": "• 오늘의 운세",
}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_neighbours_in_a_list_are_one_reject_each_and_take_no_line_along(kind, count):
    for place in (1, 2, 3, 4):
        lines = [*GOOD[:place], *[MALFORMED[kind]] * count, *GOOD[place:]]
        found = read("\n".join([DATED, *lines, "기상청 제공"]))
        if kind == "no name" and count == 1:  # a single one may have its place in the order
            assert sum(counted(found)) == 6
            continue
        assert counted(found) == (5, count)
        assert found.snapshots.height == 1
        assert [line for line, _ in rejects(found)] == [place + 2 + n for n in range(count)]


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("kind", ["another unit", "no unit", "an unknown station", "two decimals"])
def test_malformed_lines_at_either_end_of_a_list_are_refused(kind, count):
    bad = [MALFORMED[kind]] * count
    for lines in ([*bad, *GOOD], [*GOOD, *bad]):
        assert counted(read("\n".join([DATED, *lines, "기상청 제공"]))) == (5, count)


def test_malformed_neighbours_in_a_list_without_bullets_are_refused():
    lines = [line.removeprefix("• ") for line in GOOD]
    lines[2:2] = ["구름많음 수원 8.6도", "맑음 평양 3.2℃"]
    assert counted(read("\n".join([DATED, *lines, "기상청 제공"]))) == (5, 2)


WRONG_NUMBERS = ["x.y℃", "N/A℃", "null℃", " --5.1℃", " - 5.1℃", " +-5.1℃", " -- 5.1℃"]


@pytest.mark.parametrize("number", WRONG_NUMBERS)
@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("between", ["\n", " ", "\n• "])
@pytest.mark.parametrize("end", ["기상청 제공", "Login"])
def test_what_is_no_number_makes_one_reject(number, place, turned, between, end):
    items = [("맑음", "속초"), ("흐림", "강릉"), ("비", "서울"), ("눈", "대전"), ("비", "대구")]
    values = {(90, 1.0), (105, 2.0), (108, 3.0), (133, 4.0), (143, 5.0)}
    numbers = [f" {n}.0℃" for n in range(1, 6)]
    items.insert(place, ("흐림", "울산"))
    numbers.insert(place, " " + number.strip())
    lines = [
        f"{name}{number} {word}" if turned else f"{word}{name}{number}"
        for (word, name), number in zip(items, numbers, strict=True)
    ]
    found = read(DATED + between + between.join(lines) + between.rstrip("• ") + end)
    assert {(station, value) for station, _, value in readings(found)} == values
    assert [reason for _, reason in rejects(found)] == ["unreadable_temperature"]


@pytest.mark.parametrize("place", [0, 4])
@pytest.mark.parametrize("bad", ["맑음평양 3.4℃", "- 평양 3.4℃", "흐림대전 x.y℃", "- 대전 x.y℃"])
def test_malformed_lines_at_either_end_of_a_list_without_bullets_are_refused(place, bad):
    lines = ["맑음서울 1.0℃", "비부산 3.0℃", "눈제주 4.0℃", "맑음대구 2.0℃"]
    lines.insert(place, bad)
    assert counted(read("\n".join([DATED, *lines, "기상청 제공"]))) == (4, 1)


def test_an_unknown_condition_before_the_end_mark_is_refused():
    page = "맑음서울 1.0℃\n비부산 3.0℃\n눈제주 4.0℃\n흙비대구 2.0℃\n기상청 제공"
    assert rejects(read(page)) == [(4, "unknown_condition")]


@pytest.mark.parametrize("bullet", ["", "• "])
def test_a_hyphen_is_the_condition_where_all_others_stand_between_station_and_number(bullet):
    lines = ["서울 맑음 1.0℃", "부산 비 3.0℃", "제주 눈 4.0℃", "거제 - 2.8℃"]
    page = bullet + f"\n{bullet}".join(lines)
    assert readings(read(page)) == [SEOUL, BUSAN, JEJU, (294, "-", 2.8)]
    doubtful = read(page.replace("부산 비", "부산"))
    assert rejects(doubtful) == [(4, "unreadable_temperature")]


@pytest.mark.parametrize("menu", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("end", ["", "기상청 제공\n"])
def test_a_menu_between_two_lists_is_counted_nowhere_and_keeps_them_two(menu, end):
    items = "".join(f"• {item}\n" for item in ["홈", "로그인", "회원가입", "정치"] * 5)
    items = "".join(items.splitlines(keepends=True)[:menu])
    page = "\n".join(GOOD) + "\n" + end + items + "\n".join(GOOD).replace("1.0", "7.0")
    found = read(page)
    assert counted(found) == (10, 0)
    assert found.snapshots.height == 2


# One line


@pytest.mark.parametrize("bullet", ["", *(f"{mark} " for mark in BULLETS)])
def test_a_page_on_one_line_is_read(bullet):
    lines = ["맑음서울 1.0℃", "-거제 -2.8℃", "비부산 3.0℃", "눈 제주 4.0℃"]
    page = " ".join(["즐겨찾기", DATED, *(bullet + line for line in lines), "기상청 제공 로그인"])
    found = read(page)
    assert readings(found) == [SEOUL, GEOJE, BUSAN, JEJU]
    assert found.sightings.select("line", "date_source").rows() == [(1, "ticker")]
    assert set(found.lines["line"]) == {1}


def test_two_lists_on_one_line_are_two_with_their_own_dates():
    one = "맑음 서울 1.0℃ 비 부산 3.0℃ 눈 제주 4.0℃ 기상청 제공"
    found = read(f"2026.01.23 (금) {one} 2026.01.24 (토) {one.replace('1.0', '5.0')} 로그인")
    assert found.sightings["printed_on"].cast(str).to_list() == ["2026-01-23", "2026-01-24"]
    assert counted(found) == (6, 0)


def test_an_articles_date_before_a_list_on_one_line_is_not_its_date():
    found = read("등록 2026.01.23 08:18:20 맑음 서울 1.0℃ 비 부산 3.0℃ 눈 제주 4.0℃ 기상청 제공")
    assert found.sightings["printed_on"].to_list() == [None]
    assert counted(found) == (3, 0)


@pytest.mark.parametrize(
    ("cut", "reason"),
    [("맑음양산시3.9", "cut_line"), ("맑음양산시", "cut_line"), ("맑음양", "cut_line")],
)
def test_a_list_on_one_line_that_is_cut_off_ends_with_a_reject(cut, reason):
    found = read(f"{DATED} 맑음서울 1.0℃ 비부산 3.0℃ 눈제주 4.0℃ {cut}")
    assert readings(found) == [SEOUL, BUSAN, JEJU]
    assert rejects(found) == [(1, reason)]


def test_rejects_on_one_line_are_as_many_as_there_are():
    found = read(f"{DATED} 맑음서울 1.0℃ 맑음평양 2.0℃ 비부산 8.6도 눈제주 4.0℃ 비대구 5.0℃ 끝.")
    assert counted(found) == (3, 2)
    assert found.rejects.select("line", "text").rows() == [
        (1, "맑음평양 2.0℃"),
        (1, "비부산 8.6도"),
    ]


def test_missing_temperatures_and_names_are_read_on_one_line_too():
    found = read(
        f"{DATED} 맑음속초 1.0℃ 비2.0℃ 맑음철원 ℃ 눈서울 3.0℃ 비청주 흐림제주 4.0℃ 기상청 제공"
    )
    assert readings(found) == [
        *[(90, "맑음", 1.0), (93, "비", 2.0), (95, "맑음", None)],
        *[(108, "눈", 3.0), (131, "비", None), (184, "흐림", 4.0)],
    ]


@pytest.mark.parametrize("end", ["", " 기상청 제공", " 로그인"])
def test_conditions_behind_their_temperatures_stay_there(end):
    found = read(f"{DATED} 서울 1.0℃ 맑음 거제 -2.8℃ - 부산 3.0℃ 비 제주 4.0℃ 눈{end}")
    assert readings(found) == [SEOUL, GEOJE, BUSAN, JEJU]


def test_a_list_in_two_columns_is_read():
    page = "맑음 서울 1.0℃ 비 부산 3.0℃\n눈 제주 4.0℃ 비 대구 5.0℃\n눈 대전 6.0℃ 비 광주 7.0℃"
    assert [row[2] for row in readings(read(page))] == [1.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_blanks_units_and_marks_are_spelled_in_many_ways_on_one_line():
    page = (
        "맑음\u00a0서울\u3000\u200b１.0° C 비\u2003부산\t3.0˚Ｃ 눈 제주 4.\u200b0℃ 기상청\u00a0제공"
    )
    assert readings(read(page)) == [SEOUL, BUSAN, JEJU]


def test_a_very_long_line_is_looked_through_in_proportion_to_its_length():
    """Quadratic time would take hours; a line beyond all pages is prose."""
    pieces = ("℃", "1", "• ", "가 ", "서울1.0℃", "맑음서울 1.0℃ ", "2025.12.19 ", ", ", "(")
    pages = [piece * (2**18 // len(piece.encode())) + "℃ 1.0℃" for piece in pieces]
    assert read(*pages, "맑음서울 1.0℃ 흐림부산 2.0℃ 비제주 3.0℃ " * 2**15).ticker_lines == 0


# Several lines


def test_condition_station_and_temperature_may_stand_on_lines_of_their_own():
    page = f"{DATED}\n맑음\n서울\n1.0℃\n-\n거제\n-2.8℃\n비\n부산\n3.0℃\n눈\n제주\n4.0℃\n기상청 제공"
    found = read(page)
    assert readings(found) == [SEOUL, GEOJE, BUSAN, JEJU]
    assert found.lines["line"].to_list() == [2, 5, 8, 11]


@pytest.mark.parametrize("bullet", ["•", "·", "*", "▶"])
def test_a_bullet_may_stand_on_a_line_of_its_own(bullet):
    lines = ["맑음서울 1.0℃", "-거제 -2.8℃", "비\n부산 3.0℃", "눈\n제주\n4.0℃"]
    page = "\n".join(f"{bullet}\n{line}" for line in lines)
    assert readings(read(page)) == [SEOUL, GEOJE, BUSAN, JEJU]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\n\n", "\n\u00a0\n", "\n\t"])
def test_line_ends_of_every_kind_part_the_pieces(break_):
    page = "맑음\n서울 1.0℃\n-\n거제 -2.8℃\n비\n부산 3.0℃\n눈\n제주 4.0℃".replace("\n", break_)
    assert readings(read(page)) == [SEOUL, GEOJE, BUSAN, JEJU]


def test_a_malformed_reading_in_pieces_is_one_reject():
    page = "맑음\n서울 1.0℃\n흐림\n수원 8.6도\n맑음\n평양 2.0℃\n비\n부산 3.0℃\n눈\n제주 4.0℃\n끝"
    found = read(page)
    assert readings(found) == [SEOUL, BUSAN, JEJU]
    assert found.rejects.select("line", "text").rows() == [
        (3, "흐림 수원 8.6도"),
        (5, "맑음 평양 2.0℃"),
    ]


def test_a_name_in_parentheses_may_stand_on_a_line_of_its_own():
    page = "맑음\n서울 1.0℃\n-\n진도\n(첨찰산) 3.0℃\n비\n부산 3.0℃\n눈\n홍성\n(예)\n4.0℃"
    assert [row[0] for row in readings(read(page))] == [108, 175, 159, 177]


def test_nameless_readings_in_pieces_have_their_place_in_the_feeds_order():
    page = "2026.03.02 (월)\n흐림\n속초3.9℃\n비\n4.7℃\n흐림\n철원3.4℃\n비\n부산5.8℃"
    assert [row[0] for row in readings(read(page))] == [90, 93, 95, 159]


def test_conditions_on_the_line_below_stay_with_their_reading():
    page = "서울 1.0℃\n맑음\n거제 -2.8℃\n-\n부산 3.0℃\n비\n제주 4.0℃\n눈\n로그인"
    assert readings(read(page)) == [SEOUL, GEOJE, BUSAN, JEJU]


# The order of condition, station and temperature

FIVE = [("맑음", "서울", "3.2℃"), ("비", "대전", "5.1℃"), ("흐림", "부산", "-8.0℃")]
FIVE += [("눈", "제주", "9.9℃"), ("박무", "거제", "1.0℃")]
RIGHT = {(108, 3.2), (133, 5.1), (159, -8.0), (184, 9.9), (294, 1.0)}
ORDERS = list(permutations(range(3)))


def in_order(order) -> list[list[str]]:
    return [[item[n] for n in order] for item in FIVE]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("blank", ["\n", " "])
@pytest.mark.parametrize("end", ["기상청 제공", "Login"])
def test_condition_station_and_temperature_are_read_in_each_order(order, blank, end):
    found = read(blank.join([DATED, *(blank.join(item) for item in in_order(order)), end]))
    assert {(station, value) for station, _, value in readings(found)} == RIGHT
    assert counted(found) == (5, 0)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("blank", ["\n", " "])
@pytest.mark.parametrize("gone", range(15))
@pytest.mark.parametrize("head", [DATED, "로그인"])
def test_a_list_that_lacks_a_piece_gives_no_station_the_value_of_another(order, blank, gone, head):
    pieces = [piece for item in in_order(order) for piece in item]
    if order[0] == 2 and gone == 0:  # what is left is a usual list without its last temperature
        return
    del pieces[gone]
    found = read(blank.join([head, *pieces, "기상청 제공"]))
    values = {(station, value) for station, _, value in readings(found) if value is not None}
    assert values <= RIGHT


# Bare rows


def test_names_and_numbers_alone_are_records_unless_the_end_mark_follows():
    rows = "홍천 41.0℃\n의성 40.4℃\n양평 40.1℃\n충주 40.0℃"
    assert read(f"{DATED}\n{rows}").ticker_lines == 0
    assert read(f"{DATED}\n{rows}\n기상청 제공").ticker_lines == 4
    assert read(f"{DATED}\n• " + rows.replace("\n", "\n• ")).ticker_lines == 4
    assert read(f"{DATED}\n{rows}\n맑음 대구 40.0℃").ticker_lines == 5


def test_what_stands_on_one_line_keeps_the_contracts():
    one = f"{DATED} 맑음서울 1.0℃ 맑음평양 2.0℃ 비부산 8.6도 눈제주 4.0℃ 비대구 5.0℃ 기상청 제공"
    found = read(f"{one} {one} {one.replace('1.0', '7.0')}")
    check("rejects", found.rejects)
    sightings = found.sightings.with_columns(load_id=pl.lit("0" * 16))
    check("sightings", sightings.select(polars_schema("sightings").names()))
    assert found.sightings.height == found.snapshots.height == 2
    assert counted(found) == (9, 6)
