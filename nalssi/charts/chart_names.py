"""The beginnings of the file names of charts that show a list."""

from __future__ import annotations

from datetime import date
from typing import Final

LISTS: Final = "lists/"
"""The folder, in that of a kind, of the charts of single lists (`DrawOptions.every_list`)."""


def day_file_stem(day: date) -> str:
    """Return the beginning of the names of the charts of the list that represents a day."""
    return str(day)


def snapshot_file_stem(snapshot_id: str, day: date | None) -> str:
    """Return the beginning of the names of the charts of a single list: the day, then the id."""
    return f"{LISTS}{day or 'undated'}_{snapshot_id}"
