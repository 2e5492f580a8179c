"""Read the tickers of pages: call the steps of the grammar in their order.

The docstring of the package `nalssi.ticker` describes the steps.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.korea_time import korean_day
from nalssi.ticker.ambiguous_bullets import cut_and_name_lines
from nalssi.ticker.candidate_lines import candidate_lines
from nalssi.ticker.line_meaning import read_numbers
from nalssi.ticker.printed_dates import date_tickers
from nalssi.ticker.reject_reasons import add_reasons, reject_contradictions
from nalssi.ticker.ticker_lines import LINE_COLUMNS, Tickers
from nalssi.ticker.ticker_runs import find_tickers
from nalssi.ticker.unnamed_stations import fill_unnamed_stations


def read_pages(documents: pl.DataFrame) -> Tickers:
    """Return the tickers in pages: their lines, read and dated, and the rejected date lines.

    `documents` has the columns `doc, text, captured_at`.
    """
    lines = cut_and_name_lines(candidate_lines(documents))
    ticker_lines = find_tickers(read_numbers(lines))
    tickers = (
        ticker_lines.group_by("doc", "run", maintain_order=True)
        .agg(first_pos=pl.col("pos").first(), last_pos=pl.col("pos").last())
        .join(
            documents.select("doc", captured_on=korean_day(pl.col("captured_at"))),
            on="doc",
            how="left",
            maintain_order="left",
        )
    )
    dates, rejected_dates = date_tickers(tickers, lines.filter(pl.col("unit").is_null()))
    judged = (
        add_reasons(ticker_lines)
        .join(dates, on="run", how="left", maintain_order="left")
        .pipe(fill_unnamed_stations)
        .pipe(reject_contradictions)
        .with_columns(observed_at=pl.lit(None, dtype=LINE_COLUMNS["observed_at"]))
    )
    return Tickers(
        judged.select(pl.col(name).cast(dtype) for name, dtype in LINE_COLUMNS.items()),
        rejected_dates,
    )
