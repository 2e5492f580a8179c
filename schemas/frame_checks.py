"""The checks of whole frames: rules between columns, and rules that pandera has no check for.

Each is registered with pandera under its name, so that a model names it in its `Config` and
`to_yaml` writes it. pandera's own `register_check_method` would import pandas.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandera.polars as pa
import polars as pl

from schemas.ids import LAST_DAY_OF_IDS
from schemas.vocabulary import QUALITY_TESTS

FrameCheck = Callable[[pa.PolarsData], pl.LazyFrame]


def registered(check: FrameCheck) -> FrameCheck:
    """Register a frame check with pandera under the name of its function. Use it as a decorator."""
    name = check.__name__
    pa.Check.REGISTERED_CUSTOM_CHECKS[name] = partial(pa.Check, check, name=name)
    return check


@registered
def temperature_c_has_one_decimal(data: pa.PolarsData) -> pl.LazyFrame:
    """A temperature is null or has at most one decimal."""
    tenths = pl.col("temperature_c") * 10
    is_whole = (tenths - tenths.round()).abs() < 1e-6
    return data.lazyframe.select(pl.col("temperature_c").is_null() | is_whole)


@registered
def snapshot_id_begins_with_its_day(data: pa.PolarsData) -> pl.LazyFrame:
    """A snapshot's id begins with its day.

    A dated id begins with `a` and the days since 1970-01-01, as four hex digits. An undated id
    begins with `f`. So the order of ids is the order of days, and a table that is sorted by id can
    be read by day.
    """
    number = pl.col("snapshot_id").str.slice(1, 4).str.to_integer(base=16, strict=False)
    days = pl.col("observed_on").cast(pl.Int32).clip(0, LAST_DAY_OF_IDS)
    is_dated = pl.col("snapshot_id").str.starts_with("a") & (number == days)
    is_undated = pl.col("snapshot_id").str.starts_with("f")
    undated = pl.col("observed_on").is_null()
    return data.lazyframe.select(pl.when(undated).then(is_undated).otherwise(is_dated))


@registered
def failed_names_known_tests(data: pa.PolarsData) -> pl.LazyFrame:
    """Every name in `failed` is a quality test."""
    known = pl.element().is_in(QUALITY_TESTS)
    return data.lazyframe.select(pl.col("failed").list.eval(known).list.all())


@registered
def every_ticker_line_is_a_reading_or_a_reject(data: pa.PolarsData) -> pl.LazyFrame:
    """In every load, ticker lines = reading lines + rejected lines."""
    results = pl.col("reading_lines") + pl.col("rejected_lines")
    return data.lazyframe.select(pl.col("ticker_lines") == results)


@registered
def every_ticker_document_is_new_or_skipped(data: pa.PolarsData) -> pl.LazyFrame:
    """In every load, documents with a ticker = new documents + skipped documents."""
    results = pl.col("documents_new") + pl.col("documents_skipped")
    return data.lazyframe.select(pl.col("documents_with_ticker") == results)
