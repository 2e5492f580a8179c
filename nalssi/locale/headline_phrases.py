"""Declares the headlines of pictures: sentences that state a finding.

This module has no text of its own. The catalogues are `korean_headlines` and `english_headlines`;
`nalssi.charts.headlines` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HeadlinePhrases:
    """The headlines in one language.

    Names in braces, such as `{warmest}`, are filled with `str.format`. Temperatures are filled in
    with a true minus (U+2212). A Korean particle after a name is written in both forms, such as
    `이(가)`; `korean_particles` chooses one.
    """

    # A temperature in a sentence: `{value}`, a number without its sign.
    degrees: str
    degrees_below_zero: str

    # Names of stations and regions.
    two_names: str
    """Two names that share a value: `{first} {second}`."""
    many_names: str
    """The first of three or more names that share a value, the number of all, and of the rest:
    `{first} {count} {others}`."""
    nationwide: str
    """Fills `{where}` for a list that has stations all over the country."""
    in_region: str
    """Fills `{where}` for a list that has stations of one region: `{region}`."""

    # Temperatures of stations: `{where} {low} {high}`, then a place with its temperature.
    hottest: str
    warmest: str
    coldest: str
    some_stations: str
    """The headline of a list that does not have most stations: `{count} {warmest} {highest}
    {coldest} {lowest}`. Here and below, `{highest}` and `{lowest}` are temperatures with their
    unit."""
    some_stations_of_region: str
    """The headline of a list that does not have most stations of its only region: the placeholders
    of `some_stations`, and `{region}`."""
    all_equal: str
    """The headline if all stations have one temperature: `{count} {lowest}`."""
    all_equal_in_region: str
    one_station: str
    """The headline of a list of one station: `{name} {lowest}`."""

    # Means of regions.
    region_means: str
    """The regions with the highest and the lowest mean: `{warmest} {highest} {coldest}
    {lowest}`."""
    region_means_of_some: str
    """As `region_means`, for a list that does not have most stations: also `{count}`, its number of
    stations."""
    equal_means: str
    """The headline if all regions have the same mean: `{lowest}`."""

    # Changes since an earlier time: `{since}` is a phrase `since_yesterday` or `since_days`.
    warmer: str
    """The stations that became warmer by the largest change: `{places} {value} {since}`."""
    colder: str
    warmer_and_colder: str
    """The headline if the largest rise equals the largest fall: `{warmer} {colder} {value}
    {since}`."""
    unchanged_one: str
    """The headline if the only compared station has not changed: `{name} {time}`. `{time}` is the
    phrase `same_hour_yesterday` or `same_hour_days_before`."""
    unchanged_all: str
    """The headline if no station has changed: `{count} {time}`, as in `unchanged_one`."""
    same_hour_yesterday: str
    same_hour_days_before: str
    """Names the same hour of an earlier day, more than one day before: `{days}`."""
