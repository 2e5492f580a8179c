"""The decision of hours once more, for one list at a time, in plain loops and with plain numbers.

The functions follow `docs/reconcile.md` and the docstrings of the arrays' versions, which tests
compare with them. Temperatures are tenths of a degree, by station. Hours count from 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt

Values = Mapping[int, int]

GOOD_NOISES = [0.03 * (0.5 / 0.03) ** (n / 6) for n in range(7)]
LARGE_NOISES = [0.5 * 10 ** (n / 6) for n in range(1, 7)]


@dataclass(frozen=True)
class Search:
    """The nearest hours of a list, and the distance in °C. `compared`: how many were compared."""

    near: Sequence[tuple[int, float]]
    compared: int


@dataclass(frozen=True)
class Decision:
    """A list, the official hours, and the result of the search for the list's hour."""

    shown: Values
    official: Mapping[int, Values]
    found: Search
    last_hour: int | None
    earlier: Search | None = None

    def differences(self, hour: int, over: set[int] | None = None) -> dict[int, int]:
        """The absolute difference of each common station, or of those that are also in `over`."""
        values = self.official.get(hour, {})
        common = self.shown.keys() & values.keys()
        return {
            station: abs(self.shown[station] - values[station])
            for station in (common if over is None else common & over)
        }

    @property
    def nearest(self) -> int:
        return self.found.near[0][0]

    # Equality

    def is_equal(self) -> bool:
        return bool(self.found.near) and not any(self.differences(self.nearest).values())

    def is_exact(self) -> bool:
        if not self.found.near:
            return False
        own = self.differences(self.nearest)
        equal = [station for station, difference in own.items() if difference == 0]
        rivals = [
            list(self.differences(hour).values()).count(0)
            for hour, _ in self.found.near[1:]
            if abs(hour - self.nearest) > 1
        ]
        return (
            len(equal) >= 12
            and len(equal) >= 0.9 * len(own)
            and 2 * len({self.shown[station] for station in equal}) >= len(equal)
            and 2 * max(rivals, default=0) <= len(equal)
        )

    def chance(self) -> float:
        """The expected number of hours that equal the list by chance."""

        def of_hour(hour: int, distance: float) -> float:
            return float((0.02 / max(distance, 0.02)) ** len(self.differences(hour)))

        near = self.found.near
        total = sum(
            of_hour(hour, distance)
            for hour, distance in near[1:]
            if abs(hour - self.nearest) > 1 or distance == 0
        )
        beyond = max(self.found.compared - len(near), 0)
        if beyond:
            hour, distance = near[-1]
            growth = len(self.differences(hour)) * log(max(3.0 / max(distance, 0.02), 1.0))
            total += min(beyond, 8 * growth) * of_hour(hour, distance)
        return total

    def is_unknown(self, hour: int) -> bool:
        return not any(self.differences(hour).values())

    def hours_around(self) -> list[int]:
        end = 73 if self.last_hour is None else 27
        return [self.nearest + step for step in range(-72, end)]

    def may_show(self, absent: set[int], *, ends_count: bool) -> bool:
        """Whether the list may show one of these hours around its nearest hour."""
        hours = self.hours_around()
        present = [hour for hour in hours if hour not in absent]
        first, last = min(present, default=10**9), max(present, default=-(10**9))
        if self.last_hour is None:
            return any(first < hour < last for hour in absent)
        return any(
            self.last_hour - 27 < hour <= self.last_hour and (ends_count or hour > first)
            for hour in absent
        )

    def is_near_gap(self) -> bool:
        unknown = {h for h in self.hours_around() if h != self.nearest and self.is_unknown(h)}
        return self.may_show(unknown, ends_count=True)

    def proves_hour(self) -> bool:
        if not self.is_equal():
            return False
        common = self.differences(self.nearest)
        distinct = len({self.shown[station] for station in common})
        beside = any(
            self.is_unknown(hour) and (self.last_hour is None or hour <= self.last_hour)
            for hour in (self.nearest - 1, self.nearest + 1)
        )
        return (
            len(common) >= (7 if beside else 5)
            and distinct >= 3
            and 2 * distinct > len(common)
            and self.chance() <= 2e-4
            and (len(common) >= 6 or not self.is_near_gap())
        )

    # Likelihood

    def is_good(self) -> bool:
        if not self.found.near:
            return False
        own = list(self.differences(self.nearest).values())
        small = evidence(own, GOOD_NOISES) + log(7)
        return small - (evidence(own, LARGE_NOISES) + log(6)) >= log(30)

    def odds_of(self, hours: Search, first: int) -> float:
        """The odds of the hours of a search, from its `first` one, against the nearest hour."""
        odds = [self._odds_of_hour(hour) for hour, _ in hours.near[first:]]
        beyond = max(hours.compared - len(hours.near), 0)
        return sum(odds) + (beyond * odds[-1] if beyond and odds else 0.0)

    def _odds_of_hour(self, hour: int) -> float:
        both = set(self.differences(hour)) & set(self.differences(self.nearest))
        if len(both) < 8:
            return 1.0
        other = list(self.differences(hour, both).values())
        own = list(self.differences(self.nearest, both).values())
        return exp(min(evidence(other, GOOD_NOISES) - evidence(own, GOOD_NOISES), 50.0))

    def is_absent(self, hour: int) -> bool:
        return len(set(self.differences(hour)) & set(self.differences(self.nearest))) < 8

    def odds_of_absent_hours(self) -> float:
        absent = [
            hour
            for hour in (self.nearest - 1, self.nearest + 1)
            if self.is_absent(hour) and (self.last_hour is None or hour <= self.last_hour)
        ]
        own = list(self.differences(self.nearest).values())
        changed = [sqrt(noise**2 + 0.2**2) for noise in GOOD_NOISES]
        change = exp(min(evidence(own, changed) - evidence(own, GOOD_NOISES), 50.0))
        return len(absent) * change

    def odds(self) -> float:
        """The odds of all other hours together against the nearest hour."""
        total = self.odds_of(self.found, 1) + self.odds_of_absent_hours()
        if self.earlier is not None:
            prior = 0.1 / 0.9 * self.found.compared / max(self.earlier.compared, 1)
            total += self.odds_of(self.earlier, 0) * prior
        return total

    def may_show_missing_hour(self) -> bool:
        few = len(self.differences(self.nearest)) < 12
        absent = {hour for hour in self.hours_around() if self.is_absent(hour)}
        return self.may_show(absent, ends_count=few) or (few and self.last_hour is None)

    def is_unambiguous(self) -> bool:
        if not self.found.near or self.odds() * 20 > 1:
            return False
        return self.is_equal() or not self.is_good() or not self.may_show_missing_hour()


def evidence(differences: Sequence[int], noises: Sequence[float]) -> float:
    """The log likelihood of differences, averaged over the sizes of noise (°C)."""
    weight = min(1.0, 24 / max(len(differences), 1))
    degrees = [min(difference, 200) / 10 for difference in differences]
    logs = [
        weight
        * sum(
            log(0.95 * exp(-0.5 * (d / noise) ** 2) / (sqrt(2 * pi) * noise) + 0.05 / 20)
            for d in degrees
        )
        for noise in noises
    ]
    top = max(logs)
    return top + log(sum(exp(each - top) for each in logs) / len(logs))
