"""The tokens of a text, and the readings that they make up: the steps before lines are read."""

from __future__ import annotations

import pytest

from nalssi.ticker.layouts.lists_in_tokens import find_lists
from nalssi.ticker.layouts.long_line_tokens import tokens_near_temperatures
from nalssi.ticker.layouts.text_tokens import (
    BULLET,
    COMMA,
    CONDITION,
    DASH,
    DATE,
    END,
    OTHER,
    STATION,
    TEMPERATURE,
    UNKNOWN_NAME,
    WHOLE_NUMBER,
    WRONG_NUMBER,
    as_ticker_line,
    tokenize,
)
from nalssi.ticker.layouts.token_groups import Group, is_ticker


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Return the kind and the text of each token."""
    return [(token.kind, text[token.start : token.end]) for token in tokenize(text)]


def lists_of(line: str, *, last: bool = False) -> list[list[str]]:
    """Return the readings of each list in a line."""
    found = find_lists(line, tokens_near_temperatures(line), last=last)
    return [[line[start:end] for start, end in spans] for spans in found]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("비서울 1.0℃", [(CONDITION, "비"), (STATION, "서울"), (TEMPERATURE, "1.0℃")]),
        ("맑음,서울", [(CONDITION, "맑음"), (COMMA, ","), (STATION, "서울")]),
        ("서울 -12도", [(STATION, "서울"), (WRONG_NUMBER, "-12도")]),  # a sign, and no condition
        ("서울 - 눈", [(STATION, "서울"), (DASH, "-"), (CONDITION, "눈")]),
        ("진도 (첨찰산) 3.0℃", [(STATION, "진도 (첨찰산)"), (TEMPERATURE, "3.0℃")]),
        ("진도|(첨찰산)", [(STATION, "진도|(첨찰산)")]),
        ("서울 null℃", [(STATION, "서울"), (WHOLE_NUMBER, "null℃")]),
        ("서울 --5.1℃", [(STATION, "서울"), (WHOLE_NUMBER, "--5.1℃")]),
        ("2026.01.23 (금)", [(DATE, "2026.01.23 (금)")]),
        ("등록 2026.01.23", [(UNKNOWN_NAME, "등록"), (OTHER, " 2026.01.23")]),
        ("기상청 제공", [(END, "기상청 제공")]),
        # a number has 16 characters at most
        ("12345678901234567℃", [(WRONG_NUMBER, "1"), (WHOLE_NUMBER, "2345678901234567℃")]),
    ],
)
def test_a_text_is_split_into_tokens(text, tokens):
    assert tokens_of(text) == tokens


def test_prose_before_a_glued_list_is_one_token():
    line = "로그인흐림동두천1.0℃맑음서울2.0℃"
    tokens = tokens_near_temperatures(line)
    assert [line[token.start : token.end] for token in tokens[:4]] == [
        *("로그인", "흐림", "동두천", "1.0℃")
    ]
    assert tokens[0].kind == OTHER


def test_a_reading_keeps_the_order_of_its_parts_unless_it_is_to_change():
    assert as_ticker_line("1.0℃ | 서울, 맑음") == "1.0℃ 서울 맑음"
    assert as_ticker_line("1.0℃ | 서울, 맑음", reorder=True) == "맑음 서울 1.0℃"


NAME_AND_NUMBER = STATION + TEMPERATURE
NO_READING = Group(BULLET + UNKNOWN_NAME, 0, 0)


def groups_of(with_condition: int, others: int, kinds: str = NAME_AND_NUMBER) -> list[Group]:
    return [Group(CONDITION + kinds, 0, 0)] * with_condition + [Group(kinds, 0, 0)] * others


NAMES = {"서울", "부산", "제주"}


@pytest.mark.parametrize(
    ("groups", "has_end_mark", "expected"),
    [
        (groups_of(2, 6), False, True),  # a quarter has a condition
        (groups_of(2, 7), False, False),
        (groups_of(2, 7), True, True),
        (
            groups_of(3, 3, STATION + COMMA + TEMPERATURE),
            True,
            True,
        ),  # prose has commas
        (groups_of(3, 4, STATION + COMMA + TEMPERATURE), True, False),
        (groups_of(0, 3) + [NO_READING] * 3, True, True),  # half are readings
        (groups_of(0, 3) + [NO_READING] * 4, True, False),
        (groups_of(0, 3), False, False),
        (groups_of(2, 0), True, False),
    ],
)
def test_a_ticker_has_enough_readings_with_conditions_or_the_end_mark(
    groups, has_end_mark, expected
):
    assert is_ticker(groups, NAMES, has_end_mark=has_end_mark) == expected


def test_a_ticker_has_three_stations():
    assert is_ticker(groups_of(5, 0), NAMES, has_end_mark=True)
    assert not is_ticker(groups_of(5, 0), {"서울", "부산"}, has_end_mark=True)


LIST = "맑음 서울 1.0℃ 비 부산 3.0℃ 눈 제주 4.0℃"
READINGS = ["맑음 서울 1.0℃", "비 부산 3.0℃", "눈 제주 4.0℃"]
BULLETED = "• 맑음 서울 1.0℃ • 비 부산 3.0℃ • 눈 제주 4.0℃"
RECORDS = "홍천 41.0℃ 의성 40.4℃ 양평 40.1℃"


@pytest.mark.parametrize(
    ("line", "lists"),
    [
        # prose, or a number of a menu, before the list
        (f"서울 맑음 3.2℃, 부산 흐림 4.1℃, 제주 비 2.0℃ abc {LIST}", [READINGS]),
        (f"서울 1.0℃ 로그인 회원 {LIST} 로그인", [READINGS]),
        # the end mark makes records a list, but only directly after them
        (f"{RECORDS} 기상청 제공", [["홍천 41.0℃", "의성 40.4℃", "양평 40.1℃"]]),
        (f"{RECORDS} 로그인 기상청 제공", []),
        (f"{RECORDS}", []),
        # an unknown station at the start
        (f"맑음 평양 3.2℃ {LIST}", [["맑음 평양 3.2℃", *READINGS]]),
        (f"2026.01.23 (금) 평양 3.2℃ {LIST} 흐림 로그인", [READINGS]),
        (f"2026.01.23 (금) abc 평양 3.2℃ {LIST} 흐림 로그인", []),
        (f"기상청 제공 평양 3.2℃ {LIST} 흐림 로그인", []),
        (f"로그인 평양 3.2℃ {LIST} 흐림 로그인", []),
        # other bullets around the list
        (f"• 홈 • 메뉴 {BULLETED} • 홈 • 로그인", [BULLETED.replace(" •", "\n•").split("\n")]),
        (f"{BULLETED} 로그인", [BULLETED.replace(" •", "\n•").split("\n")]),
        (f"{BULLETED} 로그인 회원", [BULLETED.replace(" •", "\n•").split("\n")]),
        # with bullets, other text in a reading does not end the list
        (
            "• 맑음 서울 1.0℃ • 비 부산 abc • 눈 제주 4.0℃ • 흐림 대구 5.0℃",
            [["• 맑음 서울 1.0℃", "• 비 부산 abc", "• 눈 제주 4.0℃", "• 흐림 대구 5.0℃"]],
        ),
        (
            "• 서울 1.0℃ 맑음 • 부산 abc 비 • 제주 4.0℃ 눈 • 대구 5.0℃ 흐림",
            [["• 서울 1.0℃ 맑음", "• 부산 abc 비", "• 제주 4.0℃ 눈", "• 대구 5.0℃ 흐림"]],
        ),
        # commas between all parts, and the number before the name
        (
            "서울, 맑음, 3.2℃, 부산, 흐림, 4.1℃, 제주, 비, 2.0℃",
            [["서울, 맑음, 3.2℃,", "부산, 흐림, 4.1℃,", "제주, 비, 2.0℃"]],
        ),
        (
            "맑음 3.2℃ 서울 흐림 4.1℃ 부산 비 2.0℃ 제주 로그인",
            [["맑음 3.2℃ 서울", "흐림 4.1℃ 부산", "비 2.0℃ 제주"]],
        ),
        # two readings are a list if nothing else is on the line
        ("맑음 서울 1.0℃ 비 부산 3.0℃", [READINGS[:2]]),
        ("| 맑음 서울 1.0℃ | 비 부산 3.0℃ |", [READINGS[:2]]),
        ("글 맑음 서울 1.0℃ 비 부산 3.0℃", []),
        ("맑음 서울 1.0℃ 비 부산 3.0℃ 글", []),
        (
            "서울 1.0℃ 맑음 부산 3.0℃ 비 제주 4.0℃ 눈 로그인",
            [["서울 1.0℃ 맑음", "부산 3.0℃ 비", "제주 4.0℃ 눈"]],
        ),
    ],
)
def test_a_list_is_found_in_a_line_without_the_text_around_it(line, lists):
    assert lists_of(line) == lists


@pytest.mark.parametrize(
    ("rest", "cut"),
    [
        (" abc", [" abc"]),
        (" " + "a" * 39, [" " + "a" * 39]),
        (" " + "a" * 40, []),  # too long for a reading
        (" " + "로그인 " * 20, []),
        ("  ", []),
    ],
)
def test_a_document_may_end_inside_a_reading(rest, cut):
    assert lists_of(LIST + rest, last=True) == [[*READINGS, *cut]]
    assert lists_of(LIST + rest) == [READINGS]


def test_a_document_may_end_inside_the_condition_of_its_last_reading():
    line = "서울 1.0℃ 맑음 부산 3.0℃ 비 제주 4.0℃ 눈 대구 3.0℃ 구"
    assert lists_of(line, last=True)[0][3:] == ["대구 3.0℃ 구"]
    assert lists_of(line + " abc", last=True)[0][3:] == ["대구 3.0℃ 구 abc"]
    assert lists_of(line[:-1] + "눈 abc", last=True)[0][3:] == ["대구 3.0℃ 눈", " abc"]
