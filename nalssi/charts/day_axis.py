"""An axis of days on which equal times have equal widths, and long times without data are cut out.

The axis consists of pieces. Within all pieces, a day has the same width. Between two pieces is a
break: a mark of a small width for a long time without data, which is shown with its length in words
(`Locale.duration`). While days are too narrow to be legible, a time without data is cut out if it
would take more than twice the width of a break. So two days five years apart are two pieces, and
days that are a week apart are one piece.

Lengths are in the unit of the caller: inches in charts, parts of the width in the gallery. The
charts draw an axis with `day_axis_drawing`, the gallery with `daily_plot`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final

ONE_DAY: Final = timedelta(days=1)
WORTHWHILE: Final = 2.0
"""A time without data is cut out if it would take more than this number of times the width of a
break."""


@dataclass(frozen=True)
class AxisSizes:
    """The sizes of an axis, all in one unit of length."""

    width: float
    """The width of the whole axis."""
    break_width: float
    """The smallest width of a break within a year."""
    year_break_width: float
    """The smallest width of a break between days of two years. It has room for the labels of
    both."""
    widest_break: float
    """Breaks are widened up to this width, if the days do not need the space."""
    legible_day: float
    """The smallest width of a day at which days are legible. Once days are this wide, no more time
    is cut out."""
    widest_day: float
    """The largest width of a day. A few days do not fill the axis."""

    def least_break(self, before: date, after: date) -> float:
        """Return the smallest width of a break between two days with data.

        It depends on whether they are in one year.
        """
        return self.break_width if before.year == after.year else self.year_break_width


@dataclass(frozen=True)
class Piece:
    """A part of the axis on which position is proportional to time.

    It reaches from the beginning of its first day with data (position `left`) to the end of its
    last one (`right`).
    """

    days: tuple[date, ...]
    """The days with data, in order."""
    left: float
    right: float


@dataclass(frozen=True)
class Break:
    """A period without data that is cut out of the axis, between two pieces.

    `left` and `right` are the positions of its edges, in the unit of the axis's other positions.
    """

    first: date
    """The first day without data."""
    until: date
    """The day after the last day without data: the first one of the next piece."""
    left: float
    right: float

    @property
    def middle(self) -> float:
        """The position of the middle of the break."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class DayAxis:
    """An axis of days: pieces and breaks from left to right, its width, and the width of a day."""

    pieces: tuple[Piece, ...]
    breaks: tuple[Break, ...]
    day_width: float
    width: float

    @classmethod
    def from_days(cls, days: Iterable[date], sizes: AxisSizes) -> DayAxis:
        """Make an axis of the days with data; they may be repeated and in any order.

        Raises ValueError if there is no day.
        """
        ordered = sorted(set(days))
        if not ordered:
            raise ValueError("an axis needs a day")
        cut, day_width = _choose_cuts(ordered, sizes)
        runs = [tuple(ordered[start:end]) for start, end in pairwise([0, *cut, len(ordered)])]
        widths = [((run[-1] - run[0]).days + 1) * day_width for run in runs]
        smallest = [sizes.least_break(ordered[index - 1], ordered[index]) for index in cut]
        spare = max(0.0, sizes.width - sum(widths) - sum(smallest)) / max(1, len(cut))
        pieces = [Piece(runs[0], 0.0, widths[0])]
        breaks: list[Break] = []
        for run, width, least in zip(runs[1:], widths[1:], smallest, strict=True):
            before = pieces[-1]
            left = before.right + max(least, min(least + spare, sizes.widest_break))
            breaks.append(Break(before.days[-1] + ONE_DAY, run[0], before.right, left))
            pieces.append(Piece(run, left, left + width))
        return cls(tuple(pieces), tuple(breaks), day_width, sizes.width)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """All days with data, in order."""
        return tuple(day for piece in self.pieces for day in piece.days)

    @cached_property
    def _first_days(self) -> tuple[date, ...]:
        return tuple(piece.days[0] for piece in self.pieces)

    def piece_of(self, day: date) -> Piece:
        """Return the piece that a day is on. Raises ValueError if the day is cut out."""
        index = bisect_right(self._first_days, day) - 1
        if index < 0 or day > self.pieces[index].days[-1]:
            raise ValueError(f"{day} is not on the axis")
        return self.pieces[index]

    def left_edge(self, day: date) -> float:
        """Return the position at which a day begins. Raises ValueError if the day is cut out."""
        piece = self.piece_of(day)
        return piece.left + (day - piece.days[0]).days * self.day_width

    def middle(self, day: date) -> float:
        """Return the position of the middle of a day. Raises ValueError if the day is cut out."""
        return self.left_edge(day) + self.day_width / 2

    def columns(self, days: Sequence[date], least: float) -> list[tuple[float, float]]:
        """Return the left and right ends of marks for `days`, which are in order.

        A mark is as wide as its day, or as `least` if a day is narrower. Marks never overlap: where
        neighbouring days leave less room, they are narrower than `least`.
        """
        middles = [self.middle(day) for day in days]
        halves = [(after - before) / 2 for before, after in pairwise(middles)]
        half = max(self.day_width, least) / 2
        return [
            (
                middle - (min(half, halves[index - 1]) if index else half),
                middle + (min(half, halves[index]) if index < len(halves) else half),
            )
            for index, middle in enumerate(middles)
        ]

    def year_starts(self) -> list[tuple[int, float]]:
        """Return each year that begins within a piece, with the position of its beginning."""
        return [
            (year, self.left_edge(date(year, 1, 1)))
            for piece in self.pieces
            for year in range(piece.days[0].year + 1, piece.days[-1].year + 1)
        ]


def consecutive_runs(days: Sequence[date]) -> list[tuple[int, int]]:
    """Return the runs of consecutive days in sorted `days`: start and end of a slice for each."""
    starts = [index for index, (before, after) in enumerate(pairwise(days), 1)
              if after - before != ONE_DAY]  # fmt: skip
    return list(pairwise([0, *starts, len(days)])) if days else []


def _choose_cuts(days: Sequence[date], sizes: AxisSizes) -> tuple[list[int], float]:
    """Return the indices of the days before which the axis is cut, and the width of a day.

    Times without data are cut out one after another, first those that save the most width in
    proportion to the width of their break. This ends when days are wide enough to be legible, or
    when no time without data takes more than WORTHWHILE times the width of its break.
    """
    gaps = [
        ((after - before).days - 1, sizes.least_break(before, after), index)
        for index, (before, after) in enumerate(pairwise(days), 1)
    ]
    shown, free = (days[-1] - days[0]).days + 1, sizes.width
    cut: list[int] = []
    for length, width, index in sorted(gaps, key=lambda gap: (-gap[0] / gap[1], gap[2])):
        if free / shown >= sizes.legible_day or length * free / shown <= WORTHWHILE * width:
            break
        cut.append(index)
        shown -= length
        free -= width
    return sorted(cut), min(free / shown, sizes.widest_day)
