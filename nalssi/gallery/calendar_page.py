"""The calendar page, and the calendar of one month beside the heading of the first page."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar, Final

from nalssi.common.mean_basis import MeanBasis
from nalssi.gallery.day_summaries import DaySummaries
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.locale.locales import Locale

WEEKS: Final = Calendar(firstweekday=6)  # Korean calendars begin on Sunday


@dataclass(frozen=True)
class DayMean:
    """The mean temperature (°C) of the stations on a day, and the kind of the stations' means.

    The kind is daily means, or means of lists.
    """

    mean_c: float
    basis: MeanBasis


@dataclass(frozen=True)
class DayCalendar:
    """The days that have a page in the gallery, in order, with the mean of each day.

    They are the days of observation and the false dates that snapshots print. `means` has None for
    a day without usable readings.
    """

    means: Mapping[date, DayMean | None]

    @classmethod
    def of(cls, summaries: DaySummaries, with_page: Iterable[date]) -> DayCalendar:
        """Return the calendar of the days `with_page`. Their means are taken from `summaries`."""
        days = summaries.frame("means_of_days").select(
            "observed_on", "mean_c", "daily", "fewest", "most"
        )
        means = {
            day: DayMean(mean, MeanBasis(daily, None if daily else (fewest, most)))
            for day, mean, daily, fewest, most in days.iter_rows()
        }
        return cls({day: means.get(day) for day in sorted(with_page)})

    @cached_property
    def newest(self) -> date | None:
        """The newest day with a usable reading, else the newest day; None without any day."""
        usable = [day for day, mean in self.means.items() if mean is not None]
        return max(usable or self.means, default=None)

    def month(self, year: int, month: int) -> Row:
        """Return the calendar of a month: `year`, `month`, and `weeks` of seven days.

        A day is a tuple: its date, whether it has a page, and its `DayMean` or None. Days of other
        months are None.
        """
        weeks = [
            [
                (day, day in self.means, self.means.get(day)) if day.month == month else None
                for day in week
            ]
            for week in WEEKS.monthdatescalendar(year, month)
        ]
        return {"year": year, "month": month, "weeks": weeks}


@dataclass(frozen=True, kw_only=True)
class CalendarPage(GalleryPage):
    """The page of all months, with the undated snapshots below them."""

    template: ClassVar[str] = "calendar.html"
    calendar: DayCalendar
    undated: Sequence[Row]
    """The undated snapshots: `id`, `used` (number of usable readings), `count` (number of
    readings)."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, `years` and `days`.

        `years` are pairs of a year and its months (`DayCalendar.month`), the newest first. `days`
        is the number of days with usable readings.
        """
        means = self.calendar.means
        months = sorted({(day.year, day.month) for day in means}, reverse=True)
        years = [
            (year, [self.calendar.month(*month) for month in own])
            for year, own in groupby(months, key=lambda month: month[0])
        ]
        usable = sum(mean is not None for mean in means.values())
        return super().context(locale) | {"years": years, "days": usable}
