"""Documents → the lines that stand where a ticker can stand, cleaned and cut into their parts.

A ticker line has at most a bullet, a name part, a temperature and a name part. Which names are
known is `names`' matter, which lines make up a ticker is `runs`'.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

UNIT = "℃"
DEGREES, CELSIUS = "°˚º", "CＣ"
"""How else the unit is written in real pages: a degree sign, or what looks like one, and C."""
_IN_TWO = rf"[{DEGREES}][\s\p{{Cf}}]*[{CELSIUS}]"  # there may be a blank between the two

BULLETS = "•·*▪▫◦‣●○■□◆◇▶▷►▸»⁃∘❍✔ㆍ・∙⋅･"  # ※ begins notes, not lists
END_MARK = r"^\W*기상청\s*제공\W*$"

# Nothing that a ticker prints is longer. A longer line is prose and is looked at no further; but
# one with a bullet, between two ticker lines, is a line of the list: refused, it must not part it.
LONGEST_LINE_BYTES = 240
_SHOWN_OF_LONG = LONGEST_LINE_BYTES // 4  # characters
_TOO_LONG = "…"  # fits no ticker
# How many non-blank lines around the lines with a unit are looked at: for lines whose unit is
# missing, for the date and for the end mark.
MARGIN = 12

# What is written in several ways and means one thing. Zero-width marks mean nothing, nor do those
# of direction, which leave digits in their order; the two overrides (U+202D, U+202E) turn it, so
# that a reader sees another number than is written: they stay, and their line fits no ticker.
# Decomposed Hangul (NFD) is by Unicode's definition the same text as composed (NFC); look-alikes
# of other kinds (half-width or compatibility jamo, digits of other scripts) are not, and stay.
_SAME = {
    **{
        chr(space): " "
        for space in (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
    },
    **{
        chr(mark): ""
        for mark in (
            0xAD,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202D),
            *range(0x2060, 0x206A),
            0xFEFF,
        )
    },
    **{chr(minus): "-" for minus in (*range(0x2010, 0x2014), 0x2212, 0xFE63)},
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},  # full-width ASCII
}
_LINE_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_OTHER_BREAK = f"[{''.join(_LINE_BREAKS)}--\n]"  # one of their characters, but for `\n`
_DECOMPOSED = "[\u1100-\u11ff]"
_UNUSUAL = rf"[^ -~가-힣{UNIT}{BULLETS}]"
TORN = r"(?:\ufffd|…|\.\.\.)+$"
"""What a text ends with that was cut inside a character, or shortened."""
_PRINTED = r"[^\s\p{Cf}]"

_NUMBER_AT_END = r"[+-]?\.?[0-9][0-9.,]*$"
_WITHOUT_UNIT = r"^([^0-9]*?)\s*([+-]?\.?[0-9][0-9.,]*)\s*([^0-9]*)$"
_PROVIDED = "제공"
_PROVIDER = ("기상청 제공", "기상청제공")


def holds_unit(texts: pl.Series) -> pl.Series:
    """True where a text holds a unit of temperature: the cheap test that comes before all else."""
    whole = texts.str.contains(UNIT, literal=True)
    others = (~whole).arg_true()
    return whole.scatter(others, texts.gather(others).str.contains(_IN_TWO))


def clean(texts: pl.Series) -> pl.Series:
    """One spelling for what is written in several ways: blanks, minus, unit, digits, jamo."""
    return _changed(texts, texts.str.contains(_UNUSUAL), _one_spelling).str.strip_chars()


def _one_spelling(texts: pl.Series) -> pl.Series:
    texts = texts.str.replace_many(list(_SAME), list(_SAME.values()))
    texts = texts.str.replace_all(_IN_TWO, UNIT)
    return _changed(texts, texts.str.contains(_DECOMPOSED), lambda some: some.str.normalize("NFC"))


def _changed(
    texts: pl.Series, where: pl.Series, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """Texts with `change` made to those that are marked: few, or the change would cost too much."""
    places = where.arg_true()
    if places.is_empty():
        return texts
    return texts.clone().scatter(places, change(texts.gather(places)))  # scatter writes in place


def candidate_lines(documents: pl.DataFrame) -> pl.DataFrame:
    """The lines near a temperature, in documents of `doc` (an index) and `text`.

    Returns `doc`, `line` (from 1), `pos` (place among the document's non-blank lines), `text` (as
    printed), `clean` and `last` (no non-blank line of the document follows).
    """
    texts = documents["text"]
    texts = _changed(texts, texts.str.contains(_OTHER_BREAK), _broken_alike)
    lines = (
        documents.select("doc", text=texts.str.split("\n"))
        .with_columns(line=pl.int_ranges(1, pl.col("text").list.len() + 1, dtype=pl.Int32))
        .explode("text", "line")
        .filter(pl.col("text").str.contains(_PRINTED))
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int32))
    )
    row = pl.col("row")
    first = (pl.col("doc") != pl.col("doc").shift()).fill_null(value=True)
    last = (pl.col("doc") != pl.col("doc").shift(-1)).fill_null(value=True)
    short = pl.col("text").str.len_bytes() <= LONGEST_LINE_BYTES
    # Documents stand one after another, so filling does for them what windows would, cheaply.
    lines = lines.with_columns(
        short=short,
        last=last,
        at_unit=pl.when(holds_unit(lines["text"]) & short).then(row),
        begin=pl.when(first).then(row).forward_fill(),
        end=pl.when(last).then(row).backward_fill(),
    )
    before, after = pl.col("at_unit").forward_fill(), pl.col("at_unit").backward_fill()
    near = ((before >= pl.col("begin")) & (row - before <= MARGIN)) | (
        (after <= pl.col("end")) & (after - row <= MARGIN)
    )
    lines = lines.filter(near.fill_null(value=False))
    lines = lines.with_columns(
        text=_changed(lines["text"], ~lines["short"], _start_of_bulleted)
    ).filter(pl.col("text").is_not_null())
    cleaned = _changed(
        clean(lines["text"]), ~lines["short"], lambda some: some.str.head(1) + _TOO_LONG
    )
    pos = (row - pl.col("begin")).alias("pos")
    return lines.select("doc", "line", pos, "last", "text", cleaned.alias("clean"))


def _broken_alike(texts: pl.Series) -> pl.Series:
    return texts.str.replace_many(list(_LINE_BREAKS), ["\n"] * len(_LINE_BREAKS), leftmost=True)


def _start_of_bulleted(texts: pl.Series) -> pl.Series:
    """What is shown of long lines; null where one has no bullet."""
    starts = texts.str.strip_chars_start()
    bulleted = starts.str.head(1).is_in(list(BULLETS))
    return starts.set(~bulleted, None).str.head(_SHOWN_OF_LONG)


def _without_provider(texts: pl.Series) -> pl.Series:
    for provider in _PROVIDER:
        texts = texts.str.strip_suffix(provider)
    return texts


def cut_into_parts(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `bulleted`, `before`, `number`, `unit`, `after`; null where a line lacks that part.

    A line with neither number nor unit has its whole text in `before`.
    """
    text = pl.col("clean")
    bulleted = text.str.head(1).is_in(list(BULLETS)) | text.str.starts_with("- ")
    lines = lines.with_columns(bulleted=bulleted)
    body = lines.select(pl.when("bulleted").then(text.str.slice(1)).otherwise(text)).to_series()
    body = _changed(body, lines["last"], lambda some: some.str.replace(TORN, ""))
    body = _changed(body, body.str.ends_with(_PROVIDED), _without_provider)
    unit = body.str.contains(UNIT, literal=True)
    # A number without its unit gets one, so that every line is cut in one way; `unit` still tells.
    body = _changed(
        body, ~unit, lambda some: some.str.replace(_WITHOUT_UNIT, f"${{1}}${{2}}{UNIT}$3")
    )
    return (
        lines.with_columns(
            body.str.splitn(UNIT, 2).struct.rename_fields(["before", "after"]).struct.unnest(),
            unit=pl.when(unit).then(pl.lit(UNIT)),
        )
        .with_columns(pl.col("before", "after").str.strip_chars())
        .with_columns(
            number=pl.when(pl.col("after").is_not_null())
            .then("before")
            .str.extract(_NUMBER_AT_END, 0)
        )
        .with_columns(
            pl.coalesce(
                pl.col("before").str.strip_suffix(pl.col("number")), "before"
            ).str.strip_chars_end(),
            pl.col("after").fill_null(""),
        )
    )
