"""Findings, which checks return, and how findings become one QARTOD flag per reading.

A check returns a *finding* for each reading that did not pass. `combine` merges the findings of
all checks. The checks are in other modules, such as `spatial_check`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from nalssi.common.station_grid import STATIONS, Bools, Ints, station_columns
from schemas.vocabulary import (
    FLAG_FAIL,
    FLAG_GOOD,
    FLAG_MISSING,
    FLAG_NOT_EVALUATED,
    FLAG_SUSPECT,
    QUALITY_TESTS,
)

PRECEDENCE = (FLAG_MISSING, FLAG_NOT_EVALUATED, FLAG_GOOD, FLAG_SUSPECT, FLAG_FAIL)
"""QARTOD's rule for combining several tests: a later flag in this list overrides an earlier one."""

TEST_NAME = pl.Enum(sorted(QUALITY_TESTS))
TESTS: tuple[str, ...] = tuple(TEST_NAME.categories)

FINDING_SCHEMA = pl.Schema(
    {"grid_row": pl.UInt32(), "station_id": pl.Int16(), "flag": pl.Int8(), "test": TEST_NAME}
)
"""The columns of findings. `grid_row` is the snapshot's row in the grid. `test` is null if the
reading only could not be compared with neighbours (flag 2 of `spatial`)."""

_RANK = np.zeros(max(PRECEDENCE) + 1, np.int8)
_RANK[list(PRECEDENCE)] = range(1, len(PRECEDENCE) + 1)
_TEST_BITS = np.array([1 << index for index in range(len(TESTS))] + [0], np.uint16)


def findings_at(
    mask: Bools,
    flag: int,
    test: str | None,
    rows: Ints | None = None,
    columns: Ints | None = None,
) -> pl.DataFrame:
    """Return a finding with this flag and test for each reading that is marked in `mask`.

    `mask` has the shape of the grid. If it covers a part of the grid only, `rows` and `columns`
    give the grid's rows and columns that it covers.
    """
    row, column = np.nonzero(mask if columns is not None else mask[:, : len(STATIONS)])
    grid_row = row if rows is None else rows[row]
    station = np.asarray(STATIONS, np.int16)[column if columns is None else columns[column]]
    return pl.DataFrame(
        {"grid_row": grid_row.astype(np.uint32), "station_id": station}
    ).with_columns(flag=pl.lit(flag, pl.Int8), test=pl.lit(test, TEST_NAME))


def all_findings(findings: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Join the findings of several checks to one frame, which is empty if there are none."""
    return pl.concat([FINDING_SCHEMA.to_frame(), *findings])


def combine(findings: pl.DataFrame) -> pl.DataFrame:
    """Merge findings to one row per reading: `grid_row, station_id, flag, tests`, sorted.

    A reading without a finding is good and has no row. `flag` is the flag of its findings that is
    last in PRECEDENCE. `tests` is the set of the tests of its findings, whatever their flags, as a
    bit mask (see `names_of_tests`). It is 0 if no finding has a test.
    """
    row = findings["grid_row"].to_numpy().astype(np.int64)
    first = int(row.min()) if row.size else 0
    row -= first
    reading = row * len(STATIONS) + station_columns()[findings["station_id"].to_numpy()]
    shape = (int(row.max(initial=-1)) + 1, len(STATIONS))
    worst, tests = np.zeros(shape, np.int8), np.zeros(shape, np.uint16)
    np.maximum.at(worst.reshape(-1), reading, _RANK[findings["flag"].to_numpy()])
    bits = _TEST_BITS[findings["test"].to_physical().fill_null(len(TESTS)).to_numpy()]
    np.bitwise_or.at(tests.reshape(-1), reading, bits)
    row, column = np.nonzero(worst)
    return pl.DataFrame(
        {
            "grid_row": (row + first).astype(np.uint32),
            "station_id": np.array(STATIONS, np.int16)[column],
            "flag": np.array((0, *PRECEDENCE), np.int8)[worst[row, column]],
            "tests": tests[row, column],
        }
    )


def names_of_tests(tests: pl.Series) -> pl.DataFrame:
    """Return the tests that bit masks of `combine` stand for.

    The result has a row for each distinct mask: `tests` is the mask, `failed` the names.
    """
    masks = tests.unique()
    return pl.DataFrame(
        {
            "tests": masks,
            "failed": [
                [test for index, test in enumerate(TESTS) if mask >> index & 1] for mask in masks
            ],
        },
        schema={"tests": pl.UInt16, "failed": pl.List(pl.String)},
    )
