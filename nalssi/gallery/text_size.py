"""Estimate the width of a text in a page. Its font is unknown: that of the reader's system."""

from __future__ import annotations

from typing import Final

HANGUL: Final = 0.95  # widths as a share of the font size: those of NanumGothic, rounded up
UPPER: Final = 0.7
LOWER: Final = 0.62  # those of DejaVu Sans, the widest font that systems bring for Latin letters
DIGIT: Final = 0.64
NARROW: Final = 0.33
NARROW_CHARACTERS: Final = " .,-·'()|ijlt"


def text_width(text: str, size: float) -> float:
    """Return the estimated width of a line of text. `size` is the font size, in any unit.

    The result is in the unit of `size`.
    """
    return size * sum(_share(character) for character in text)


def _share(character: str) -> float:
    if character in NARROW_CHARACTERS:
        return NARROW
    if character.isdigit() or character == "−":
        return DIGIT
    if character.isascii():
        return UPPER if character.isupper() else LOWER
    return HANGUL
