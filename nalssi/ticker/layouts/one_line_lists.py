"""Split a line that holds a whole list into one line per reading.

Extractors that join all text with spaces (`get_text(" ")`) print a list, or the whole page, on one
line. The line is cut into readings, dates and the end mark, and each of them becomes a line. All
other text becomes `…`, which is never a ticker line. A line without a list stays as it is.
"""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

import polars as pl

from nalssi.common.text_spelling import unify_spelling_with_positions
from nalssi.common.ticker_symbols import TWO_CHARACTER_UNIT, UNIT
from nalssi.ticker.layouts.lists_in_tokens import FEWEST_UNITS, Span, find_lists
from nalssi.ticker.layouts.long_line_tokens import FAR, tokens_near_temperatures
from nalssi.ticker.layouts.text_tokens import (
    DATE,
    END,
    SEPARATORS,
    STATION,
    Token,
    as_ticker_line,
    kinds_of,
    tokenize,
)
from nalssi.ticker.layouts.token_groups import NUMBERS

_SHORTEST_BYTES = 32  # `비서울 1.0℃눈부산 2.0℃`
_LONGEST_READING_BYTES = 60  # a longer line may hold several units in two characters
_LONGEST_BYTES = 2**20  # no page prints so much, and each unit costs some microseconds
_NAME_AND_NUMBER = r"\p{Hangul}[^\p{L}\p{N}]{0,8}\p{N}{1,3}\.\p{N}"
_SENTENCE_END = re.compile(r"다\.")
_BARE_DATE = re.compile(r"[^가-힣a-z]*[0-9]{4}[0-9.\-/년월일\s:시분]*", re.I)


class _Piece(NamedTuple):
    """A piece of a long line: its text as printed, and its text as a usual ticker line."""

    text: str
    clean: str


_OTHER_TEXT = _Piece("…", "…")


def split_one_line_lists(lines: pl.DataFrame) -> pl.DataFrame:
    """Split each line that holds a whole list into one line per reading.

    `lines` has the columns `doc, text, line, unit`; `unit` is True if the text contains a unit. If
    such lines exist, the result also has `clean`: the normalized text of each new line, and null
    for all other lines.
    """
    size = pl.col("text").str.len_bytes()
    indexes = lines.select(
        (pl.col("unit") & size.is_between(_SHORTEST_BYTES, _LONGEST_BYTES)).arg_true()
    ).to_series()
    indexes = indexes.filter(_may_hold_list(lines["text"].gather(indexes)))
    if indexes.is_empty():
        return lines
    next_doc = lines["doc"].shift(-1, fill_value=None)
    last = (lines["doc"] != next_doc).fill_null(value=True)
    rows: list[tuple[int, str, str, bool]] = []
    for index, text, is_last in zip(
        indexes, lines["text"].gather(indexes), last.gather(indexes), strict=True
    ):
        pieces = _pieces(text, last=is_last) or []
        rows += [(index, piece.text, piece.clean, UNIT in piece.clean) for piece in pieces]
    if not rows:
        return lines
    schema = {"index": pl.UInt32, "text": pl.String, "clean": pl.String, "unit": pl.Boolean}
    split = pl.DataFrame(rows, schema=schema, orient="row")
    lines = lines.with_columns(clean=pl.lit(None, dtype=pl.String)).with_row_index("index")
    others = lines.join(split, on="index", how="anti", maintain_order="left")
    split = split.join(lines.select("index", "doc", "line"), on="index", maintain_order="left")
    return (
        pl.concat([others, split.select(others.columns)])
        .sort("index", maintain_order=True)
        .drop("index")
    )


def _may_hold_list(texts: pl.Series) -> pl.Series:
    """Return True for texts that may hold a list: they have several temperatures after names.

    The test is fast. A text that passes may still hold no list.
    """
    counts = texts.str.count_matches(UNIT, literal=True)
    long = (counts < FEWEST_UNITS) & (texts.str.len_bytes() > _LONGEST_READING_BYTES)
    others = ((counts == 0) | long).arg_true()
    units = rf"{UNIT}|{TWO_CHARACTER_UNIT}"
    counts = counts.scatter(others, texts.gather(others).str.count_matches(units))
    several = (counts >= FEWEST_UNITS).arg_true()
    named = texts.gather(several).str.count_matches(_NAME_AND_NUMBER) >= FEWEST_UNITS
    return (counts < 0).scatter(several, named)


def _pieces(text: str, *, last: bool) -> list[_Piece] | None:
    """Cut a line with lists into readings, dates, end marks and other text, in their order.

    Each stretch of other text becomes the piece `…`. Returns None if the line holds no list. `last`
    is True for the last line of a document, which may be cut off inside a reading.
    """
    line, printed = unify_spelling_with_positions(text)
    tokens = tokens_near_temperatures(line)
    lists = find_lists(line, tokens, last=last)
    if not lists:
        return None
    fixed = deque(token for token in tokens if token.kind in (END, DATE))
    spans: list[Span | None] = []
    end_of_list = 0
    for list_spans in lists:
        spans += _spans_between_lists(line, fixed, end_of_list, list_spans[0][0])
        spans += list_spans
        end_of_list = list_spans[-1][1]
    spans += _spans_between_lists(line, fixed, end_of_list, len(line))
    return [
        _Piece(printed(*span).strip(), _in_usual_order(line[slice(*span)])) if span else _OTHER_TEXT
        for span in spans
    ]


def _in_usual_order(text: str) -> str:
    """Return a reading with the name before the number, as most tickers print it."""
    kinds = kinds_of(tokenize(text))
    number = next((n for n, kind in enumerate(kinds) if kind in NUMBERS), len(kinds))
    return as_ticker_line(text, reorder=STATION in kinds[number:] and STATION not in kinds[:number])


def _spans_between_lists(line: str, fixed: deque[Token], start: int, end: int) -> list[Span | None]:
    """Return start and end of each date and end mark between two lists of a line.

    The first list ends at `start`, and the second begins at `end`. Other text is None in the
    result. `fixed` are the dates and end marks of the line, in order; the function removes those
    before `end`.
    """
    spans: list[Span | None] = []
    at = start
    while fixed and fixed[0].end <= end:
        token = fixed.popleft()
        if token.start < start:
            continue
        touches = start > 0 and not line[at : token.start].strip(SEPARATORS)
        text = line[token.start : token.end]
        if token.kind == DATE and not touches:
            after = line[token.end : end]
            touches = end < len(line) and not (
                after.strip(SEPARATORS)
                and (_BARE_DATE.fullmatch(text) or len(after) > FAR or _SENTENCE_END.search(after))
            )
        elif token.kind == DATE and _BARE_DATE.fullmatch(text) and end == len(line):
            touches = not line[token.end : end].strip(SEPARATORS)
        if touches:
            if line[at : token.start].strip(SEPARATORS):
                spans.append(None)
            spans.append((token.start, token.end))
            at = token.end
    if line[at:end].strip(SEPARATORS):
        spans.append(None)
    return spans
