"""Declares the phrases of search, dates, records and comparison in the gallery.

This module has no text of its own. The catalogues are `korean_finding` and `english_finding`.
Templates reach these phrases as `locale.finding`. Scripts get them in attributes of the page.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FindingPhrases:
    """The phrases of search and dates, of records, and of comparison.

    Names in braces, such as `{date}`, are filled with `str.format` or by a script.
    """

    # The search field.
    impossible_date: str
    """The answer to a date that no calendar has, such as 30 February."""
    missing_date: str
    """The answer to a date without a page: `{date}`. Links to the nearest days follow."""
    near_day: str
    """A remark beside a day that the search offers because it is near a missing date."""
    nearest_station: str
    """A remark beside a town without a station: its nearest station and the distance in km:
    `{station} {km}`."""
    station_of_town: str
    """A remark beside a town or province that has a station: `{station}`."""

    # The date picker.
    go_to_date: str
    go: str

    # The age of the newest list.
    newest_list: str
    """The label before the time of the newest list."""
    newest_is_old: str
    """A warning on pages if the newest list is older than two days."""

    # Pages of many days, while a day is not over.
    added_when_over: str
    """A text after the date of a day that is not over, on pages of many days. It says that the day
    is added when it is over."""

    # The same day in other years.
    other_years: str
    """Heading of the same day in other years: `{month} {month_name} {day}`."""
    other_years_caption: str

    # The page of records.
    records: str
    records_note: str
    """An explanation of the records, with the first and last day of the data: `{first} {last}`."""
    records_by_station: str
    records_by_region: str
    highest: str
    lowest: str
    largest_change: str
    other_days: str
    """Follows a value: the number of other days with the same value: `{count}`."""
    day_count: str
    """Column: the number of days with data."""
    first_to_last: str
    """Column: the first and the last day with data."""
    list_count: str
    """Column: the number of lists on the days with data."""

    # The page of comparison.
    compare: str
    compare_note: str
    compare_needs_script: str
    first_place: str
    second_place: str
    from_day: str
    to_day: str
    second_from_day: str
    second_from_note: str
    """An explanation of the field for the first day of the second period."""
    do_compare: str
    compare_none: str
    """The result if no two days can be compared."""
    compare_empty_one: str
    """The result if the only place that is chosen has no data: `{a}`."""
    name_in_year: str
    """A place in one of two compared years: `{name} {year}`."""
    name_from_day: str
    """A place in one of two compared periods: `{name}`, and `{day}`, on which the period begins."""
    compare_empty: str
    """The result if neither place has data: `{a} {b}`."""
    compare_order: str
    """The error if the last day is before the first, or the period is too long."""
    compare_failed: str
    """The error if a data file cannot be loaded: `{file}`."""
    first_warmer: str
    """The result: place `{a}` is `{degrees}` °C warmer than `{b}`, on `{count}` days that can be
    compared."""
    first_colder: str
    first_equal: str
    compare_alt: str
    compare_value: str
    """The value of a day of one place: `{name} {date} {basis} {mean} {low} {high}`. `{basis}` names
    the kind of mean."""
    compare_legend: str
    compare_caption: str
    difference: str
