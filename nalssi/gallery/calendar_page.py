"""The calendar page, and the calendar of one month that is beside the heading of a day's page."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar, Final

from nalssi.charts.period_data import exact_mean
from nalssi.gallery.gallery_data import GalleryData
from nalssi.gallery.gallery_page import GalleryPage, Row
from nalssi.locale.locales import Locale

WEEKS: Final = Calendar(firstweekday=6)  # Korean calendars begin on Sunday


@dataclass(frozen=True)
class DayCalendar:
    """The days that have readings.

    `means` has the mean temperature (°C) of all stations by day, and None for a day without usable
    readings.
    """

    means: Mapping[date, float | None]

    @classmethod
    def of(cls, data: GalleryData) -> DayCalendar:
        """Return the calendar of a warehouse."""
        means = data.station_days.group_by("observed_on").agg(exact_mean("mean_c", 2))
        return cls(dict.fromkeys(data.days["observed_on"].drop_nulls()) | dict(means.iter_rows()))

    @cached_property
    def newest(self) -> date | None:
        """The newest day with a usable reading. If there is none, the newest day with readings."""
        usable = [day for day, mean in self.means.items() if mean is not None]
        return max(usable or self.means, default=None)

    def neighbours(self, day: date) -> tuple[date | None, date | None]:
        """Return the previous and the next day with readings, or None where there is none."""
        index = self._index[day]
        before = self._days[index - 1] if index else None
        after = self._days[index + 1] if index + 1 < len(self._days) else None
        return before, after

    def month(self, year: int, month: int) -> Row:
        """Return the calendar of a month: `year`, `month`, and `weeks` of seven days.

        A day is `(date, has readings, mean)`. Days of the previous and next month are None.
        """
        weeks = [
            [
                (day, day in self.means, self.means.get(day)) if day.month == month else None
                for day in week
            ]
            for week in WEEKS.monthdatescalendar(year, month)
        ]
        return {"year": year, "month": month, "weeks": weeks}

    @cached_property
    def _days(self) -> Sequence[date]:
        return list(self.means)

    @cached_property
    def _index(self) -> Mapping[date, int]:
        return {day: index for index, day in enumerate(self._days)}


@dataclass(frozen=True, kw_only=True)
class CalendarPage(GalleryPage):
    """The page of all months, with the undated snapshots below them."""

    template: ClassVar[str] = "calendar.html"
    calendar: DayCalendar
    undated: Sequence[Row]
    """The undated snapshots: `id`, `used` (number of usable readings), `count` (number of
    readings)."""

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the fields, the months by year (newest first), and the number of days."""
        means = self.calendar.means
        months = sorted({(day.year, day.month) for day in means}, reverse=True)
        years = [
            (year, [self.calendar.month(*month) for month in own])
            for year, own in groupby(months, key=lambda month: month[0])
        ]
        return super().context(locale) | {"years": years, "days": len(means)}
