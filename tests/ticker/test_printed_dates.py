"""The date of a ticker: printed at the list, printed as the site's last edit, or of capture."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from nalssi.ticker.printed_dates import FIRST_DATE
from tests.ticker.read_text import read, rejects

LIST = "• 맑음속초 1.0℃\n• 흐림서울 2.0℃\n• 비부산 3.0℃\n"
FRIDAY = date(2025, 12, 19)
CAPTURED = datetime(2025, 12, 20, 16, 30, tzinfo=UTC)  # already the 21st in Korea


def dated(found) -> list[tuple]:
    """Return the printed date, its source and the observed day of each sighting."""
    return (
        found.sightings.join(found.snapshots, on="snapshot_id", maintain_order="left")
        .select("printed_on", "date_source", "observed_on")
        .rows()
    )


@pytest.mark.parametrize(
    "line",
    [
        "2025.12.19 (금)",
        "2025.12.19(금)",
        "2025.12.19",
        "2025.12.19 (금) 14:05",
        "2025.12.19 14:05 (금)",
        "2025-12-19 (금)",
        "2025-12-19 14:05:30 현재",
        "2025.12.19 14:00 기준",
        "현재 2025.12.19 14:00",
        "2025년 12월 19일 (금)",
        "2025년 12월 19일 금요일",
        "２０２５.12.19 (금)",
        "• 2025.12.19 (금)",
        "2025.12.19 (Fri)",
        "2025.12.19 FRIDAY",
        "2025.12.19(fri.) 14:00",
        "2025.12.19 (金)",
        "[2025.12.19 (금)]",
        "(2025.12.19)",
        "[2025.12.19 금요일 14:05]",
        "2025.12.19 (금) | 로그인",
        "2025.12.19 (금) | 로그인 | 회원가입",
    ],
)
@pytest.mark.parametrize("page", ["{date}\n\n{list}", "글\n\n{list}기상청 제공\n\n{date}\n글\n"])
def test_a_tickers_own_date_is_before_or_after_the_list(line, page):
    assert dated(read(page.format(date=line, list=LIST))) == [(FRIDAY, "ticker", FRIDAY)]


@pytest.mark.parametrize(
    "line",
    [
        "최종편집: 2025-12-19 00:04",
        "최종편집 2025.12.19 (금) 12:10",
        "최종 편집일 : 2025년 12월 19일",
        "최종수정 2025.12.19 08:18",
        "최종업데이트 2025.12.19 08:18",
        "업데이트 : 2025.12.19 (금) 08:18",
        "UPDATED. 2025-12-19 14:00 (금)",
        "최종편집: 2025-12-19 00:04 | 로그인",
    ],
)
def test_the_sites_last_edit_has_the_date_source_site(line):
    assert dated(read(f"{line}\n\n{LIST}")) == [(FRIDAY, "site", FRIDAY)]


def test_the_tickers_own_date_wins_over_the_sites():
    page = f"2025.12.19 (금)\n최종편집: 2025-12-20 00:04\n{LIST}"
    assert dated(read(page)) == [(FRIDAY, "ticker", FRIDAY)]


@pytest.mark.parametrize(
    "line",
    [
        "• 등록 2025.12.19 08:18:20",
        "등록 2025.12.19 08:18:20",
        "입력 2025-12-19",
        "2025.12.19 금요일 김해시에서 열린 행사",
        "• 2025.12.19 08:18:20",
        "업데이트 2025.12.19 08:18",
        "Updated 2025.12.19 08:18",
        "2025.12.19 08:18 | 홍길동 기자",
        "2025.12.19 | 사회",
        "2025.12.19 (금) | 조회 120",
        "12.19 (금)",
        "25.12.19 (금)",
    ],
)
def test_an_articles_date_is_not_the_tickers(line):
    for page in (f"{line}\n{LIST}", f"{LIST}기상청 제공\n{line}\n"):
        found = read(page)
        assert dated(found) == [(None, None, None)]
        assert found.rejects.height == 0


@pytest.mark.parametrize("line", ["2025.12.19 08:18:20", "2025-12-19 오전 8시 18분"])
@pytest.mark.parametrize("end", ["", "기상청 제공\n"])
def test_a_bare_date_with_a_clock_time_dates_only_the_list_below_it(line, end):
    assert dated(read(f"{LIST}{end}{line}\n글\n")) == [(None, None, None)]
    assert dated(read(f"{line}\n{LIST}{end}")) == [(FRIDAY, "ticker", FRIDAY)]


def test_a_bare_date_must_touch_the_list():
    assert dated(read(f"2025.12.19\n배너\n{LIST}")) == [(None, None, None)]


def test_a_banner_may_stand_between_a_page_date_and_the_list():
    assert dated(read(f"2025.12.19 (금)\n배너\n로그인\n{LIST}")) == [(FRIDAY, "ticker", FRIDAY)]


def test_an_undated_list_has_no_date():
    assert dated(read(LIST)) == [(None, None, None)]


def test_capture_dates_an_undated_list_in_korean_time():
    assert dated(read(LIST, captured_at=CAPTURED)) == [(None, "capture", date(2025, 12, 21))]


def test_capture_never_overrides_a_printed_date():
    found = read(f"2025.12.19 (금)\n{LIST}", captured_at=CAPTURED)
    assert dated(found) == [(FRIDAY, "ticker", FRIDAY)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025.02.30 (일)", "impossible_date"),
        ("2025.13.01", "impossible_date"),
        ("2025.00.10", "impossible_date"),
        ("1903.12.19", "impossible_date"),
        ("0000.12.19", "impossible_date"),
        ("2025.12.19 (토)", "weekday_mismatch"),
        ("2025.12.19 (Sat)", "weekday_mismatch"),
        ("[2025.12.19 (土)]", "weekday_mismatch"),
        ("최종편집: 2025-12-32 00:04", "impossible_date"),
    ],
)
def test_an_impossible_date_is_rejected_and_capture_dates_the_list(line, reason):
    found = read(f"{line}\n{LIST}")
    assert dated(found) == [(None, None, None)]
    assert found.rejects.select("line", "text", "reason").rows() == [(1, line, reason)]
    captured = read(f"{line}\n{LIST}", captured_at=CAPTURED)
    assert dated(captured) == [(None, "capture", date(2025, 12, 21))]
    assert found.ticker_lines == found.lines.height == 3  # apart from the line counts


def test_a_date_after_the_capture_is_impossible():
    tomorrow = read(f"2025.12.22 (월)\n{LIST}", captured_at=CAPTURED)
    assert rejects(tomorrow) == [(1, "impossible_date")]
    assert dated(tomorrow) == [(None, "capture", date(2025, 12, 21))]
    assert rejects(read(f"2025.12.21 (일)\n{LIST}", captured_at=CAPTURED)) == []


def test_a_list_without_its_own_date_gets_the_only_date_of_the_page():
    article = "글\n" * 20
    found = read(f"2025.12.19 (금)\n{LIST}기상청 제공\n{article}{LIST}기상청 제공\n")
    assert dated(found) == [(FRIDAY, "ticker", FRIDAY)] * 2


@pytest.mark.parametrize("end", ["", "기상청 제공\n"])
def test_dates_after_their_lists_belong_to_the_lists_above_them(end):
    warmer = LIST.replace("1.0", "5.0")
    found = read(f"{LIST}{end}2025.12.19 (금)\n{warmer}{end}2025.12.20 (토)\n")
    assert [row[0].day for row in dated(found)] == [19, 20]
    found = read(f"2025.12.19 (금)\n{LIST}{end}2025.12.20 (토)\n{warmer}{end}")
    assert [row[0].day for row in dated(found)] == [19, 20]


def test_a_list_without_a_date_stays_undated_if_the_page_has_two_dates_or_a_rejected_one():
    far = "글\n" * 12
    for other in ("2025.12.20 (토)", "2025.12.32", "2025.12.20 (일)"):
        found = read(f"2025.12.19 (금)\n{LIST}{far}{other}\n{LIST}{far}{LIST}")
        assert [row[0] for row in dated(found)][2] is None


def test_the_first_day_of_observations_is_a_possible_date():
    assert dated(read(f"1904.04.01\n{LIST}")) == [(FIRST_DATE, "ticker", FIRST_DATE)]


def test_time_grows_linearly_with_the_number_of_dated_lists():
    """Comparing every list with every date would take 900 million comparisons."""
    found = read("".join(f"2025.12.{n % 28 + 1:02}\n{LIST}" for n in range(30_000)))
    assert found.snapshots["observed_on"].n_unique() == 28
