"""KMA's table of current weather, as HTML."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from nalssi.sources.readers.page_documents import RawPage, documents
from nalssi.ticker import Extraction, extract

HEAD = (
    "<tr><th>지점</th><th colspan='4'>날씨</th><th colspan='3'>기온(℃)</th><th>강수</th></tr>"
    "<tr><th>현재일기 </th><th>시정<br/>km</th><th>운량</th><th>중하운량</th>"
    "<th>현재<br/>기온</th><th>이슬점<br/>온도</th><th>불쾌<br/>지수</th><th>습도<br/>%</th></tr>"
)
HOUR = datetime(2017, 5, 17, 5, tzinfo=UTC)  # 14 h in Korea


def link(station: str, name: str, hour: str = "2017.5.17.14:00") -> str:
    return (
        f'<a href="/weather/currentweather.jsp?tm={hour}&amp;type=t99&amp;stn={station}">{name}</a>'
    )


def row(station: str, word: str, value: str) -> str:
    others = f"<td>12.6</td><td>3</td><td>3</td><td>{value}</td><td>10.8</td><td>71</td><td>41</td>"
    return f"<tr><td>{station}</td><td>{word}</td>{others}</tr>"


def table(*rows: str, above: str = "2017.05.17.14:00", head: str = HEAD) -> str:
    return (
        f'<html><body><p class="table_topinfo">{above}</p><table class="table_develop3">'
        f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody></table></body></html>"
    )


def read(page: str, charset: str = "utf-8") -> Extraction:
    raw = page.encode(charset)
    return extract(documents([RawPage("html", "https://www.kma.go.kr/x", raw, charset)]))


ROWS = (
    row(link("119", "수원"), "구름조금", "25.0"),
    row(link("98", "동두천"), "&nbsp;", "-0.9"),
    row(link("100", "대관령"), "-", "&nbsp;"),
    row(link("108", "서울"), "비 끝남", "-"),
)
READINGS = [
    *[(119, "구름조금", 25.0), (98, None, -0.9), (100, "-", None), (108, "비 끝남", None)],
]


@pytest.mark.parametrize("charset", ["utf-8", "cp949"])
def test_station_and_hour_come_from_the_links_and_values_from_their_columns(charset):
    found = read(table(*ROWS), charset)
    assert found.lines.select("station_id", "condition_raw", "temperature_c").rows() == READINGS
    assert found.snapshots["observed_at"].to_list() == [HOUR]
    assert set(found.lines["station_source"]) == {"feed"}
    assert found.documents["media_type"].to_list() == ["text/html"]


def test_the_columns_are_found_by_their_headings():
    head = HEAD.replace(
        "<th>현재일기 </th><th>시정<br/>km</th>", "<th>시정<br/>km</th><th>현재일기</th>"
    )
    rows = [
        one.replace("<td>구름조금</td><td>12.6</td>", "<td>9.9</td><td>비</td>") for one in ROWS[:1]
    ]
    found = read(table(*rows, head=head))
    assert found.lines.select("condition_raw", "temperature_c").rows() == [("비", 25.0)]


def test_the_newer_layout_names_the_stations_column_beside_the_others():
    head = HEAD.replace("<tr><th>현재일기", "<tr><th>이름</th><th>현재일기")
    page = table(*ROWS, head=head).replace("table_topinfo", "cmp-table-topinfo")
    page = page.replace(">2017.05", ">기상실황표2017.05")
    found = read(page.replace("tm=2017.5.17.14:00&amp;", ""))
    assert found.lines.select("station_id", "condition_raw", "temperature_c").rows() == READINGS
    assert found.snapshots["observed_at"].to_list() == [HOUR]


def test_hours_that_contradict_each_other_leave_the_day():
    found = read(table(*ROWS, above="2017.05.17.15:00"))
    assert found.snapshots["observed_at"].to_list() == [None]
    assert found.snapshots["observed_on"].cast(pl.String).to_list() == ["2017-05-17"]


def test_a_page_without_an_hour_has_no_hour_and_no_rejected_date():
    found = read(table(*ROWS, above="").replace("tm=2017.5.17.14:00&amp;", ""))
    assert (found.lines.height, found.rejects.height) == (4, 0)
    assert found.snapshots["observed_on"].to_list() == [None]


def test_unreadable_rows_are_rejected():
    rows = [
        row(link("9999", "평양"), "맑음", "1.0"),
        row(link("119", "수원"), "흙비", "1.0"),
        row(link("98", "동두천"), "맑음", "99.9"),
        f"<tr><td>{link('90', '속초')}</td><td colspan='8'>점검 중</td></tr>",
        row("합계", "", "3.0"),
    ]
    found = read(table(*rows))
    reasons = ["unknown_station", "unknown_condition", *["unreadable_temperature"] * 2]
    assert found.rejects["reason"].to_list() == reasons
    assert found.ticker_lines == 4


def test_another_table_is_not_read_as_a_feed():
    assert (
        read("<table><tr><th>현재일기</th></tr></table><a href='?stn=1'>기온 1℃</a>").ticker_lines
        == 0
    )


def test_a_table_of_another_minute_has_its_day_and_no_hour():
    rows = row(link("119", "수원", "2017.5.17.14:30"), "구름조금", "25.0")
    found = read(table(rows, above="2017.05.17.14:30"))
    assert found.snapshots["observed_at"].to_list() == [None]
    assert found.snapshots["observed_on"].to_list() == [HOUR.date()]
