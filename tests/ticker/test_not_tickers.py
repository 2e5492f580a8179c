"""Prose, forecasts, records and tables: many temperatures, and not one reading."""

from __future__ import annotations

from tests.ticker.not_tickers import NOT_TICKERS
from tests.ticker.pages import read


def test_nothing_is_read_from_texts_that_hold_no_ticker():
    found = read(*NOT_TICKERS.values())
    numbers = dict(zip([f"page:{n}" for n in range(len(NOT_TICKERS))], NOT_TICKERS, strict=True))
    assert [numbers[uri] for uri in found.documents["uri"]] == []
    assert (found.lines.height, found.rejects.height, found.ticker_lines) == (0, 0, 0)


def test_a_list_below_a_forecasts_heading_is_read_if_it_is_marked_as_a_ticker():
    rows = ["서울 맑음 3.2℃", "부산 흐림 4.1℃", "제주 비 9.0℃"]
    heading = "내일 예상 기온\n"
    assert read(heading + "\n".join(rows)).ticker_lines == 0
    assert read(heading + "\n".join(rows) + "\n기상청 제공").ticker_lines == 3
    assert read(heading + "\n".join(f"• {row}" for row in rows)).ticker_lines == 3
