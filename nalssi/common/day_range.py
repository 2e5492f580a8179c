"""A range of days (KST), as commands and filters take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nalssi.common.command_option import CommandOption


@dataclass(frozen=True)
class DayRange:
    """The days from `since` to `until`, both included. None: there is no limit on that side."""

    since: Annotated[
        date | None, CommandOption("Only this day and later days, such as 2025-12-19.")
    ] = None
    until: Annotated[date | None, CommandOption("Only this day and earlier days.")] = None
