"""What the charts say, in Korean and in English.

One frozen record a language, so that a missing phrase is a type error and not a gap in a
picture. Temperatures are written with a hyphen-minus: NanumGothic has no U+2212.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal

Lang = Literal["ko", "en"]
KST: Final = timezone(timedelta(hours=9), "KST")


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
    hour_unknown: str
    undated: str
    station_count: str
    left_out: str
    flags: Mapping[int, str]
    source: str
    same_scale: str
    mean: str
    span: str
    regions_title: str
    regions_key: str
    no_station: str


KO: Final = Words(
    lang="ko",
    weekdays=("월", "화", "수", "목", "금", "토", "일"),
    months=tuple(f"{month}월" for month in range(1, 13)),
    date="{year}년 {month}월 {day}일({weekday})",
    short_date="{year}.{month:02d}.{day:02d}.",
    month="{year}년 {month}",
    hour="{hour}시 관측",
    hour_unknown="관측 시각 미상",
    undated="날짜 미상",
    station_count="{count}개 지점",
    left_out="제외: {reasons}",
    flags={0: "폐쇄 지점 {count}", 3: "의심 {count}", 4: "오류 {count}", 9: "결측 {count}"},
    source="자료: 기상청(KMA)",
    same_scale="색과 기온의 대응은 모든 그림에서 같음",
    mean="평균",
    span="최저~최고",
    regions_title="지역별 기온",
    regions_key="띠: 최저~최고, 세로 막대: 평균, 점: 지점",
    no_station="자료 없음",
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
    hour_unknown="hour of observation unknown",
    undated="date unknown",
    station_count="{count} stations",
    left_out="left out: {reasons}",
    flags={
        0: "{count} of closed stations",
        3: "{count} suspect",
        4: "{count} failed",
        9: "{count} missing",
    },
    source="Source: Korea Meteorological Administration (기상청, KMA)",
    same_scale="A colour means the same temperature in every chart",
    mean="mean",
    span="low to high",
    regions_title="Temperature by region",
    regions_key="bar: low to high, upright mark: mean, points: stations",
    no_station="no reading",
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


def short_day(words: Words, when: date) -> str:
    """A date in figures."""
    return words.short_date.format(year=when.year, month=when.month, day=when.day)


def hour(words: Words, when: datetime | None) -> str:
    """The hour of observation in KST, or that it is unknown."""
    if when is None:
        return words.hour_unknown
    return words.hour.format(hour=when.astimezone(KST).hour)


def degrees(temperature_c: float) -> str:
    """A temperature with one decimal and never a negative zero."""
    return f"{round(temperature_c, 1) + 0.0:.1f}"
