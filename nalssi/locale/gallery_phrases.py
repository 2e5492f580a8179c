"""What the gallery says, in Korean and in English; what charts say too is said as they do.

One frozen record a language, so that a missing phrase is a type error and not a gap in a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nalssi.locale.chart_phrases import EN as IN_ENGLISH
from nalssi.locale.chart_phrases import KO as IN_KOREAN
from nalssi.locale.chart_phrases import Lang


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language; fields in braces are filled with `str.format`."""

    site: str
    tagline: str
    skip: str
    latest: str
    calendar: str
    period: str
    places: str
    quality: str
    menu: str
    search: str
    search_hint: str
    search_none: str
    search_found: str
    other_language: str
    dark: str
    light: str
    newer: str
    older: str
    to_calendar: str
    undated: str
    undated_note: str
    of_day: str
    snapshot: str
    snapshots: str
    all_snapshots: str
    time: str
    earlier: str
    later: str
    warmest: str
    coldest: str
    mean: str
    average: str
    no_data: str
    mean_note: str
    no_usable: str
    nothing: str
    nothing_how: str
    hour_sources: Mapping[str, str]
    date_sources: Mapping[str, str]
    all_used: str
    used: str
    left_out: str
    left_out_caption: str
    region: str
    span: str
    stations: str
    station: str
    weather: str
    temperature: str
    change: str
    printed: str
    flag: str
    tests: str
    by_region: str
    by_station: str
    regions_caption: str
    change_note: str
    map_alt: str
    map_title: str
    regions_alt: str
    regions_title: str
    change_alt: str
    change_title: str
    series_alt: str
    series_title: str
    heatmap_alt: str
    heatmap_title: str
    quality_alt: str
    quality_title: str
    csv: str
    csv_of: str
    full_size: str
    as_table: str
    seen: str
    seen_pages: str
    unknown_site: str
    captured: str
    day: str
    low: str
    high: str
    count: str
    share: str
    reason: str
    lines: str
    text: str
    page: str
    site_name: str
    days_with_data: str
    newest_days: str
    plot_title: str
    plot_alt: str
    plot_key: str
    undated_readings: str
    never: str
    closed: str
    position: str
    elevation: str
    opened: str
    station_id: str
    history: str
    history_row: str
    today: str
    all_regions: str
    all_stations: str
    closed_stations: str
    calendar_note: str
    no_usable_day: str
    weekdays: tuple[str, ...]  # Sunday first
    year: str
    month: str
    flags_caption: str
    tests_caption: str
    days_caption: str
    rejects_title: str
    rejects_note: str
    reasons: Mapping[str, str]
    sites_title: str
    total: str
    quality_note: str
    foot: str
    unknown: str


KO: Final = Phrases(
    site="날씨",
    tagline="뉴스 사이트에 실린 현재 날씨 모음",
    skip="본문으로 건너뛰기",
    latest="최신",
    calendar="달력",
    period="기간",
    places="지역·지점",
    quality="품질",
    menu="주 메뉴",
    search="지점·지역 찾기",
    search_hint="강릉, ㄱㄹ, Gangneung",
    search_none="일치하는 곳이 없습니다",
    search_found="{count}곳",
    other_language="English",
    dark="어두운 화면",
    light="밝은 화면",
    newer="다음 날짜",
    older="이전 날짜",
    to_calendar="달력에서 보기",
    undated="날짜 미상",
    undated_note="날짜가 적혀 있지 않거나 믿을 수 없어, 언제의 날씨인지 알 수 없는 자료입니다.",
    of_day="그날의 날씨",
    snapshot="자료",
    snapshots="이날의 자료",
    all_snapshots="이날의 자료 {count}건",
    time="관측 시각",
    earlier="앞 자료",
    later="다음 자료",
    warmest="가장 높은 곳",
    coldest="가장 낮은 곳",
    mean="지점 평균",
    average="평균",
    no_data=IN_KOREAN.no_station,
    mean_note="실린 지점들의 단순 평균",
    no_usable="쓸 수 있는 관측값이 없어 그림을 그리지 않았습니다.",
    nothing="아직 보여 줄 자료가 없습니다",
    nothing_how="자료를 읽어 들이면 이곳에 최신 날씨가 나타납니다.",
    hour_sources={
        "feed": "시각은 기상청 자료에 적힌 것",
        "reconciled": "시각은 공식 관측값과 견주어 찾은 것",
    },
    date_sources={
        "feed": "날짜는 기상청 자료에 적힌 것",
        "ticker": "날짜는 날씨 목록에 적힌 것",
        "site": "날짜는 사이트의 최종편집일(약한 근거)",
        "capture": "날짜는 페이지를 수집한 때(약한 근거)",
    },
    all_used="{count}개 지점 모두 사용",
    used="{all}개 지점 가운데 {used}개 사용",
    left_out="제외한 관측값 {count}개와 사유",
    left_out_caption="그림과 평균에서 제외한 관측값",
    region="지역",
    span="최저~최고",
    stations="지점 수",
    station="지점",
    weather="날씨",
    temperature="기온",
    change="변화",
    printed="실린 값",
    flag="판정",
    tests="통과하지 못한 검사",
    by_region="지역별 기온",
    by_station="지점별 날씨",
    regions_caption="지역별 평균과 최저·최고 기온 (°C)",
    change_note="변화는 {before} 자료와의 차이입니다.",
    map_alt="전국 기온 지도. {count}개 지점. 가장 높은 곳 {warmest}, 가장 낮은 곳 {coldest}.",
    map_title="전국 기온 지도",
    regions_alt="지역별 기온 그림. 지역 평균은 {regions}.",
    regions_title="지역별 기온 그림",
    change_alt="{before} 대비 기온 변화. {down}에서 {up}까지.",
    change_title=IN_KOREAN.change_title,
    series_alt="지역별 일평균 기온의 흐름. {first}부터 {last}까지 {count}일. {regions}.",
    series_title=IN_KOREAN.series_title,
    heatmap_alt="지점별 일평균 기온을 색으로 나타낸 표. {stations}개 지점, {count}일.",
    heatmap_title="지점과 날짜별 기온",
    quality_alt=(
        "날짜별 판정 비율과 검사별 미통과 관측값 수. 관측값 {total}개 가운데 {used}개 사용."
    ),
    quality_title="판정과 검사",
    csv="CSV",
    csv_of="{what} CSV",
    full_size="{what} 크게 보기 ({form})",
    as_table="수치를 표로 보기",
    seen="자료가 실린 곳",
    seen_pages="{count}개 페이지",
    unknown_site="사이트 미상",
    captured="{when} 수집",
    day="날짜",
    low="최저",
    high="최고",
    count="관측값",
    share="비율",
    reason="사유",
    lines="줄 수",
    text="실린 그대로",
    page="페이지",
    site_name="사이트",
    days_with_data="자료가 있는 날 {count}일",
    newest_days="표는 최근 {shown}일만 보입니다. 전체 {count}일은 CSV에 있습니다.",
    plot_title="기온의 흐름",
    plot_alt=(
        "{name}의 기온. {first}부터 {last}까지 자료가 있는 {count}일."
        " 최저 {low}, 최고 {high}, 마지막 날 평균 {mean}."
    ),
    plot_key="막대: 그날의 최저~최고(색은 평균), 선: 이어지는 날의 평균, 빈 곳: 자료 없는 날",
    undated_readings="날짜를 알 수 없는 관측값 {count}개는 그림과 표에 없고 CSV에 있습니다.",
    never="쓸 수 있는 관측값이 아직 없습니다.",
    closed="폐쇄된 지점",
    position="위치",
    elevation="해발고도",
    opened="관측개시일",
    station_id="지점번호",
    history="지점 변경 이력",
    history_row="{name}, {first}~{last}, 해발 {elevation} m",
    today="현재",
    all_regions="예보 지역",
    all_stations="{count}개 지점",
    closed_stations="폐쇄된 지점",
    calendar_note="칸의 색은 그날 지점 평균 기온, 빗금은 쓸 수 있는 관측값이 없는 날입니다.",
    no_usable_day="쓸 수 있는 관측값 없음",
    weekdays=("일", "월", "화", "수", "목", "금", "토"),
    year="{year}년",
    month="{year}년 {month}월",
    flags_caption="판정별 관측값",
    tests_caption="검사별 미통과 관측값",
    days_caption="날짜별 판정",
    rejects_title="읽지 못한 줄",
    rejects_note=(
        "날씨 목록의 줄이지만 관측값으로 받아들이지 않은 것입니다."
        " 사유마다 처음 {count}줄까지 보입니다."
    ),
    reasons={
        "unknown_station": "알 수 없는 지점",
        "unnamed_station": "이름 없는 지점",
        "duplicate_station": "중복된 지점",
        "unknown_condition": "알 수 없는 날씨",
        "unreadable_temperature": "읽을 수 없는 기온",
        "cut_line": "잘린 줄",
        "impossible_date": "있을 수 없는 날짜",
        "weekday_mismatch": "요일이 맞지 않는 날짜",
    },
    sites_title="사이트",
    total="모두",
    quality_note=(
        "그림과 평균에는 정상과 미평가만 씁니다. 의심·오류·결측과 폐쇄된 지점의 값은 제외하되,"
        " 지우지 않고 사유와 함께 남깁니다."
    ),
    foot=(
        f"{IN_KOREAN.source}. 뉴스 사이트에 실린 현재 날씨 목록을 그대로 모았으며,"
        " 공식 통계가 아닙니다. 어디서나 색이 같으면 기온도 같습니다."
    ),
    unknown="미상",
)

EN: Final = Phrases(
    site="Nalssi",
    tagline="Korea’s weather as the news sites printed it",
    skip="Skip to content",
    latest="Latest",
    calendar="Calendar",
    period="Over time",
    places="Places",
    quality="Quality",
    menu="Main menu",
    search="Find a station or region",
    search_hint="Gangneung, 강릉, ㄱㄹ",
    search_none="No such place",
    search_found="Places found: {count}",
    other_language="한국어",
    dark="Dark screen",
    light="Light screen",
    newer="Next date",
    older="Previous date",
    to_calendar="In the calendar",
    undated="Date unknown",
    undated_note="No date is printed, or none that can be trusted: the day is not known.",
    of_day="Weather of the day",
    snapshot="Snapshot",
    snapshots="Snapshots of the day",
    all_snapshots="Snapshots of the day: {count}",
    time="Hour",
    earlier="Snapshot before",
    later="Snapshot after",
    warmest="Warmest",
    coldest="Coldest",
    mean="Mean of stations",
    average="Mean",
    no_data=IN_ENGLISH.no_station,
    mean_note="plain mean of the stations listed",
    no_usable="No reading can be used, so nothing is drawn.",
    nothing="Nothing to show yet",
    nothing_how="The latest weather appears here once data are loaded.",
    hour_sources={
        "feed": "hour as told by KMA’s feed",
        "reconciled": "hour found by comparison with official observations",
    },
    date_sources={
        "feed": "date as told by KMA’s feed",
        "ticker": "date printed with the list",
        "site": "date of the site’s last edit (weak)",
        "capture": "date on which the page was captured (weak)",
    },
    all_used="all {count} stations used",
    used="{used} of {all} stations used",
    left_out="Readings left out, and why: {count}",
    left_out_caption="Readings left out of charts and means",
    region="Region",
    span="Low to high",
    stations="Stations",
    station="Station",
    weather="Weather",
    temperature="Temp.",
    change="Change",
    printed="As printed",
    flag="Flag",
    tests="Tests failed",
    by_region="By region",
    by_station="By station",
    regions_caption="Mean, lowest and highest temperature by region (°C)",
    change_note="Change is the difference from {before}.",
    map_alt="Map of temperatures in Korea. {count} stations. Warmest {warmest}, coldest {coldest}.",
    map_title="Map of temperatures",
    regions_alt="Chart of temperatures by region. Regional means: {regions}.",
    regions_title="Chart by region",
    change_alt="Chart of the change since {before}. Changes range from {down} to {up}.",
    change_title=IN_ENGLISH.change_title,
    series_alt="Daily mean temperature by region, {first} to {last}, {count} days. {regions}.",
    series_title=IN_ENGLISH.series_title,
    heatmap_alt="Daily mean temperature as colours, {stations} stations by {count} days.",
    heatmap_title="Temperature by station and day",
    quality_alt=(
        "Share of flags by day and readings stopped by each test. {used} of {total} readings used."
    ),
    quality_title="Flags and tests",
    csv="CSV",
    csv_of="CSV: {what}",
    full_size="{what}, full size ({form})",
    as_table="The numbers as a table",
    seen="Where it was printed",
    seen_pages="pages: {count}",
    unknown_site="site unknown",
    captured="captured {when}",
    day="Date",
    low="Low",
    high="High",
    count="Readings",
    share="Share",
    reason="Reason",
    lines="Lines",
    text="Line as printed",
    page="Page",
    site_name="Site",
    days_with_data="Days with data: {count}",
    newest_days="The table shows the newest {shown} days only. The CSV holds all {count}.",
    plot_title="Temperature over time",
    plot_alt=(
        "Temperature of {name}, {first} to {last}, {count} days with data."
        " Lowest {low}, highest {high}, mean of the last day {mean}."
    ),
    plot_key=(
        "Bar: low to high of the day in the colour of its mean; line: means of days in a row;"
        " gap: no data"
    ),
    undated_readings="Readings of unknown date, in the CSV but not in chart and table: {count}.",
    never="No reading can be used yet.",
    closed="Closed station",
    position="Position",
    elevation="Elevation",
    opened="Opened",
    station_id="Station number",
    history="History of the station",
    history_row="{name}, {first} to {last}, {elevation} m above sea level",
    today="now",
    all_regions="Forecast regions",
    all_stations="{count} stations",
    closed_stations="Closed stations",
    calendar_note=(
        "A day’s colour is its mean over stations; a hatched day has no reading that can be used."
    ),
    no_usable_day="no usable reading",
    weekdays=("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"),
    year="{year}",
    month="{month_name} {year}",
    flags_caption="Readings by flag",
    tests_caption="Readings stopped by each test",
    days_caption="Flags by day",
    rejects_title="Lines refused",
    rejects_note=(
        "Lines of a weather list that were not taken as readings. Up to {count} are shown for"
        " each reason."
    ),
    reasons={
        "unknown_station": "unknown station",
        "unnamed_station": "station without a name",
        "duplicate_station": "station named twice",
        "unknown_condition": "unknown weather",
        "unreadable_temperature": "unreadable temperature",
        "cut_line": "line cut off",
        "impossible_date": "impossible date",
        "weekday_mismatch": "weekday contradicts date",
    },
    sites_title="Sites",
    total="all",
    quality_note=(
        "Charts and means use good and not evaluated readings only. Suspect, failed and missing"
        " ones and those of closed stations are left out, but kept, with the reason."
    ),
    foot=(
        f"{IN_ENGLISH.source}, as printed in the current-weather lists of news sites."
        " Not official statistics. A colour means the same temperature everywhere."
    ),
    unknown="unknown",
)

PHRASES: Final[Mapping[Lang, Phrases]] = {"ko": KO, "en": EN}
