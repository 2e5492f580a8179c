"""Lines that hold a whole list, found among all others and parted into a line a reading."""

from __future__ import annotations

import polars as pl

from nalssi.common.symbols import IN_TWO, UNIT
from nalssi.ticker.one_line import FEWEST_UNITS, pieces_of

_SHORTEST_BYTES = 32  # `비서울 1.0℃눈부산 2.0℃`
_LONG_READING = 60  # bytes; what is longer may hold several units in two signs each
_LONGEST_BYTES = 2**20  # no page prints so much; each unit costs some microseconds
_NAME_AND_NUMBER = r"\p{Hangul}[^\p{L}\p{N}]{0,8}\p{N}{1,3}\.\p{N}"


def part_lists(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines (`doc, text, line, unit`) with those that hold a whole list parted into one a reading.

    `unit`: the line holds one. If there are such lines, adds `clean`, the spelling of a part; null
    for all other lines.
    """
    size = pl.col("text").str.len_bytes()
    places = lines.select(
        (pl.col("unit") & size.is_between(_SHORTEST_BYTES, _LONGEST_BYTES)).arg_true()
    ).to_series()
    places = places.filter(_may_hold_list(lines["text"].gather(places)))
    if places.is_empty():
        return lines
    behind = lines["doc"].shift(-1, fill_value=None)
    last = (lines["doc"] != behind).fill_null(value=True)
    found: list[tuple[int, str, str, bool]] = []
    for place, text, at_end in zip(
        places, lines["text"].gather(places), last.gather(places), strict=True
    ):
        pieces = pieces_of(text, last=at_end) or []
        found += [(place, piece.text, piece.clean, UNIT in piece.clean) for piece in pieces]
    if not found:
        return lines
    schema = {"place": pl.UInt32, "text": pl.String, "clean": pl.String, "unit": pl.Boolean}
    parts = pl.DataFrame(found, schema=schema, orient="row")
    lines = lines.with_columns(clean=pl.lit(None, dtype=pl.String)).with_row_index("place")
    whole = lines.join(parts, on="place", how="anti", maintain_order="left")
    parts = parts.join(lines.select("place", "doc", "line"), on="place", maintain_order="left")
    return (
        pl.concat([whole, parts.select(whole.columns)])
        .sort("place", maintain_order=True)
        .drop("place")
    )


def _may_hold_list(texts: pl.Series) -> pl.Series:
    """The cheap test: several units, and as many numbers behind names."""
    counts = texts.str.count_matches(UNIT, literal=True)
    long = (counts < FEWEST_UNITS) & (texts.str.len_bytes() > _LONG_READING)
    others = ((counts == 0) | long).arg_true()
    units = rf"{UNIT}|{IN_TWO}"
    counts = counts.scatter(others, texts.gather(others).str.count_matches(units))
    several = (counts >= FEWEST_UNITS).arg_true()
    named = texts.gather(several).str.count_matches(_NAME_AND_NUMBER) >= FEWEST_UNITS
    return (counts < 0).scatter(several, named)
