"""Convert texts that pages write in several ways to one spelling: spaces, signs, units, Hangul.

The grammar compares texts only after `unify_spelling`. The characters of tickers are in
`ticker_symbols`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

import polars as pl

from nalssi.common.ticker_symbols import BULLETS_IN_CLASS, DEGREES, TWO_CHARACTER_UNIT, UNIT

# Each character on the left means the same as the text on the right. Zero-width characters and
# direction marks mean nothing; they leave digits in their order. The two overrides (U+202D, U+202E)
# reverse the order, so readers see another number than the text holds. They stay in the text, and
# their line fits no ticker. By Unicode's definition, decomposed Hangul (NFD) is the same text as
# composed Hangul (NFC). Other look-alikes (half-width or compatibility jamo, digits of other
# scripts) are different text and stay.
_EQUIVALENT_CHARACTERS = {
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
_DECOMPOSED_HANGUL = "[\u1100-\u11ff]"
_UNUSUAL = rf"[^ -~가-힣{UNIT}{BULLETS_IN_CLASS}]"
TRUNCATION = r"(?:\ufffd|…|\.\.\.)+$"
"""Matches the end of a shortened text, or of a text that was cut inside a character (a regex)."""
_SAME_LENGTH = str.maketrans({char: same for char, same in _EQUIVALENT_CHARACTERS.items() if same})
_DELETED = "".join(char for char, same in _EQUIVALENT_CHARACTERS.items() if not same)
_SHORTENED = re.compile(
    rf"(?P<unit>[{DEGREES}][ {_DELETED}]*C)|(?P<spaces> {{2,}})|(?P<marks>[{_DELETED}]+)"
)
_DECOMPOSED_HANGUL_PATTERN = re.compile(_DECOMPOSED_HANGUL)


def contains_unit(texts: pl.Series) -> pl.Series:
    """Return a series of booleans: whether each text contains a temperature unit.

    The test is cheap. Callers make it first, so that they need slower tests for few texts only.
    """
    whole = texts.str.contains(UNIT, literal=True)
    others = (~whole).arg_true()
    return whole.scatter(others, texts.gather(others).str.contains(TWO_CHARACTER_UNIT))


def unify_spelling(texts: pl.Series) -> pl.Series:
    """Return texts in the one spelling that the grammar reads, without white space around them."""
    return change_where(texts, texts.str.contains(_UNUSUAL), _unify).str.strip_chars()


def unify_spelling_with_positions(text: str) -> tuple[str, Callable[[int, int], str]]:
    """Return a long line in the spelling of the grammar, and a function for its original text.

    The function takes two positions in the new line and returns the original text between them
    (decomposed Hangul composed). Several spaces in a row become one.
    """
    if _DECOMPOSED_HANGUL_PATTERN.search(text):
        text = unicodedata.normalize("NFC", text)
    same_length = text.translate(_SAME_LENGTH)
    parts, unified_ends, printed_ends = [], [0], [0]
    end_of_last = length = 0
    for match in _SHORTENED.finditer(same_length):
        start, end = match.span()
        short = UNIT if match["unit"] else " " if match["spaces"] else ""
        parts += [same_length[end_of_last:start], short]
        length += start - end_of_last + len(short)
        end_of_last = end
        unified_ends.append(length)
        printed_ends.append(end)
    parts.append(same_length[end_of_last:])

    def printed(start: int, end: int) -> str:
        first = bisect_right(unified_ends, start) - 1
        last = bisect_right(unified_ends, end) - 1
        return text[
            printed_ends[first] + start - unified_ends[first] : printed_ends[last]
            + end
            - unified_ends[last]
        ]

    return "".join(parts), printed


def _unify(texts: pl.Series) -> pl.Series:
    texts = texts.str.replace_many(
        list(_EQUIVALENT_CHARACTERS), list(_EQUIVALENT_CHARACTERS.values())
    )
    texts = texts.str.replace_all(TWO_CHARACTER_UNIT, UNIT)
    return change_where(
        texts, texts.str.contains(_DECOMPOSED_HANGUL), lambda some: some.str.normalize("NFC")
    )


def change_where(
    texts: pl.Series, mask: pl.Series, change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """Apply `change` to the texts for which `mask` is True, and return all texts.

    `change` may be slow, so it runs only on the selected texts.
    """
    selected = mask.arg_true()
    if selected.is_empty():
        return texts
    # scatter changes the series in place, so work on a copy
    return texts.clone().scatter(selected, change(texts.gather(selected)))
