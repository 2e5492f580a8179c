"""Split text into tokens: bullets, conditions, stations, temperatures and others.

A token is one letter for its kind and two positions in the text. `token_groups` joins tokens to
readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from nalssi.common.reference import reference
from nalssi.common.ticker_symbols import (
    BULLETS,
    BULLETS_IN_CLASS,
    FORECAST_ENDS,
    HYPHEN,
    PROVIDED,
    PROVIDER,
    QUESTION_MARK_BULLET,
    UNIT,
)
from nalssi.ticker.printed_dates import DATE_IN_TEXT

BULLET, DASH, CONDITION, STATION, TEMPERATURE = "BDWNT"
WHOLE_NUMBER, WRONG_NUMBER, UNKNOWN_NAME, COMMA, END, DATE, OTHER = "wtXSEAZ"
"""Kinds of tokens. Each kind is one letter, so the kinds of several tokens are one string.

`DASH` is a bullet or the condition `-`. `WHOLE_NUMBER` is a temperature without a decimal, as
forecasts print it, or a malformed one. `WRONG_NUMBER` is a number without the unit. `UNKNOWN_NAME`
is Hangul that could be a name. `COMMA` is a comma or a slash between two cells of a table. `END` is
the end mark. `OTHER` is anything else. The other names say what they are.
"""

CELL_BORDERS = "|¦│"
"""Characters that extractors put between two texts. They mean the same as a space."""
SEPARATORS = f" {CELL_BORDERS},/;"

FORECAST = re.compile(FORECAST_ENDS)
_LONGEST_NUMBER = 16
_NUMBER = re.compile(rf"[+-]?[0-9.,]*[ {CELL_BORDERS}]*\Z")
_GARBLED = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z][A-Za-z./]{0,7} ?|(?<=[가-힣) ])[+-]{2,3} ?|(?<=[가-힣)]) ?[+-] )\Z"
)
"""A pattern of text that makes a temperature malformed: `null℃`, `--5.1℃`, `- 5.1℃`."""
_DECIMAL = re.compile(rf"[+-]?(?:[0-9]{{1,3}}\.[0-9])?[ {CELL_BORDERS}]*")
_WRONG_NUMBER = re.compile(
    r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,3})?(?![0-9.,:/]) ?(?:도|[A-Za-z%°˚º]{1,3})?"
)
_UNKNOWN_NAME = re.compile(r"[가-힣][가-힣()]{0,9}")
_CHUNK = re.compile(rf"[^ {CELL_BORDERS}{BULLETS_IN_CLASS}]+|[{BULLETS_IN_CLASS}]")
_END_OR_DATE = re.compile(rf"(?P<end>{PROVIDER} ?{PROVIDED})|{DATE_IN_TEXT}", re.I)
_ARTICLE_DATE = re.compile(r"(?:등록|입력|승인|송고|작성|발행|게시|기사|수정)\S{0,3}[ :|]*\Z")


class Token(NamedTuple):
    """A token of a text: its kind (one letter), its start and its end in the text."""

    kind: str
    start: int
    end: int


def kinds_of(tokens: tuple[Token, ...] | list[Token]) -> str:
    """Return the kinds of tokens as one string with a letter for each token."""
    return "".join([token.kind for token in tokens])


def temperature_tokens(text: str) -> Iterator[Token]:
    """Yield a token for each temperature: a number and its unit.

    The time is linear in the length of the text.
    """
    search_from = 0
    at = text.find(UNIT)
    while at >= 0:
        number = _NUMBER.search(text, max(search_from, at - _LONGEST_NUMBER), at)
        start = number.start() if number else at
        decimal = _DECIMAL.fullmatch(text, start, at)
        if garbled := _GARBLED.search(text, max(search_from, start - _LONGEST_NUMBER), start):
            start, decimal = garbled.start(), None
        elif text[start] in "+-" and text[max(search_from, start - 1) : start] in ("+", "-"):
            start, decimal = start - 1, None
        search_from = at + 1
        yield Token(TEMPERATURE if decimal else WHOLE_NUMBER, start, search_from)
        at = text.find(UNIT, search_from)


@lru_cache(maxsize=2**14)
def tokenize(text: str) -> tuple[Token, ...]:
    """Return the tokens of a short, normalized text."""
    tokens: list[Token] = []
    at = 0
    for temperature in temperature_tokens(text):
        tokens += shifted(tokenize_without_unit(text[at : temperature.start]), at)
        tokens.append(temperature)
        at = temperature.end
    return (*tokens, *shifted(tokenize_without_unit(text[at:]), at))


def shifted(tokens: tuple[Token, ...], by: int) -> list[Token]:
    """Return the tokens with `by` added to their positions.

    The tokens of a piece of text thus become tokens of the whole text.
    """
    return [Token(kind, start + by, end + by) for kind, start, end in tokens]


@lru_cache(maxsize=2**16)
def tokenize_without_unit(text: str) -> tuple[Token, ...]:
    """Return the tokens of a short text that contains no unit.

    Pages print only a few thousand different texts between two temperatures, so a cache pays.
    """
    known = _known_tokens(text, 0, set())
    if known is not None:
        return known
    fixed = _END_OR_DATE.search(text)
    if fixed:
        kind = END if fixed["end"] else DATE
        if kind == DATE and _ARTICLE_DATE.search(text, 0, fixed.start()):
            kind = OTHER
        start, end = fixed.span()
        rest = shifted(tokenize_without_unit(text[end:]), end)
        return (*tokenize_without_unit(text[:start]), Token(kind, start, end), *rest)
    tokens: list[Token] = []
    for chunk in _CHUNK.finditer(text):
        tokens += shifted(_tokens_of_chunk(chunk[0]), chunk.start())
    return tuple(tokens)


def _known_tokens(text: str, at: int, failed: set[int]) -> tuple[Token, ...] | None:
    """Split a text from position `at` to its end into known names and signs; None if impossible.

    Longer names are tried before shorter ones. The function adds to `failed` the positions from
    which the text cannot be split.
    """
    while at < len(text) and text[at] in f" {CELL_BORDERS}":
        at += 1
    if at == len(text):
        return ()
    if at in failed:
        return None
    for kind, end in _tokens_at(text, at):
        rest = _known_tokens(text, end, failed)
        if rest is not None:
            return (Token(kind, at, end), *rest)
    failed.add(at)
    return None


def _tokens_at(text: str, at: int) -> list[tuple[str, int]]:
    """Return kind and end of each token that can begin at position `at`.

    Names come first, the longest one before the others, then at most one sign or number.
    """
    char = text[at]
    ends = [
        (kind, match.end())
        for kind, pattern in _name_patterns().get(char, ())
        if (match := pattern.match(text, at))
    ]
    ends.sort(key=lambda name: name[1], reverse=True)
    if char in BULLETS or char == QUESTION_MARK_BULLET:
        ends.append((BULLET, at + 1))
    elif char == HYPHEN and not text[at + 1 : at + 2].isdigit():
        ends.append((DASH, at + 1))
    elif char in SEPARATORS:
        ends.append((COMMA, at + 1))
    elif wrong := _WRONG_NUMBER.match(text, at):
        ends.append((WRONG_NUMBER, wrong.end()))
    return ends


@cache
def _name_patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return the kinds and patterns of all conditions and stations, by first character of the name.

    The patterns ignore spaces, because text extractors may add or drop spaces in a name.
    """
    patterns: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    words = reference("conditions")["word"].unique().sort()
    stations = reference("station_history")["name_ko"].unique().sort()
    for kind, names in ((CONDITION, words), (STATION, stations)):
        for name in names:
            if name != HYPHEN:
                pattern = "".join(map(_with_optional_space, name))
                patterns.setdefault(name[0], []).append((kind, re.compile(pattern)))
    return patterns


def _with_optional_space(char: str) -> str:
    if char == " ":
        return " ?"
    return rf"[ {CELL_BORDERS}]?\(" if char == "(" else re.escape(char)


def _tokens_of_chunk(chunk: str) -> tuple[Token, ...]:
    """Return the tokens of a text without spaces, in which some names may be unknown."""
    known = _known_tokens(chunk, 0, set())
    if known is not None:
        return known
    for kind, end in _tokens_at(chunk, 0):  # `맑음평양`: a known condition before an unknown name
        if kind in (CONDITION, DASH, BULLET):
            rest = UNKNOWN_NAME if _UNKNOWN_NAME.fullmatch(chunk, end) else OTHER
            return Token(kind, 0, end), Token(rest, end, len(chunk))
    return (Token(UNKNOWN_NAME if _UNKNOWN_NAME.fullmatch(chunk) else OTHER, 0, len(chunk)),)


def reading_glued_to_prose(text: str, *, condition_elsewhere: bool) -> tuple[Token, ...]:
    """Return the tokens of a condition and a station at the end of prose: `로그인흐림동두천`.

    If `condition_elsewhere`, the text may also end with a station alone. The result is empty if the
    text has no such end.
    """
    endings = (CONDITION + STATION, STATION) if condition_elsewhere else (CONDITION + STATION,)
    for at in range(max(1, len(text) - 2**5), len(text)):
        known = _known_tokens(text, at, set())
        if known and kinds_of(known) in endings:
            return known
    return ()


def condition_begins_at(text: str, at: int) -> bool:
    """Return whether a known condition begins at position `at` of a text."""
    return any(kind == CONDITION for kind, _ in _tokens_at(text, at))


def as_ticker_line(text: str, *, reorder: bool = False) -> str:
    """Return a reading as a usual ticker line, without commas and cell borders.

    If `reorder`, the number may come before the name in `text`; the result always has condition,
    name and number in this order.
    """
    tokens = tokenize(text)
    if reorder:
        usual_order = (BULLET, CONDITION + DASH, STATION + UNKNOWN_NAME)
        ranks = {kind: rank for rank, kinds in enumerate(usual_order) for kind in kinds}
        tokens = tuple(sorted(tokens, key=lambda token: ranks.get(token.kind, len(usual_order))))
    if reorder or COMMA in kinds_of(tokens):
        text = " ".join([text[token.start : token.end] for token in tokens if token.kind != COMMA])
    for border in CELL_BORDERS:
        text = text.replace(border, " ")
    return " ".join(text.split())
