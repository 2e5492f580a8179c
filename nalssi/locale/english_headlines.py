"""English headlines, declared in `nalssi.locale.headline_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.headline_phrases import HeadlinePhrases

ENGLISH_HEADLINES: Final = HeadlinePhrases(
    degrees="{value}°C",
    degrees_below_zero="\N{MINUS SIGN}{value}°C",
    two_names="{first} and {second}",
    many_names="{first} and {others} other places",
    nationwide="across Korea",
    in_region="in {region}",
    hottest="{low} to {high}°C {where}, hottest in {places}",
    warmest="{low} to {high}°C {where}, warmest in {places}",
    coldest="{low} to {high}°C {where}, coldest in {places}",
    some_stations=(
        "Of {count} stations, {warmest} warmest at {highest}, {coldest} coldest at {lowest}"
    ),
    some_stations_of_region="Of {count} stations in {region}, {warmest} warmest at {highest}",
    all_equal="All {count} stations at {lowest}",
    all_equal_in_region="All {count} stations in {region} at {lowest}",
    one_station="{name} at {lowest}",
    region_means="Regional means from {lowest} in {coldest} to {highest} in {warmest}",
    region_means_of_some=(
        "Means of {count} stations: {lowest} in {coldest} to {highest} in {warmest}"
    ),
    equal_means="All regional means at {lowest}",
    warmer="{places} {value}°C warmer {since}",
    colder="{places} {value}°C colder {since}",
    warmer_and_colder="{warmer} {value}°C warmer, {colder} {value}°C colder {since}",
    unchanged_one="{name} unchanged from {time}",
    unchanged_all="All {count} stations unchanged from {time}",
    same_hour_yesterday="the same hour yesterday",
    same_hour_days_before="the same hour {days} days earlier",
)
