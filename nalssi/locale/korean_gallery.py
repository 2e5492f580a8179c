"""Korean phrases of the gallery. `nalssi.locale.gallery_phrases` explains each phrase."""

from __future__ import annotations

from typing import Final

from nalssi.locale.gallery_phrases import GalleryPhrases
from nalssi.locale.korean_charts import KOREAN_CHARTS

KOREAN_GALLERY: Final = GalleryPhrases(
    gallery_name="날씨",
    tagline="뉴스 사이트에 실린 현재 날씨 모음",
    skip_to_content="본문으로 건너뛰기",
    newest="최신",
    calendar="달력",
    period="기간",
    station_list="지역·지점",
    quality="품질",
    menu="주 메뉴",
    search="날짜·지역 찾기",
    search_hint="강릉, ㄱㄹ, 가평군, 12월 25일, 어제, Gangneung",
    search_none="일치하는 결과가 없습니다",
    search_count="{count}건",
    language_name="한국어",
    dark_mode="어두운 화면",
    light_mode="밝은 화면",
    next_date="다음 날짜",
    previous_date="이전 날짜",
    to_calendar="달력에서 보기",
    undated="날짜 미상",
    undated_note="날짜가 적혀 있지 않거나 믿을 수 없어, 언제의 날씨인지 알 수 없습니다.",
    weather_of_day="그날의 날씨",
    snapshot="날씨 목록",
    snapshots_of_day="이날의 날씨 목록",
    all_snapshots="이날의 날씨 목록 {count}개",
    values_of_lists="지점·시각별 기온",
    values_note="취소선을 그은 값은 제외한 관측값이며, 빈칸은 기온이 없는 지점입니다.",
    time="시각",
    warmest="가장 높은 곳",
    coldest="가장 낮은 곳",
    station_mean="지점 평균",
    mean="평균",
    mean_note="목록에 실린 지점의 단순 평균",
    no_usable_reading="쓸 수 있는 관측값이 없어 그림을 그리지 않았습니다.",
    empty_title="아직 보여 줄 자료가 없습니다",
    empty_text="자료를 읽어 들이면 이곳에 최신 날씨가 나타납니다.",
    hour_sources={
        "feed": "시각: 기상청 자료에 적힌 시각",
        "official": "시각: 공식 관측값과 대조해 확인",
    },
    date_sources={
        "feed": "날짜: 기상청 자료에 적힌 날짜",
        "ticker": "날짜: 날씨 목록에 적힌 날짜",
        "site": "날짜: 사이트의 최종편집일(약한 근거)",
        "capture": "날짜: 페이지를 수집한 날(약한 근거)",
    },
    all_stations_used="{count}개 지점 모두 사용",
    some_stations_used="{all}개 지점 가운데 {used}개 사용",
    excluded="제외한 관측값 {count}개와 사유",
    excluded_caption="그림과 평균에서 제외한 관측값",
    region="지역",
    low_to_high="최저~최고",
    station_count="지점 수",
    station="지점",
    weather="날씨",
    temperature="기온",
    change="변화",
    as_printed="실린 값",
    flag="판정",
    checks="통과하지 못한 검사",
    by_region="지역별 기온",
    by_station="지점별 날씨",
    regions_caption="지역별 평균과 최저·최고 기온 (°C)",
    change_note="변화: {before} 대비",
    false_dates="날짜가 틀려 이날 자료에서 제외한 목록 {count}개",
    false_date_moved="실제로는 {when} 자료입니다.",
    false_date_repeated=(
        "사이트가 갱신을 멈춰 같은 목록이 {first}부터 {last}까지 여러 날짜로 실렸습니다."
        " 이날 관측한 것이 아닙니다."
    ),
    false_date_unknown="이날 관측한 것이 아닙니다. 실제 날짜는 알 수 없습니다.",
    no_observed_list="이 날짜로 실린 목록은 있지만 이날 관측한 것이 아니어서 제외했습니다.",
    map_alt="전국 기온 지도. {count}개 지점. 가장 높은 곳 {warmest}, 가장 낮은 곳 {coldest}.",
    map_title="전국 기온 지도",
    regions_alt="지역별 기온 그림. 지역 평균은 {regions}.",
    regions_title="지역별 기온 그림",
    change_alt="{before} 대비 기온 변화. {down}에서 {up}까지.",
    heatmap_alt="지점별 기온을 색으로 나타낸 표. {basis}. {stations}개 지점, {count}일.",
    heatmap_title="지점과 날짜별 기온",
    heatmap_periods={
        "week": "한 칸은 한 주로, 날짜별 값({mean})의 평균입니다.",
        "month": "한 칸은 한 달로, 자료가 있는 날짜별 값({mean})의 평균입니다.",
    },
    no_station_data="지점 자료 없음",
    quality_alt=(
        "날짜별 판정 비율과 검사별 미통과 관측값 수. 관측값 {total}개 가운데 {used}개 사용."
    ),
    quality_title="판정과 검사",
    csv_of="{what} CSV",
    csv_archive_of="{what} CSV(ZIP)",
    full_size="{what} 크게 보기 ({form})",
    as_table="수치를 표로 보기",
    sightings="이 날씨가 실린 페이지",
    sighting_pages="{count}개",
    unknown_site="사이트 미상",
    captured="{when} 수집",
    day="날짜",
    low="최저",
    high="최고",
    reading_count="관측값",
    share="비율",
    printed_line="실린 그대로",
    page="페이지",
    site="사이트",
    days_with_data="자료가 있는 날 {count}일",
    newest_days="표에는 최근 {shown}일만 있습니다. 전체 {count}일은 CSV 파일에 있습니다.",
    plot_title="기온 추이",
    newest_days_of_all="자료가 있는 {count}일 가운데 최근 {shown}일입니다.",
    earlier_years="지난 연도",
    means_of_year="날짜별 평균기온",
    plot_alt=(
        "{name}의 기온. {first}부터 {last}까지 자료가 있는 {count}일."
        " 최저 {low}, 최고 {high}, 마지막 날 {mean}."
    ),
    plot_keys="화살표 키로 이동하고 Enter 키로 해당 페이지를 엽니다.",
    mean_basis="평균의 근거(관측·수집 시각)",
    lists_at_time="{mean}({time})",
    daily_mean_of_hours="일평균({hours}개 시각)",
    lists_in_period="{mean}({first}~{last})",
    lists_in_brackets="괄호 안의 수는 일평균을 내지 않은 날에 평균한 목록의 수입니다.",
    undated_readings="날짜를 알 수 없는 관측값 {count}개는 그래프와 표에 넣지 않았습니다.",
    never_usable="쓸 수 있는 관측값이 아직 없습니다.",
    closed="폐지된 지점",
    position="위치",
    elevation="해발고도",
    opened="관측개시일",
    station_id="지점번호",
    history="지점 변경 이력",
    history_row="{name}, {first}~{last}, 해발 {elevation} m",
    until_now="현재",
    stations_title="{count}개 지점",
    closed_stations="폐지된 지점",
    calendar_note=(
        "색은 그날의 지점 평균기온입니다. 점선 밑줄은 일평균이 아니라 목록 평균인 날, 빗금은 쓸 수"
        " 있는 관측값이 없는 날입니다."
    ),
    no_usable_reading_of_day="쓸 수 있는 관측값 없음",
    weekdays_from_sunday=("일", "월", "화", "수", "목", "금", "토"),
    year="{year}년",
    month="{year}년 {month}월",
    flags_caption="판정별 관측값",
    checks_caption="검사별 미통과 관측값",
    days_caption="날짜별 판정",
    rejects_title="제외한 줄",
    rejects_note=(
        "날씨 목록에 있지만 관측값으로 읽을 수 없는 줄입니다. 사유마다 처음 {count}줄까지"
        " 보여 줍니다."
    ),
    reasons={
        "unknown_station": "알 수 없는 지점",
        "unnamed_station": "이름 없는 지점",
        "duplicate_station": "중복된 지점",
        "unknown_condition": "알 수 없는 날씨",
        "unreadable_temperature": "읽을 수 없는 기온",
        "cut_line": "잘린 줄",
        "impossible_date": "달력에 없는 날짜",
        "weekday_mismatch": "요일이 맞지 않는 날짜",
    },
    sites_title="사이트",
    quality_note=(
        "그림과 평균에는 정상과 미평가만 씁니다. 의심·오류·결측과 폐지된 지점의 값은 제외하되,"
        " 지우지 않고 사유와 함께 남깁니다."
    ),
    footer=(
        f"{KOREAN_CHARTS.source}. 뉴스 사이트에 실린 현재 날씨 목록을 그대로 모았으며,"
        " 공식 통계가 아닙니다. 색이 같으면 기온도 같습니다."
    ),
)
