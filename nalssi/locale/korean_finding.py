"""Korean phrases of search, dates, records and comparison, declared in `finding_phrases`."""

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
    newest_list="최신 목록:",
    newest_is_old=(
        "이틀 넘게 새 자료가 들어오지 않았습니다. 지금 날씨가 아니라 마지막으로 들어온 자료입니다."
        " 수집이 멈췄거나, 사이트가 날씨 목록을 갱신하지 않고 있을 수 있습니다."
    ),
    added_when_over=" 자료는 하루가 끝나면 더합니다.",
    other_years="다른 해 {month}월 {day}일",
    other_years_caption="다른 해 같은 날의 기온 (°C)",
    records="기록",
    records_note=(
        "{first}부터 {last}까지 모은 날씨 목록 가운데 가장 높거나 낮은 값으로, 기상청 공식 기록이"
        " 아닙니다. 목록이 없는 날과 시각의 기온은 알 수 없어 실제 최고·최저는 이보다 높거나 낮을"
        " 수 있습니다. 지점별 일수와 목록 수를 표에 함께 적었습니다. 제외한 관측값은 뺐고,"
        " 전날 대비 변화는 이틀 모두 일평균이 있을 때만 비교했습니다."
    ),
    records_by_station="지점별 기록",
    records_by_region="지역별 기록",
    highest="가장 높은 기온",
    lowest="가장 낮은 기온",
    largest_change="전날 대비 가장 큰 변화",
    other_days="외 {count}일",
    day_count="일수",
    first_to_last="첫날~마지막 날",
    list_count="목록 수",
    compare="비교",
    compare_note=(
        "두 지점이나 지역, 또는 두 기간의 하루 기온을 견줍니다. 고른 조건은 주소에 담기므로,"
        " 주소를 복사해 보내면 같은 화면이 열립니다."
    ),
    compare_needs_script=(
        "비교하려면 브라우저에서 자바스크립트를 켜야 합니다. 자바스크립트 없이도 지역과 지점"
        " 페이지에서 날짜별 그래프와 값을 볼 수 있습니다."
    ),
    first_place="첫째 지역·지점",
    second_place="둘째 지역·지점",
    from_day="시작일",
    to_day="종료일",
    second_from_day="둘째 기간의 시작일(선택)",
    second_from_note=(
        "둘째 기간의 시작일을 넣으면 길이가 같은 다른 기간과 견줍니다. 한 지점의 두 해를"
        " 견줄 때는 첫째와 둘째에 같은 지점을 고르십시오."
    ),
    do_compare="비교하기",
    compare_none=(
        "조건이 같은 날이 없어 차이를 구하지 않았습니다. 둘 다 일평균이 있거나,"
        " 같은 목록에 실렸거나, 목록의 수와 시각이 같은 날만 견줍니다."
    ),
    compare_empty_one="고른 기간에는 {a} 자료가 없습니다.",
    name_in_year="{name} {year}년",
    name_from_day="{name} {day}~",
    compare_empty="고른 기간에는 {a}, {b} 모두 자료가 없습니다.",
    compare_order="종료일이 시작일보다 앞서거나, 기간이 10년보다 깁니다.",
    compare_failed="자료 파일을 열지 못했습니다: {file}",
    first_warmer="{a}, {b}보다 평균 {degrees}도 높아 (조건이 같은 {count}일 비교)",
    first_colder="{a}, {b}보다 평균 {degrees}도 낮아 (조건이 같은 {count}일 비교)",
    first_equal="{a}, {b} 평균 기온 같아 (조건이 같은 {count}일 비교)",
    compare_alt="{a}, {b}의 하루 평균 기온. {first}부터 {last}까지. 값은 아래 표에 있습니다.",
    compare_value="{name} {date} {basis} {mean}°C ({low} ~ {high})",
    compare_legend="선: 이어지는 날의 일평균, 속이 빈 표시: 일평균이 아니라 목록의 평균인 날",
    compare_caption="날짜별 평균, 최저~최고 기온과 차이 (°C). 괄호 안은 일평균이 없는 날의 목록 수",
    difference="차이",
)
