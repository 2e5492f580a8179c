"""Korean phrases of day, records and comparison charts, declared in `time_chart_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.time_chart_phrases import TimeChartPhrases

KOREAN_TIME_CHARTS: Final = TimeChartPhrases(
    day_headline="기온 변화가 가장 큰 곳은 {places}, {low}~{high}도",
    day_headline_unchanged="{times}개 시각 동안 모든 지점의 기온이 그대로",
    day_times=("시각이 다른 목록 {count}개 · {stations}개 지점",) * 2,
    day_known="관측 시각",
    day_captured="수집 시각(관측 시각 미상)",
    day_line="이어지는 관측",
    day_long_line="{hours}시간 넘게 떨어진 관측",
    hour="{hour}시",
    records_headline="최고는 {warmest} {highest}, 최저는 {coldest} {lowest}",
    records_counts="{stations}개 지점 · 관측 {observations:,}건",
    records_legend="모은 자료의 최고·최저이며, 기상청 공식 기록이 아님",
    lowest="최저",
    highest="최고",
    at_hour="{day} {time}",
    at_capture="{day} {time} 수집",
    tied_days=("외 {count}일", "외 {count}일"),
    station_warmer="{name}, {other}보다 평균 {value}도 높아",
    station_colder="{name}, {other}보다 평균 {value}도 낮아",
    station_equal="{name}와(과) {other}, 평균 기온 같아",
    period_warmer="{places}, {period}보다 평균 {value}도 높아",
    period_colder="{places}, {period}보다 평균 {value}도 낮아",
    period_equal="{places}, {period}와(과) 평균 기온 같아",
    some_places=("{count}개 지점", "{count}개 지점"),
    same_days_of="{year}년 같은 날",
    days_from_to="{first}~{last}",
    same_lists="같은 목록에 함께 실린 관측 {pairs:,}건 · {days}일",
    like_hours="비슷한 시각(1시간 이내)의 관측 {pairs:,}쌍 · {stations}개 지점 · {days}일",
    difference="차이",
    open_point="시각이 부족한 날",
)
