"""Decide for each ticker line whether it is a reading or a reject, and give the reject's reason.

`schemas/vocabulary.py` lists all reasons. Two other modules also give reasons: `unnamed_stations`
to lines without a name, and `printed_dates` to date lines.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from nalssi.common.known_names import condition_words, known_texts, station_names
from nalssi.common.ticker_symbols import HYPHEN
from nalssi.ticker.line_kinds import REMAINS_OF_NUMBERS
from nalssi.ticker.ticker_lines import list_and_station

_UNKNOWN_NAMES = "unknown"
"""A temporary reason of lines with unknown names. `_reason_of_text` finds their final reason."""


def add_reasons(lines: pl.DataFrame) -> pl.DataFrame:
    """Add the column `reason` to ticker lines: why a line is rejected; null if it is a reading.

    `lines` has the columns of `find_tickers`.
    """
    number, unit, known = pl.col("number"), pl.col("unit").is_not_null(), pl.col("known")
    # `서울 - 5.9℃` can be -5.9, or 5.9 with the condition `-`. It is the latter only if the other
    # lines of the list have their condition there.
    doubtful_sign = pl.col("key_before").str.ends_with(HYPHEN) & pl.col("unsigned")
    if lines.select(doubtful_sign.any()).item():
        doubtful_sign &= ~_condition_before_number()
    number_alone = (pl.col("key_before") == "") & (pl.col("key_after") == "") & number.is_not_null()
    unreadable = ~pl.col("readable") | doubtful_sign
    reason = (
        pl.when((number.is_not_null() & ~unit) | pl.col("cut"))
        .then(pl.lit("cut_line"))
        .when((known | number_alone) & unreadable)
        .then(pl.lit("unreadable_temperature"))
        .when(~known & ~number_alone)
        .then(pl.lit(_UNKNOWN_NAMES))
        .when(number.is_null() & ~unit & pl.col("word").is_null())
        .then(pl.lit("unreadable_temperature"))
        .when(number.is_null() & ~unit & ~pl.col("followed"))
        .then(pl.lit("cut_line"))
    )
    lines = lines.with_columns(reason=reason)
    unknown = (
        lines.filter(pl.col("reason") == _UNKNOWN_NAMES)
        .select("clean", "key_before", "key_after")
        .unique()
    )
    reasons_of_texts = unknown.select(
        "clean",
        reason_of_text=pl.Series(
            [_reason_of_text(*row) for row in unknown.rows()], dtype=pl.String
        ),
    )
    return (
        lines.join(reasons_of_texts, on="clean", how="left", maintain_order="left")
        .with_columns(
            reason=pl.when(pl.col("reason") == _UNKNOWN_NAMES)
            .then("reason_of_text")
            .otherwise("reason")
        )
        .drop("reason_of_text")
    )


def reject_contradictions(lines: pl.DataFrame) -> pl.DataFrame:
    """Reject all lines of a station that a ticker prints with different values.

    Their `reason` becomes `duplicate_station`. A station that is printed twice with the same
    condition and temperature is not rejected.
    """
    is_reading = pl.col("reason").is_null()
    key = list_and_station("run")
    repeated = lines.filter(is_reading).select(key=key).to_series()
    repeated = repeated.filter(repeated.is_duplicated()).unique()
    if repeated.is_empty():
        return lines
    values = pl.struct("condition", "temperature_c")
    contradicting = (
        lines.select(is_reading, "condition", "temperature_c", key=key)
        .filter("reason", pl.col("key").is_in(repeated.implode()))
        .group_by("key")
        .agg(values.n_unique().alias("values"))
        .filter(pl.col("values") > 1)["key"]
    )
    contradicted = is_reading & key.is_in(contradicting.implode())
    return lines.with_columns(
        reason=pl.when(contradicted).then(pl.lit("duplicate_station")).otherwise("reason")
    )


def _condition_before_number() -> pl.Expr:
    """Return an expression: True on each line of a list that prints conditions before numbers.

    The order of such a list is station, condition, temperature. So a hyphen before the number is
    the condition `-`, not a sign.
    """
    has_name = (pl.col("known") & pl.col("name").is_not_null()).fill_null(value=False)
    has_word = has_name & (pl.col("word") != HYPHEN)
    in_order = pl.col("key_before") == pl.col("name") + pl.col("word")
    return (has_word.any() & (in_order.fill_null(value=False) | ~has_name).all()).over("run")


def _reason_of_text(clean: str, before: str | None, after: str | None) -> str:
    """Return the reject reason of a line whose names are unknown.

    It is `unnamed_station`, `unreadable_temperature`, `unknown_condition` or `unknown_station`.
    `clean` is the normalized line. `before` and `after` are the texts around the number without
    spaces; `before` is None if the line could not be cut into parts.
    """
    text = before if before is not None else _first_hangul(clean)
    if not text and not after:
        return "unnamed_station"
    name = text.rstrip(REMAINS_OF_NUMBERS)
    # known names, and before the unit something that is not a number
    if (name != text or (before is None and not after)) and name in known_texts():
        return "unreadable_temperature"
    return _unknown_name(text, after or "")


def _first_hangul(line: str) -> str:
    """Return the first Hangul text of a line, up to a digit, a unit or a plus sign, without spaces.

    It is used as the name in a line that could not be cut into parts. Empty if there is no Hangul.
    """
    match = re.search(r"[가-힣][^0-9℃+]*", line)
    return "".join(match.group().split()) if match else ""


def _unknown_name(before: str, after: str) -> str:
    """Return the reason `unknown_condition` or `unknown_station` for a line with an unknown name.

    `before` and `after` are the texts around the number, without spaces. `비바람서울` is either
    rain and an unknown station, or an unknown condition and Seoul. The longer known name decides.
    """
    words, names = _longest_first("word"), _longest_first("name")
    if after:
        return "unknown_station" if after in words else "unknown_condition"
    word = next((word for word in words if before.startswith(word)), "")
    name = next((name for name in names if before.endswith(name)), "")
    return "unknown_condition" if len(name) > len(word) else "unknown_station"


@cache
def _longest_first(column: str) -> tuple[str, ...]:
    table = condition_words() if column == "word" else station_names()
    return tuple(sorted(table[column], key=len, reverse=True))
