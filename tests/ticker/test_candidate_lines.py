"""Candidate lines: which lines of a page the grammar sees, and in which form."""

from __future__ import annotations

import polars as pl
import pytest

from nalssi.common.ticker_symbols import LONGEST_LINE_BYTES
from nalssi.ticker.candidate_lines import candidate_lines
from nalssi.ticker.layouts.long_line_tokens import FAR

LIST = "맑음 서울 1.0℃ 비 부산 3.0℃ 눈 제주 4.0℃"
READINGS = ["맑음 서울 1.0℃", "비 부산 3.0℃", "눈 제주 4.0℃"]


def lines_of(*pages: str) -> pl.DataFrame:
    return candidate_lines(pl.DataFrame({"doc": range(len(pages)), "text": pages}))


def clean(*pages: str) -> list[str]:
    return lines_of(*pages)["clean"].to_list()


def test_lines_near_a_temperature_of_their_own_page_are_kept():
    before, after = [f"앞 {n}" for n in range(20)], [f"뒤 {n}" for n in range(20)]
    page = "\n\n".join([*before, "비 1.0℃", *after])
    found = lines_of("글\n1.0℃", page, "\n".join(after))
    margin = 12
    assert found["doc"].to_list() == [0, 0, *[1] * (2 * margin + 1)]
    kept = found.filter(pl.col("doc") == 1)
    assert kept["clean"].to_list() == [*before[-margin:], "비 1.0℃", *after[:margin]]
    assert kept["pos"].to_list() == list(range(20 - margin, 21 + margin))
    assert kept["line"].to_list() == list(range(2 * (20 - margin) + 1, 2 * (21 + margin), 2))


def test_a_page_without_a_temperature_has_no_candidate_lines():
    assert lines_of("맑음서울", "1.0도").is_empty()


def test_a_long_line_is_kept_only_if_it_begins_with_a_bullet_and_not_as_a_reading():
    letters = "a" * (LONGEST_LINE_BYTES + 1)
    found = lines_of(f"• 비 1.0℃\n  • {letters}\n{letters}\n• 눈 2.0℃")
    assert found["clean"].to_list() == ["• 비 1.0℃", "•…", "• 눈 2.0℃"]
    assert found["text"][1] == f"• {letters}"[: LONGEST_LINE_BYTES // 4]
    assert found["line"].to_list() == [1, 2, 4]


def test_tags_are_removed_if_the_first_line_of_a_list_has_tags():
    assert clean("<li>비 서울 1.0℃</li>\n<b>눈</b>부산 2.0℃") == ["비 서울 1.0℃", "눈 부산 2.0℃"]
    assert clean("비 서울 1.0℃\n<b>눈</b>부산 2.0℃") == ["비 서울 1.0℃", "<b>눈</b>부산 2.0℃"]


def test_the_lines_of_a_page_with_several_kinds_of_breaks_are_counted():
    found = lines_of("글\r\n비 1.0℃\r눈 2.0℃\x0b\x85끝")
    assert found.select("line", "clean").rows() == [
        *[(1, "글"), (2, "비 1.0℃"), (3, "눈 2.0℃"), (5, "끝")]
    ]


# A list on one line


def test_only_the_last_line_of_a_page_can_be_cut_off():
    assert clean(f"{LIST} 맑음양") == [*READINGS, "맑음양"]
    assert clean(f"{LIST} abc") == [*READINGS, "abc"]
    assert clean(f"{LIST} abc\n글") == [*READINGS, "…", "글"]
    assert clean(f"{LIST} abc", "글") == [*READINGS, "abc"]


@pytest.mark.parametrize(("between", "dated"), [(FAR, True), (FAR + 1, False)])
def test_a_date_on_the_line_of_its_list_is_near_it(between, dated):
    other = "a" * (between - 1)
    found = clean(f"글 2026.01.23 (금) {other} {LIST}")
    assert found == ["…", *["2026.01.23 (금)", "…"] * dated, *READINGS]


def test_two_readings_on_one_line_are_two_lines():
    assert clean("맑음 서울 1.0℃ 비 부산 3.0℃") == READINGS[:2]


def test_a_bare_date_on_the_line_of_a_list_touches_it():
    assert clean(f"2026.01.23 {LIST}") == ["2026.01.23", *READINGS]
    assert clean(f"2026.01.23 글 {LIST}") == ["…", *READINGS]
    assert clean(f"{LIST} 2026.01.23") == [*READINGS, "2026.01.23"]
    assert clean(f"{LIST} 2026.01.23 글") == [*READINGS, "…"]


# A reading on several lines


def test_lines_after_joined_lines_get_the_positions_that_follow():
    found = lines_of("글\n맑음\n서울\n1.0℃\n비\n부산 3.0℃\n눈\n제주 4.0℃\n끝\n끝")
    assert found.select("line", "pos", "clean").rows() == [
        (1, 0, "글"),
        (2, 1, "맑음 서울 1.0℃"),
        (5, 2, "비 부산 3.0℃"),
        (7, 3, "눈 제주 4.0℃"),
        (9, 4, "끝"),
        (10, 5, "끝"),
    ]


def test_names_and_numbers_on_several_lines_are_joined_only_above_the_end_mark():
    records = "홍천\n41.0℃\n의성\n40.4℃\n양평\n40.1℃"
    joined = ["홍천 41.0℃", "의성 40.4℃", "양평 40.1℃"]
    assert clean(f"{records}\n기상청 제공") == [*joined, "기상청 제공"]
    assert clean(f"{records}\n글") == [*records.split("\n"), "글"]
    assert clean(records) == records.split("\n")


@pytest.mark.parametrize(
    ("rest", "lines"),
    [
        ("맑음\n평양\n2.0℃\n끝", ["맑음 평양 2.0℃", "끝"]),  # an unknown name
        ("맑음\n평양", ["맑음 평양"]),  # cut off
        ("맑음\n평양\n끝", ["맑음", "평양", "끝"]),
        ("로그인\n회원", ["로그인", "회원"]),
        ("맑음\n평양 로그인\n2.0℃", ["맑음", "평양 로그인", "2.0℃"]),
        ("맑음 로그인\n2.0℃", ["맑음 로그인", "2.0℃"]),
        ("눈\nabc\n2.0℃", ["눈", "abc", "2.0℃"]),
        ("눈\n대구 1.0℃ 2.0℃", ["눈", "대구 1.0℃ 2.0℃"]),
    ],
)
def test_unknown_names_between_a_condition_and_a_number_belong_to_a_reading(rest, lines):
    assert clean(f"맑음\n서울 1.0℃\n비\n부산 3.0℃\n눈\n제주 4.0℃\n{rest}") == [*READINGS, *lines]


def test_a_bullet_alone_begins_a_reading_with_unknown_text():
    page = "•\n맑음 서울 1.0℃\n•\n비 부산 3.0℃\n•\nabc\n•\n눈 제주 4.0℃\n로그인"
    assert clean(page) == [
        *["• 맑음 서울 1.0℃", "• 비 부산 3.0℃", "• abc", "• 눈 제주 4.0℃", "로그인"]
    ]
