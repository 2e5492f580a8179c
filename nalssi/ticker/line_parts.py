"""Cut candidate lines into parts: bullet, text before the number, number, unit and text after it.

The texts before and after the number contain the condition and the station: see `line_meaning`.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.text_spelling import TRUNCATION, change_where
from nalssi.common.ticker_symbols import (
    BULLETS,
    HYPHEN,
    PROVIDED,
    PROVIDER,
    QUESTION_MARK_BULLET,
    UNIT,
)

HYPHEN_BULLET = f"{HYPHEN} "
"""The bullet of some lists: a hyphen and a space."""
_NUMBER_AT_END = r"[+-]?\.?[0-9][0-9.,]*$"
_WITHOUT_UNIT = r"^([^0-9]*?)\s*([+-]?\.?[0-9][0-9.,]*)\s*([^0-9]*)$"
_OTHER_UNIT = r"^(?:도씨?|[°˚º]?[A-Za-z]{0,2}|[%℉])$"
_END_MARKS = (f"{PROVIDER} {PROVIDED}", f"{PROVIDER}{PROVIDED}")


def cut_into_parts(lines: pl.DataFrame, *, bullets: bool = True) -> pl.DataFrame:
    """Add the parts of each line as columns.

    `lines` has the columns of `candidate_lines`. The added columns are:

    - `bulleted`: True if a bullet begins the line
    - `before`, `number`, `unit`, `after`: the text before the number, the number, the unit ℃, and
      the text behind it. `number` and `unit` are null in a line without them, and texts that are
      missing are empty. If the line has neither number nor unit, `before` is the whole text
    - `odd_unit`: True if the number is followed by another unit than ℃, or by nothing; `after` is
      then empty

    With `bullets=False`, a bullet character at the start of a line belongs to the text.
    """
    text = pl.col("clean")
    has_bullet = text.str.head(1).is_in([*BULLETS, QUESTION_MARK_BULLET]) | text.str.starts_with(
        HYPHEN_BULLET
    )
    lines = lines.with_columns(bulleted=has_bullet if bullets else pl.lit(value=False))
    body = lines.select(pl.when("bulleted").then(text.str.slice(1)).otherwise(text)).to_series()
    body = change_where(body, lines["last"], lambda some: some.str.replace(TRUNCATION, ""))
    body = change_where(body, body.str.ends_with(PROVIDED), _without_end_mark)
    unit = body.str.contains(UNIT, literal=True)
    # A number without a unit gets one here, so that all lines are cut alike. The column `unit`
    # keeps the difference.
    body = change_where(
        body, ~unit, lambda some: some.str.replace(_WITHOUT_UNIT, f"${{1}}${{2}}{UNIT}$3")
    )
    lines = lines.with_columns(
        body.str.splitn(UNIT, 2).struct.rename_fields(["before", "after"]).struct.unnest(),
        unit=pl.when(unit).then(pl.lit(UNIT)),
    ).with_columns(pl.col("before", "after").str.strip_chars())
    without = (~unit).arg_true()  # the pattern is slow, so search only these few lines
    odd = lines["after"].gather(without).str.contains(_OTHER_UNIT).fill_null(value=False)
    odd_unit = (unit & ~unit).scatter(without, odd)
    return (
        lines.with_columns(
            odd_unit=odd_unit,
            after=change_where(lines["after"], odd_unit, lambda some: some.str.head(0)),
        )
        .with_columns(
            number=pl.when(pl.col("after").is_not_null())
            .then("before")
            .str.extract(_NUMBER_AT_END, 0)
        )
        .with_columns(
            pl.coalesce(
                pl.col("before").str.strip_suffix(pl.col("number")), "before"
            ).str.strip_chars_end(),
            pl.col("after").fill_null(""),
        )
    )


def _without_end_mark(texts: pl.Series) -> pl.Series:
    for end_mark in _END_MARKS:
        texts = texts.str.strip_suffix(end_mark)
    return texts
