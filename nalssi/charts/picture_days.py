"""The setting of how many days have picture files: `--picture-days` or NALSSI_PICTURE_DAYS.

A day's pictures take about 2.4 MB in both languages. The pages of the gallery
show maps and plots from their data, so they need no picture files of older days.
"""

from __future__ import annotations

import os
from typing import Final

PICTURE_DAYS_VARIABLE: Final = "NALSSI_PICTURE_DAYS"
PICTURE_DAYS: Final = 31
"""The number of newest days that keep their picture files if the user sets none."""


def picture_days(days: int | None = None) -> int:
    """Return how many of the newest days with lists keep their picture files.

    `days` replaces the environment variable NALSSI_PICTURE_DAYS. Raises ValueError unless the
    number is a whole number from 1.
    """
    given = os.environ.get(PICTURE_DAYS_VARIABLE) if days is None else str(days)
    if not given:
        return PICTURE_DAYS
    if not given.isascii() or not given.isdecimal() or int(given) < 1:
        raise ValueError(f"{PICTURE_DAYS_VARIABLE} {given!r} is not a number of days from 1")
    return int(given)
