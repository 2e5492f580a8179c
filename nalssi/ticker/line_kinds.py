"""Classify each candidate line by its own text: complete, with an unknown name, cut off, …

The result is Boolean columns, with which `ticker_runs` finds the lines of a ticker.
"""

from __future__ import annotations

import re
from functools import cache
from string import ascii_letters

import polars as pl

from nalssi.common.known_names import condition_words, known_names, station_names
from nalssi.common.text_spelling import TRUNCATION
from nalssi.common.ticker_symbols import HYPHEN

REMAINS_OF_NUMBERS = " -.,/*~?:;_+" + ascii_letters
"""The characters that can remain after a name if the number behind it is malformed."""


def add_line_kinds(lines: pl.DataFrame) -> pl.DataFrame:
    """Classify lines by their possible role in a ticker: add Boolean columns without nulls.

    `lines` has the columns of `read_names` and `read_numbers`. Added columns:

    - `complete`: known names and a temperature, with one decimal unless a condition is beside it
    - `unknown_names`: a ticker line in all respects, but the names are unknown
    - `garbled_number`: known names, and before the unit something that is not a number
    - `cut`: the last line of the document, broken off inside a name or shortened after its unit
    - `counted`: counts towards the number of lines that make a ticker
    - `member`: can be the first or the last line of a ticker
    - `inner`: belongs to a ticker if it is between two lines marked `member`
    - `similar`: resembles a ticker line, so many such lines may be between two ticker lines
    """
    number, unit, known = pl.col("number"), pl.col("unit").is_not_null(), pl.col("known")
    has_name = known & pl.col("name").is_not_null()
    has_word = known & pl.col("word").is_not_null()
    last, bulleted = pl.col("last"), pl.col("bulleted")
    odd_unit = pl.col("odd_unit")
    # a number without a decimal is a temperature only beside a condition
    complete = known & unit & (pl.col("one_decimal") | (has_word & pl.col("one_decimal_or_whole")))
    unknown_names = ~known & unit & pl.col("one_decimal") & pl.col("name_like")
    key = pl.when(~known & unit).then("key_before")
    bare_name = key.str.strip_chars_end(REMAINS_OF_NUMBERS)
    after = pl.col("key_after")
    garbled_number = (bare_name != key) & (
        ((after == "") & bare_name.is_in(_conditions_with_stations().implode()))
        | (
            after.is_in(condition_words()["word"].implode())
            & bare_name.is_in(station_names()["name"].implode())
        )
    )
    unknown_station = pl.when("unknown_names").then("key_before").str.contains(
        _condition_then_name()
    ) | (pl.col("unknown_names") & after.is_in(condition_words()["word"].implode()))
    ends_in_name = last & ~unit & number.is_null()
    cut_name = pl.when(ends_in_name).then(pl.col("key_before").str.strip_suffix(HYPHEN))
    cut_word = pl.when(last & unit & (pl.col("after") != "")).then("key_after")
    long_enough = bulleted | (cut_name.str.len_chars() >= 2)
    cut_in_name = long_enough & _begins_a_name(lines, cut_name)
    cut_in_word = _begins_a_name(lines, cut_word)
    # a complete line that is cut off may have lost its condition
    cut_after_unit = pl.when(last & complete).then("clean").str.contains(TRUNCATION)
    lines = lines.with_columns(
        complete=complete.fill_null(value=False),
        unknown_names=unknown_names.fill_null(value=False),
        garbled_number=garbled_number.fill_null(value=False),
        cut=pl.any_horizontal(
            flag.fill_null(value=False)
            for flag in (cut_in_name, unknown_names & cut_in_word, cut_after_unit)
        ),
    )
    # the pattern is slow, so search only these lines
    bulleted_unknown = pl.when(pl.col("unknown_names") & bulleted).then("key_before")
    half_known = bulleted_unknown.str.contains(_condition_or_station()) | (
        bulleted_unknown.is_not_null() & (pl.col("after") != "")
    )
    lines = lines.with_columns(
        counted=pl.col("complete")
        | (has_name & has_word & ~odd_unit)
        | half_known.fill_null(value=False)
    )
    # `서울 -0.7도` may be prose, but `구름많음서울 8.6도` is a line of a list
    broken_off = has_name & ~unit & pl.col("start_of_number") & (has_word | ~odd_unit)
    return lines.with_columns(
        member=pl.col("counted")
        | pl.col("cut")
        | (has_name & unit)
        | broken_off.fill_null(value=False)
        | pl.col("garbled_number")
        | unknown_station.fill_null(value=False)
        | (pl.col("unknown_names") & bulleted),
        inner=bulleted | pl.col("garbled_number") | pl.col("unknown_names") | (known & odd_unit),
        similar=unit | (odd_unit & pl.col("name_like")),
    )


@cache
def _conditions_with_stations() -> pl.Series:
    """Return the texts of every condition with every station, in both orders, without spaces."""
    names = known_names()
    return names.filter(pl.col("word").is_not_null() & (pl.col("after") == ""))["before"]


@cache
def _condition_then_name() -> str:
    """Return a regex for a known condition before two or more Hangul syllables or brackets."""
    return f"^(?:{'|'.join(map(re.escape, condition_words()['word']))})[가-힣()]{{2,}}$"


@cache
def _condition_or_station() -> str:
    """Return a regex for texts that begin with a known condition or end with a known station."""
    words = "|".join(map(re.escape, condition_words()["word"]))
    names = "|".join(map(re.escape, station_names()["name"]))
    return f"^(?:{words})|(?:{names})$"


def _begins_a_name(lines: pl.DataFrame, key: pl.Expr) -> pl.Expr:
    """Return an expression: True for each line whose text `key` is the beginning of a known name.

    `lines` are the lines on which the expression will be used. Their texts are looked up at once.
    """
    keys = lines.select(key).to_series().drop_nulls().unique()  # null for nearly all lines
    return key.is_in(_beginnings_of_names(keys).implode())


def _beginnings_of_names(texts: pl.Series) -> pl.Series:
    """Return those of `texts` (without spaces) that are a known name or the beginning of one.

    Names are names of conditions, of stations, and of pairs of both (`nalssi.common.known_names`).
    """
    known = _sorted_texts()
    following = known.search_sorted(texts).clip(upper_bound=len(known) - 1)
    pairs = pl.DataFrame({"text": texts, "name": known.gather(following)})
    begins = (pl.col("text") != "") & pl.col("name").str.starts_with(pl.col("text"))
    return pairs.filter(begins)["text"]


@cache
def _sorted_texts() -> pl.Series:
    return known_names()["before"].unique().sort()
