"""Lines → their names and kinds: what each line, by itself, could be in a ticker."""

from __future__ import annotations

import re
from functools import cache
from string import ascii_letters

import polars as pl

from nalssi.common.names import (
    GLUED_BULLET,
    beginnings_of_names,
    condition_words,
    known_names,
    squeeze,
    station_names,
)
from nalssi.common.symbols import TORN, UNIT
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C

_READABLE = r"^[+-]?[0-9]{1,2}(?:\.[0-9])?$"
_SHAPE = r"^[+-]?[0-9]{1,3}\.[0-9]$"  # as every ticker prints it
_SHAPE_OR_WHOLE = r"^[+-]?[0-9]{1,3}(?:\.[0-9])?$"  # without a decimal only beside a condition
_BEGUN = r"^[+-]?[0-9]{1,2}(?:\.[0-9]?)?$"
NOT_IN_NAMES = " -.,/*~?:;_+" + ascii_letters
"""What a malformed number can leave behind a name."""
_LEFT_OVER = f"[0-9{UNIT}]"
_NAME_LIKE = r"^[가-힣(-][가-힣 ()/,-]{0,19}$"


def read_names(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `station_id`, `name`, `word`, `condition`, `condition_raw` and `known` to cut lines.

    `key_before` and `key_after` are the parts without blanks; `name_like`: the parts could be
    names. A sign left alone by a missing number (`고창 -℃`) is not part of a name. A line in which
    digits or units are left over fits no ticker and has nulls in all but `bulleted`.
    """
    lone_sign = pl.col("unit").is_not_null() & pl.col("number").is_null()
    lines = lines.with_columns(lone_sign=lone_sign)
    parts = ["before", "after", "lone_sign"]
    # There are millions of lines, but only hundreds of names.
    names = _read_names(lines.select(parts).unique())
    glued_bullet = pl.col("glued_bullet").fill_null(value=False)
    return (
        lines.join(names, on=parts, how="left", maintain_order="left")
        .with_columns(
            pl.when("fits").then(pl.col("before", "number", "unit", "after")),
            bulleted=pl.col("bulleted") | glued_bullet,
            # after another bullet a hyphen is a condition or nothing known
            known=pl.col("known").fill_null(value=False) & ~(glued_bullet & pl.col("bulleted")),
        )
        .drop("fits", "lone_sign", "glued_bullet")
    )


def read_numbers(lines: pl.DataFrame) -> pl.DataFrame:
    """Add what the numbers of cut lines mean: `temperature_c` and, as flags, what they can be.

    `shaped`: printed as tickers do; `shaped_or_whole`: or without a decimal; `begun`: what is left
    of one that was cut off; `readable`: a temperature; `unsigned`.
    """
    number = pl.col("number")
    # adding nothing turns -0.0, which KMA prints, into the zero that it is
    value = number.str.strip_prefix("+").cast(pl.Float64, strict=False) + 0.0
    possible = value.is_between(LOWEST_TEMPERATURE_C, HIGHEST_TEMPERATURE_C)
    numbers = lines.select(number.drop_nulls().unique()).with_columns(
        temperature_c=value,
        shaped=number.str.contains(_SHAPE),
        shaped_or_whole=number.str.contains(_SHAPE_OR_WHOLE),
        begun=number.str.contains(_BEGUN),
        readable=number.str.contains(_READABLE) & possible,
        unsigned=number.str.contains("^[0-9]"),
    )
    return lines.join(numbers, on="number", how="left", maintain_order="left")


def _read_names(parts: pl.DataFrame) -> pl.DataFrame:
    """The same for distinct parts: `before`, `after`, `lone_sign`."""
    left_over = pl.col("before", "after").str.contains(_LEFT_OVER)
    parts = parts.with_columns(fits=~pl.any_horizontal(left_over))
    before, after = (squeeze(pl.when("fits").then(column)) for column in ("before", "after"))
    named = parts.with_columns(
        key_before=pl.when("lone_sign").then(before.str.strip_suffix("-")).otherwise(before),
        key_after=after,
    ).join(
        known_names().with_columns(known=pl.lit(value=True)),
        left_on=["key_before", "key_after"],
        right_on=["before", "after"],
        how="left",
    )
    beside_name = (
        pl.when(pl.col("key_after") != "")
        .then("after")
        .when(pl.col("name").is_null())
        .then("before")
        .otherwise(
            pl.col("before").str.strip_suffix(pl.col("name")).str.strip_prefix(pl.col("name"))
        )
        .str.strip_chars()
    )
    return named.with_columns(
        glued_bullet=pl.col("key_before").str.starts_with(GLUED_BULLET)
        & (pl.col("word") != GLUED_BULLET),
        condition_raw=pl.when(squeeze(beside_name) == pl.col("word"))
        .then(beside_name)
        .otherwise("word"),
        name_like=pl.col("before").str.contains(_NAME_LIKE)
        & ((pl.col("after") == "") | pl.col("after").str.contains(_NAME_LIKE)),
    )


def tell_kinds(lines: pl.DataFrame) -> pl.DataFrame:
    """Add what named lines can be in a run, as flags.

    `whole`: known names and a number; `core`: counts as a line of a ticker; `member`: can begin or
    end one; `between`: belongs to one between two members; `alike`: looks like a line of a ticker,
    so that several may stand between two members; `cut`: the text's last line, broken off.
    """
    number, unit, known = pl.col("number"), pl.col("unit").is_not_null(), pl.col("known")
    named = known & pl.col("name").is_not_null()
    worded = known & pl.col("word").is_not_null()
    last, bulleted = pl.col("last"), pl.col("bulleted")
    odd_unit = pl.col("odd_unit")
    whole = known & unit & (pl.col("shaped") | (worded & pl.col("shaped_or_whole")))
    # names that are not known, in a line that is a ticker's in all else
    strange = ~known & unit & pl.col("shaped") & pl.col("name_like")
    # a known condition and station, and something before the unit that is no number
    key = pl.when(~known & unit).then("key_before")
    bare_name = key.str.strip_chars_end(NOT_IN_NAMES)
    after = pl.col("key_after")
    garbled = (bare_name != key) & (
        ((after == "") & bare_name.is_in(_worded_names().implode()))
        | (
            after.is_in(condition_words()["word"].implode())
            & bare_name.is_in(station_names()["name"].implode())
        )
    )
    worded_strange = pl.when("strange").then("key_before").str.contains(_after_condition()) | (
        pl.col("strange") & after.is_in(condition_words()["word"].implode())
    )
    begun = last & ~unit & number.is_null()
    name = pl.when(begun).then(pl.col("key_before").str.strip_suffix("-"))
    word = pl.when(last & unit & (pl.col("after") != "")).then("key_after")
    long_enough = bulleted | (name.str.len_chars() >= 2)
    cut_in_name = long_enough & _begins_a_name(lines, name)
    cut_in_word = _begins_a_name(lines, word)
    # what was to follow a whole line may be its condition
    torn = pl.when(last & whole).then("clean").str.contains(TORN)
    lines = lines.with_columns(
        whole=whole.fill_null(value=False),
        strange=strange.fill_null(value=False),
        garbled=garbled.fill_null(value=False),
        cut=pl.any_horizontal(
            flag.fill_null(value=False) for flag in (cut_in_name, strange & cut_in_word, torn)
        ),
    )
    # the pattern is slow, so only where it matters
    strange_name = pl.when(pl.col("strange") & bulleted).then("key_before")
    half_known = strange_name.str.contains(_half_known()) | (
        strange_name.is_not_null() & (pl.col("after") != "")
    )
    lines = lines.with_columns(
        core=pl.col("whole") | (named & worded & ~odd_unit) | half_known.fill_null(value=False)
    )
    # `서울 -0.7도` may be prose, `구름많음서울 8.6도` is a line of a list
    broken_off = named & ~unit & pl.col("begun") & (worded | ~odd_unit)
    return lines.with_columns(
        member=pl.col("core")
        | pl.col("cut")
        | (named & unit)
        | broken_off.fill_null(value=False)
        | pl.col("garbled")
        | worded_strange.fill_null(value=False)
        | (pl.col("strange") & bulleted),
        between=bulleted | pl.col("garbled") | pl.col("strange") | (known & odd_unit),
        alike=unit | (odd_unit & pl.col("name_like")),
    )


@cache
def _worded_names() -> pl.Series:
    """Conditions with a station, as one text without blanks."""
    names = known_names()
    return names.filter(pl.col("word").is_not_null() & (pl.col("after") == ""))["before"]


@cache
def _after_condition() -> str:
    """A pattern for names that begin with a known condition."""
    return f"^(?:{'|'.join(map(re.escape, condition_words()['word']))})[가-힣()]{{2,}}$"


@cache
def _half_known() -> str:
    """A pattern for names of which only the condition, or only the station, is known."""
    words = "|".join(map(re.escape, condition_words()["word"]))
    names = "|".join(map(re.escape, station_names()["name"]))
    return f"^(?:{words})|(?:{names})$"


def _begins_a_name(lines: pl.DataFrame, key: pl.Expr) -> pl.Expr:
    """True where a text is the beginning of known names. Few lines have one to be looked at."""
    keys = lines.select(key).to_series().drop_nulls().unique()
    return key.is_in(beginnings_of_names(keys).implode())
