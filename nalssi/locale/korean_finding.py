"""Korean phrases of finding things. `nalssi.locale.finding_phrases` explains each phrase."""

from __future__ import annotations

from typing import Final

from nalssi.locale.finding_phrases import FindingPhrases

KOREAN_FINDING: Final = FindingPhrases(
    impossible_date="달력에 없는 날짜입니다.",
    missing_date="{date} 자료는 없습니다. 가까운 날짜:",
    near_day="가까운 날짜",
    nearest_station="가장 가까운 {station} 지점({km}km)",
    station_of_town="{station} 지점",
    go_to_date="날짜로 이동",
    go="이동",
    newest_observed="{ago} 관측",
    newest_captured="{ago} 수집",
    newest_of_day="{ago} 자료",
    newest_is_old=(
        "이틀 넘게 새 자료가 없습니다. 지금 날씨가 아니라 마지막으로 들어온 자료이며,"
        " 수집이 멈췄거나 사이트의 날씨 목록이 갱신되지 않는 상태일 수 있습니다."
    ),
)
