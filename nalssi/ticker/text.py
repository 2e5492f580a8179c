"""Pages of text → ticker lines, step by step."""

from __future__ import annotations

import polars as pl

from nalssi.common.korea_time import korean_day
from nalssi.ticker.bullets import named_lines
from nalssi.ticker.candidates import candidate_lines
from nalssi.ticker.dates import date_tickers
from nalssi.ticker.found import LINES, Found, refuse_duplicates
from nalssi.ticker.order import name_by_order
from nalssi.ticker.runs import find_tickers, judge
from nalssi.ticker.shapes import read_numbers


def read_text(documents: pl.DataFrame) -> Found:
    """Find and read the tickers in documents of `doc, text, captured_at`."""
    lines = named_lines(candidate_lines(documents))
    found = find_tickers(read_numbers(lines))
    tickers = (
        found.group_by("doc", "run", maintain_order=True)
        .agg(first_pos=pl.col("pos").first(), last_pos=pl.col("pos").last())
        .join(
            documents.select("doc", captured_on=korean_day(pl.col("captured_at"))),
            on="doc",
            how="left",
            maintain_order="left",
        )
    )
    dated, refused_dates = date_tickers(tickers, lines.filter(pl.col("unit").is_null()))
    read = (
        judge(found)
        .join(dated, on="run", how="left", maintain_order="left")
        .pipe(name_by_order)
        .pipe(refuse_duplicates)
        .with_columns(observed_at=pl.lit(None, dtype=LINES["observed_at"]))
    )
    return Found(
        read.select(pl.col(name).cast(dtype) for name, dtype in LINES.items()), refused_dates
    )
