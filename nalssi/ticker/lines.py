"""Documents → the lines that stand where a ticker can stand, cleaned and cut into their parts.

A ticker line has at most a bullet, a name part, a temperature and a name part. Which names are
known is `names`' matter, which lines make up a ticker is `runs`'.
"""

from __future__ import annotations

import polars as pl

UNIT = "℃"
UNITS = ("℃", "°C", "˚C", "ºC")
"""How the unit is written in real pages; a text without any of them holds no ticker."""

BULLETS = "•·*▪▫◦‣●○■□◆◇▶▷►ㆍ・∙⋅･"
END_MARK = r"^\W*기상청\s*제공\W*$"

# Nothing that a ticker prints is longer; a longer line is prose and is looked at no further.
LONGEST_LINE_BYTES = 400
# How many non-blank lines around the lines with a unit are looked at: for lines whose unit is
# missing, for the date and for the end mark.
MARGIN = 12

# What is written in several ways and means one thing. Zero-width and bidi marks mean nothing.
_SAME = {
    **dict.fromkeys(("°C", "˚C", "ºC", "°Ｃ", "˚Ｃ", "ºＣ", "° C", "˚ C"), UNIT),
    **{
        chr(space): " "
        for space in (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
    },
    **{
        chr(mark): ""
        for mark in (
            0xAD,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x206A),
            0xFEFF,
        )
    },
    **{chr(minus): "-" for minus in (*range(0x2010, 0x2014), 0x2212, 0xFE63)},
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},  # full-width ASCII
}
_LINE_BREAKS = {
    "\r\n": "\n",
    "\r": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
}
_DECOMPOSED = "[\u1100-\u11ff]"
_PRINTED = r"[^\s\p{Cf}]"

_BULLET = rf"^(?:([{BULLETS}])\s*|(-)\s+)"
_PARTS = (
    rf"^([^0-9{UNIT}]*?)\s*"  # condition and station, in whatever order
    r"([+-]?\.?[0-9][0-9.,]*)?\s*"  # the number, if printed
    rf"({UNIT})?\s*"
    rf"([^0-9{UNIT}]*?)\s*(?:기상청\s*제공)?$"  # condition of a reversed line
)


def holds_unit(text: pl.Expr) -> pl.Expr:
    """True where a text holds a unit of temperature: the cheap test that comes before all else."""
    return text.str.contains_any(list(UNITS))


def clean(text: pl.Expr) -> pl.Expr:
    """One spelling for what is written in several ways: blanks, minus, unit, digits, jamo."""
    once = text.str.replace_many(list(_SAME), list(_SAME.values()))
    # A zero-width mark inside the unit hides it from the first pass.
    units = once.str.replace_many(list(UNITS), [UNIT] * len(UNITS)).str.strip_chars()
    return (
        pl.when(units.str.contains(_DECOMPOSED)).then(units.str.normalize("NFC")).otherwise(units)
    )


def candidate_lines(documents: pl.DataFrame) -> pl.DataFrame:
    """The lines near a temperature, in documents of `doc` (an index) and `text`.

    Returns `doc`, `line` (from 1), `pos` (place among the document's non-blank lines), `text` (as
    printed), `clean` and `last` (no non-blank line of the document follows).
    """
    breaks = pl.col("text").str.replace_many(
        list(_LINE_BREAKS), ["\n"] * len(_LINE_BREAKS), leftmost=True
    )
    lines = (
        documents.select("doc", text=breaks.str.split("\n"))
        .with_columns(line=pl.int_ranges(1, pl.col("text").list.len() + 1, dtype=pl.Int32))
        .explode("text", "line")
        .filter(pl.col("text").str.contains(_PRINTED))
        .with_row_index("row")
    )
    short = pl.col("text").str.len_bytes() <= LONGEST_LINE_BYTES
    at_unit = pl.when(holds_unit(pl.col("text")) & short).then(pl.col("row").cast(pl.Int64))
    row = pl.col("row").cast(pl.Int64)
    near = (row - pl.col("at_unit").forward_fill().over("doc") <= MARGIN) | (
        pl.col("at_unit").backward_fill().over("doc") - row <= MARGIN
    )
    return (
        lines.with_columns(
            at_unit=at_unit,
            pos=(pl.col("row") - pl.col("row").first().over("doc")).cast(pl.Int32),
            last=(pl.col("doc") != pl.col("doc").shift(-1)).fill_null(value=True),
        )
        .filter(near.fill_null(value=False) & short)
        .select("doc", "line", "pos", "text", "last", clean=clean(pl.col("text")))
    )


def cut_into_parts(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `bullet`, `before`, `number`, `unit`, `after` to lines; null where a part is missing.

    A line that no pattern fits has nulls in all of them. A line with neither number nor unit has
    its whole text in `before`.
    """
    bullet = pl.col("clean").str.extract_groups(_BULLET).struct
    parts = pl.col("body").str.extract_groups(_PARTS).struct
    no_temperature = parts.field("2").is_null() & parts.field("3").is_null()
    return (
        lines.with_columns(
            bullet=pl.coalesce(bullet.field("1"), bullet.field("2")),
            body=pl.col("clean").str.replace(_BULLET, ""),
        )
        .with_columns(
            before=pl.when(no_temperature).then(parts.field("4")).otherwise(parts.field("1")),
            number=parts.field("2"),
            unit=parts.field("3"),
            after=pl.when(no_temperature & parts.field("4").is_not_null())
            .then(pl.lit(""))
            .otherwise(parts.field("4")),
        )
        .drop("body")
    )
