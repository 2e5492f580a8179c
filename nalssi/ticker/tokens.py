"""Text → tokens: bullets, condition words, station names and temperatures, wherever they stand.

Text extractors print a ticker in other forms than one reading a line: condition and station on
lines of their own, or the whole list on one line. `one_line` and `split_lines` bring such text into
the usual form; this module tells what each piece of it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from nalssi.common.names import GLUED_BULLET
from nalssi.common.reference import reference
from nalssi.common.symbols import BULLETS, FORECAST_ENDS, MARKED, UNIT
from nalssi.ticker.dates import DATE_IN_TEXT

BULLET, DASH, WORD, NAME, TEMPERATURE = "BDWNT"
WHOLE, WRONG, STRANGE, COMMA, END, DATE, OTHER = "wtXSEAZ"
"""Kinds of tokens, one letter each.

`DASH`: a bullet or the condition `-`; `WHOLE`: a temperature without a decimal, as forecasts print
it; `WRONG`: a number without the unit; `STRANGE`: Hangul that could be a name; `COMMA`: a comma or
slash between two cells; `END`: `기상청 제공`; `OTHER`: anything else.
"""

CELLS = "|¦│"
"""Signs that extractors put between two texts; they mean as much as a blank."""
SEPARATORS = f" {CELLS},/;"

FORECAST = re.compile(FORECAST_ENDS)
_LONGEST_NUMBER = 16
_NUMBER = re.compile(rf"[+-]?[0-9.,]*[ {CELLS}]*\Z")
_GARBLED = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z][A-Za-z./]{0,7} ?|(?<=[가-힣) ])[+-]{2,3} ?|(?<=[가-힣)]) ?[+-] )\Z"
)
"""What is no part of a number and stands before it or in its place: `null℃`, `--5.1℃`, `- 5.1℃`."""
_DECIMAL = re.compile(rf"[+-]?(?:[0-9]{{1,3}}\.[0-9])?[ {CELLS}]*")
_WRONG = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,3})?(?![0-9.,:/]) ?(?:도|[A-Za-z%°˚º]{1,3})?")
_STRANGE = re.compile(r"[가-힣][가-힣()]{0,9}")
_CHUNK = re.compile(rf"[^ {CELLS}{re.escape(BULLETS)}]+|[{re.escape(BULLETS)}]")
_FIXED = re.compile(rf"(?P<end>기상청 ?제공)|{DATE_IN_TEXT}", re.I)
_ARTICLE = re.compile(r"(?:등록|입력|승인|송고|작성|발행|게시|기사|수정)\S{0,3}[ :|]*\Z")


class Token(NamedTuple):
    """A piece of a text: what it is and where it stands."""

    kind: str
    start: int
    end: int


def kinds_of(tokens: tuple[Token, ...] | list[Token]) -> str:
    """The kinds of some tokens as one text."""
    return "".join([token.kind for token in tokens])


def temperatures(text: str) -> Iterator[Token]:
    """Every unit of a clean text with the number before it, in time linear in the text."""
    behind = 0
    at = text.find(UNIT)
    while at >= 0:
        number = _NUMBER.search(text, max(behind, at - _LONGEST_NUMBER), at)
        start = number.start() if number else at
        decimal = _DECIMAL.fullmatch(text, start, at)
        if garbled := _GARBLED.search(text, max(behind, start - _LONGEST_NUMBER), start):
            start, decimal = garbled.start(), None
        elif text[start] in "+-" and text[max(behind, start - 1) : start] in ("+", "-"):
            start, decimal = start - 1, None
        behind = at + 1
        yield Token(TEMPERATURE if decimal else WHOLE, start, behind)
        at = text.find(UNIT, behind)


@lru_cache(maxsize=2**14)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a short clean text."""
    found: list[Token] = []
    at = 0
    for temperature in temperatures(text):
        found += shifted(between(text[at : temperature.start]), at)
        found.append(temperature)
        at = temperature.end
    return (*found, *shifted(between(text[at:]), at))


def shifted(tokens: tuple[Token, ...], by: int) -> list[Token]:
    """Tokens of a part as tokens of the whole text, in which it begins at `by`."""
    return [Token(kind, start + by, end + by) for kind, start, end in tokens]


@lru_cache(maxsize=2**16)
def between(text: str) -> tuple[Token, ...]:
    """The tokens of a short clean text without a unit.

    Pages print a few thousand different texts between two temperatures, hence the cache.
    """
    known = _known(text, 0, set())
    if known is not None:
        return known
    fixed = _FIXED.search(text)
    if fixed:
        kind = END if fixed["end"] else DATE
        if kind == DATE and _ARTICLE.search(text, 0, fixed.start()):
            kind = OTHER
        start, end = fixed.span()
        behind = shifted(between(text[end:]), end)
        return (*between(text[:start]), Token(kind, start, end), *behind)
    found: list[Token] = []
    for chunk in _CHUNK.finditer(text):
        found += shifted(_of_chunk(chunk[0]), chunk.start())
    return tuple(found)


def _known(text: str, at: int, failed: set[int]) -> tuple[Token, ...] | None:
    """The tokens from `at` on if the rest of the text is known, the longest first; else None."""
    while at < len(text) and text[at] in f" {CELLS}":
        at += 1
    if at == len(text):
        return ()
    if at in failed:
        return None
    for kind, end in _beginnings(text, at):
        rest = _known(text, end, failed)
        if rest is not None:
            return (Token(kind, at, end), *rest)
    failed.add(at)
    return None


def _beginnings(text: str, at: int) -> list[tuple[str, int]]:
    """What can begin at `at`: kind and end, the longest first."""
    sign = text[at]
    found = [
        (kind, match.end())
        for kind, pattern in _names().get(sign, ())
        if (match := pattern.match(text, at))
    ]
    found.sort(key=lambda name: name[1], reverse=True)
    if sign in BULLETS or sign == MARKED:
        found.append((BULLET, at + 1))
    elif sign == GLUED_BULLET and not text[at + 1 : at + 2].isdigit():
        found.append((DASH, at + 1))
    elif sign in SEPARATORS:
        found.append((COMMA, at + 1))
    elif wrong := _WRONG.match(text, at):
        found.append((WRONG, wrong.end()))
    return found


@cache
def _names() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Condition words and station names by their first sign. Extractors may add or drop blanks."""
    names: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    words = reference("conditions")["word"].unique().sort()
    stations = reference("station_history")["name_ko"].unique().sort()
    for kind, texts in ((WORD, words), (NAME, stations)):
        for text in texts:
            if text != GLUED_BULLET:
                pattern = "".join(map(_with_blanks, text))
                names.setdefault(text[0], []).append((kind, re.compile(pattern)))
    return names


def _with_blanks(sign: str) -> str:
    if sign == " ":
        return " ?"
    return rf"[ {CELLS}]?\(" if sign == "(" else re.escape(sign)


def _of_chunk(chunk: str) -> tuple[Token, ...]:
    """The tokens of a text without blanks, which as a part of its line is not known."""
    known = _known(chunk, 0, set())
    if known is not None:
        return known
    for kind, end in _beginnings(chunk, 0):  # `맑음평양`: a known word before a strange name
        if kind in (WORD, DASH, BULLET):
            strange = STRANGE if _STRANGE.fullmatch(chunk, end) else OTHER
            return Token(kind, 0, end), Token(strange, end, len(chunk))
    return (Token(STRANGE if _STRANGE.fullmatch(chunk) else OTHER, 0, len(chunk)),)


def glued_to_prose(text: str, *, alone: bool) -> tuple[Token, ...]:
    """The condition and the station that a text ends with: `로그인흐림동두천`.

    `alone`: the condition stands elsewhere.
    """
    for at in range(max(1, len(text) - 2**5), len(text)):
        known = _known(text, at, set())
        if known and kinds_of(known) in ((WORD + NAME, NAME) if alone else (WORD + NAME,)):
            return known
    return ()


def begins_with_word(text: str) -> bool:
    """Whether a text begins with a condition."""
    return any(kind == WORD for kind, _ in _beginnings(text, 0))


def as_line(text: str, *, turned: bool = False) -> str:
    """A reading as it would be printed on a line of its own, without what parts its cells.

    `turned`: its number stands before its name; then condition, name and number, as usual.
    """
    tokens = tokens_of(text)
    if turned:
        usual = (BULLET, WORD + DASH, NAME + STRANGE)
        place = {kind: place for place, kinds in enumerate(usual) for kind in kinds}
        tokens = tuple(sorted(tokens, key=lambda token: place.get(token.kind, len(usual))))
    if turned or COMMA in kinds_of(tokens):
        text = " ".join([text[token.start : token.end] for token in tokens if token.kind != COMMA])
    for sign in CELLS:
        text = text.replace(sign, " ")
    return " ".join(text.split())
