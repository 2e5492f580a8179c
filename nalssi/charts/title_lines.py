"""Fit a title into the top of a page, and wrap lines of text.

If a title is too long for one line, its letters become smaller. If that is not enough, it gets two
lines, or three on a narrow page. A still longer title ends with an ellipsis.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from nalssi.charts import theme

ONE_LINE_SIZES: Final = (theme.TITLE, 16.0, 15.0, 14.0, 13.0)
TWO_LINE_SIZES: Final = (13.0, 12.0, 11.0)
NARROW_SIZES: Final = ((15.0, 2), (14.0, 2), (13.0, 3), (12.0, 3))
"""The sizes of letters (points) to try on a narrow page, each with the largest number of lines."""
_WORDS: Final = re.compile(r"\S+ ?")


class TitleLines(NamedTuple):
    """The lines of a title, and the size of their letters in points."""

    lines: tuple[str, ...]
    size: float


def fit_title(title: str, width: float) -> TitleLines:
    """Return a title in letters as large as possible, in one or two lines of `width` inches.

    A title that is too long for two lines ends with an ellipsis.
    """
    for size in ONE_LINE_SIZES:
        if _width(title, size) <= width:
            return TitleLines((title,), size)
    for size in TWO_LINE_SIZES:
        first, rest = _split(title, size, width)
        if _width(rest, size) <= width:
            return TitleLines((first, rest), size)
    size = TWO_LINE_SIZES[-1]
    first, rest = _split(title, size, width)
    return TitleLines((first, _cut(rest, size, width)), size)


def fit_narrow_title(title: str, width: float) -> TitleLines:
    """Return a title for a narrow page, in at most three lines of `width` inches.

    A title that is too long for three lines ends with an ellipsis.
    """
    for size, most in NARROW_SIZES:
        lines = wrap(title, width, size, theme.BOLD)
        if len(lines) <= most:
            return TitleLines(lines, size)
    rest = title[len(" ".join(lines[: most - 1])) :].lstrip()
    return TitleLines((*lines[: most - 1], _cut(rest, size, width)), size)


def wrap(text: str, width: float, size: float, weight: int = theme.NORMAL) -> tuple[str, ...]:
    """Return a text in lines of at most `width` inches, in letters of `size` points.

    Lines break after a word, or within a word that is longer than a line.
    """
    lines = []
    while theme.text_width(text, size, weight) > width:
        line, text = _split(text, size, width, weight)
        lines.append(line)
        text = text.lstrip()
    return (*lines, text)


def _split(title: str, size: float, width: float, weight: int = theme.BOLD) -> tuple[str, str]:
    """Return the part of a text that fits in a line of `width` inches, and the rest of the text.

    `size` is the font size in points. The part ends after a word, or within the first word if that
    is too long for the line.
    """
    end = 0
    for word in _WORDS.finditer(title):
        if theme.text_width(title[: word.end()].rstrip(), size, weight) > width:
            break
        end = word.end()
    end = end or _fitting(title, size, width)
    return title[:end].rstrip(), title[end:]


def _cut(text: str, size: float, width: float) -> str:
    return text[: _fitting(text, size, width - _width("…", size))].rstrip() + "…"


def _fitting(text: str, size: float, width: float) -> int:
    """Return the number of characters of a text that fit into `width` inches, at least one."""
    fitting = 1
    while fitting < len(text) and _width(text[: fitting + 1], size) <= width:
        fitting += 1
    return fitting


def _width(text: str, size: float) -> float:
    return theme.text_width(text, size, theme.BOLD)
