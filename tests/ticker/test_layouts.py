"""Tickers in other layouts than one reading per line."""

from __future__ import annotations

from itertools import permutations, product

import polars as pl
import pytest

from nalssi.common.ticker_symbols import BULLETS
from schemas.contracts import check, polars_schema
from tests.ticker.read_text import (
    BUSAN,
    DATED,
    GEOJE,
    JEJU,
    SEOUL,
    counted,
    read,
    read_each,
    readings,
    rejects,
)

# One line


def test_a_page_on_one_line_is_read():
    bullets = ["", *(f"{mark} " for mark in BULLETS)]
    lines = ["맑음서울 1.0℃", "-거제 -2.8℃", "비부산 3.0℃", "눈 제주 4.0℃"]
    pages = [
        " ".join(["즐겨찾기", DATED, *(bullet + line for line in lines), "기상청 제공 로그인"])
        for bullet in bullets
    ]
    for bullet, found in zip(bullets, read_each(*pages), strict=True):
        assert readings(found) == [SEOUL, GEOJE, BUSAN, JEJU], bullet
        assert found.sightings.select("line", "date_source").rows() == [(1, "ticker")], bullet
        assert set(found.lines["line"]) == {1}, bullet


def test_two_lists_on_one_line_are_two_with_their_own_dates():
    one = "맑음 서울 1.0℃ 비 부산 3.0℃ 눈 제주 4.0℃ 기상청 제공"
    found = read(f"2026.01.23 (금) {one} 2026.01.24 (토) {one.replace('1.0', '5.0')} 로그인")
    assert found.sightings["printed_on"].cast(str).to_list() == ["2026-01-23", "2026-01-24"]
    assert counted(found) == (6, 0)


def test_the_date_of_an_article_before_a_list_on_one_line_is_not_its_date():
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


def test_each_malformed_reading_on_one_line_is_a_reject():
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
def test_conditions_after_their_temperatures_stay_with_them(end):
    found = read(f"{DATED} 서울 1.0℃ 맑음 거제 -2.8℃ - 부산 3.0℃ 비 제주 4.0℃ 눈{end}")
    assert readings(found) == [SEOUL, GEOJE, BUSAN, JEJU]


def test_a_list_in_two_columns_is_read():
    page = "맑음 서울 1.0℃ 비 부산 3.0℃\n눈 제주 4.0℃ 비 대구 5.0℃\n눈 대전 6.0℃ 비 광주 7.0℃"
    assert [row[2] for row in readings(read(page))] == [1.0, 3.0, 4.0, 5.0, 6.0, 7.0]


def test_spaces_and_units_on_one_line_may_be_spelled_in_many_ways():
    page = (
        "맑음\u00a0서울\u3000\u200b１.0° C 비\u2003부산\t3.0˚Ｃ 눈 제주 4.\u200b0℃ 기상청\u00a0제공"
    )
    assert readings(read(page)) == [SEOUL, BUSAN, JEJU]


def test_time_grows_linearly_with_the_length_of_a_line():
    """Quadratic time would take hours. A line longer than all real pages is not a ticker."""
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


def test_every_kind_of_line_break_separates_the_parts_of_a_reading():
    breaks = ["\n", "\r\n", "\r", "\u2028", "\n\n", "\n\u00a0\n", "\n\t"]
    page = "맑음\n서울 1.0℃\n-\n거제 -2.8℃\n비\n부산 3.0℃\n눈\n제주 4.0℃"
    pages = [page.replace("\n", break_) for break_ in breaks]
    for break_, found in zip(breaks, read_each(*pages), strict=True):
        assert readings(found) == [SEOUL, GEOJE, BUSAN, JEJU], break_


def test_a_malformed_reading_on_several_lines_is_one_reject():
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


def test_nameless_readings_on_several_lines_get_their_station_from_feed_order():
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


def test_condition_station_and_temperature_are_read_in_each_order():
    cases = list(product(ORDERS, ["\n", " "], ["기상청 제공", "Login"]))
    pages = [
        blank.join([DATED, *(blank.join(item) for item in in_order(order)), end])
        for order, blank, end in cases
    ]
    for case, found in zip(cases, read_each(*pages), strict=True):
        assert {(station, value) for station, _, value in readings(found)} == RIGHT, case
        assert counted(found) == (5, 0), case


@pytest.mark.parametrize("head", [DATED, "로그인"])
def test_a_missing_part_never_gives_a_station_the_value_of_another(head):
    cases, pages = [], []
    for order, blank in product(ORDERS, ["\n", " "]):
        pieces = [piece for item in in_order(order) for piece in item]
        # Without the first of five temperatures, a usual list remains, without its last one.
        for number in range(1 if order[0] == 2 else 0, len(pieces)):
            cases.append((order, blank, number))
            left = [*pieces[:number], *pieces[number + 1 :]]
            pages.append(blank.join([head, *left, "기상청 제공"]))
    for case, found in zip(cases, read_each(*pages), strict=True):
        values = {(station, value) for station, _, value in readings(found) if value is not None}
        assert values <= RIGHT, case


# Bare rows


def test_names_and_numbers_alone_are_records_unless_the_end_mark_follows():
    rows = "홍천 41.0℃\n의성 40.4℃\n양평 40.1℃\n충주 40.0℃"
    assert read(f"{DATED}\n{rows}").ticker_lines == 0
    assert read(f"{DATED}\n{rows}\n기상청 제공").ticker_lines == 4
    assert read(f"{DATED}\n• " + rows.replace("\n", "\n• ")).ticker_lines == 4
    assert read(f"{DATED}\n{rows}\n맑음 대구 40.0℃").ticker_lines == 5


def test_tickers_on_one_line_keep_the_contracts():
    one = f"{DATED} 맑음서울 1.0℃ 맑음평양 2.0℃ 비부산 8.6도 눈제주 4.0℃ 비대구 5.0℃ 기상청 제공"
    found = read(f"{one} {one} {one.replace('1.0', '7.0')}")
    check("rejects", found.rejects)
    sightings = found.sightings.with_columns(load_id=pl.lit("a" * 16))
    check("sightings", sightings.select(polars_schema("sightings").names()))
    assert found.sightings.height == found.snapshots.height == 2
    assert counted(found) == (9, 6)
