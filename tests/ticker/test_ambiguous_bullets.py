"""`-` and `?` are bullets in some lists and something else in others."""

from __future__ import annotations

import pytest

from tests.ticker.read_text import (
    BUSAN,
    DATED,
    GEOJE,
    JEJU,
    SEOUL,
    counted,
    read,
    readings,
    rejects,
)

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


def test_a_hyphen_is_a_bullet_if_all_lines_begin_with_one():
    found = read("- 맑음 서울 1.0℃\n- 거제 -2.8℃\n- 비 부산 3.0℃\n- 눈 제주 4.0℃")
    assert readings(found) == [SEOUL, (294, None, -2.8), BUSAN, JEJU]


def test_a_menu_with_hyphens_below_a_list_does_not_belong_to_it():
    found = read("맑음 서울 1.0℃\n비 부산 3.0℃\n눈 제주 4.0℃\n- 거제\n- 부산\n- 로그인")
    assert counted(found) == (3, 0)


# The question mark


@pytest.mark.parametrize("blank", [" ", ""])
def test_a_question_mark_before_every_line_is_a_bullet_that_was_not_saved(blank):
    lines = ["맑음 서울 1.0℃", "-거제 -2.8℃", "비 부산 3.0℃", "눈 제주 4.0℃"]
    page = "\n".join(f"  ?{blank}{line}" for line in lines)
    assert readings(read(page)) == [SEOUL, GEOJE, BUSAN, JEJU]
    assert readings(read(page.replace("? 비 부산", "? 바 부산"))) != []


def test_a_question_mark_before_only_some_lines_is_not_a_bullet():
    lines = ["맑음 서울 1.0℃", "비 부산 3.0℃", "눈 제주 4.0℃", "맑음 대구 2.0℃"]
    marked = [f"? {line}" for line in lines]
    assert read("\n".join([*marked[:3], lines[3]])).ticker_lines == 0
    assert counted(read("\n".join([marked[0], *lines[1:]]))) == (3, 0)


@pytest.mark.parametrize("bullet", ["", "• "])
def test_a_hyphen_is_the_condition_if_all_conditions_are_between_station_and_number(bullet):
    lines = ["서울 맑음 1.0℃", "부산 비 3.0℃", "제주 눈 4.0℃", "거제 - 2.8℃"]
    page = bullet + f"\n{bullet}".join(lines)
    assert readings(read(page)) == [SEOUL, BUSAN, JEJU, (294, "-", 2.8)]
    doubtful = read(page.replace("부산 비", "부산"))
    assert rejects(doubtful) == [(4, "unreadable_temperature")]
