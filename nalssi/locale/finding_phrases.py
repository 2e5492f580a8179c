"""Declares the phrases of finding things in the gallery: search, dates, records and comparison.

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
    """The answer to a date without a page: `{date}`. The nearest days follow."""
    near_day: str
    """What is said beside a day that is near the missing date."""
    nearest_station: str
    """What is said beside a town without a station: `{station} {km}`."""
    station_of_town: str
    """What is said beside a town or province: `{station}`, the station in it."""

    # The date picker.
    go_to_date: str
    go: str

    # The age of the newest list.
    newest_list: str
    """What stands before the time of the newest list."""
    newest_is_old: str
    """What it means that the newest list is older than two days."""

    # Pages of many days, while a day is not over.
    added_when_over: str
    """What follows the date of a day that is not over: when the page will have it."""

    # The same day in other years.
    other_years: str
    """Heading: `{month} {month_name} {day}`."""
    other_years_caption: str

    # The page of records.
    records: str
    records_note: str
    """What the records are: `{first} {last}`."""
    records_by_station: str
    records_by_region: str
    highest: str
    lowest: str
    largest_change: str
    other_days: str
    """How many other days have the same value: `{count}`."""
    day_count: str
    """Column: the number of days with data."""
    first_to_last: str
    """Column: the first and the last day with data."""
    list_count: str
    """Column: the number of lists of these days."""

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
    """What the first day of the second period is for."""
    do_compare: str
    compare_none: str
    """What is said if no days are alike."""
    compare_empty: str
    """What is said if neither place has data: `{a} {b}`."""
    compare_order: str
    """What is said of an impossible period."""
    compare_failed: str
    """What is said if a file is missing: `{file}`."""
    first_warmer: str
    """The finding: `{a} {b} {degrees} {count}`, the number of like days."""
    first_colder: str
    first_equal: str
    compare_alt: str
    compare_value: str
    """The value of a day: `{name} {date} {basis} {mean} {low} {high}`."""
    compare_legend: str
    compare_caption: str
    difference: str
