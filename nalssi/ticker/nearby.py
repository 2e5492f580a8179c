"""The tokens of a long line: those near its temperatures, where a list can be."""

from __future__ import annotations

from nalssi.ticker.tokens import (
    OTHER,
    SEPARATORS,
    STRANGE,
    Token,
    begins_with_word,
    between,
    glued_to_prose,
    shifted,
    temperatures,
)

FAR = 120
"""Signs beside a temperature that are looked at: a date, two names, the end mark."""
_LONGEST_WORD = 12


def tokens_near_numbers(clean: str) -> list[Token]:
    """The tokens near temperatures; text that is far from all of them is one token."""
    found: list[Token] = []
    at = 0
    for number in temperatures(clean):
        gap = _gap(clean, at, number.start)
        if gap and gap[-1].kind in (STRANGE, OTHER) and (gap[-1].start > at or not at):
            gap[-1:] = _unglued(clean, gap[-1], number)
        found += [*gap, number]
        at = number.end
    return found + _gap(clean, at, len(clean))


def _unglued(clean: str, strange: Token, number: Token) -> list[Token]:
    """A list's first station that is glued to the text before it, as the whole list is."""
    behind = clean[number.end : number.end + _LONGEST_WORD]
    if not behind or behind[0] in SEPARATORS:
        return [strange]
    glued = glued_to_prose(clean[strange.start : strange.end], alone=begins_with_word(behind))
    if not glued:
        return [strange]
    found = shifted(glued, strange.start)
    return [Token(OTHER, strange.start, found[0].start), *found]


def _gap(clean: str, start: int, end: int) -> list[Token]:
    if end - start <= 2 * FAR:
        return shifted(between(clean[start:end]), start)
    # parted at a blank, so that no name is torn
    left = clean.rfind(" ", start, start + FAR)
    left = start + FAR if left < 0 else left
    right = clean.find(" ", end - FAR, end)
    right = end - FAR if right < 0 else right
    near = [*shifted(between(clean[start:left]), start), Token(OTHER, left, right)]
    return near + shifted(between(clean[right:end]), right)
