"""Many checks, one verdict a reading: QARTOD's flags and how they combine."""

from __future__ import annotations

import numpy as np
import polars as pl

from nalssi.quality.snapshot_grid import STATIONS, TEST_NAME, column_of
from schemas.vocabulary import (
    FLAG_FAIL,
    FLAG_GOOD,
    FLAG_MISSING,
    FLAG_NOT_EVALUATED,
    FLAG_SUSPECT,
)

PRECEDENCE = (FLAG_MISSING, FLAG_NOT_EVALUATED, FLAG_GOOD, FLAG_SUSPECT, FLAG_FAIL)
"""Later overrides earlier (QARTOD's rule for combining tests)."""

_RANK = np.zeros(max(PRECEDENCE) + 1, np.int8)
_RANK[list(PRECEDENCE)] = range(1, len(PRECEDENCE) + 1)

TESTS: tuple[str, ...] = tuple(TEST_NAME.categories)
_BITS = np.array([1 << place for place in range(len(TESTS))] + [0], np.uint16)


def combine(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a reading that is not good: `snapshot, station_id, flag, tests`, sorted.

    `rows` is what the checks returned (`lists.ROW_SCHEMA`). Checks that return nothing for a
    reading passed; passing is not evidence that it is good, except of the spatial check, which
    says so where it had nothing to judge by. `tests` numbers the set of tests that did not
    pass, see `names_of`; it is empty where the only finding is that nothing could be judged.
    """
    row = rows["snapshot"].to_numpy().astype(np.int64)
    first = int(row.min()) if row.size else 0
    row -= first
    reading = row * len(STATIONS) + column_of()[rows["station_id"].to_numpy()]
    shape = (int(row.max(initial=-1)) + 1, len(STATIONS))
    # One cell a reading: the rank of the worst flag so far, and the tests so far, as bits.
    rank, tests = np.zeros(shape, np.int8), np.zeros(shape, np.uint16)
    np.maximum.at(rank.reshape(-1), reading, _RANK[rows["flag"].to_numpy()])
    bits = _BITS[rows["test"].to_physical().fill_null(len(_BITS) - 1).to_numpy()]
    np.bitwise_or.at(tests.reshape(-1), reading, bits)
    row, column = np.nonzero(rank)
    return pl.DataFrame(
        {
            "snapshot": (row + first).astype(np.uint32),
            "station_id": np.array(STATIONS, np.int16)[column],
            "flag": np.array((0, *PRECEDENCE), np.int8)[rank[row, column]],
            "tests": tests[row, column],
        }
    )


def names_of(tests: pl.Series) -> pl.DataFrame:
    """The names behind each set of tests: `tests, failed`, the names sorted."""
    sets = tests.unique()
    return pl.DataFrame(
        {
            "tests": sets,
            "failed": [
                [test for place, test in enumerate(TESTS) if one >> place & 1] for one in sets
            ],
        },
        schema={"tests": pl.UInt16, "failed": pl.List(pl.String)},
    )
