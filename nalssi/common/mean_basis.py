"""The kind of means of days: daily means (of enough hours), or means of a few lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class MeanBasis:
    """The kind of the means of one or more days: daily means, or means of a few lists.

    `daily` is True if at least one day is representative (it has at least 20 of 24 hours), so that
    its mean is a daily mean. `lists` are the smallest and the largest number of lists of the other
    days, or None if all days are representative.
    """

    daily: bool
    lists: tuple[int, int] | None

    @classmethod
    def of(cls, days: Iterable[tuple[bool, int]]) -> MeanBasis:
        """Return the kind of the means of some days.

        `days` has a pair for each day: whether it is representative, and its number of lists.
        """
        days = list(days)
        counts = [lists for representative, lists in days if not representative]
        lists = (min(counts), max(counts)) if counts else None
        return cls(any(representative for representative, _ in days), lists)
