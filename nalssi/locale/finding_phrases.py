"""Declares the phrases of finding things in the gallery: search, dates, records and comparison.

This module has no text of its own. The catalogues are `korean_finding` and `english_finding`.
Templates reach these phrases as `locale.finding`. Scripts get them in attributes of the page.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FindingPhrases:
    """The phrases of search, date picker and the age of the newest list.

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
    newest_observed: str
    """How long ago the newest list was observed: `{ago}`."""
    newest_captured: str
    newest_of_day: str
    """The same for a list of which only the day is known."""
    newest_is_old: str
    """What it means that the newest list is older than two days."""
