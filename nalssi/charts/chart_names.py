"""File stems: the beginnings of the names of files that show one list."""

from __future__ import annotations

from datetime import date
from typing import Final

LISTS: Final = "lists/"
"""The subfolder, in the folder of a kind, with the charts of single lists
(`DrawOptions.every_list`)."""


def day_file_stem(day: date) -> str:
    """Return the file stem of charts of the list that represents a day, such as `2026-11-29`."""
    return str(day)


def snapshot_file_stem(snapshot_id: str, day: date | None) -> str:
    """Return the file stem of charts of a single list, such as `lists/2026-11-29_<snapshot_id>`.

    If the day is None, `undated` stands in its place.
    """
    return f"{LISTS}{day or 'undated'}_{snapshot_id}"
