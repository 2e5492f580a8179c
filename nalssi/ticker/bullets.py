"""Signs that are a bullet in one list and not in another: `-` and `?`.

A hyphen before a blank begins the lines of many lists, but in a list whose other lines have a
condition and no bullet it is the condition of a station that does not observe the weather. A
question mark is a bullet that an editor could not save, if every line of the list begins with it.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.symbols import MARKED
from nalssi.ticker.parts import cut_into_parts
from nalssi.ticker.shapes import read_names


def named_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Candidate lines, cut into parts and with their names: see `cut_into_parts`, `read_names`."""
    named = read_names(cut_into_parts(lines))
    dash, mark = pl.col("clean").str.starts_with("- "), pl.col("clean").str.starts_with(MARKED)
    doubtful = named.select(dash | mark).to_series()
    if not doubtful.any():
        return named
    flagged = named.select(
        "doc",
        "pos",
        dash=dash & pl.col("unit").is_not_null() & pl.col("word").is_null(),
        mark=mark,
        plain=~pl.col("bulleted") & pl.col("known") & pl.col("unit").is_not_null(),
        worded=pl.col("word").is_not_null(),
        listed=pl.col("number").is_not_null() | pl.col("unit").is_not_null() | pl.col("known"),
    )
    no_bullet = _condition_for_dash(flagged) | _no_bullet_for_mark(flagged)
    if not no_bullet.any():
        return named
    again = read_names(cut_into_parts(lines.filter(no_bullet), bullets=False))
    return pl.concat([named.filter(~no_bullet), again.select(named.columns)]).sort("doc", "pos")


def _condition_for_dash(lines: pl.DataFrame) -> pl.Series:
    """Hyphens that stand in a row with lines that have a condition and no bullet."""
    of_list = pl.col("dash") | pl.col("plain") | (pl.col("listed") & ~pl.col("mark"))
    worded = pl.col("plain") & pl.col("worded")
    return lines.select(pl.col("dash") & worded.any().over(_rows(of_list))).to_series()


def _no_bullet_for_mark(lines: pl.DataFrame) -> pl.Series:
    """Question marks that stand in a row with lines that have none."""
    of_list = pl.col("mark") | pl.col("plain")
    return lines.select(pl.col("mark") & pl.col("plain").any().over(_rows(of_list))).to_series()


def _rows(of_list: pl.Expr) -> pl.Expr:
    """A number for lines that stand one below the other."""
    below = (pl.col("doc") == pl.col("doc").shift()) & (pl.col("pos") == pl.col("pos").shift() + 1)
    goes_on = below & of_list & of_list.shift()
    return (~goes_on).fill_null(value=True).cum_sum()
