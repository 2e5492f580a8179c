"""Korean headlines, declared in `nalssi.locale.headline_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.headline_phrases import HeadlinePhrases

KOREAN_HEADLINES: Final = HeadlinePhrases(
    degrees="{value}도",
    degrees_below_zero="영하 {value}도",
    two_names="{first}와(과) {second}",
    many_names="{first} 등 {count}곳",
    nationwide="전국",
    in_region="{region}",
    hottest="{where} {low}~{high}도, 가장 더운 곳은 {places}",
    warmest="{where} {low}~{high}도, 가장 따뜻한 곳은 {places}",
    coldest="{where} {low}~{high}도, 가장 추운 곳은 {places}",
    some_stations=(
        "{count}개 지점 가운데 {warmest}이(가) {highest}로 가장 높고 {coldest}이(가) {lowest}로"
        " 가장 낮아"
    ),
    some_stations_of_region=(
        "{region} {count}개 지점 가운데 {warmest}이(가) {highest}로 가장 높고 {coldest}이(가)"
        " {lowest}로 가장 낮아"
    ),
    all_equal="{count}개 지점 모두 {lowest}",
    all_equal_in_region="{region} {count}개 지점 모두 {lowest}",
    one_station="{name} {lowest}",
    region_means=(
        "지역 평균은 {warmest}이(가) {highest}로 가장 높고 {coldest}이(가) {lowest}로 가장 낮아"
    ),
    region_means_of_some=(
        "{count}개 지점의 지역 평균, {warmest}이(가) {highest}로 가장 높고 {coldest}이(가)"
        " {lowest}로 가장 낮아"
    ),
    equal_means="지역 평균 모두 {lowest}",
    warmer="{places}, {since} {value}도 높아",
    colder="{places}, {since} {value}도 낮아",
    warmer_and_colder="{since} {warmer}은(는) {value}도 높고 {colder}은(는) {value}도 낮아",
    unchanged_one="{name} 기온, {time}과 같아",
    unchanged_all="{count}개 지점 모두 기온이 {time}과 같아",
    same_hour_yesterday="어제 같은 시각",
    same_hour_days_before="{days}일 전 같은 시각",
)
