"""Prose, forecasts, records and tables have many temperatures and no reading."""

from __future__ import annotations

import pytest

from tests.ticker.not_tickers import NOT_TICKERS
from tests.ticker.read_text import read, read_each


def test_nothing_is_read_from_texts_that_hold_no_ticker():
    found = read(*NOT_TICKERS.values())
    numbers = dict(zip([f"page:{n}" for n in range(len(NOT_TICKERS))], NOT_TICKERS, strict=True))
    assert [numbers[uri] for uri in found.documents["uri"]] == []
    assert (found.lines.height, found.rejects.height, found.ticker_lines) == (0, 0, 0)


ROWS = ["서울 맑음 3.2℃", "부산 흐림 4.1℃", "제주 비 9.0℃"]
DATED = "2025.12.19 (금)\n"
FORMS = ["\n".join(ROWS) + "\n기상청 제공", "\n".join(f"• {row}" for row in ROWS)]
FORMS += [FORMS[1] + "\n기상청 제공", FORMS[0].replace("맑음 ", "").replace("흐림 ", "")]


def below(text: str) -> list[str]:
    """Return pages with a list of each form below a text, without and with a date."""
    return [
        page
        for each in FORMS
        for page in (f"{text}\n{each}", f"{text}\n{DATED}{each}", f"{DATED}{text}\n{each}")
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "내일 예상 기온",
        "역대 일 최고기온 순위",
        "수온",
        "■ 내일 최고기온",
        "내일 날씨",
        "[모레 날씨]",
        "지면온도",
        "해수면 온도",
        "주말 날씨 전망",
        "월별 최저기온 극값",
        "이번 주말 전국 날씨",
    ],
)
def test_a_list_below_a_heading_of_other_values_is_not_a_ticker(heading):
    assert read(*below(heading)).ticker_lines == 0


@pytest.mark.parametrize(
    "above",
    [
        "오늘의 날씨",
        "전국 날씨",
        "날씨",
        "로그인",
        "주말",
        "기상특보",
        "바다날씨",
        "주간예보",
        "오늘 날씨\n내일 날씨",
        "코스피 사상 최고 기록",
        "내일도 도서관은 문을 연다",
        "내일날씨\n홈",
    ],
)
def test_a_menu_or_a_headline_above_a_list_removes_none_of_its_lines(above):
    pages = below(above)
    assert [found.ticker_lines for found in read_each(*pages)] == [3] * len(pages)
