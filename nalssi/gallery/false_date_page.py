"""The page of a day that pages print, but on which no list was observed.

Every list that is printed under this date was observed on another day or on an unknown one, or is
a copy of an older list. The page says so, so that no list is missing without a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from nalssi.gallery.day_links import day_path, list_path
from nalssi.gallery.day_order import DayOrder
from nalssi.gallery.gallery_data import FalseDate, GalleryData
from nalssi.gallery.gallery_page import GalleryPage
from nalssi.locale.locales import Locale


@dataclass(frozen=True, kw_only=True)
class FalseDatePage(GalleryPage):
    """The page of a day without an observed list. Every field is a variable of the template.

    `previous` and `next` are the days before and after that have a page.
    """

    template: ClassVar[str] = "false_date.html"
    day: date
    false_dates: Sequence[FalseDate]
    """The lists that are printed under this date."""
    previous: date | None
    next: date | None

    def context(self, locale: Locale) -> dict[str, Any]:
        """Return the variables of the template: the fields of the page, and `reasons`.

        `reasons` is the result of `false_date_reasons`.
        """
        return super().context(locale) | {"reasons": false_date_reasons(self.false_dates, locale)}


def false_date_pages(data: GalleryData, order: DayOrder, year: int) -> Iterator[FalseDatePage]:
    """Yield the page of each day of a year that pages print, but on which no list was observed.

    `order` has all days that have a page; it gives the links to the previous and the next day.
    """
    observed = set(data.days)
    for day, false_dates in data.false_dates.items():
        if day.year != year or day in observed:
            continue
        previous, after = order.neighbours(day)
        yield FalseDatePage(
            path=day_path(day),
            section="day",
            day=day,
            false_dates=false_dates,
            previous=previous,
            next=after,
        )


def false_date_reasons(
    false_dates: Sequence[FalseDate], locale: Locale
) -> Sequence[tuple[str, str, str]]:
    """Return three texts for each list with a false date: id, path of its page, and the reason."""
    return [
        (
            each.snapshot_id,
            list_path(each.snapshot_id, each.time, each.nth),
            _reason(each, locale),
        )
        for each in false_dates
    ]


def _reason(each: FalseDate, locale: Locale) -> str:
    phrases = locale.gallery
    if each.time.day is not None:
        return phrases.false_date_moved.format(when=locale.moment(each.time))
    if each.repeated is None:
        return phrases.false_date_unknown
    first, last = map(locale.short_day, each.repeated)
    return phrases.false_date_repeated.format(first=first, last=last)
