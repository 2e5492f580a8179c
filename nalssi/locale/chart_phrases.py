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
    observed_at: str
    """The hour of observation of a list in KST: `{time}`."""
    captured_at: str
    """The capture time of a page in KST: `{time}`. It is not an hour of observation."""
    month_and_day: str
    """A day without its year: `{month} {month_name} {day}`."""
    short_month: str
    """A month without its year, as short as possible: `{month} {month_name}`."""
    short_year: str
    """A year alone, in labels of axes and in links to pages of years: `{year}`."""
    duration_years: str
    """A number of years, as a part of a duration: `{count}`. Durations are as short as possible."""
    duration_months: str
    duration_days: tuple[str, str]
    day_and_clock: str
    """A day, and `observed_at` or `captured_at`: `{day} {clock}`."""
    hour_unknown: str
    undated: str
    period: str
    """The first and last day of a period, and its number of days with data: `{first} {last}
    {count}`."""

    # Names of things. The gallery uses these too.
    source: str
    """Attribution of the data to KMA."""
    no_data: str
    """The text that replaces a temperature if a region has no data."""
    flag_names: Mapping[int, str]
    """Names of the quality flags, by flag. Only charts have flag 0: a reading of a closed
    station."""
    check_names: Mapping[str, str]
    """Names of the quality checks, by their identifiers in `quality.failed`."""
    weather_groups: Mapping[str, str]
    """Names of the weather symbols on the map that stand for weather of several names. All other
    symbols have their names from `conditions.csv` (`nalssi.charts.symbol_shapes.symbol_name`)."""
    and_others: str
    """Some names, and the number of names that are left out: `{names} {count}`."""

    # What several charts say.
    station_count: tuple[str, str]
    excluded: str
    """The excluded readings of a chart: `{reasons}`, a list of phrases from `excluded_by_flag`."""
    excluded_by_flag: Mapping[int, str]
    """The number of readings that are excluded for a flag, by flag: `{count}`."""
    map_shown: str
    """A line of a narrow map: how many of its stations have a label: `{count}`."""
    fixed_scale: str
    """Note on the colour scale that all charts share, with its ends: `{low} {high}`."""
    day_scale: str
    """Note on the colour scale of a chart that has a scale of its own, with its ends: `{low}
    {high}`."""
    mean: str
    low_to_high: str

    single_list: str
    """A warning that one list cannot show whether its date is false. It is in the descriptions of
    pictures of one list only."""

    # The map of a snapshot.
    map_source: str
    """Attribution of the province outlines. It is written after the phrase `source`."""
    dokdo: str
    """Name of the islands in the map's inset."""

    # The temperatures of a snapshot by region.
    regions_legend: str

    # The change between two snapshots.
    since_yesterday: str
    """Names the earlier snapshot in a sentence on a change, if it is one day older."""
    since_days: str
    """Names the earlier snapshot in a sentence on a change, if it is `{days}` days older."""
    change_title: str
    """The title of the change chart. `{time}` is the phrase `same_hour_yesterday` or
    `same_hour_days_before`."""
    change_dates: str
    """The times of the two snapshots that a change chart compares: `{this} {before}`."""
    no_change: Mapping[str, str]
    """The reason why a snapshot is compared with no earlier one, by value of `NoComparison`."""
    change_count: tuple[str, str]
    change_counts: str
    """The numbers of stations that are warmer, colder and unchanged: `{warmer} {colder} {same}`."""
    change_legend: str

    # Means of days. A mean is a daily mean if the day is representative; otherwise the text says of
    # how many lists it is the mean.
    daily_mean: str
    mean_of_lists: tuple[str, str]
    """Names a mean of lists, such as `mean of 3 lists`: `{count}`."""
    number_range: str
    """Fills the `{count}` of another phrase if the number differs from day to day: `{fewest}
    {most}`."""

    # Means by region over a period.
    series_title: str
    """The title of the series chart if all days are representative."""
    series_title_of_lists: str
    """The title of the series chart if some days are not representative."""
    series_bar: str
    series_line: str
    series_open_point: str
    """The meaning of an open point: `{mean}`, a text made with `mean_of_lists`."""
    axis_break: str
    """The meaning of a break of an axis of days."""

    # Means by station over a period.
    heatmap_title: str
    heatmap_legend: str
    heatmap_cells: str
    """Note that says which means the cells show: `{mean}` is the phrase `daily_mean` or
    `mean_of_lists`."""
    heatmap_strip: str
    """The meaning of the strip above the cells. It follows `heatmap_cells`."""

    # The quality of the readings of a period.
    quality_title: str
    quality_count: str
    """The number of readings, and the percentage of good ones: `{total} {share}`."""
    quality_undated: str
    """The number of readings without a date: `{count}`."""
    quality_shares: str
    quality_frozen: str
    quality_checks: str
