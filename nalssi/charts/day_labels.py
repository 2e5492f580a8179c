"""Choose the labels below an axis of days, so that no label covers another.

A label is a day such as `12.19.`, or a month such as `3월` on its first day. Below the first label
of every year stands the year. Most important are the first day of the axis and the beginning of
every year, then the first day of every piece and the last day. Then months or days at regular
distances fill the room between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nalssi.charts.day_axis import DayAxis, Piece
from nalssi.locale.locales import Locale

MONTH_STEPS: Final = (12, 6, 3, 1)
"""The distances in months between labels of months. The labels of each distance are also among
those of the next, shorter one."""
DAYS_OF_MONTH: Final = 30.4
WIDE_DAY: Final = date(2000, 12, 28)
"""The day whose label is measured as the widest of all labels."""
DAY_STEPS: Final = (10, 5, 1)
"""The distances in days between labels of days. Within a month, days are counted from the first:
the 1st, 6th, 11th and so on."""
LAST_COUNTED_DAY: Final = 30


@dataclass(frozen=True)
class DayLabel:
    """A label of an axis of days. `year` is the text below it, or None if it has none.

    Only the first label of each year has the year.
    """

    day: date
    at: float
    """The position of the day: its beginning for a month, its middle for a day."""
    middle: float
    """The position of the middle of the text. At the ends of the axis it differs from `at`."""
    text: str
    year: str | None = None


def day_labels(
    axis: DayAxis,
    locale: Locale,
    text_width: Callable[[str], float],
    *,
    gap: float,
    overhang: float = 0.0,
) -> list[DayLabel]:
    """Return the labels of an axis, from left to right.

    `text_width` returns the width of a text in the axis's unit of length; `gap` is the smallest
    distance between two labels. A label reaches at most `overhang` beyond the ends of the axis.
    """
    texts = (locale.month_and_day(WIDE_DAY), locale.charts.short_year.format(year=WIDE_DAY.year))
    widest = max(map(text_width, texts))
    placed: list[DayLabel] = []
    for label in _candidates(axis, locale, widest, gap, overhang):
        if all(abs(label.middle - other.middle) >= widest + gap for other in placed):
            placed.append(label)
    placed.sort(key=lambda label: label.day)
    years = [None, *(label.day.year for label in placed)]
    return [
        label if label.day.year == before else _with_year(label, locale)
        for before, label in zip(years, placed, strict=False)
    ]


def _with_year(label: DayLabel, locale: Locale) -> DayLabel:
    year = locale.charts.short_year.format(year=label.day.year)
    return DayLabel(label.day, label.at, label.middle, label.text, year)


def _candidates(
    axis: DayAxis, locale: Locale, widest: float, gap: float, overhang: float
) -> Iterator[DayLabel]:
    """Yield possible labels, the most important first. Labels at regular distances come last.

    `widest` is the width of the widest label, `gap` the distance between two labels, and `overhang`
    how far a label may reach beyond the ends of the axis, all in the axis's unit.
    """

    def label(day: date) -> DayLabel:
        return placed(day, axis.middle(day), locale.month_and_day(day))

    def month(day: date) -> DayLabel:
        return placed(day, axis.left_edge(day), locale.short_month(day))

    def placed(day: date, at: float, text: str) -> DayLabel:
        return DayLabel(day, at, min(max(at, first), axis.width - first), text)

    first = max(0.0, widest / 2 - overhang)
    days_have_labels = axis.day_width >= widest + gap
    years = {piece.days[0].year: piece for piece in reversed(axis.pieces)}
    yield label(axis.days[0])
    yield from (label(piece.days[0]) for piece in axis.pieces if years[piece.days[0].year] is piece)
    yield from (
        label(day) if days_have_labels else month(day)
        for day in (date(year, 1, 1) for year, _ in axis.year_starts())
    )
    yield label(axis.days[-1])
    yield from (label(piece.days[0]) for piece in axis.pieces)
    for step in MONTH_STEPS if not days_have_labels else ():
        if step * DAYS_OF_MONTH * axis.day_width >= widest + gap:
            for piece in axis.pieces:
                yield from (month(day) for day in _month_starts(piece, step))
    for days in DAY_STEPS:
        if days * axis.day_width >= widest + gap:
            for piece in axis.pieces:
                yield from (label(day) for day in _days_of(piece, days))


def _month_starts(piece: Piece, step: int) -> Iterator[date]:
    first, last = piece.days[0], piece.days[-1]
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month):
        year, month = divmod(number, 12)
        if month % step == 0:
            yield date(year, month + 1, 1)


def _days_of(piece: Piece, step: int) -> Iterator[date]:
    """Yield the days of a piece of the axis that can have labels `step` days apart: 1, 5 or 10.

    With 5, these are the 1st, 6th, … 26th of each month. The first day of the piece is left out,
    because it has a label anyway.
    """
    first = piece.days[0]
    for number in range(1, (piece.days[-1] - first).days + 1):
        day = first + timedelta(days=number)
        if step == 1 or (day.day % step == 1 and day.day <= LAST_COUNTED_DAY):
            yield day
