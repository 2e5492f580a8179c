"""Declares the phrases of the day chart, the records chart and the comparison chart.

This module has no text of its own. The catalogues are `korean_time_charts` and
`english_time_charts`. `nalssi.locale.chart_phrases` explains how phrases are written. A phrase may
contain Korean particles in both forms (`nalssi.locale.korean_particles`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeChartPhrases:
    """The phrases of the day, records and comparison charts in one language."""

    # The course of a day.
    day_headline: str
    """The headline of a day chart: the stations with the widest range, and its ends: `{places}
    {low} {high}`."""
    day_headline_unchanged: str
    """The headline of a day chart if no station changes at `{times}` clock times."""
    day_times: tuple[str, str]
    """The number of clock times and of stations: `{count} {stations}`. The first text is for one
    time."""
    day_known: str
    """The meaning of a round point on a day chart."""
    day_captured: str
    """The meaning of a diamond on a day chart."""
    day_line: str
    day_long_line: str
    """The meaning of a dotted line: points more than `{hours}` hours apart."""
    hour: str
    """The label of an hour on an axis: `{hour}`."""

    # Records.
    records_headline: str
    """The headline of a records chart: `{warmest} {highest} {coldest} {lowest}`; the temperatures
    have their unit."""
    records_counts: str
    """The number of stations and observations: `{stations} {observations}`."""
    records_legend: str
    lowest: str
    highest: str
    at_hour: str
    """The day and the hour of observation of a record: `{day} {time}`."""
    at_capture: str
    """The day and the capture time of a record, if its hour is unknown: `{day} {time}`."""
    tied_days: tuple[str, str]
    """The number of other days with the same value: `{count}`."""

    # Comparisons.
    station_warmer: str
    """The headline if one station is `{value}` degrees warmer than another: `{name} {other}
    {value}`."""
    station_colder: str
    station_equal: str
    """The headline if two stations are equally warm: `{name} {other}`."""
    period_warmer: str
    """The headline if places are `{value}` degrees warmer than in another period: `{places}
    {period} {value}`."""
    period_colder: str
    period_equal: str
    """The headline if places are as warm as in another period: `{places} {period}`."""
    some_places: tuple[str, str]
    """The number of compared stations, if the comparison is not of one station or region:
    `{count}`."""
    same_days_of: str
    """The same days of another year, as a period: `{year}`."""
    days_from_to: str
    """A period: `{first} {last}`."""
    same_lists: str
    """The number of observations of two stations in the same lists, and of days: `{pairs}
    {days}`."""
    like_hours: str
    """The number of pairs of observations of like hours: `{pairs} {stations} {days}`."""
    difference: str
    """Heading of the panel of differences of a comparison."""
    open_point: str
    """The meaning of an open point of a comparison: a day with too few hours for a daily mean."""
