"""Split a long line into tokens, but only the text near temperatures, where a list can be."""

from __future__ import annotations

from nalssi.ticker.layouts.text_tokens import (
    OTHER,
    SEPARATORS,
    UNKNOWN_NAME,
    Token,
    condition_begins_at,
    reading_glued_to_prose,
    shifted,
    temperature_tokens,
    tokenize_without_unit,
)

FAR = 120
"""The number of characters before and after a temperature that are split into tokens. A date, two
names and the end mark fit into it."""


def tokens_near_temperatures(line: str) -> list[Token]:
    """Return the tokens of a line.

    Text more than `FAR` characters away from all temperatures is one token of kind `OTHER`.
    """
    tokens: list[Token] = []
    at = 0
    for number in temperature_tokens(line):
        gap = _tokens_of_gap(line, at, number.start)
        if gap and gap[-1].kind in (UNKNOWN_NAME, OTHER) and (gap[-1].start > at or not at):
            gap[-1:] = _split_glued_reading(line, gap[-1], number)
        tokens += [*gap, number]
        at = number.end
    return tokens + _tokens_of_gap(line, at, len(line))


def _split_glued_reading(line: str, unknown: Token, number: Token) -> list[Token]:
    """Separate the first station of a list from prose before it, if no space is between them.

    `unknown` is the token of prose and station, `number` is the temperature after them. Returns the
    tokens that replace `unknown`: one for the prose, then those of condition and station. If there
    is no such station, returns `unknown` alone.
    """
    if line[number.end : number.end + 1] in SEPARATORS:  # the list prints spaces: nothing is glued
        return [unknown]
    glued = reading_glued_to_prose(
        line[unknown.start : unknown.end],
        condition_elsewhere=condition_begins_at(line, number.end),
    )
    if not glued:
        return [unknown]
    tokens = shifted(glued, unknown.start)
    return [Token(OTHER, unknown.start, tokens[0].start), *tokens]


def _tokens_of_gap(line: str, start: int, end: int) -> list[Token]:
    """Return the tokens of `line[start:end]`, the text between two temperatures.

    Text more than `FAR` characters away from both is one token of kind `OTHER`.
    """
    if end - start <= 2 * FAR:
        return shifted(tokenize_without_unit(line[start:end]), start)
    # cut at a space, so that no name is torn
    left = line.rfind(" ", start, start + FAR)
    left = start + FAR if left < 0 else left
    right = line.find(" ", end - FAR, end)
    right = end - FAR if right < 0 else right
    before = shifted(tokenize_without_unit(line[start:left]), start)
    after = shifted(tokenize_without_unit(line[right:end]), right)
    return [*before, Token(OTHER, left, right), *after]
