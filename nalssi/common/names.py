"""The names that a ticker line can print: every condition beside every station, in each order.

Tickers glue the two together (`구름많음강릉`), put a blank between them or turn them around, and
some names end in another's (북강릉, 강릉; 비, 비 또는 눈). So nothing is matched by pattern: all
pairs are written out, blanks left out, and a line's names are looked up whole. That no two pairs
look alike is checked when the table is made and by the tests.

A name means its present holder, a name that nobody holds any more its last one: 고창 is 172, though
251 had that name until 2010; 진도(첨찰산) is 175, closed in 2019.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from nalssi.common.reference import reference

GLUED_BULLET = "-"
"""A hyphen that leads a line glued to its condition; before a station's name it is one, `-`."""


def squeeze(names: pl.Expr) -> pl.Expr:
    """Names as the tables below spell them, without the one kind of blank that clean lines have."""
    return names.str.replace_all(" ", "", literal=True)


@cache
def station_names() -> pl.DataFrame:
    """`name`, `station_id`: every name a station has had, and who holds it now or held it last."""
    history = reference("station_history").select(
        "station_id", name="name_ko", until=pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    )
    return (
        history.sort("until", "station_id")
        .group_by("name", maintain_order=True)
        .agg(pl.col("station_id").last())
        .with_columns(name=squeeze(pl.col("name")))
        .sort("name")
    )


@cache
def condition_words() -> pl.DataFrame:
    """`word` (blanks left out), `condition` (code; null for `-`): every known condition word."""
    return (
        reference("conditions")
        .select(word=squeeze(pl.col("word")), condition="code")
        .unique()
        .sort("word")
    )


@cache
def known_names() -> pl.DataFrame:
    """What a line's parts mean: `before`, `after` → `station_id`, `name`, `word`, `condition`.

    The parts stand before and after the temperature, blanks left out. A line without a station's
    name has null `station_id` and `name`, one without a condition null `word` and `condition`;
    `-` is a word without a code.
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
            printed(pairs, GLUED_BULLET + word + name, nothing),  # -구름많음강릉 14.1℃
            printed(pairs, name + word, nothing),  # 고창 맑음
            printed(pairs, name, word),  # 동두천 29.3℃흐림
            printed(alone, name, nothing),  # 서울 3.2℃
            printed(nameless, word, nothing),  # 비17.7℃
            printed(nameless, nothing, word),  # 18.4℃ 맑음
        ]
    )
    twice = table.filter(pl.struct("before", "after").is_duplicated())
    if twice.height:
        raise ValueError(f"schemas/reference: two meanings of one text: {twice.row(0, named=True)}")
    return table


@cache
def _longest_first(column: str) -> tuple[str, ...]:
    """The words or the names, longest first."""
    table = condition_words() if column == "word" else station_names()
    return tuple(sorted(table[column], key=len, reverse=True))


def why_unknown(before: str, after: str) -> str:
    """The reject reason of names that are in no table: which of the two is the unknown one.

    Of the two ways to cut `비바람서울` (rain + an unknown station, an unknown condition + Seoul)
    the one that leaves less unexplained counts. `before` and `after` are without blanks.
    """
    words, names = _longest_first("word"), _longest_first("name")
    if after:
        return "unknown_station" if after in words else "unknown_condition"
    word = next((word for word in words if before.startswith(word)), "")
    name = next((name for name in names if before.endswith(name)), "")
    return "unknown_condition" if len(name) > len(word) else "unknown_station"


@cache
def known_texts() -> frozenset[str]:
    """Every text before a temperature that has a meaning, blanks left out."""
    return frozenset(known_names()["before"]) - {""}


def squeezed_name(line: str) -> str:
    """The first Hangul of a line, up to a digit or unit, without blanks."""
    found = re.search(r"[가-힣][^0-9℃+]*", line)
    return "".join(found.group().split()) if found else ""


@cache
def _in_order() -> pl.Series:
    return known_names()["before"].unique().sort()


def beginnings_of_names(texts: pl.Series) -> pl.Series:
    """Which of these texts (without blanks) begin known names: what a cut line can end with."""
    known = _in_order()
    following = known.search_sorted(texts).clip(upper_bound=len(known) - 1)
    pairs = pl.DataFrame({"text": texts, "name": known.gather(following)})
    begins = (pl.col("text") != "") & pl.col("name").str.starts_with(pl.col("text"))
    return pairs.filter(begins)["text"]
