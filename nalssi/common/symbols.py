"""The signs of tickers, and one spelling for what is written in several ways."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

import polars as pl

UNIT = "℃"
DEGREES, CELSIUS = "°˚º", "CＣ"
"""How else the unit is written in real pages: a degree sign, or what looks like one, and C."""
IN_TWO = rf"[{DEGREES}][\s\p{{Cf}}]*[{CELSIUS}]"
"""The unit in two signs, with or without a blank between them (a polars regex)."""

BULLETS = "•·*▪▫◦‣●○■□◆◇▶▷►▸»⁃∘❍✔ㆍ・∙⋅･‧⦁◎★☆✓￭｡ᆞ"  # ※ begins notes, not lists
MARKED = "?"
"""What editors write for a bullet that their character set lacks (Notepad's ANSI)."""
END_MARK = r"^\W*기상청\s*제공\W*$"

FORECAST_ENDS = (
    r"(?:최저|최고|예상|예보|내일|모레|역대|극값|수온|해수면|지면|바다 ?날씨|체감|평년|이슬점"
    r"|주말[^℃.]{0,8}전망)[^℃.]{0,15}$"
)
"""How a text ends before numbers that are not the air temperatures of now (any regex)."""

LONGEST_LINE_BYTES = 240
"""Nothing that a ticker prints on a line is longer."""

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
    **{chr(minus): "-" for minus in (*range(0x2010, 0x2015), 0x2212, 0xFE63)},
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},  # full-width ASCII
}
_DECOMPOSED = "[\u1100-\u11ff]"
_UNUSUAL = rf"[^ -~가-힣{UNIT}{BULLETS}]"
TORN = r"(?:\ufffd|…|\.\.\.)+$"
"""What a text ends with that was cut inside a character, or shortened."""
_ONE_FOR_ONE = str.maketrans({sign: same for sign, same in _SAME.items() if same})
_DELETED = "".join(sign for sign, same in _SAME.items() if not same)
_SHORTER = re.compile(
    rf"(?P<unit>[{DEGREES}][ {_DELETED}]*C)|(?P<blanks> {{2,}})|(?P<marks>[{_DELETED}]+)"
)
_DECOMPOSED_SIGN = re.compile(_DECOMPOSED)


def holds_unit(texts: pl.Series) -> pl.Series:
    """True where a text holds a unit of temperature: the cheap test that comes before all else."""
    whole = texts.str.contains(UNIT, literal=True)
    others = (~whole).arg_true()
    return whole.scatter(others, texts.gather(others).str.contains(IN_TWO))


def clean(texts: pl.Series) -> pl.Series:
    """One spelling for what is written in several ways: blanks, minus, unit, digits, jamo."""
    return changed(texts, texts.str.contains(_UNUSUAL), _one_spelling).str.strip_chars()


def one_spelling_with_places(text: str) -> tuple[str, Callable[[int, int], str]]:
    """One spelling of a long line, and what is printed from one place of it to another.

    Blanks in a row are one.
    """
    if _DECOMPOSED_SIGN.search(text):
        text = unicodedata.normalize("NFC", text)
    same_length = text.translate(_ONE_FOR_ONE)
    parts, clean_at, printed_at = [], [0], [0]
    behind = length = 0
    for found in _SHORTER.finditer(same_length):
        start, end = found.span()
        short = UNIT if found["unit"] else " " if found["blanks"] else ""
        parts += [same_length[behind:start], short]
        length += start - behind + len(short)
        behind = end
        clean_at.append(length)
        printed_at.append(end)
    parts.append(same_length[behind:])

    def printed(start: int, end: int) -> str:
        first, last = bisect_right(clean_at, start) - 1, bisect_right(clean_at, end) - 1
        return text[
            printed_at[first] + start - clean_at[first] : printed_at[last] + end - clean_at[last]
        ]

    return "".join(parts), printed


def _one_spelling(texts: pl.Series) -> pl.Series:
    texts = texts.str.replace_many(list(_SAME), list(_SAME.values()))
    texts = texts.str.replace_all(IN_TWO, UNIT)
    return changed(texts, texts.str.contains(_DECOMPOSED), lambda some: some.str.normalize("NFC"))


def changed(
    texts: pl.Series, where: pl.Series, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """Texts with `change` made to those that are marked: few, or the change would cost too much."""
    places = where.arg_true()
    if places.is_empty():
        return texts
    return texts.clone().scatter(places, change(texts.gather(places)))  # scatter writes in place
