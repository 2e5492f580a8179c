"""What the charts say, in Korean and in English.

One frozen record a language, so that a missing phrase is a type error and not a gap in a
picture. Temperatures are written with a hyphen-minus: NanumGothic has no U+2212.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from nalssi.common.korea_time import KST

Lang = Literal["ko", "en"]


@dataclass(frozen=True)
class Words:
    """The phrases of one language; fields in braces are filled with `str.format`."""

    lang: Lang
    weekdays: tuple[str, ...]  # Monday first
    months: tuple[str, ...]
    date: str
    short_date: str
    month: str
    hour: str
    moment: str
    hour_unknown: str
    undated: str
    station_count: tuple[str, str]  # of one, of any other number
    left_out: str
    flags: Mapping[int, str]
    source: str
    same_scale: str
    mean: str
    span: str
    regions_title: str
    regions_key: str
    no_station: str
    change_title: str
    change_days: str
    change_count: tuple[str, str]
    change_key: str
    period: str
    series_title: str
    series_key: str
    heatmap_title: str
    heatmap_key: str
    quality_title: str
    quality_count: str
    quality_undated: str
    quality_share: str
    quality_frozen: str
    quality_tests: str
    flag_names: Mapping[int, str]
    tests: Mapping[str, str]
    map_title: str
    map_source: str
    dokdo: str
    groups: Mapping[str, str]


KO: Final = Words(
    lang="ko",
    weekdays=("월", "화", "수", "목", "금", "토", "일"),
    months=tuple(f"{month}월" for month in range(1, 13)),
    date="{year}년 {month}월 {day}일({weekday})",
    short_date="{year}.{month:02d}.{day:02d}.",
    month="{year}년 {month}",
    hour="{hour}시 관측",
    moment="{day} {hour}시",
    hour_unknown="관측 시각 미상",
    undated="날짜 미상",
    station_count=("{count}개 지점", "{count}개 지점"),
    left_out="제외: {reasons}",
    flags={0: "폐쇄 지점 {count}", 3: "의심 {count}", 4: "오류 {count}", 9: "결측 {count}"},
    source="자료: 기상청(KMA)",
    same_scale="모든 그림에서 색이 같으면 기온도 같음",
    mean="평균",
    span="최저~최고",
    regions_title="지역별 기온",
    regions_key="띠: 최저~최고, 세로 막대: 평균, 점: 지점",
    no_station="자료 없음",
    change_title="앞선 날 대비 기온 변화",
    change_days="{this} · {before} 대비",
    change_count=("두 자료에 모두 있는 {count}개 지점", "두 자료에 모두 있는 {count}개 지점"),
    change_key="빨강: 상승, 파랑: 하강 (°C)",
    period="{first} ~ {last} · 자료가 있는 날 {count}일",
    series_title="지역별 일평균 기온",
    series_key="막대: 최저~최고(색은 평균), 점과 선: 평균, 빈 곳: 자료 없음",
    heatmap_title="지점별 기온",
    heatmap_key="빗금: 그 지점의 자료 없음, 빈칸: 자료가 없는 날짜",
    quality_title="자료 품질",
    quality_count="관측값 {total:,}개 중 정상 {share:.1f}%",
    quality_undated="날짜 미상 {count:,}개는 시간 축에 없음",
    quality_share="판정별 비율",
    quality_frozen="멈춘 피드",
    quality_tests="검사별 미통과 관측값 수",
    flag_names={0: "폐쇄 지점", 1: "정상", 2: "미평가", 3: "의심", 4: "오류", 9: "결측"},
    tests={
        "missing": "결측",
        "frozen_feed": "멈춘 피드",
        "closed_station": "폐쇄 지점",
        "stuck_station": "지속성",
        "range": "물리한계",
        "spatial": "공간",
        "step": "단계",
        "consistency": "내적 일치성",
    },
    map_title="전국 기온",
    map_source="· 지도: 국토지리정보원",
    dokdo="독도",
    groups={
        "sky": "맑음·구름·흐림",
        "rain": "비",
        "snow": "눈",
        "mixed": "비 또는 눈",
        "thunder": "천둥번개",
        "fog": "안개·연무",
        "dust": "황사",
        "none": "날씨 미상",
    },
)

EN: Final = Words(
    lang="en",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    date="{weekday}, {day} {month_name} {year}",
    short_date="{year}-{month:02d}-{day:02d}",
    month="{month} {year}",
    hour="observed {hour:02d}:00 KST",
    moment="{day}, {hour:02d}:00",
    hour_unknown="hour of observation unknown",
    undated="date unknown",
    station_count=("{count} station", "{count} stations"),
    left_out="left out: {reasons}",
    flags={
        0: "{count} of closed stations",
        3: "{count} suspect",
        4: "{count} failed",
        9: "{count} missing",
    },
    source="Source: KMA (Korea Meteorological Administration)",
    same_scale="A colour means the same temperature in every chart",
    mean="mean",
    span="low to high",
    regions_title="Temperature by region",
    regions_key="bar: low to high, upright mark: mean, points: stations",
    no_station="no reading",
    change_title="Change since an earlier day",
    change_days="{this}, compared with {before}",
    change_count=("{count} station that is in both", "{count} stations that are in both"),
    change_key="red: warmer, blue: colder (°C)",
    period="{first} to {last} · {count} days with data",
    series_title="Daily mean temperature by region",
    series_key="bar: low to high in the colour of the mean, points and line: mean, blank: no data",
    heatmap_title="Temperature by station",
    heatmap_key="hatched: no data of that station, blank: days without any data",
    quality_title="Quality of the data",
    quality_count="{share:.1f}% of {total:,} readings are good",
    quality_undated="{count:,} undated ones are not on the time axis",
    quality_share="Share by flag",
    quality_frozen="Frozen feed",
    quality_tests="Readings stopped by each test",
    flag_names={
        0: "closed station",
        1: "good",
        2: "not evaluated",
        3: "suspect",
        4: "failed",
        9: "missing",
    },
    tests={
        "missing": "missing",
        "frozen_feed": "frozen feed",
        "closed_station": "closed station",
        "stuck_station": "stuck station",
        "range": "range",
        "spatial": "neighbours",
        "step": "step",
        "consistency": "consistency",
    },
    map_title="Temperature in Korea",
    map_source="· map: NGII",
    dokdo="Dokdo",
    groups={
        "sky": "clear to overcast",
        "rain": "rain",
        "snow": "snow",
        "mixed": "rain or snow",
        "thunder": "thunderstorm",
        "fog": "fog or haze",
        "dust": "yellow dust",
        "none": "weather unknown",
    },
)  # fmt: skip

WORDS: Final[Mapping[Lang, Words]] = {"ko": KO, "en": EN}


def day(words: Words, when: date | None) -> str:
    """A date with its weekday, or that it is unknown."""
    if when is None:
        return words.undated
    return words.date.format(
        year=when.year,
        month=when.month,
        day=when.day,
        weekday=words.weekdays[when.weekday()],
        month_name=words.months[when.month - 1],
    )


def period(words: Words, days: Sequence[date]) -> str:
    """First and last of these days and how many they are, or the day if there is but one."""
    first, last = day(words, days[0]), day(words, days[-1])
    if len(days) == 1:
        return first
    return words.period.format(first=first, last=last, count=len(days))


def counted(phrases: tuple[str, str], count: int) -> str:
    """So many of something: the first phrase is for one, the second for any other number."""
    return phrases[count != 1].format(count=count)


def short_day(words: Words, when: date) -> str:
    """A date in figures."""
    return words.short_date.format(year=when.year, month=when.month, day=when.day)


def hour(words: Words, when: datetime | None) -> str:
    """The hour of observation in KST, or that it is unknown."""
    if when is None:
        return words.hour_unknown
    return words.hour.format(hour=when.astimezone(KST).hour)


def moment(words: Words, when: date | None, at: datetime | None) -> str:
    """A date, with the hour in KST if it is known."""
    if at is None:
        return day(words, when)
    return words.moment.format(day=day(words, when), hour=at.astimezone(KST).hour)


def degrees(temperature_c: float) -> str:
    """A temperature with one decimal and never a negative zero."""
    return f"{round(temperature_c, 1) + 0.0:.1f}"
