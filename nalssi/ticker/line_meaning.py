"""Look up the station and the condition of each line, and read its temperature.

`nalssi.common.known_names` has the names. `ticker_runs` decides later whether a line belongs to a
ticker.
"""

from __future__ import annotations

import polars as pl

from nalssi.common.known_names import known_names, without_spaces
from nalssi.common.ticker_symbols import HYPHEN, UNIT
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C

_READABLE = r"^[+-]?[0-9]{1,2}(?:\.[0-9])?$"
_ONE_DECIMAL = r"^[+-]?[0-9]{1,3}\.[0-9]$"
_ONE_DECIMAL_OR_WHOLE = r"^[+-]?[0-9]{1,3}(?:\.[0-9])?$"
_START_OF_NUMBER = r"^[+-]?[0-9]{1,2}(?:\.[0-9]?)?$"
_DIGIT_OR_UNIT = f"[0-9]|{UNIT}"
_NAME_LIKE = r"^[가-힣(-][가-힣 ()/,-]{0,19}$"


def read_names(lines: pl.DataFrame) -> pl.DataFrame:
    """Look up the condition and the station of lines that are cut into parts (`cut_into_parts`).

    Added columns:

    - `station_id`, `name`: the station
    - `word`: the printed condition without spaces; `condition`: its code; `condition_raw`: the
      condition as printed
    - `known`: True if the texts before and after the number are known names
    - `key_before`, `key_after`: these texts without spaces. A sign whose number is missing
      (`고창 -℃`) is not part of a name
    - `name_like`: True if the texts could be names

    If `before` or `after` has another digit or unit, the line cannot be a ticker line: then
    `before`, `number`, `unit`, `after` and the added columns are null, but `known` and `name_like`
    are False.
    `bulleted` also becomes True if a hyphen is glued to the name (`-강릉`) and is not the
    condition.
    """
    lone_sign = pl.col("unit").is_not_null() & pl.col("number").is_null()
    lines = lines.with_columns(lone_sign=lone_sign)
    parts = ["before", "after", "lone_sign"]
    # A batch has millions of lines but only hundreds of different names.
    names = _read_distinct_names(lines.select(parts).unique())
    glued_bullet = pl.col("glued_bullet").fill_null(value=False)
    return (
        lines.join(names, on=parts, how="left", maintain_order="left")
        .with_columns(
            pl.when("fits").then(pl.col("before", "number", "unit", "after")),
            bulleted=pl.col("bulleted") | glued_bullet,
            # after another bullet, a hyphen can only be a condition
            known=pl.col("known").fill_null(value=False) & ~(glued_bullet & pl.col("bulleted")),
        )
        .drop("fits", "lone_sign", "glued_bullet")
    )


def _read_distinct_names(parts: pl.DataFrame) -> pl.DataFrame:
    """Look up condition and station of each distinct combination of `before, after, lone_sign`.

    `before` and `after` are the texts around the number. `lone_sign` is True if the line has a unit
    but no number.

    Added columns:

    - `station_id`, `name`, `word`, `condition`, `condition_raw`, `key_before`, `key_after`,
      `name_like`: as in `read_names`
    - `known`: True if the two texts are known names, otherwise null
    - `fits`: False if a text has another digit or unit; then `name_like` is False, and the other
      added columns are null
    - `glued_bullet`: True if `key_before` begins with a hyphen that is not the condition; null
      if the texts name no condition
    """
    left_over = pl.col("before", "after").str.contains(_DIGIT_OR_UNIT)
    parts = parts.with_columns(fits=~pl.any_horizontal(left_over))
    before, after = (without_spaces(pl.when("fits").then(column)) for column in ("before", "after"))
    named = parts.with_columns(
        key_before=pl.when("lone_sign").then(before.str.strip_suffix(HYPHEN)).otherwise(before),
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
        glued_bullet=pl.col("key_before").str.starts_with(HYPHEN) & (pl.col("word") != HYPHEN),
        condition_raw=pl.when(without_spaces(beside_name) == pl.col("word"))
        .then(beside_name)
        .otherwise("word"),
        name_like=pl.col("before").str.contains(_NAME_LIKE)
        & ((pl.col("after") == "") | pl.col("after").str.contains(_NAME_LIKE)),
    )


def read_numbers(lines: pl.DataFrame) -> pl.DataFrame:
    """Read the numbers of lines that are cut into parts (`cut_into_parts`).

    Added columns, which are null in lines without a number:

    - `temperature_c`: the number in °C, also if it is impossible; null if it is malformed
    - `one_decimal`: True if the number has one decimal, as tickers print it
    - `one_decimal_or_whole`: True if it has one decimal or none
    - `start_of_number`: True if it can be a number whose end was cut off
    - `readable`: True if it is written as a temperature and is from LOWEST_TEMPERATURE_C to
      HIGHEST_TEMPERATURE_C
    - `unsigned`: True if it begins with a digit
    """
    number = pl.col("number")
    # KMA also prints -0.0; replacing makes it 0.0 (polars would optimize an addition away)
    value = number.cast(pl.Float64, strict=False).replace(0.0, 0.0)
    possible = value.is_between(LOWEST_TEMPERATURE_C, HIGHEST_TEMPERATURE_C)
    numbers = lines.select(number.drop_nulls().unique()).with_columns(
        temperature_c=value,
        one_decimal=number.str.contains(_ONE_DECIMAL),
        one_decimal_or_whole=number.str.contains(_ONE_DECIMAL_OR_WHOLE),
        start_of_number=number.str.contains(_START_OF_NUMBER),
        readable=number.str.contains(_READABLE) & possible,
        unsigned=number.str.contains("^[0-9]"),
    )
    return lines.join(numbers, on="number", how="left", maintain_order="left")
