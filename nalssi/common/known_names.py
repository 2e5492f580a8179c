"""The names that a ticker line can print: each condition with each station, in each order.

Tickers print the two names without a space (`구름많음강릉`), with a space between them, or in the
other order, and some names end in another name (북강릉 and 강릉; 비 또는 눈 and 비). The table
therefore lists all pairs, without spaces, and a line is looked up whole. Building the
table fails if two pairs give the same text.

A name means the station that has it now, or else the station that had it last: 고창 is
172, although 251 had that name until 2010, and 진도(첨찰산) is 175, which closed in 2019.
The facts come from `schemas/reference/`.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from nalssi.common.reference import reference
from nalssi.common.ticker_symbols import HYPHEN


def without_spaces(names: pl.Expr) -> pl.Expr:
    """Return an expression for the names without spaces, as the tables of this module have them."""
    return names.str.replace_all(" ", "", literal=True)


@cache
def station_names() -> pl.DataFrame:
    """Return every name that a station has had, with the station that has it now or had it last.

    Columns: `name` (without spaces), `station_id`.
    """
    history = reference("station_history").select(
        "station_id", name="name_ko", until=pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    )
    return (
        history.sort("until", "station_id")
        .group_by("name", maintain_order=True)
        .agg(pl.col("station_id").last())
        .with_columns(name=without_spaces(pl.col("name")))
        .sort("name")
    )


@cache
def condition_words() -> pl.DataFrame:
    """Return every condition word.

    Columns: `word` (without spaces), `condition` (its code; null for `-`, "not observed").
    """
    return (
        reference("conditions")
        .select(word=without_spaces(pl.col("word")), condition="code")
        .unique()
        .sort("word")
    )


@cache
def known_names() -> pl.DataFrame:
    """Return every text that a ticker line can print around a temperature, with its meaning.

    Columns: `before`, `after` (the texts before and after the temperature, without spaces),
    `station_id`, `name`, `word`, `condition`. `station_id` and `name` are null if the texts name no
    station; `word` and `condition` are null if they name no condition. `-` is a word without a
    code. Raises ValueError if two rows have the same texts.
    """
    stations, words = station_names(), condition_words()
    pairs = stations.join(words, how="cross")
    alone = stations.with_columns(word=pl.lit(None, pl.String), condition=pl.lit(None, pl.String))
    nameless = words.with_columns(
        name=pl.lit(None, pl.String), station_id=pl.lit(None, stations.schema["station_id"])
    )
    name, word, nothing = pl.col("name"), pl.col("word"), pl.lit("")

    def printed(names: pl.DataFrame, before: pl.Expr, after: pl.Expr) -> pl.DataFrame:
        return names.select("station_id", "name", "word", "condition", before=before, after=after)

    table = pl.concat(
        [
            printed(pairs, word + name, nothing),  # 구름많음강릉 14.1℃
            printed(pairs, HYPHEN + word + name, nothing),  # -구름많음강릉 14.1℃
            printed(pairs, name + word, nothing),  # 고창 맑음
            printed(pairs, name, word),  # 동두천 29.3℃흐림
            printed(alone, name, nothing),  # 서울 3.2℃
            printed(nameless, word, nothing),  # 비17.7℃
            printed(nameless, nothing, word),  # 18.4℃ 맑음
        ]
    )
    ambiguous = table.filter(pl.struct("before", "after").is_duplicated())
    if ambiguous.height:
        raise ValueError(
            f"schemas/reference: a text has two meanings: {ambiguous.row(0, named=True)}"
        )
    return table


@cache
def known_texts() -> frozenset[str]:
    """Return every text that a ticker line can print before a temperature, without spaces."""
    return frozenset(known_names()["before"]) - {""}
