"""Find the snapshots that agree: they print the same list of temperatures.

Two snapshots agree if their temperatures are equal at every station that both have, and if they
have at least eight stations in common. Snapshots with equal stations and temperatures are one
*content*, a distinct list. `agreement_join` finds the agreeing contents with different stations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nalssi.common.station_grid import NO_VALUE, Bools, Ints, Tenths, has_value
from nalssi.quality.agreement_join import AgreementJoin, JoinLimits
from nalssi.quality.thresholds import threshold

ROWS_AT_ONCE = 100_000

Words = npt.NDArray[np.uint64]
SALTS = np.cumsum(np.full(64, 0x9E3779B97F4A7C15, np.uint64), dtype=np.uint64)


@dataclass(frozen=True)
class Agreements:
    """The distinct lists of temperatures ("contents") in a grid, and the contents that agree.

    `content[i]` is the number of the content in grid row i. It is -1 if the row was not compared or
    has fewer than eight temperatures. `left[k]` and `right[k]` are two contents that agree and have
    different stations.
    """

    content: Ints
    left: Ints
    right: Ints

    @property
    def contents(self) -> int:
        """The number of distinct lists of temperatures."""
        return int(self.content.max(initial=-1)) + 1

    def agreeing_with(self, rows: Bools) -> Bools:
        """Return a mask of the grid rows marked in `rows` and of all rows that agree with them."""
        compared = self.content >= 0
        marked = np.zeros(self.contents, np.bool_)
        marked[self.content[rows & compared]] = True
        reached = marked.copy()
        reached[self.right[marked[self.left]]] = True
        reached[self.left[marked[self.right]]] = True
        agreeing = rows.copy()
        agreeing[compared] |= reached[self.content[compared]]
        return agreeing


def find_agreements(
    tenths: Tenths, compared: Bools | None = None, limits: JoinLimits | None = None
) -> Agreements:
    """Find the grid rows with equal lists of temperatures, and the distinct lists that agree.

    `tenths` is a station grid. Rows with fewer than eight temperatures are not compared. `compared`
    marks the rows to compare (default: all). `limits` change the speed, not the result.
    """
    min_common = int(threshold("frozen_common_stations"))
    usable = has_value(tenths).sum(axis=1, dtype=np.int16) >= min_common
    rows = np.flatnonzero(usable if compared is None else usable & compared)
    content = np.full(tenths.shape[0], -1, np.int64)
    _, first_rows, numbers = np.unique(
        _row_hashes(tenths, rows), return_index=True, return_inverse=True
    )
    content[rows] = numbers
    content_rows = rows[first_rows]
    shape, shapes = _shapes(tenths, content_rows)
    join = AgreementJoin(tenths, content_rows, shape, shapes, min_common, limits or JoinLimits())
    pairs = list(join.agreeing_pairs())
    none = np.empty(0, np.int64)
    return Agreements(
        content,
        np.concatenate([none, *(left for left, _ in pairs)]),
        np.concatenate([none, *(right for _, right in pairs)]),
    )


def _shapes(tenths: Tenths, rows: Ints) -> tuple[Ints, Bools]:
    """Number the distinct sets of stations ("shapes") of grid rows.

    Returns the number of each row's shape, and all shapes as rows of a mask.
    """
    packed = np.zeros((rows.size, -(-tenths.shape[1] // 64) * 8), np.uint8)
    for start in range(0, rows.size, ROWS_AT_ONCE):
        bits = np.packbits(has_value(tenths[rows[start : start + ROWS_AT_ONCE]]), axis=1)
        packed[start : start + ROWS_AT_ONCE, : bits.shape[1]] = bits
    hashes = _hash_words(packed.view(np.uint64))
    _, first_rows, shape = np.unique(hashes, return_index=True, return_inverse=True)
    return shape, has_value(tenths[rows[first_rows]])


def _row_hashes(tenths: Tenths, rows: Ints) -> Words:
    """Return a 64-bit hash of the temperatures in each grid row."""
    hashes = np.empty(rows.size, np.uint64)
    for start in range(0, rows.size, ROWS_AT_ONCE):
        part = np.maximum(tenths[rows[start : start + ROWS_AT_ONCE]], NO_VALUE)
        hashes[start : start + ROWS_AT_ONCE] = _hash_words(part.view(np.uint64))
    return hashes


def _hash_words(words: Words) -> Words:
    """Hash each row of 64-bit words with splitmix64's finalizer, salted by the word's position."""
    with np.errstate(over="ignore"):
        z = words + SALTS[: words.shape[1]]
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        hashes: Words = z.sum(axis=1, dtype=np.uint64)
    return hashes
