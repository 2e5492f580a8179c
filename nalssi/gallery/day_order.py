"""The days that have a page in the gallery, in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DayOrder:
    """The days that have a page, the oldest first: days of observation, and false printed dates."""

    days: Sequence[date]

    @classmethod
    def of(cls, days: Iterable[date]) -> DayOrder:
        """Return the days in order, without repetitions."""
        return cls(sorted(set(days)))

    def neighbours(self, day: date) -> tuple[date | None, date | None]:
        """Return the days before and after a day. A missing one is None."""
        before, after = bisect_left(self.days, day), bisect_right(self.days, day)
        previous = self.days[before - 1] if before else None
        return previous, self.days[after] if after < len(self.days) else None
