"""Declares every phrase of the gallery, apart from those that it shares with the charts.

This module has no text of its own. The catalogues are `korean_gallery` and `english_gallery`.
Templates reach these phrases as `phrases`, and those of the charts as `locale.charts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class GalleryPhrases:
    """The phrases of the gallery in one language.

    Names in braces, such as `{count}`, are filled with `str.format`. A phrase that ends in `_alt`
    describes a picture in words, for people who do not see it.
    """

    # Around every page: name, search, menu, switches, footer.
    gallery_name: str
    tagline: str
    skip_to_content: str
    menu: str
    newest: str
    calendar: str
    period: str
    station_list: str
    quality: str
    search: str
    search_hint: str
    """Examples of words to search for. They are the tooltip of the search field."""
    search_none: str
    search_count: str
    language_name: str
    """Name of the language, in that language."""
    dark_mode: str
    light_mode: str
    footer: str

    # Column headings and other short names.
    region: str
    station: str
    weather: str
    temperature: str
    change: str
    mean: str
    low: str
    high: str
    low_to_high: str
    low_and_high: str
    """The ends of a range, of temperatures or of days: `{low} {high}`."""
    day: str
    time: str
    """Heading of a column: the hour of observation or the capture time of a list."""
    station_count: str
    reading_count: str
    share: str
    snapshot: str
    page: str
    site: str
    unknown_site: str
    page_count: str
    """Heading of a column: the number of pages of a site."""
    undated: str
    flag: str
    checks: str
    """Heading of a column: the quality checks that a reading failed."""
    as_printed: str
    """Heading of a column: the temperature of an excluded reading, as the page prints it."""
    printed_line: str

    # Files and tables below a chart.
    csv_of: str
    csv_archive_of: str
    """The link to an archive of CSV files: `{what}`, the month of the files."""
    full_size: str
    """The link to the file of a chart: `{what}`, the chart, and `{form}`, the file format."""
    as_table: str
    newest_days: str
    """A note that a table shows only the newest `{shown}` of `{count}` days."""

    # The page of a day or of a snapshot.
    weather_of_day: str
    previous_date: str
    next_date: str
    to_calendar: str
    undated_note: str
    snapshots_of_day: str
    all_snapshots: str
    numbered_list: str
    """One of several lists of a day whose clock time is unknown: `{number}`."""
    values_of_lists: str
    """Heading of the table of all values of a day: stations in rows, lists in columns."""
    values_note: str
    """An explanation of the marks in the table of all values: excluded and missing readings."""
    hour_sources: Mapping[str, str]
    """The source of the hour of a snapshot, by code of `hour_source`."""
    date_sources: Mapping[str, str]
    """The source of the date of a snapshot, by code of `date_source`."""
    all_stations_used: str
    some_stations_used: str
    no_usable_reading: str
    warmest: str
    coldest: str
    station_mean: str
    mean_note: str
    by_region: str
    by_station: str
    regions_caption: str
    change_note: str
    """An explanation of changes: they are since `{before}`, the time of the earlier list."""
    map_title: str
    map_alt: str
    regions_title: str
    regions_alt: str
    change_alt: str
    excluded: str
    excluded_caption: str
    sightings: str
    """Heading of the list of pages that print the snapshot."""
    sighting_pages: str
    captured: str

    false_dates: str
    """Heading of the lists whose printed date is false, with their number: `{count}`."""
    false_date_moved: str
    """The reason why a date is false, if the true time of the list is known: `{when}`."""
    false_date_repeated: str
    """The reason why a date is false, if the list is printed under several dates, from `{first}` to
    `{last}`."""
    false_date_unknown: str
    """The reason why a date is false, if the true day of the list is unknown."""
    no_observed_list: str
    """A note on the page of a day on which no list was observed."""

    # The calendar.
    calendar_note: str
    days_with_data: str
    no_usable_reading_of_day: str
    weekdays_from_sunday: tuple[str, ...]
    """The shortest names of the weekdays, Sunday first."""
    year: str
    month: str
    """A month of a year: `{year}`, and `{month}` or `{month_name}`."""

    # The page of all days.
    heatmap_title: str
    heatmap_alt: str
    heatmap_periods: Mapping[str, str]
    """A note on a heatmap whose columns are longer than a day, by `week` and `month`: `{mean}`
    names the kind of the means of days."""
    no_station_data: str
    """The meaning of an empty cell on a day with data of other stations."""

    # The pages of regions and stations.
    stations_title: str
    closed_stations: str
    closed: str
    plot_title: str
    newest_days_of_all: str
    """A note that a plot shows only the newest `{shown}` of `{count}` days."""
    earlier_years: str
    """The heading of the links to the pages of earlier years."""
    means_of_year: str
    """Heading of the table of a year: days in rows, months in columns."""
    plot_alt: str
    plot_keys: str
    """A sentence on how to move in a plot with the keyboard. It is added to the description of the
    plot."""
    mean_basis: str
    """Heading of a column: the kind of the mean of a day, and the time of its lists."""
    daily_mean_of_hours: str
    """The kind of the mean of a representative day, with its number of hours: `{hours}`."""
    lists_at_time: str
    """The kind of the mean of one list, with its time: `{mean} {time}`. `{mean}` is made with
    `mean_of_lists`."""
    lists_in_period: str
    """The kind of the mean of some lists, with the times of the first and the last list: `{mean}
    {first} {last}`."""
    lists_in_brackets: str
    """The meaning of a number in brackets after a mean: the number of its lists."""
    undated_readings: str
    never_usable: str
    station_id: str
    position: str
    elevation: str
    opened: str
    history: str
    history_row: str
    until_now: str

    # The page on quality.
    quality_title: str
    quality_alt: str
    quality_note: str
    flags_caption: str
    checks_caption: str
    days_caption: str
    sites_title: str
    rejects_title: str
    rejects_note: str
    reasons: Mapping[str, str]
    """The reason why a line is rejected, by code of `rejects.reason`."""

    # The gallery of a warehouse without readings.
    empty_title: str
    empty_text: str
