"""Documents → the lines that stand where a ticker can stand, one reading a line."""

from __future__ import annotations

import polars as pl

from nalssi.common.symbols import BULLETS, LONGEST_LINE_BYTES, changed, clean, holds_unit
from nalssi.ticker.long_lines import part_lists
from nalssi.ticker.split_lines import join_parts

# A longer line is prose and is looked at no further; but one with a bullet, between two ticker
# lines, is a line of the list: refused, it must not part it.
_SHOWN_OF_LONG = LONGEST_LINE_BYTES // 4  # characters
_TOO_LONG = "…"  # fits no ticker
# How many non-blank lines around the lines with a unit are looked at: for lines whose unit is
# missing, for the date and for the end mark.
MARGIN = 12

_LINE_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_OTHER_BREAK = f"[{''.join(_LINE_BREAKS)}--\n]"  # one of their characters, but for `\n`
_TAG = r"</?[a-zA-Z][^<>]{0,80}>"
_PRINTED = r"[^\s\p{Cf}]"


def candidate_lines(documents: pl.DataFrame) -> pl.DataFrame:
    """The lines near a temperature, in documents of `doc` (an index) and `text`.

    Returns `doc`, `line` (from 1), `pos` (place among the document's non-blank lines), `text` (as
    printed), `clean` and `last` (no non-blank line of the document follows). A line that holds a
    whole list becomes a line a reading; all have the number of the line that they stand on.
    """
    texts = documents["text"]
    texts = changed(texts, texts.str.contains(_OTHER_BREAK), _broken_alike)
    lines = (
        documents.select("doc", text=texts.str.split("\n"))
        .with_columns(line=pl.int_ranges(1, pl.col("text").list.len() + 1, dtype=pl.Int32))
        .explode("text", "line")
        .filter(pl.col("text").str.contains(_PRINTED))
    )
    lines = (
        part_lists(lines.with_columns(unit=holds_unit(lines["text"])))
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int32))
    )
    row = pl.col("row")
    first = (pl.col("doc") != pl.col("doc").shift()).fill_null(value=True)
    last = (pl.col("doc") != pl.col("doc").shift(-1)).fill_null(value=True)
    short = pl.col("text").str.len_bytes() <= LONGEST_LINE_BYTES
    # Documents stand one after another, so filling does for them what windows would, cheaply.
    lines = lines.with_columns(
        short=short,
        last=last,
        at_unit=pl.when(pl.col("unit") & short).then(row),
        begin=pl.when(first).then(row).forward_fill(),
        end=pl.when(last).then(row).backward_fill(),
    )
    before, after = pl.col("at_unit").forward_fill(), pl.col("at_unit").backward_fill()
    near = ((before >= pl.col("begin")) & (row - before <= MARGIN)) | (
        (after <= pl.col("end")) & (after - row <= MARGIN)
    )
    lines = lines.filter(near.fill_null(value=False))
    lines = lines.with_columns(
        text=changed(lines["text"], ~lines["short"], _start_of_bulleted)
    ).filter(pl.col("text").is_not_null())
    cleaned = changed(
        clean(lines["text"]), ~lines["short"], lambda some: some.str.head(1) + _TOO_LONG
    )
    cleaned = _without_tags(cleaned, lines["unit"])
    if "clean" in lines.columns:
        cleaned = lines.select(pl.coalesce("clean", cleaned.alias("cleaned"))).to_series()
    pos = (row - pl.col("begin")).alias("pos")
    lines = lines.with_columns(pos, clean=cleaned)
    return join_parts(lines.select("doc", "line", "pos", "last", "text", "clean", "unit"))


def _without_tags(texts: pl.Series, unit: pl.Series) -> pl.Series:
    """Lines without simple tags, which some extractors keep; if one of a list has some, all do."""
    first = texts.filter(unit & ~unit.shift(1, fill_value=False))
    if not first.str.contains("<", literal=True).any():
        return texts
    tagged = texts.str.contains("<", literal=True)
    return changed(texts, tagged, lambda some: some.str.replace_all(_TAG, " ").str.strip_chars())


def _broken_alike(texts: pl.Series) -> pl.Series:
    return texts.str.replace_many(list(_LINE_BREAKS), ["\n"] * len(_LINE_BREAKS), leftmost=True)


def _start_of_bulleted(texts: pl.Series) -> pl.Series:
    """What is shown of long lines; null where one has no bullet."""
    starts = texts.str.strip_chars_start()
    bulleted = starts.str.head(1).is_in(list(BULLETS))
    return starts.set(~bulleted, None).str.head(_SHOWN_OF_LONG)
