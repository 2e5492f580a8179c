"""The two characters that are a bullet in some lists only: `-` and `?`.

A hyphen before a space begins the lines of many lists. But in a list whose other lines have a
condition and no bullet, the hyphen is the condition of a station that does not observe the weather.
A question mark is a bullet if every line of the list begins with one: an editor could not save
the original character. All other bullets are in `BULLETS` of `nalssi.common.ticker_symbols`.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.ticker_symbols import QUESTION_MARK_BULLET
from nalssi.ticker.line_meaning import read_names
from nalssi.ticker.line_parts import HYPHEN_BULLET, cut_into_parts


def cut_and_name_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Cut candidate lines into parts, and look up conditions and stations in the parts.

    `lines` has the columns of `candidate_lines`; the result has their order. The added columns are
    those of `cut_into_parts` and `read_names`. `-` and `?` at the start of a line are cut off as
    bullets only in lists where they are bullets.
    """
    named = read_names(cut_into_parts(lines))
    hyphen = pl.col("clean").str.starts_with(HYPHEN_BULLET)
    question_mark = pl.col("clean").str.starts_with(QUESTION_MARK_BULLET)
    ambiguous = named.select(hyphen | question_mark).to_series()
    if not ambiguous.any():
        return named
    described = named.select(
        "doc",
        "pos",
        hyphen=hyphen & pl.col("unit").is_not_null() & pl.col("word").is_null(),
        question_mark=question_mark,
        plain=~pl.col("bulleted") & pl.col("known") & pl.col("unit").is_not_null(),
        has_condition=pl.col("word").is_not_null(),
        of_list=pl.col("number").is_not_null() | pl.col("unit").is_not_null() | pl.col("known"),
    )
    no_bullet = _hyphens_as_condition(described) | _question_marks_as_text(described)
    if not no_bullet.any():
        return named
    without_bullets = read_names(cut_into_parts(lines.filter(no_bullet), bullets=False))
    return pl.concat([named.filter(~no_bullet), without_bullets.select(named.columns)]).sort(
        "doc", "pos"
    )


def _hyphens_as_condition(lines: pl.DataFrame) -> pl.Series:
    """Return True for each line that begins with a hyphen which is not a bullet.

    The hyphen is not a bullet if another line of the same block (`_block_numbers`) has a condition
    but no bullet. `lines` has the columns that `cut_and_name_lines` makes.
    """
    in_block = pl.col("hyphen") | pl.col("plain") | (pl.col("of_list") & ~pl.col("question_mark"))
    plain_with_condition = pl.col("plain") & pl.col("has_condition")
    return lines.select(
        pl.col("hyphen") & plain_with_condition.any().over(_block_numbers(in_block))
    ).to_series()


def _question_marks_as_text(lines: pl.DataFrame) -> pl.Series:
    """Return True for each line that begins with a question mark which is not a bullet.

    The question mark is not a bullet if another line of the same block (`_block_numbers`) has no
    bullet. `lines` has the columns `doc, pos, question_mark, plain` of `cut_and_name_lines`.
    """
    in_block = pl.col("question_mark") | pl.col("plain")
    return lines.select(
        pl.col("question_mark") & pl.col("plain").any().over(_block_numbers(in_block))
    ).to_series()


def _block_numbers(in_block: pl.Expr) -> pl.Expr:
    """Return an expression: the number of each line's block.

    A block is consecutive lines of a document for which `in_block` is True: the lines that may be
    one list. Each other line is a block of its own.
    """
    below = (pl.col("doc") == pl.col("doc").shift()) & (pl.col("pos") == pl.col("pos").shift() + 1)
    same_block = below & in_block & in_block.shift()
    return (~same_block).fill_null(value=True).cum_sum()
