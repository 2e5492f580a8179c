"""Declares the phrases of the charts of a day's course, of records and of comparisons.

This module has no text of its own. The catalogues are `korean_time_charts` and
`english_time_charts`. `nalssi.locale.chart_phrases` explains how phrases are written. A phrase may
contain Korean particles in both forms (`nalssi.locale.korean_particles`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeChartPhrases:
    """The phrases of these charts in one language."""

    # The course of a day.
    day_headline: str
    """The station whose temperature changes most: `{places} {low} {high}`."""
    day_headline_unchanged: str
    """The headline if no station changes: `{times}`."""
    day_times: tuple[str, str]
    """The number of lists and of stations: `{count} {stations}`."""
    day_known: str
    """The meaning of a round point."""
    day_captured: str
    """The meaning of a diamond."""
    day_line: str
    day_long_line: str
    """The meaning of a dotted line: points more than `{hours}` hours apart."""
    hour: str
    """An hour on an axis: `{hour}`."""

    # Records.
    records_headline: str
    """`{warmest} {highest} {coldest} {lowest}`; the temperatures have their unit."""
    records_counts: str
    """The number of stations and observations: `{stations} {observations}`."""
    records_legend: str
    lowest: str
    highest: str
    at_hour: str
    """A day and the hour of observation: `{day} {time}`."""
    at_capture: str
    """A day and a capture time: `{day} {time}`."""
    tied_days: tuple[str, str]
    """How many other days have the same value: `{count}`."""

    # Comparisons.
    station_warmer: str
    """A station is warmer than another one: `{name} {other} {value}`."""
    station_colder: str
    station_equal: str
    """`{name} {other}`"""
    period_warmer: str
    """Places are warmer than in another period: `{places} {period} {value}`."""
    period_colder: str
    period_equal: str
    """`{places} {period}`"""
    some_places: tuple[str, str]
    """The stations that are compared, if they are not one or a region: `{count}`."""
    same_days_of: str
    """The same days of another year, as a period: `{year}`."""
    days_from_to: str
    """A period: `{first} {last}`."""
    same_lists: str
    """Observations and days in common: `{pairs} {days}`."""
    like_hours: str
    """Pairs of observations of like hours: `{pairs} {stations} {days}`."""
    difference: str
    """Heading of the differences."""
    open_point: str
    """The meaning of an open point: a day whose hours are too few for a daily mean."""
