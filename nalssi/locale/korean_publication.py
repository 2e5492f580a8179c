"""Korean phrases of embeds, feed and descriptions, declared in `publication_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.publication_phrases import PublicationPhrases

KOREAN_PUBLICATION: Final = PublicationPhrases(
    embed_title="{name} 날씨",
    embed_no_reading="{day} 자료 없음",
    full_page="자세히 보기",
    printed_by="{sites}에 실린 값",
    and_more="{sites} 외 {count}곳",
    embed="퍼가기",
    embed_note=(
        "아래 코드를 웹페이지에 붙여 넣으면 최신 날씨가 보입니다."
        " 새 자료가 들어오면 자동으로 바뀝니다."
    ),
    preview="미리 보기",
    page_not_found="페이지를 찾을 수 없습니다",
    page_not_found_text=(
        "주소가 잘못됐거나 페이지가 없어졌습니다. 위에서 지점이나 지역을 찾거나 달력에서 날짜를"
        " 고르세요."
    ),
    start_page="첫 화면으로",
    feed_title="날씨: 기온 기록과 자료 이상",
    feed_subtitle="최고·최저기온 경신, 갱신을 멈춘 사이트, 수집이 끊긴 사이트",
    record={
        "high": "최고기온 경신: {name} {value}",
        "low": "최저기온 경신: {name} {value}",
    },
    records={
        "high": "최고기온 경신: {name} {value} 등 {count}개 지점",
        "low": "최저기온 경신: {name} {value} 등 {count}개 지점",
    },
    record_of_all={
        "high": "전 지점 최고기온 경신: {name} {value}",
        "low": "전 지점 최저기온 경신: {name} {value}",
    },
    record_line="{name} {value}(종전 {before}, {when})",
    more_records="이 밖에 {count}개 지점",
    record_note=(
        "{first}부터 모은 자료 안의 기록이며 공식 기록이 아닙니다."
        " 그 전 자료가 30일 이상 있는 지점만 대상으로 합니다."
    ),
    frozen_title="갱신 멈춤: {sites}, 같은 목록을 {count}개 날짜로 실어",
    frozen_text=(
        "{stations}개 지점의 같은 목록이 {first}부터 {last}까지 여러 날짜로 {pages}개 페이지에"
        " 실렸습니다. 날짜가 틀린 관측값은 통계에서 제외했습니다."
    ),
    source_title="수집 중단: {source}",
    source_text="{since}에 마지막으로 수집한 뒤로 페이지를 가져오지 못했습니다.",
    source_never_fetched="{since}부터 페이지를 한 번도 가져오지 못했습니다.",
    territory="ko_KR",
    site_description="뉴스 사이트에 실린 기상청 현재 날씨를 지점과 날짜별로 모았습니다.",
    list_description="{headline} ({moment})",
    place_description=(
        "{name}의 기온. {first}부터 {last}까지 {days}일의 자료. 최저 {low}, 최고 {high}."
    ),
    place_without_data="{name}의 기온. 쓸 수 있는 관측값이 아직 없습니다.",
)
