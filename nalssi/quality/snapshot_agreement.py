"""Which lists agree: on every station they have in common, eight or more.

**Agreement** is on temperature, at every station for which both lists print one; a missing
temperature is no disagreement, one value apart is. Equal lists are folded into one *content*. The
stations that a content has are its *shape*: two contents of one shape are never compared, for they
could only agree by being equal.

**How all agreeing pairs are found** without comparing all pairs. A *task* is two groups of
shapes and two sets of stations, `key` and `open`. It asks for the agreeing pairs, one content of
each group, that have the stations `key` in common and all their other common stations in
`open`. The first task has all shapes in both groups, no key, and every station open. A task is
answered in one of three ways, and none of them can lose a pair:

1. *Compare.* Contents that agree have equal values at the key, so only contents with equal values
   there are compared, station by station. Done when they are few, or the key has four stations:
   four values in tenths are rarely equal by chance.
2. *Split* at an open station that most pairs have in common. Both contents have it: the task
   whose key has it too. Else one of them lacks it, so it is not among their common stations:
   tasks that no longer have it open. Every pair is in exactly one of these.
3. *Take two.* Where shapes have little in common, no station would split off many pairs. A pair
   needs n = 8 - |key| common stations in `open`. Cut `open` into n - 1 blocks: n stations cannot
   be in n - 1 blocks without two in one block (pigeonhole). So each pair is in the task of some
   two stations of one block, whose key has both. (It may be in several, and is then found twice.)

Ways 2 and 3 leave fewer stations open, and a shape that has fewer than n open stations in
common with the whole other group is left out, so that the tasks come to an end. What is
compared is compared in full: nothing that does not agree is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from nalssi.quality.snapshot_grid import NO_VALUE, Bools, Floats, Ints, Tenths
from nalssi.quality.thresholds import threshold

KEY_STATIONS = 4
FEW_PAIRS = 100_000  # fewer are compared at once...
FEW_PAIRS_A_ROW = 20  # ...and so are few for the contents there are
SPLITS_OFF = 0.3  # the least share of pairs that a station is to have, to be split at
PAIRS_AT_ONCE = 1 << 18
FULL_PAIRS_AT_ONCE = 1 << 13  # rows of both fit the processor's cache
ROWS_AT_ONCE = 100_000
FIRST_LOOK = 6  # stations compared before all are

Words = npt.NDArray[np.uint64]
Pairs = tuple[Ints, Ints]
SALTS = np.cumsum(np.full(64, 0x9E3779B97F4A7C15, np.uint64), dtype=np.uint64)


@dataclass(frozen=True)
class Agreements:
    """`content[i]` numbers the distinct list of row i (-1: not compared, or too short);
    `left[k], right[k]` are two contents over different stations that agree."""

    content: Ints
    left: Ints
    right: Ints

    @property
    def contents(self) -> int:
        return int(self.content.max(initial=-1)) + 1

    def agreeing_with(self, rows: Bools) -> Bools:
        """The rows that agree with one of the marked rows, themselves among them."""
        known = self.content >= 0
        marked = np.zeros(self.contents, np.bool_)
        marked[self.content[rows & known]] = True
        reached = marked.copy()
        reached[self.right[marked[self.left]]] = True
        reached[self.left[marked[self.right]]] = True
        found = rows.copy()
        found[known] |= reached[self.content[known]]
        return found


def agreements(tenths: Tenths, compared: Bools | None = None) -> Agreements:
    """Which rows (of those to be `compared`, default all) hold the same list, and which contents
    over different stations agree."""
    least = int(threshold("frozen_common_stations"))
    enough = (tenths > NO_VALUE).sum(axis=1, dtype=np.int16) >= least
    long_enough = np.flatnonzero(enough if compared is None else enough & compared)
    content = np.full(tenths.shape[0], -1, np.int64)
    _, firsts, numbers = np.unique(
        _hash(tenths, long_enough), return_index=True, return_inverse=True
    )
    content[long_enough] = numbers
    rows = long_enough[firsts]  # the row that stands for each content
    shape, shapes = _shapes(tenths, rows)
    join = Join(tenths, rows, shape, shapes, least)
    everything = np.arange(shapes.shape[0])
    stations = np.flatnonzero(shapes.any(axis=0))
    found = list(join.pairs(everything, None, (), stations))
    nothing = np.empty(0, np.int64)
    return Agreements(
        content,
        np.concatenate([nothing, *(left for left, _ in found)]),
        np.concatenate([nothing, *(right for _, right in found)]),
    )


@dataclass(frozen=True)
class Join:
    """Contents to be joined with each other: `rows` of the grid `tenths`, their `shape`, and the
    `shapes` as rows of a mask. See the module's text for the tasks."""

    tenths: Tenths
    rows: Ints
    shape: Ints
    shapes: Bools
    least: int

    @cached_property
    def commonest(self) -> list[int]:
        """The stations that most shapes have: a look at their values rules out most pairs."""
        counts = self.shapes.sum(axis=0)
        return [int(s) for s in np.argsort(-counts, kind="stable")[: FIRST_LOOK + KEY_STATIONS + 1]]

    def pairs(
        self, left: Ints, right: Ints | None, key: tuple[int, ...], open_: Ints
    ) -> Iterator[Pairs]:
        """Agreeing contents of a task, in portions. `left` and `right` are shapes; no `right`:
        pairs within `left`."""
        if left.size < (2 if right is None else 1) or (right is not None and not right.size):
            return
        candidates = self._equal_at(left, right, key)
        if candidates.few or len(key) >= KEY_STATIONS:
            yield from self._agreeing(candidates, key)
            return
        need = self.least - len(key)
        left, right = self._with_open(left, right, open_, need)
        if not left.size or (right is not None and not right.size):
            return
        share = self._share(left, open_)
        share = share * (share if right is None else self._share(right, open_))
        best = int(np.argmax(share))
        if share[best] >= SPLITS_OFF:
            yield from self._split(left, right, key, open_, int(open_[best]))
            return
        for block in range(need - 1):
            for two in combinations(open_[block :: need - 1].tolist(), 2):
                yield from self.pairs(
                    self._having(left, two),
                    None if right is None else self._having(right, two),
                    key + two,
                    open_[~np.isin(open_, two)],
                )

    def _split(
        self, left: Ints, right: Ints | None, key: tuple[int, ...], open_: Ints, station: int
    ) -> Iterator[Pairs]:
        rest = open_[open_ != station]
        has = self.shapes[left, station]
        with_it, without = left[has], left[~has]
        if right is None:
            yield from self.pairs(with_it, None, (*key, station), rest)
            yield from self.pairs(without, None, key, rest)
            yield from self.pairs(without, with_it, key, rest)
        else:
            has = self.shapes[right, station]
            yield from self.pairs(with_it, right[has], (*key, station), rest)
            yield from self.pairs(without, right, key, rest)
            yield from self.pairs(with_it, right[~has], key, rest)

    def _having(self, group: Ints, stations: tuple[int, ...]) -> Ints:
        """The shapes of the group that have the stations."""
        return group[np.logical_and.reduce([self.shapes[group, one] for one in stations])]

    def _with_open(
        self, left: Ints, right: Ints | None, open_: Ints, need: int
    ) -> tuple[Ints, Ints | None]:
        """The shapes that have so many open stations in common with any of the other group."""
        has_left = self.shapes[np.ix_(left, open_)]
        if right is None:
            return left[has_left.sum(axis=1) >= need], None
        has_right = self.shapes[np.ix_(right, open_)]
        in_both = has_left.any(axis=0) & has_right.any(axis=0)
        return (
            left[has_left[:, in_both].sum(axis=1) >= need],
            right[has_right[:, in_both].sum(axis=1) >= need],
        )

    def _share(self, group: Ints, stations: Ints) -> Floats:
        """The share of the group's contents that have each of the stations."""
        contents = np.bincount(self.shape, minlength=self.shapes.shape[0])[group]
        weight = contents / contents.sum()
        share: Floats = np.asarray(weight @ self.shapes[np.ix_(group, stations)], np.float64)
        return share

    def _equal_at(self, left: Ints, right: Ints | None, key: tuple[int, ...]) -> Candidates:
        """The pairs of contents that have equal values at the key."""
        keys, contents = self._keys(left, key)
        order = np.argsort(keys, kind="stable")
        keys, contents = keys[order], contents[order]
        if right is None:
            first = np.arange(1, keys.size + 1)  # each with the later ones of equal value
            return Candidates(contents, contents, first, np.searchsorted(keys, keys, "right"))
        others, partners = self._keys(right, key)
        first = np.searchsorted(keys, others, "left")
        return Candidates(partners, contents, first, np.searchsorted(keys, others, "right"))

    def _keys(self, group: Ints, key: tuple[int, ...]) -> tuple[Words, Ints]:
        """A number for the values at the key, of every content of the group, and the contents.
        Equal values have equal numbers (unequal values nearly always unequal ones)."""
        marked = np.zeros(self.shapes.shape[0], np.bool_)
        marked[group] = True
        contents = np.flatnonzero(marked[self.shape])
        rows, keys = self.rows[contents], np.zeros(contents.size, np.uint64)
        for station in key:
            keys = keys * SALTS[0] + self.tenths[rows, station].astype(np.uint16)
        return keys, contents

    def _agreeing(self, candidates: Candidates, key: tuple[int, ...]) -> Iterator[Pairs]:
        look = [station for station in self.commonest if station not in key][:FIRST_LOOK]
        for portion in candidates.portions():
            left, right = portion
            unlike = self.shape[left] != self.shape[right]
            left, right = left[unlike], right[unlike]
            for station in look:
                a = self.tenths[self.rows[left], station]
                b = self.tenths[self.rows[right], station]
                may = (a == b) | (np.minimum(a, b) <= NO_VALUE)
                left, right = left[may], right[may]
            agree = agree_in_full(self.tenths, self.rows[left], self.rows[right], self.least)
            if agree.any():
                yield left[agree], right[agree]


@dataclass(frozen=True)
class Candidates:
    """Pairs: `one[i]` with each of `others[first[i]:end[i]]`."""

    one: Ints
    others: Ints
    first: Ints
    end: Ints

    @property
    def few(self) -> bool:
        pairs = int((self.end - self.first).sum())
        return pairs <= max(FEW_PAIRS, FEW_PAIRS_A_ROW * self.one.size)

    def portions(self) -> Iterator[Pairs]:
        counts = self.end - self.first
        paired = np.flatnonzero(counts)
        ends = np.cumsum(counts[paired])
        total = int(ends[-1]) if ends.size else 0
        for start in range(0, total, PAIRS_AT_ONCE):
            number = np.arange(start, min(start + PAIRS_AT_ONCE, total))
            of = np.searchsorted(ends, number, "right")
            one = paired[of]
            place = self.end[one] - (ends[of] - number)
            yield self.one[one], self.others[place]


def agree_in_full(tenths: Tenths, left: Ints, right: Ints, least: int) -> Bools:
    """Whether rows agree on all stations they have in common, at least `least`."""
    agree = np.empty(left.size, np.bool_)
    for start in range(0, left.size, FULL_PAIRS_AT_ONCE):
        part = slice(start, start + FULL_PAIRS_AT_ONCE)
        a, b = tenths[left[part]], tenths[right[part]]
        common = np.minimum(a, b) > NO_VALUE
        equal = (a == b) | ~common
        agree[part] = equal.all(axis=1) & (common.sum(axis=1) >= least)
    return agree


def _shapes(tenths: Tenths, rows: Ints) -> tuple[Ints, Bools]:
    """The shape (set of stations) of each content, and the shapes as rows of a mask."""
    packed = np.zeros((rows.size, -(-tenths.shape[1] // 64) * 8), np.uint8)
    for start in range(0, rows.size, ROWS_AT_ONCE):
        bits = np.packbits(tenths[rows[start : start + ROWS_AT_ONCE]] > NO_VALUE, axis=1)
        packed[start : start + ROWS_AT_ONCE, : bits.shape[1]] = bits
    words = packed.view(np.uint64)
    _, firsts, shape = np.unique(_mix(words), return_index=True, return_inverse=True)
    return shape, tenths[rows[firsts]] > NO_VALUE


def _hash(tenths: Tenths, rows: Ints) -> Words:
    """A 64-bit hash of the temperatures of whole rows."""
    hashes = np.empty(rows.size, np.uint64)
    for start in range(0, rows.size, ROWS_AT_ONCE):
        part = np.maximum(tenths[rows[start : start + ROWS_AT_ONCE]], NO_VALUE)
        hashes[start : start + ROWS_AT_ONCE] = _mix(part.view(np.uint64))
    return hashes


def _mix(words: Words) -> Words:
    """Rows of words to one word: each through splitmix64's finaliser, salted by its place."""
    with np.errstate(over="ignore"):
        z = words + SALTS[: words.shape[1]]
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        mixed: Words = z.sum(axis=1, dtype=np.uint64)
    return mixed
