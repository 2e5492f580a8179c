"""Many checks, one verdict a reading: QARTOD's flags and how they combine."""

from __future__ import annotations

import polars as pl

from schemas.vocabulary import (
    FLAG_FAIL,
    FLAG_GOOD,
    FLAG_MISSING,
    FLAG_NOT_EVALUATED,
    FLAG_SUSPECT,
    QUALITY_TESTS,
)

PRECEDENCE = (FLAG_MISSING, FLAG_NOT_EVALUATED, FLAG_GOOD, FLAG_SUSPECT, FLAG_FAIL)
"""Later overrides earlier (QARTOD's rule for combining tests)."""

_RANK = {flag: rank for rank, flag in enumerate(PRECEDENCE)}
_FLAG = dict(enumerate(PRECEDENCE))
_BIT = {test: 1 << place for place, test in enumerate(sorted(QUALITY_TESTS))}


def combine(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a reading that is not good: `snapshot, station_id, flag, failed`.

    `rows` is what the checks returned (`lists.ROW_SCHEMA`). Checks that return nothing for a
    reading passed; passing is not evidence that it is good, except of the spatial check, which
    says so where it had nothing to judge by. `failed` names the tests that did not pass,
    sorted; it is empty where the only finding is that the reading could not be judged.
    """
    bits = pl.col("test").replace_strict(_BIT, default=0, return_dtype=pl.UInt16)
    judged = (
        rows.select(
            "snapshot",
            "station_id",
            rank=pl.col("flag").replace_strict(_RANK, return_dtype=pl.Int8),
            failed=bits,
        )
        .group_by("snapshot", "station_id")
        .agg(pl.col("rank").max(), pl.col("failed").bitwise_or())
    )
    names = judged.select(pl.col("failed").unique())
    names = names.with_columns(
        names=pl.Series(
            [[test for test, bit in _BIT.items() if bit & mask] for mask in names["failed"]],
            dtype=pl.List(pl.String),
        )
    )
    return judged.join(names, on="failed").select(
        "snapshot",
        "station_id",
        flag=pl.col("rank").replace_strict(_FLAG, return_dtype=pl.Int8),
        failed="names",
    )
