"""Korean phrases for other sites. `nalssi.locale.publication_phrases` explains each phrase."""

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
        " 새 자료가 들어올 때마다 내용이 바뀝니다."
    ),
    preview="미리 보기",
    page_not_found="페이지를 찾을 수 없습니다",
    page_not_found_text=(
        "주소가 잘못되었거나 페이지가 없어졌습니다. 위에서 지점이나 지역을 찾거나 달력에서 날짜를"
        " 고르세요."
    ),
    start_page="첫 화면으로",
    feed_title="날씨: 기온 기록과 자료 이상",
    feed_subtitle="최고·최저 기온 경신, 멈춘 피드, 수집이 끊긴 사이트",
    record={
        "high": "최고 기온 경신: {name} {value}도",
        "low": "최저 기온 경신: {name} {value}도",
    },
    records={
        "high": "최고 기온 경신: {name} {value}도 등 {count}개 지점",
        "low": "최저 기온 경신: {name} {value}도 등 {count}개 지점",
    },
    record_of_all={
        "high": "전체 최고 기온 경신: {name} {value}도",
        "low": "전체 최저 기온 경신: {name} {value}도",
    },
    record_line="{name} {value}도(종전 {before}도, {when})",
    more_records="이 밖에 {count}개 지점",
    record_note=(
        "{first}부터 모은 자료에서 나온 기록입니다. 공식 기록이 아닙니다."
        " 앞선 자료가 30일 이상 있는 지점만 셉니다."
    ),
    frozen_title="멈춘 피드: {sites}, 같은 목록을 {count}개 날짜로 실음",
    frozen_text=(
        "{stations}개 지점의 같은 목록이 {first}부터 {last}까지 여러 날짜로 {pages}개 페이지에"
        " 실렸습니다. 날짜가 틀린 관측값은 통계에서 제외했습니다."
    ),
    source_title="수집 중단: {source}",
    source_text="{since}에 마지막으로 수집했습니다. 그 뒤로 페이지를 가져오지 못했습니다.",
    source_never_fetched="{since}부터 시도했지만 페이지를 한 번도 가져오지 못했습니다.",
    territory="ko_KR",
    site_description="뉴스 사이트에 실린 기상청 현재 날씨를 지점과 날짜별로 모았습니다.",
    list_description="{headline} ({moment})",
    place_description=(
        "{name}의 기온. {first}부터 {last}까지 {days}일의 자료. 최저 {low}도, 최고 {high}도."
    ),
    place_without_data="{name}의 기온. 쓸 수 있는 관측값이 아직 없습니다.",
)
