"""Find the candidate lines of documents: all lines near a temperature, one reading per line.

All later steps of the grammar see only candidate lines. `ticker_runs` decides which of them are
ticker lines.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.text_spelling import change_where, contains_unit, unify_spelling
from nalssi.common.ticker_symbols import BULLETS, LONGEST_LINE_BYTES
from nalssi.ticker.layouts.multi_line_readings import join_multi_line_readings
from nalssi.ticker.layouts.one_line_lists import split_one_line_lists

# A line longer than LONGEST_LINE_BYTES is prose and is dropped. But such a line with a bullet,
# between two ticker lines, belongs to the list. Its start is kept: it becomes a reject and does not
# end the list.
_KEPT_CHARACTERS = LONGEST_LINE_BYTES // 4
_FITS_NO_TICKER = "…"
MARGIN = 12
"""The number of lines that are kept before and after each line with a temperature unit, not
counting blank lines. They can be the date, the end mark and ticker lines without a unit."""

_LINE_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_OTHER_BREAK = f"[{''.join(_LINE_BREAKS)}--\n]"  # every character of the breaks except `\n`
_TAG = r"</?[a-zA-Z][^<>]{0,80}>"
_PRINTED = r"[^\s\p{Cf}]"


def candidate_lines(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the lines near a temperature in `documents`, which has the columns `doc` and `text`.

    Columns of the result:

    - `doc`: index of the document
    - `line`: number of the line in the document, from 1
    - `pos`: index among the document's lines that are not blank, from 0
    - `text`: the line as printed
    - `clean`: the line with normalized characters and spaces
    - `last`: True for the last line of the document that is not blank

    A line that holds a whole list becomes one line per reading, all with the same `line`. A reading
    on several lines becomes one line with the `line` of the first. `pos` counts the lines after
    this. Lines longer than LONGEST_LINE_BYTES are dropped; of those that begin with a bullet, the
    start is kept.
    """
    texts = documents["text"]
    texts = change_where(texts, texts.str.contains(_OTHER_BREAK), _with_newlines)
    lines = (
        documents.select("doc", text=texts.str.split("\n"))
        .with_columns(line=pl.int_ranges(1, pl.col("text").list.len() + 1, dtype=pl.Int32))
        .explode("text", "line")
        .filter(pl.col("text").str.contains(_PRINTED))
    )
    lines = (
        split_one_line_lists(lines.with_columns(unit=contains_unit(lines["text"])))
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int32))
    )
    row = pl.col("row")
    first = (pl.col("doc") != pl.col("doc").shift()).fill_null(value=True)
    last = (pl.col("doc") != pl.col("doc").shift(-1)).fill_null(value=True)
    short = pl.col("text").str.len_bytes() <= LONGEST_LINE_BYTES
    # The lines of a document are consecutive rows, so filling works like a window, at less cost.
    lines = lines.with_columns(
        short=short,
        last=last,
        unit_row=pl.when(pl.col("unit") & short).then(row),
        first_row=pl.when(first).then(row).forward_fill(),
        last_row=pl.when(last).then(row).backward_fill(),
    )
    before, after = pl.col("unit_row").forward_fill(), pl.col("unit_row").backward_fill()
    near = ((before >= pl.col("first_row")) & (row - before <= MARGIN)) | (
        (after <= pl.col("last_row")) & (after - row <= MARGIN)
    )
    lines = lines.filter(near.fill_null(value=False))
    lines = lines.with_columns(
        text=change_where(lines["text"], ~lines["short"], _start_of_bulleted)
    ).filter(pl.col("text").is_not_null())
    cleaned = change_where(
        unify_spelling(lines["text"]),
        ~lines["short"],
        lambda some: some.str.head(1) + _FITS_NO_TICKER,
    )
    cleaned = _without_tags(cleaned, lines["unit"])
    if "clean" in lines.columns:
        cleaned = lines.select(pl.coalesce("clean", cleaned.alias("cleaned"))).to_series()
    pos = (row - pl.col("first_row")).alias("pos")
    lines = lines.with_columns(pos, clean=cleaned)
    return join_multi_line_readings(
        lines.select("doc", "line", "pos", "last", "text", "clean", "unit")
    )


def _without_tags(texts: pl.Series, unit: pl.Series) -> pl.Series:
    """Remove the simple HTML tags that some text extractors keep in lines.

    `unit` is True for lines with a temperature unit. Either all lines of a list have tags, or none
    has. So only the first of each group of consecutive lines with a unit is searched for `<`. If
    none of these has one, `texts` is returned unchanged, which saves time.
    """
    first = texts.filter(unit & ~unit.shift(1, fill_value=False))
    if not first.str.contains("<", literal=True).any():
        return texts
    tagged = texts.str.contains("<", literal=True)
    return change_where(
        texts, tagged, lambda some: some.str.replace_all(_TAG, " ").str.strip_chars()
    )


def _with_newlines(texts: pl.Series) -> pl.Series:
    return texts.str.replace_many(list(_LINE_BREAKS), ["\n"] * len(_LINE_BREAKS), leftmost=True)


def _start_of_bulleted(texts: pl.Series) -> pl.Series:
    """Shorten lines that are longer than LONGEST_LINE_BYTES.

    A line with a bullet may be in a list, so its first `_KEPT_CHARACTERS` characters are returned.
    Any other line is prose: the result is null, and the caller drops the line.
    """
    starts = texts.str.strip_chars_start()
    bulleted = starts.str.head(1).is_in(list(BULLETS))
    return starts.set(~bulleted, None).str.head(_KEPT_CHARACTERS)
