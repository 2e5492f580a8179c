"""A headline states what the readings show, in both languages, and never more than that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from nalssi.charts import headlines, theme
from nalssi.common.reference import reference
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.locale.korean_particles import with_particles
from nalssi.locale.locales import LOCALES, Lang
from tests.charts.example_snapshots import SIXTEEN, all_stations, snapshot_of

REGIONS = reference("regions").to_dicts()
KO, EN = LOCALES["ko"], LOCALES["en"]
SOUTH = all_stations()  # 4.4 °C at 철원 to 10.6 °C at 성산
TODAY = snapshot_of(SIXTEEN, clock="14:00").time
YESTERDAY = snapshot_of(SIXTEEN, date(2025, 12, 18), "14:15", "capture").time


def of_list(lang: Lang, temperatures: Mapping[int, float | None]) -> str:
    rows = snapshot_of(temperatures).readings.to_dicts()
    return headlines.list_headline(LOCALES[lang], rows, REGIONS)


def of_regions(lang: Lang, temperatures: Mapping[int, float | None]) -> str:
    rows = snapshot_of(temperatures).readings.to_dicts()
    return headlines.regions_headline(LOCALES[lang], rows, REGIONS)


def of_change(lang: Lang, changes: dict[str, float], earlier: SnapshotTime = YESTERDAY) -> str:
    return headlines.change_headline(LOCALES[lang], list(changes.items()), TODAY, earlier)


def nationwide(shift_c: float) -> dict[int, float]:
    return {station: round(value + shift_c, 1) for station, value in all_stations().items()}


YEONGDONG = {90: -3.1, 95: 2.0, 100: -8.0, 104: 1.0, 105: 5.2, 106: 4.0, 216: -4.0}
"""Readings of 강원영동, which has six open stations: 95 is in 강원영서."""
EAST = {key: value for key, value in YEONGDONG.items() if key != 95}


@pytest.mark.parametrize(
    ("temperatures", "korean", "english"),
    [
        (
            {**nationwide(0), 189: 14.1, 100: -8.2},
            "전국 −8.2~14.1도, 가장 따뜻한 곳은 서귀포",
            "−8.2 to 14.1°C across Korea, warmest in Seogwipo",
        ),
        (
            {**nationwide(-20), 100: -25.0},
            f"전국 −25.0~{max(nationwide(-20).values()):.1f}도, 가장 추운 곳은 대관령".replace(
                "-", "−"
            ),
            "coldest in Daegwallyeong",
        ),
        ({**nationwide(15), 143: 36.4}, "36.4도, 가장 더운 곳은 대구", "hottest in Daegu"),
        (
            {**nationwide(0), 189: 14.1, 184: 14.1},
            "가장 따뜻한 곳은 제주와 서귀포",
            "warmest in Jeju and Seogwipo",
        ),
        (
            {**nationwide(0), 189: 14.1, 184: 14.1, 188: 14.1},
            "가장 따뜻한 곳은 제주 등 3곳",
            "warmest in Jeju and 2 other places",
        ),
        (
            SIXTEEN,
            "16개 지점 가운데 제주가 19.2도로 가장 높고 동두천이 5.0도로 가장 낮아",
            "Of 16 stations, Jeju warmest at 19.2°C, Dongducheon coldest at 5.0°C",
        ),
        (
            EAST,
            "강원영동 −8.0~5.2도, 가장 따뜻한 곳은 강릉",
            "−8.0 to 5.2°C in Gangwon Yeongdong, warmest in Gangneung",
        ),
        (
            {105: 5.2, 90: -3.1},
            "강원영동 2개 지점 가운데 강릉이 5.2도로 가장 높고 속초가 영하 3.1도로 가장 낮아",
            "Of 2 stations in Gangwon Yeongdong, Gangneung warmest at 5.2°C",
        ),
        ({108: -0.04}, "서울 0.0도", "Seoul at 0.0°C"),
        (dict.fromkeys(SIXTEEN, -2.0), "16개 지점 모두 영하 2.0도", "All 16 stations at −2.0°C"),
        (
            {105: 1.0, 90: 1.0},
            "강원영동 2개 지점 모두 1.0도",
            "All 2 stations in Gangwon Yeongdong at 1.0°C",
        ),
    ],
)  # fmt: skip
def test_a_list_has_a_headline(
    temperatures: Mapping[int, float | None], korean: str, english: str
) -> None:
    assert of_list("ko", temperatures).endswith(korean)
    assert of_list("en", temperatures).endswith(english)


def test_excluded_readings_take_no_part() -> None:
    rows = snapshot_of({**SIXTEEN, 90: 39.9}, flags={90: 4}).readings.to_dicts()
    assert headlines.list_headline(KO, rows, REGIONS) == of_list("ko", SIXTEEN)


def test_a_list_stands_for_the_country_from_four_fifths_of_the_stations_on() -> None:
    ids = list(SOUTH)
    many, few = ({key: SOUTH[key] for key in ids[:count]} for count in (78, 77))
    assert of_list("ko", many).startswith("전국 ")
    assert of_list("ko", few).startswith("77개 지점 가운데 ")
    assert of_regions("ko", many).startswith("지역 평균은 ")
    assert of_regions("ko", few).startswith("77개 지점의 지역 평균, ")


def test_regions_have_a_headline_of_their_means() -> None:
    assert of_regions("ko", {**SIXTEEN, 105: 1.0}) == (
        "16개 지점의 지역 평균, 제주가 19.2도로 가장 높고 강원영동이 1.0도로 가장 낮아"
    )
    assert of_regions("en", {**SIXTEEN, 105: 1.0}) == (
        "Means of 16 stations: 1.0°C in Gangwon Yeongdong to 19.2°C in Jeju"
    )
    assert of_regions("en", nationwide(0)).startswith("Regional means from ")
    assert of_regions("ko", dict.fromkeys(SIXTEEN, 3.0)) == "지역 평균 모두 3.0도"
    assert of_regions("ko", {105: 5.2, 90: -3.1}) == of_list("ko", {105: 5.2, 90: -3.1})


def test_means_that_are_written_alike_are_named_together() -> None:
    alike = {105: 10.04, 184: 9.96, 156: 3.0}
    assert "강원영동과 제주가 10.0도로 가장 높고" in of_regions("ko", alike)


@pytest.mark.parametrize(
    ("changes", "korean", "english"),
    [
        (
            {"대구": -6.6, "서울": 2.0},
            "대구, 어제 같은 시각보다 6.6도 낮아",
            "대구 6.6°C colder than at the same hour yesterday",
        ),
        (
            {"대구": -6.6, "서울": 7.0},
            "서울, 어제 같은 시각보다 7.0도 높아",
            "서울 7.0°C warmer than at the same hour yesterday",
        ),
        (
            {"대구": -3.0, "서울": -3.0, "부산": 1.0},
            "대구와 서울, 어제 같은 시각보다 3.0도 낮아",
            "대구 and 서울 3.0°C colder than at the same hour yesterday",
        ),
        (
            {"대구": -3.0, "강릉": 3.0},
            "어제 같은 시각보다 강릉은 3.0도 높고 대구는 3.0도 낮아",
            "강릉 3.0°C warmer, 대구 3.0°C colder than at the same hour yesterday",
        ),
        (
            {"대구": 0.0, "강릉": 0.04},
            "2개 지점 모두 기온이 어제 같은 시각과 같아",
            "All 2 stations unchanged from the same hour yesterday",
        ),
        (
            {"대구": 0.0},
            "대구 기온, 어제 같은 시각과 같아",
            "대구 unchanged from the same hour yesterday",
        ),
    ],
)
def test_a_change_has_a_headline(changes: dict[str, float], korean: str, english: str) -> None:
    assert of_change("ko", changes) == korean
    assert of_change("en", changes) == english


def test_a_change_of_several_days_says_so() -> None:
    earlier = snapshot_of(SIXTEEN, date(2025, 12, 17), "14:00").time
    assert of_change("ko", {"대구": 1.0}, earlier) == "대구, 2일 전 같은 시각보다 1.0도 높아"
    assert of_change("en", {"대구": 0.0}, earlier).endswith("the same hour 2 days earlier")
    other_hour = snapshot_of(SIXTEEN, date(2025, 12, 18), "03:00").time
    with pytest.raises(ValueError, match="not of like hours"):
        of_change("ko", {"대구": 1.0}, other_hour)


def test_without_a_reading_there_is_no_headline() -> None:
    for function in (headlines.list_headline, headlines.regions_headline):
        with pytest.raises(ValueError, match="no reading"):
            function(KO, [], REGIONS)
    with pytest.raises(ValueError, match="no change"):
        headlines.change_headline(KO, [], TODAY, YESTERDAY)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("강릉이(가) 제주와(과)", "강릉이 제주와"),
        ("서귀포은(는) 대관령은(는)", "서귀포는 대관령은"),
        ("서울와(과) 3을(를) 2을(를)", "서울과 3을 2를"),
        ("KM이(가) KA이(가)", "KM이 KA가"),
        ("(가)이(가)", "(가)가"),
    ],
)
def test_particles_follow_the_sound_before_them(text: str, right: str) -> None:
    assert with_particles(text) == right


def test_no_headline_keeps_both_forms_of_a_particle() -> None:
    """For every station as the warmest and the coldest one, alone and with another one."""
    names = [row["name_ko"] for row in reference("stations").to_dicts()]
    for one, other in zip(names, [*names[1:], names[0]], strict=True):
        rows = [
            {"name_ko": name, "name_en": name, "region_id": region, "temperature_c": value}
            for name, region, value in ((one, 1, 5.0), (other, 1, 5.0), ("서울", 2, 1.0))
        ]
        text = headlines.list_headline(KO, rows, REGIONS)
        text += headlines.change_headline(KO, [(one, 1.0), (other, -1.0)], TODAY, YESTERDAY)
        assert not re.search(r"[은이와]\(", text)
        assert f"{one}과 {other}" in text or f"{one}와 {other}" in text


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_longest_headlines_fit_on_the_page_in_large_letters(lang: Lang) -> None:
    locale = LOCALES[lang]
    stations = reference("stations").to_dicts()
    longest = sorted(stations, key=lambda row: theme.text_width(locale.name(row), 9, theme.BOLD))
    first, second = longest[-1], longest[-2]
    pairs = [first | {"temperature_c": -22.4}, second | {"temperature_c": -12.4}]
    region = max(REGIONS, key=lambda row: len(locale.name(row)))["region_id"]
    titles = [
        headlines.list_headline(locale, pairs, REGIONS),
        headlines.list_headline(locale, [row | {"region_id": region} for row in pairs], REGIONS),
        headlines.regions_headline(
            locale,
            [{"region_id": number, "temperature_c": -20.0 - number} for number in range(1, 10)],
            REGIONS,
        ),
        headlines.change_headline(
            locale, [(locale.name(first), -12.4), (locale.name(second), 12.4)], TODAY, YESTERDAY
        ),
    ]
    room = theme.page().room
    for title in titles:
        assert theme.text_width(title.replace("−", "-"), theme.HEADING, theme.BOLD) <= room, title
