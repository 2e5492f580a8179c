"""Malformed lines in a list are rejects; menus between lists are not."""

from __future__ import annotations

from itertools import product

import pytest

from tests.ticker.read_text import (
    DATED,
    counted,
    read,
    read_each,
    readings,
    rejects,
)

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


@pytest.mark.parametrize("kind", MALFORMED)
def test_each_malformed_line_in_a_list_is_one_reject_and_the_others_are_read(kind):
    cases = list(product([1, 2, 3, 5], [1, 2, 3, 4]))
    pages = [
        "\n".join([DATED, *GOOD[:place], *[MALFORMED[kind]] * count, *GOOD[place:], "기상청 제공"])
        for count, place in cases
    ]
    for (count, place), found in zip(cases, read_each(*pages), strict=True):
        if kind == "no name" and count == 1:  # a single one may have its place in the order
            assert sum(counted(found)) == 6
            continue
        assert counted(found) == (5, count)
        assert found.sightings.height == 1
        assert [line for line, _ in rejects(found)] == [place + 2 + n for n in range(count)]


@pytest.mark.parametrize("kind", ["another unit", "no unit", "an unknown station", "two decimals"])
def test_malformed_lines_at_either_end_of_a_list_are_rejected(kind):
    counts = [1, 2, 5]
    bad = {count: [MALFORMED[kind]] * count for count in counts}
    pages = [
        "\n".join([DATED, *lines, "기상청 제공"])
        for count in counts
        for lines in ([*bad[count], *GOOD], [*GOOD, *bad[count]])
    ]
    found = [counted(each) for each in read_each(*pages)]
    assert found == [(5, count) for count in counts for _ in range(2)]


def test_malformed_lines_in_a_list_without_bullets_are_rejected():
    lines = [line.removeprefix("• ") for line in GOOD]
    lines[2:2] = ["구름많음 수원 8.6도", "맑음 평양 3.2℃"]
    assert counted(read("\n".join([DATED, *lines, "기상청 제공"]))) == (5, 2)


WRONG_NUMBERS = ["x.y℃", "N/A℃", "null℃", " --5.1℃", " - 5.1℃", " +-5.1℃", " -- 5.1℃"]


@pytest.mark.parametrize("number", WRONG_NUMBERS)
@pytest.mark.parametrize("end", ["기상청 제공", "Login"])
def test_a_malformed_number_makes_one_reject(number, end):
    """At every place of a list, with the condition first or last, and in three layouts."""
    values = {(90, 1.0), (105, 2.0), (108, 3.0), (133, 4.0), (143, 5.0)}
    layouts = list(product(range(6), [False, True], ["\n", " ", "\n• "]))
    pages = [list_with_a_malformed_number(number, *layout, end) for layout in layouts]
    for layout, found in zip(layouts, read_each(*pages), strict=True):
        assert {(station, value) for station, _, value in readings(found)} == values, layout
        assert [reason for _, reason in rejects(found)] == ["unreadable_temperature"], layout


def list_with_a_malformed_number(
    number: str, place: int, condition_last: bool, between: str, end: str
) -> str:
    items = [("맑음", "속초"), ("흐림", "강릉"), ("비", "서울"), ("눈", "대전"), ("비", "대구")]
    numbers = [f" {n}.0℃" for n in range(1, 6)]
    items.insert(place, ("흐림", "울산"))
    numbers.insert(place, " " + number.strip())
    lines = [
        f"{name}{number} {word}" if condition_last else f"{word}{name}{number}"
        for (word, name), number in zip(items, numbers, strict=True)
    ]
    return DATED + between + between.join(lines) + between.rstrip("• ") + end


@pytest.mark.parametrize("place", [0, 4])
@pytest.mark.parametrize("bad", ["맑음평양 3.4℃", "- 평양 3.4℃", "흐림대전 x.y℃", "- 대전 x.y℃"])
def test_malformed_lines_at_either_end_of_a_list_without_bullets_are_rejected(place, bad):
    lines = ["맑음서울 1.0℃", "비부산 3.0℃", "눈제주 4.0℃", "맑음대구 2.0℃"]
    lines.insert(place, bad)
    assert counted(read("\n".join([DATED, *lines, "기상청 제공"]))) == (4, 1)


def test_an_unknown_condition_before_the_end_mark_is_rejected():
    page = "맑음서울 1.0℃\n비부산 3.0℃\n눈제주 4.0℃\n흙비대구 2.0℃\n기상청 제공"
    assert rejects(read(page)) == [(4, "unknown_condition")]


@pytest.mark.parametrize("menu", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("end", ["", "기상청 제공\n"])
def test_a_menu_separates_two_lists_and_belongs_to_neither(menu, end):
    items = "".join(f"• {item}\n" for item in ["홈", "로그인", "회원가입", "정치"] * 5)
    items = "".join(items.splitlines(keepends=True)[:menu])
    page = "\n".join(GOOD) + "\n" + end + items + "\n".join(GOOD).replace("1.0", "7.0")
    found = read(page)
    assert counted(found) == (10, 0)
    assert found.snapshots.height == 2
