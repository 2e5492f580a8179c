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
    """A name that shares a value with at least two others: `{first} {count} {others}`."""
    nationwide: str
    """The place of a list that has stations all over the country."""
    in_region: str
    """The place of a list that has stations of one region: `{region}`."""

    # Temperatures of stations: `{where} {low} {high}`, then a place with its temperature.
    hottest: str
    warmest: str
    coldest: str
    some_stations: str
    """A list that does not have most stations: `{count} {warmest} {highest} {coldest} {lowest}`.
    `{highest}` and `{lowest}` are temperatures with their unit, as are those below."""
    some_stations_of_region: str
    """The same, of stations of one region: `{region}` too."""
    all_equal: str
    """All stations have one temperature: `{count} {lowest}`."""
    all_equal_in_region: str
    one_station: str
    """`{name} {lowest}`."""

    # Means of regions.
    region_means: str
    """`{warmest} {highest} {coldest} {lowest}`."""
    region_means_of_some: str
    """The same, of a list that does not have most stations: `{count}` too."""
    equal_means: str
    """`{lowest}`."""

    # Changes since an earlier time: `{since}` is a phrase `since_yesterday` or `since_days`.
    warmer: str
    """`{places} {value} {since}`."""
    colder: str
    warmer_and_colder: str
    """The largest rise and the largest fall are equal: `{warmer} {colder} {value} {since}`."""
    unchanged_one: str
    """`{name} {time}`, with the phrase `same_hour_yesterday` or `same_hour_days_before`."""
    unchanged_all: str
    """`{count} {time}`."""
    same_hour_yesterday: str
    same_hour_days_before: str
    """`{days}`."""
