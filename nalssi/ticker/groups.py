"""Tokens → readings: which condition, station and temperature belong together.

A list prints them in one order throughout. Where all stand in one row (`맑음 서울 3.2℃ 흐림 부산
4.1℃`), only the list as a whole tells which: the order that makes most readings complete. If it
leaves over what the list begins with, values would go to the wrong stations, and there is no list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nalssi.ticker.tokens import BULLET, COMMA, DASH, NAME, STRANGE, TEMPERATURE, WHOLE, WORD, WRONG

FEWEST = 3
"""Complete readings, of different stations, that make other text than a line each a list."""
_FEWEST_WORDED = 1 / 4  # of them; the barest of 86 real lists has more than half

_BULLETS, _WORDS, _NAMES, NUMBERS = (
    BULLET + DASH,
    WORD + DASH + STRANGE,
    NAME + STRANGE,
    TEMPERATURE + WHOLE + WRONG,
)
KNOWN = BULLET + DASH + WORD + NAME + COMMA
FORWARD = (_BULLETS, _WORDS, _NAMES, NUMBERS)
MIDDLE = (_BULLETS, _NAMES, _WORDS, NUMBERS)
REVERSED = (_BULLETS, _NAMES, NUMBERS, _WORDS)
ORDERS = (FORWARD, MIDDLE, REVERSED)
NUMBER_FIRST = ((_BULLETS, NUMBERS, _WORDS, _NAMES), (_BULLETS, NUMBERS, _NAMES, _WORDS))
NAME_LAST = ((_BULLETS, _WORDS, NUMBERS, _NAMES),)
RARE_ORDERS = (*NUMBER_FIRST, *NAME_LAST)
"""Orders in which the number comes before the name. Only how a list begins can show them."""
Order = tuple[str, str, str, str]


class Group(NamedTuple):
    """Some pieces in a row that make one reading, or what there is of it."""

    kinds: str
    first: int
    last: int
    """Its pieces, by number."""


def fits(kinds: str, order: Order) -> bool:
    """Whether these kinds, in their order, are parts of one reading."""
    slot = -1
    for kind in kinds:
        if kind == COMMA:
            continue
        slot += 1
        while slot < len(order) and kind not in order[slot]:
            slot += 1
        if slot >= len(order):
            return False
    return True


def in_groups(pieces: Sequence[str], order: Order) -> list[Group]:
    """The pieces (kinds of each) as readings, from left to right.

    A piece that is a reading without a station's name (`맑음 14.1℃`) takes none from the piece
    before it: that name's own number may be missing.
    """
    groups: list[Group] = []
    for number, kinds in enumerate(pieces):
        if groups:
            before = groups[-1]
            nameless = _has(kinds, NUMBERS) and _has(kinds, WORD) and not _has(kinds, _NAMES)
            joined = before.kinds + kinds
            if fits(joined, order) and not (nameless and before.kinds not in (BULLET, DASH)):
                groups[-1] = Group(joined, before.first, number)
                continue
        groups.append(Group(kinds, number, number))
    return groups


def _has(kinds: str, any_of: str) -> bool:
    return any(kind in any_of for kind in kinds)


def is_reading(group: Group) -> bool:
    """A known station beside a temperature as KMA prints it."""
    return NAME in group.kinds and TEMPERATURE in group.kinds and STRANGE not in group.kinds


def is_worded(group: Group) -> bool:
    """It has a condition, or a hyphen that may be one."""
    return WORD in group.kinds or DASH in group.kinds


def is_part(group: Group) -> bool:
    """What can stand between two readings of a list: a reading that lacks something."""
    kinds = group.kinds
    if BULLET in kinds:
        return True
    if _has(kinds, NUMBERS):
        return _has(kinds, WORD + DASH + NAME + STRANGE)
    return is_worded(group) and NAME in kinds


def order_of(pieces: Sequence[str], *, marked: bool, beyond: Sequence[str] = ()) -> Order | None:
    """The order that makes most readings complete; None if it would leave over the beginning.

    `marked`: the list's end mark follows. `beyond`: what follows the pieces and is a part of the
    list only if it prints its names last.
    """
    usual = _usual_order(pieces, marked=marked)
    kinds = "".join(pieces).replace(COMMA, "")
    held = [piece for piece in pieces if _has(piece, NUMBERS)]
    if BULLET in kinds or 2 * sum(_has(piece, _NAMES) for piece in held) > len(held):
        return usual
    rare = NUMBER_FIRST if kinds[:1] in NUMBERS else NAME_LAST
    in_usual = in_groups(pieces, usual)
    most = _complete(in_usual)
    found = {order: in_groups([*pieces, *beyond], order) for order in rare}
    whole = [order for order in rare if _is_whole(found[order]) and _complete(found[order]) > most]
    if whole and all(found[order] == found[whole[0]] for order in whole):
        return whole[0]
    nameless = not _has(in_usual[0].kinds, _NAMES)
    if nameless and (rare == NUMBER_FIRST or max(map(_complete, found.values())) >= most):
        return None
    return usual


def _complete(groups: Sequence[Group]) -> tuple[int, int]:
    """How many readings are complete, and how many have at least a station and a temperature."""
    readings = [group for group in groups if is_reading(group)]
    return sum(map(is_worded, readings)), len(readings)


def _is_whole(groups: Sequence[Group]) -> bool:
    """Whether nothing is left over at either end of a list."""
    ends = (groups[0], groups[-1])
    worded = any(map(is_worded, groups))
    return all(is_reading(group) and (is_worded(group) or not worded) for group in ends)


def _usual_order(pieces: Sequence[str], *, marked: bool) -> Order:
    """The same among the usual orders.

    `강릉 13.1℃ 흐림 속초 4.0℃` could be either of two. Without an end mark the list may be cut off
    before its last condition; else it is the first station that has none.
    """
    complete = {}
    for order in ORDERS:
        groups = in_groups(pieces, order)
        # a malformed number beside its name and condition shows the order, too
        full = sum(
            is_worded(group) and _has(group.kinds, NUMBERS) and NAME in group.kinds
            for group in groups
        )
        complete[order] = _complete(groups)[0], full
    if not marked and complete[REVERSED] == max(complete.values()):
        groups = in_groups(pieces, REVERSED)
        if is_reading(groups[0]) and all(map(is_worded, groups[:-1])):
            return REVERSED
    return max(ORDERS, key=lambda order: complete[order])


def is_list(groups: Sequence[Group], names: set[str], *, marked: bool) -> bool:
    """Whether some groups in a row are a ticker, of these stations; `marked`: by its end mark.

    Prose, forecasts and records also print stations and numbers in a row, but no conditions.
    """
    readings = [group for group in groups if is_reading(group)]
    if len(readings) < FEWEST or len(names) < FEWEST:
        return False
    worded = sum(map(is_worded, readings))
    if any(COMMA in group.kinds for group in groups):
        return worded * 2 >= len(readings)
    if worded and worded >= _FEWEST_WORDED * len(readings):
        return True
    return marked and 2 * len(readings) >= len(groups)
