"""Declares every phrase of the charts, and the names and dates that the gallery shares.

This module has no text of its own. The catalogues are `korean_charts` and `english_charts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ChartPhrases:
    """The phrases of the charts in one language.

    Names in braces, such as `{count}`, are filled with `str.format`. If a phrase is a pair, the
    first text is for the count one, the second for any other count. Write temperatures with a
    hyphen-minus: the charts' font, NanumGothic, lacks U+2212.
    """

    # Dates and hours. The gallery uses these too.
    weekdays: tuple[str, ...]
    """Short names of the weekdays, Monday first."""
    months: tuple[str, ...]
    """Names of the months, January first."""
    date: str
    """A day with its weekday: `{year} {month} {month_name} {day} {weekday}`."""
    short_date: str
    """A day in digits: `{year} {month} {day}`."""
    observed_hour: str
    """The hour of observation in KST: `{hour}`."""
    date_and_hour: str
    """A day and its hour in KST: `{day} {hour}`. `{day}` is a text made with the phrase `date`."""
    hour_unknown: str
    undated: str
    period: str
    """The first and last day of a period, and how many days have data: `{first} {last} {count}`."""

    # Names of things. The gallery uses these too.
    source: str
    """Attribution of the data."""
    no_data: str
    """The text that replaces a temperature if a region has no data."""
    flag_names: Mapping[int, str]
    """Names of the quality flags. Only charts have flag 0: a reading of a closed station."""
    check_names: Mapping[str, str]
    """Names of the quality checks, by their identifiers in `quality.failed`."""
    weather_groups: Mapping[str, str]
    """Names of the weather symbols on the map, by condition group."""

    # What several charts say.
    station_count: tuple[str, str]
    excluded: str
    """The excluded readings of a chart: `{reasons}`, a list of phrases from `excluded_by_flag`."""
    excluded_by_flag: Mapping[int, str]
    """The number of readings that are excluded for a flag: `{count}`."""
    same_scale: str
    """Note that all charts share one colour scale."""
    mean: str
    low_to_high: str

    # The map of a snapshot.
    map_title: str
    map_source: str
    """Attribution of the province outlines. It is written after the phrase `source`."""
    dokdo: str
    """Name of the islands in the map's inset."""

    # The temperatures of a snapshot by region.
    regions_title: str
    regions_legend: str

    # The change between two snapshots.
    change_title: str
    change_dates: str
    """The days of the two snapshots that a change chart compares: `{this} {before}`."""
    change_count: tuple[str, str]
    change_legend: str

    # Daily means by region over a period.
    series_title: str
    series_legend: str

    # Daily means by station over a period.
    heatmap_title: str
    heatmap_legend: str

    # The quality of the readings of a period.
    quality_title: str
    quality_count: str
    """The number of readings, and the percentage of good ones: `{total} {share}`."""
    quality_undated: str
    """The number of readings without a date: `{count}`."""
    quality_shares: str
    quality_frozen: str
    quality_checks: str
