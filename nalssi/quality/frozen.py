"""Frozen feeds: one list under several dates.

A site's feed stops and the page goes on printing the same numbers under each new date. Two
lists that agree on every station they have in common, eight or more, under different dates are
one list: at most one of the dates is true.

**Agreement** is on temperature, at every station for which both lists print one; a missing
temperature is no disagreement, one value apart is. Conditions are not compared: sites word them
differently or leave them out, and the temperatures decide alone. Of consecutive official hours
one in ten values is equal, one in four at worst: eight given stations are equal by chance in about
one of a million such pairs, and different dates they have only across midnight (docs/quality.md).

**How they are found** without comparing all pairs. Equal lists are folded into one *content*.
Contents over the same stations can then only agree by being equal, so only contents over
different sets of stations, *shapes*, are compared, and shapes are few. A *probe* is four
stations; probes are chosen until every two shapes with eight stations in common have one in
common. Contents that agree have the same four values at such a probe, so sorting by the values at
each probe brings all candidates together, and each is then compared station by station. The
probes make the search exact; that four values in tenths are rarely equal by chance makes it fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from nalssi.quality.lists import (
    NO_DAY,
    NO_VALUE,
    NOT_LISTED,
    Bools,
    Ints,
    Lists,
    Tenths,
    rows_of,
)
from nalssi.quality.thresholds import threshold
from schemas.vocabulary import FLAG_FAIL, FLAG_SUSPECT

TEST = "frozen_feed"
PROBE_STATIONS = 4  # four values of 16 bits are one 64-bit key
SHAPES_AT_ONCE = 1024  # rows of the shape × shape table held in memory
SAMPLED_PAIRS = 2_000
PAIRS_AT_ONCE = 100_000

Words = npt.NDArray[np.uint64]
SALTS = np.cumsum(np.full(64, 0x9E3779B97F4A7C15, np.uint64), dtype=np.uint64)


@dataclass(frozen=True)
class Agreements:
    """`content[i]` numbers the distinct list of row i (-1: too short to be compared);
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


def frozen_feed(lists: Lists, rows: Bools | None = None) -> pl.DataFrame:
    """Flag every reading of a list that stands under more than one date.

    - the earliest date: suspect (the feed may have stopped before it was first seen);
    - a later date printed at the list or in the feed: fail, if an earlier date shows that the
      list existed before. A date of capture does. The site's last edit (`site`) does not: it may
      lie before the list, so a later date is then suspect too;
    - a later date that is only `site` or `capture`: suspect;
    - an undated copy of such a list: suspect; an undated copy of a list with one date: nothing;
    - a list that the comparison with official observations proved frozen: fail.

    One hour printed before and after midnight is one list under two dates, and flagged so: the
    second date is indeed not that of the observation.

    Returns rows for the snapshots marked in `rows` (default all).
    """
    flags = flags_of(lists)
    if rows is not None:
        flags[~rows] = 0
    found = []
    for flag in (FLAG_SUSPECT, FLAG_FAIL):
        whole = np.flatnonzero(flags == flag)
        found.append(rows_of(lists.tenths[whole] != NOT_LISTED, flag, TEST, whole))
    return pl.concat(found)


def flags_of(lists: Lists) -> npt.NDArray[np.int8]:
    """The flag of each list as a whole; 0 where there is nothing to say."""
    found = lists.agreements
    known = found.content >= 0
    day = lists.days
    dated = known & (day != NO_DAY)
    source = lists.snapshots["date_source"]
    weak = source.is_in(["site", "capture"]).fill_null(False).to_numpy()
    proves = dated & (source != "site").fill_null(False).to_numpy()

    first = np.full(found.contents, NO_DAY, np.int64)
    last = np.full(found.contents, -NO_DAY, np.int64)
    proof = np.full(found.contents, NO_DAY, np.int64)
    np.minimum.at(first, found.content[dated], day[dated])
    np.maximum.at(last, found.content[dated], day[dated])
    np.minimum.at(proof, found.content[proves], day[proves])
    own_first, own_last, own_proof = first.copy(), last.copy(), proof.copy()
    for a, b in ((found.left, found.right), (found.right, found.left)):
        np.minimum.at(first, a, own_first[b])
        np.maximum.at(last, a, own_last[b])
        np.minimum.at(proof, a, own_proof[b])

    flags = np.zeros(day.size, np.int8)
    content = found.content[known]
    several = np.zeros(day.size, np.bool_)
    several[known] = first[content] < last[content]
    later = np.zeros(day.size, np.bool_)
    later[known] = proof[content] < day[known]
    flags[several] = FLAG_SUSPECT
    flags[several & later & dated & ~weak] = FLAG_FAIL
    flags[lists.snapshots["proven_frozen"].to_numpy()] = FLAG_FAIL
    return flags


def agreements(tenths: Tenths) -> Agreements:
    """Which rows hold the same list, and which contents over different stations agree."""
    least = int(threshold("frozen_common_stations"))
    long_enough = np.flatnonzero((tenths > NO_VALUE).sum(axis=1, dtype=np.int16) >= least)
    content = np.full(tenths.shape[0], -1, np.int64)
    _, firsts, numbers = np.unique(
        _hash(tenths, long_enough), return_index=True, return_inverse=True
    )
    content[long_enough] = numbers
    values = long_enough[firsts]  # the row that stands for each content
    shape, shapes = _shapes(tenths, values)

    lefts, rights = [], []
    for probe, users in probes(shapes, least):
        holders = np.flatnonzero(users[shape])
        for left, right in _equal_at(tenths, values, holders, probe, shape):
            agree = _agree(tenths, values[left], values[right], least)
            lefts.append(left[agree])
            rights.append(right[agree])
    nothing = np.empty(0, np.int64)
    return Agreements(
        content, np.concatenate([nothing, *lefts]), np.concatenate([nothing, *rights])
    )


def probes(shapes: Bools, least: int) -> list[tuple[Ints, Bools]]:
    """Groups of stations such that every two shapes with `least` stations in common have one
    in common, each with the shapes that need it.

    A greedy cover: of the pairs of shapes still open, take the first, and of the stations that
    its shapes have in common those that most open pairs (of a sample) have too.
    """
    small = shapes.astype(np.float32)
    numbers = np.arange(shapes.shape[0])
    chosen: list[tuple[Ints, Bools]] = []
    for start in range(0, shapes.shape[0], SHAPES_AT_ONCE):
        block = slice(start, start + SHAPES_AT_ONCE)
        open_pairs = (small[block] @ small.T) >= least
        # A shape is compared with the later ones only: with itself there is nothing to find.
        open_pairs &= numbers > numbers[block, None]
        for probe, users in chosen:
            _close(open_pairs, shapes, block, probe, users)
        while open_pairs.any():
            rows, columns = np.nonzero(open_pairs)
            sample = slice(None, None, -(-rows.size // SAMPLED_PAIRS))
            common = shapes[start + rows[sample]] & shapes[columns[sample]]
            probe, users = _widest(common), np.zeros(shapes.shape[0], np.bool_)
            _close(open_pairs, shapes, block, probe, users)
            chosen.append((probe, users))
    return chosen


def _widest(common: Bools) -> Ints:
    """Stations of the first row that are together in many of the other rows too."""
    probe: list[int] = []
    candidates = common[0].copy()
    for _ in range(PROBE_STATIONS):
        station = int(np.argmax(common.sum(axis=0) * candidates))
        probe.append(station)
        candidates[station] = False
        common = common[common[:, station]]
    return np.sort(np.array(probe))


def _close(open_pairs: Bools, shapes: Bools, block: slice, probe: Ints, users: Bools) -> None:
    """Mark the pairs that the probe serves as served, and their shapes as its users."""
    has: Bools = np.logical_and.reduce(shapes[:, probe], axis=1)
    served = open_pairs & has & has[block, None]
    users[block] |= served.any(axis=1)
    users |= served.any(axis=0)
    open_pairs &= ~served


def _equal_at(
    tenths: Tenths, values: Ints, holders: Ints, probe: Ints, shape: Ints
) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of contents of different shapes with equal values at the probe, in portions."""
    picked = np.ascontiguousarray(tenths[values[holders][:, None], probe])
    keys = picked.view(np.uint64).ravel()
    order = np.argsort(keys, kind="stable")
    keys, holders = keys[order], holders[order]
    at = np.arange(keys.size)
    offset = 1
    while True:
        at = at[at + offset < keys.size]
        at = at[keys[at] == keys[at + offset]]
        if not at.size:
            return
        left, right = holders[at], holders[at + offset]
        unlike = shape[left] != shape[right]
        if unlike.any():
            yield left[unlike], right[unlike]
        offset += 1


def _agree(tenths: Tenths, left: Ints, right: Ints, least: int) -> Bools:
    """Whether rows agree on all stations they have in common, at least `least`."""
    agree = np.empty(left.size, np.bool_)
    for start in range(0, left.size, PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        a, b = tenths[left[part]], tenths[right[part]]
        common = (a > NO_VALUE) & (b > NO_VALUE)
        equal = (a == b) | ~common
        agree[part] = equal.all(axis=1) & (common.sum(axis=1) >= least)
    return agree


def _shapes(tenths: Tenths, values: Ints) -> tuple[Ints, Bools]:
    """The shape (set of stations) of each content, and the shapes as rows of a mask."""
    packed = np.empty((values.size, -(-tenths.shape[1] // 64) * 8), np.uint8)
    packed[:] = 0
    for start in range(0, values.size, PAIRS_AT_ONCE):
        bits = np.packbits(tenths[values[start : start + PAIRS_AT_ONCE]] > NO_VALUE, axis=1)
        packed[start : start + PAIRS_AT_ONCE, : bits.shape[1]] = bits
    words = packed.view(np.uint64)
    _, firsts, shape = np.unique(_mix(words), return_index=True, return_inverse=True)
    return shape, tenths[values[firsts]] > NO_VALUE


def _hash(tenths: Tenths, rows: Ints) -> Words:
    """A 64-bit hash of the temperatures of whole rows."""
    hashes = np.empty(rows.size, np.uint64)
    for start in range(0, rows.size, PAIRS_AT_ONCE):
        part = np.maximum(tenths[rows[start : start + PAIRS_AT_ONCE]], NO_VALUE)
        hashes[start : start + PAIRS_AT_ONCE] = _mix(part.view(np.uint64))
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
