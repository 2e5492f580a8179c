"""The options of a comparison: the station or the days to compare the selected readings with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from nalssi.common.command_option import CommandOption


@dataclass(frozen=True)
class ComparedWith:
    """A station, a year or a period to compare with. All are None if there is no comparison.

    Raises ValueError if more than one of them is set, or only one end of the period.
    """

    with_station: Annotated[
        int | None,
        CommandOption("In a comparison: the station to compare --station with.", name="--with"),
    ] = None
    with_year: Annotated[
        int | None,
        CommandOption("In a comparison: compare with the same days of this year.", minimum=1900),
    ] = None
    with_since: Annotated[
        date | None,
        CommandOption("In a comparison: the first day to compare --since with."),
    ] = None
    with_until: Annotated[
        date | None,
        CommandOption("In a comparison: the last day to compare with."),
    ] = None

    def __post_init__(self) -> None:
        """Raise ValueError if several are set, or only one end of a period."""
        chosen = [self.with_station, self.with_year, self.with_since or self.with_until]
        if sum(each is not None for each in chosen) > 1:
            raise ValueError("compare with one of --with, --with-year and --with-since")
        if (self.with_since is None) != (self.with_until is None):
            raise ValueError("--with-since and --with-until need each other")

    def check(self, since: date | None, until: date | None, station: int | None) -> None:
        """Raise ValueError if the selected readings cannot be compared as these options say.

        `since`, `until` and `station` select the readings. A comparison of two stations needs
        `station`, one of two periods needs both days.
        """
        if self.with_station is not None:
            if station is None:
                raise ValueError("a comparison of two stations needs --station and --with")
            if station == self.with_station:
                raise ValueError(f"station {station} cannot be compared with itself")
        elif not self.file_suffix:
            raise ValueError(
                "a comparison needs --with, --with-year, or --with-since and --with-until"
            )
        elif since is None or until is None:
            raise ValueError("a comparison of two periods needs --since and --until")

    @property
    def file_suffix(self) -> str:
        """The end of the file stem of a comparison, such as `_with_108` or `_with_2025`.

        It names the station, year or period to compare with. It is empty if none is set.
        """
        if self.with_station is not None:
            return f"_with_{self.with_station}"
        if self.with_year is not None:
            return f"_with_{self.with_year}"
        return f"_with_{self.with_since}_{self.with_until}" if self.with_since else ""

    def other_day(self, day: date, since: date | None) -> date | None:
        """Return the day that a selected day is compared with. None if there is no such day.

        In another year it is the same day of the same month. In another period it is as many days
        after its first day as `day` is after `since`, the first selected day.
        """
        if self.with_year is not None:
            try:
                return day.replace(year=self.with_year)
            except ValueError:  # 29 February
                return None
        if self.with_since is None or self.with_until is None or since is None:
            return None
        other: date = self.with_since + timedelta(days=(day - since).days)
        return other if other <= self.with_until else None


NOTHING = ComparedWith()
