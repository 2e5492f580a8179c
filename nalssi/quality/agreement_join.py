"""Find all pairs of lists that agree, without comparing all pairs.

Two lists of temperatures agree if the temperatures are equal at every station that both have, and
if they have at least eight stations in common. A distinct list is called a *content*, and the set
of its stations is its *shape*. Contents of one shape are not compared, because they differ.

The search is divided into *tasks*. A task has two groups of shapes and two sets of stations, `key`
and `open`. The task finds the agreeing pairs, with one content of each group, that have all
stations of `key` in common and all their other common stations in `open`. The first task has all
shapes in both groups, an empty key and every station open. A task is solved in one of three ways.
None of them loses a pair:

1. *Compare.* Contents that agree have equal temperatures at the stations of the key, so only
   contents with equal temperatures there are compared in full. This way is used if there are few
   such pairs, or if the key has four stations, because four temperatures in tenths of a degree
   are rarely equal by chance.
2. *Split* at an open station that most pairs have in common. If both contents have the station,
   the pair belongs to the task whose key includes it. If one content lacks it, the station is not
   common, and the pair belongs to a task in which it is no longer open. Every pair is in exactly
   one of these tasks.
3. *Take two.* If shapes have few stations in common, no station splits off many pairs. A pair needs
   n = 8 - |key| common stations in `open`. Cut `open` into n - 1 blocks. By the pigeonhole
   principle, two of any n stations are in the same block. So each pair is in a task whose key has
   two more stations, both from one block. A pair may be found several times.

Ways 2 and 3 leave fewer stations open, and remove each shape that has fewer than n open stations in
common with the whole other group, so the tasks end. Pairs are compared in full before they are
returned, so all returned pairs agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from nalssi.common.station_grid import NO_VALUE, Bools, Floats, Ints, Tenths

KEY_STATIONS = 4
PAIRS_AT_ONCE = 1 << 18
FULL_PAIRS_AT_ONCE = 1 << 13  # rows of both contents fit the processor's cache
FIRST_COMPARED = 6  # stations compared before all others
KEY_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Pairs = tuple[Ints, Ints]


@dataclass(frozen=True)
class JoinLimits:
    """Limits that decide how the search for agreeing lists is divided into tasks.

    They change its speed, not its result.
    """

    few_pairs: int = 100_000
    """The largest number of pairs that are compared in full instead of dividing the search."""
    few_pairs_per_content: int = 20
    """The same limit as `few_pairs`, per list. The larger of the two limits counts."""
    split_share: float = 0.3
    """The search is split at the station that the most pairs have in common, if at least this share
    of the pairs has it in common."""


@dataclass(frozen=True)
class AgreementJoin:
    """The distinct lists of temperatures ("contents") among which agreeing pairs are searched.

    - `tenths`: the station grid, in tenths of a degree.
    - `rows`: the grid row of each content.
    - `shape`: the number of each content's shape, which is its set of stations.
    - `shapes`: all shapes as rows of a mask, with a column per station.
    - `min_common`: the smallest number of common stations of lists that agree.
    - `limits`: how the search is divided.
    """

    tenths: Tenths
    rows: Ints
    shape: Ints
    shapes: Bools
    min_common: int
    limits: JoinLimits

    def agreeing_pairs(self) -> Iterator[Pairs]:
        """Yield the agreeing pairs of lists with different sets of stations, in portions.

        A portion is two arrays of content numbers: element i of both is a pair. A pair may be
        yielded several times.
        """
        stations = np.flatnonzero(self.shapes.any(axis=0))
        yield from self._pairs_of_task(np.arange(self.shapes.shape[0]), None, (), stations)

    @cached_property
    def _commonest(self) -> list[int]:
        """The columns of the few stations that are in the most lists, most frequent first.

        `_compare` compares these stations first, because they rule out most pairs, and omits those
        of a key, which are equal. There are enough of them that FIRST_COMPARED always remain.
        """
        counts = self.shapes.sum(axis=0)
        order = np.argsort(-counts, kind="stable")
        return [int(station) for station in order[: FIRST_COMPARED + KEY_STATIONS + 1]]

    def _pairs_of_task(
        self, left: Ints, right: Ints | None, key: tuple[int, ...], open_: Ints
    ) -> Iterator[Pairs]:
        """Yield the agreeing pairs of one task. The module's docstring explains tasks.

        `left` and `right` are the two groups of shapes. If `right` is None, both lists of a pair
        are from `left`. `key` and `open_` are the task's sets of stations, as grid columns.
        """
        if left.size < (2 if right is None else 1) or (right is not None and not right.size):
            return
        candidates = self._equal_at_key(left, right, key)
        if candidates.are_few(self.limits) or len(key) >= KEY_STATIONS:
            yield from self._compare(candidates, key)
            return
        needed = self.min_common - len(key)
        left, right = self._with_enough_open(left, right, open_, needed)
        if not left.size or (right is not None and not right.size):
            return
        share = self._station_share(left, open_)
        share = share * (share if right is None else self._station_share(right, open_))
        best = int(np.argmax(share))
        if share[best] >= self.limits.split_share:
            yield from self._split(left, right, key, open_, int(open_[best]))
            return
        for block in range(needed - 1):
            for two in combinations(open_[block :: needed - 1].tolist(), 2):
                yield from self._pairs_of_task(
                    self._shapes_with(left, two),
                    None if right is None else self._shapes_with(right, two),
                    key + two,
                    open_[~np.isin(open_, two)],
                )

    def _split(
        self, left: Ints, right: Ints | None, key: tuple[int, ...], open_: Ints, station: int
    ) -> Iterator[Pairs]:
        still_open = open_[open_ != station]
        has = self.shapes[left, station]
        with_it, without = left[has], left[~has]
        if right is None:
            yield from self._pairs_of_task(with_it, None, (*key, station), still_open)
            yield from self._pairs_of_task(without, None, key, still_open)
            yield from self._pairs_of_task(without, with_it, key, still_open)
        else:
            has = self.shapes[right, station]
            yield from self._pairs_of_task(with_it, right[has], (*key, station), still_open)
            yield from self._pairs_of_task(without, right, key, still_open)
            yield from self._pairs_of_task(with_it, right[~has], key, still_open)

    def _shapes_with(self, group: Ints, stations: tuple[int, ...]) -> Ints:
        """Return the shapes (sets of stations) of a group that include all of `stations`."""
        return group[np.logical_and.reduce([self.shapes[group, one] for one in stations])]

    def _with_enough_open(
        self, left: Ints, right: Ints | None, open_: Ints, needed: int
    ) -> tuple[Ints, Ints | None]:
        """Return the shapes (sets of stations) of both groups that can be part of an agreeing pair.

        A shape can if it has at least `needed` stations of `open_` in common with the other group
        as a whole. `left` and `right` are the groups. If `right` is None, both lists of a pair are
        from `left`.
        """
        has_left = self.shapes[np.ix_(left, open_)]
        if right is None:
            return left[has_left.sum(axis=1) >= needed], None
        has_right = self.shapes[np.ix_(right, open_)]
        in_both = has_left.any(axis=0) & has_right.any(axis=0)
        return (
            left[has_left[:, in_both].sum(axis=1) >= needed],
            right[has_right[:, in_both].sum(axis=1) >= needed],
        )

    def _station_share(self, group: Ints, stations: Ints) -> Floats:
        """For each station, return the share of the group's lists that have the station."""
        contents = np.bincount(self.shape, minlength=self.shapes.shape[0])[group]
        weight = contents / contents.sum()
        share: Floats = np.asarray(weight @ self.shapes[np.ix_(group, stations)], np.float64)
        return share

    def _equal_at_key(self, left: Ints, right: Ints | None, key: tuple[int, ...]) -> Candidates:
        """Return the pairs of lists that may have equal temperatures at all stations of `key`.

        `left` and `right` are groups of shapes (sets of stations). If `right` is None, both lists
        of a pair are from `left`. Hashes of the temperatures are compared, so a few pairs may
        differ.
        """
        keys, contents = self._key_values(left, key)
        order = np.argsort(keys, kind="stable")
        keys, contents = keys[order], contents[order]
        if right is None:
            # Each content is paired with the later contents of equal value.
            first = np.arange(1, keys.size + 1)
            return Candidates(contents, contents, first, np.searchsorted(keys, keys, "right"))
        other_keys, partners = self._key_values(right, key)
        first = np.searchsorted(keys, other_keys, "left")
        return Candidates(partners, contents, first, np.searchsorted(keys, other_keys, "right"))

    def _key_values(self, group: Ints, key: tuple[int, ...]) -> tuple[npt.NDArray[np.uint64], Ints]:
        """Return two arrays for the lists of a group of shapes: a hash and the number of each list.

        The hash is computed from the temperatures at the stations of `key`. Lists with equal
        temperatures there have equal hashes.
        """
        in_group = np.zeros(self.shapes.shape[0], np.bool_)
        in_group[group] = True
        contents = np.flatnonzero(in_group[self.shape])
        rows, keys = self.rows[contents], np.zeros(contents.size, np.uint64)
        for station in key:
            keys = keys * KEY_FACTOR + self.tenths[rows, station].astype(np.uint16)
        return keys, contents

    def _compare(self, candidates: Candidates, key: tuple[int, ...]) -> Iterator[Pairs]:
        """Compare pairs of lists in full, and yield the pairs that agree.

        The hashes of their temperatures at the stations of `key` are equal, so these stations are
        not compared first. The full comparison includes them.
        """
        stations = [station for station in self._commonest if station not in key][:FIRST_COMPARED]
        for ones, others in candidates.portions():
            unlike = self.shape[ones] != self.shape[others]
            left, right = ones[unlike], others[unlike]
            for station in stations:
                a = self.tenths[self.rows[left], station]
                b = self.tenths[self.rows[right], station]
                possible = (a == b) | (np.minimum(a, b) <= NO_VALUE)
                left, right = left[possible], right[possible]
            agree = rows_agree(self.tenths, self.rows[left], self.rows[right], self.min_common)
            if agree.any():
                yield left[agree], right[agree]


@dataclass(frozen=True)
class Candidates:
    """Pairs of lists that may agree.

    Each list `one[i]` is paired with each of the lists `others[first[i]:end[i]]`. Lists are given
    by their content numbers.
    """

    one: Ints
    others: Ints
    first: Ints
    end: Ints

    def are_few(self, limits: JoinLimits) -> bool:
        """Return True if comparing all these pairs is faster than dividing the search further."""
        pairs = int((self.end - self.first).sum())
        return pairs <= max(limits.few_pairs, limits.few_pairs_per_content * self.one.size)

    def portions(self) -> Iterator[Pairs]:
        """Yield the pairs of lists in portions of at most PAIRS_AT_ONCE pairs.

        A portion is two arrays of content numbers: element i of both is a pair.
        """
        counts = self.end - self.first
        paired = np.flatnonzero(counts)
        ends = np.cumsum(counts[paired])
        total = int(ends[-1]) if ends.size else 0
        for start in range(0, total, PAIRS_AT_ONCE):
            number = np.arange(start, min(start + PAIRS_AT_ONCE, total))
            index = np.searchsorted(ends, number, "right")
            one = paired[index]
            yield self.one[one], self.others[self.end[one] - (ends[index] - number)]


def rows_agree(tenths: Tenths, left: Ints, right: Ints, min_common: int) -> Bools:
    """Return, for each i, whether the grid rows `left[i]` and `right[i]` agree.

    They agree if their temperatures are equal at all common stations, and if there are `min_common`
    of these or more.
    """
    agree = np.empty(left.size, np.bool_)
    for start in range(0, left.size, FULL_PAIRS_AT_ONCE):
        part = slice(start, start + FULL_PAIRS_AT_ONCE)
        a, b = tenths[left[part]], tenths[right[part]]
        common = np.minimum(a, b) > NO_VALUE
        equal = (a == b) | ~common
        agree[part] = equal.all(axis=1) & (common.sum(axis=1) >= min_common)
    return agree
