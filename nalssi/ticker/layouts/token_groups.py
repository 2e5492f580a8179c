"""Group tokens into readings: which condition, station and temperature belong together.

All readings of a list have their parts in the same order. In `맑음 서울 3.2℃ 흐림 부산 4.1℃` (clear
Seoul 3.2℃ cloudy Busan 4.1℃) only the list as a whole shows the order: here, the condition comes
before its station. The order is the one that makes the most readings complete. If tokens at the
start of the list belong to no reading in that order, values could go to the wrong stations. The
text is then not read as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nalssi.ticker.layouts.text_tokens import (
    BULLET,
    COMMA,
    CONDITION,
    DASH,
    STATION,
    TEMPERATURE,
    UNKNOWN_NAME,
    WHOLE_NUMBER,
    WRONG_NUMBER,
)
from nalssi.ticker.ticker_lines import FEWEST_READINGS

_SMALLEST_SHARE_WITH_CONDITION = 1 / 4
"""The smallest share of readings with a condition in a ticker. In each of 86 real lists, more than
half of the readings had a condition."""

_BULLETS, _WORDS, _NAMES, NUMBERS = (
    BULLET + DASH,
    CONDITION + DASH + UNKNOWN_NAME,
    STATION + UNKNOWN_NAME,
    TEMPERATURE + WHOLE_NUMBER + WRONG_NUMBER,
)
KNOWN = BULLET + DASH + CONDITION + STATION + COMMA
Order = tuple[str, str, str, str]
"""The parts of a reading in the order in which a list prints them. Each part is a string of the
kinds of tokens that it can be."""
CONDITION_NAME_NUMBER: Order = (_BULLETS, _WORDS, _NAMES, NUMBERS)
NAME_CONDITION_NUMBER: Order = (_BULLETS, _NAMES, _WORDS, NUMBERS)
NAME_NUMBER_CONDITION: Order = (_BULLETS, _NAMES, NUMBERS, _WORDS)
USUAL_ORDERS = (CONDITION_NAME_NUMBER, NAME_CONDITION_NUMBER, NAME_NUMBER_CONDITION)
_NUMBER_FIRST = ((_BULLETS, NUMBERS, _WORDS, _NAMES), (_BULLETS, NUMBERS, _NAMES, _WORDS))
_NAME_LAST = ((_BULLETS, _WORDS, NUMBERS, _NAMES),)
RARE_ORDERS = (*_NUMBER_FIRST, *_NAME_LAST)
"""Orders in which the number comes before the name. `find_order` chooses one only if it makes more
readings complete than the usual orders."""


class Group(NamedTuple):
    """Consecutive tokens or lines that make up one reading or a part of a reading."""

    kinds: str
    """The kinds of all tokens of the group, one letter per token (see `text_tokens`)."""
    first: int
    last: int
    """The index of the last token or line of the group; `first` is the index of the first one."""


def fits(kinds: str, order: Order) -> bool:
    """Return whether tokens can be a reading, or a part of one, with its parts in this `order`.

    `kinds` has one letter per token, in the order of the text. Commas are ignored.
    """
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


def group_pieces(pieces: Sequence[str], order: Order) -> list[Group]:
    """Join consecutive pieces of text to readings whose parts have this order, from left to right.

    A piece is given by the kinds of its tokens. Each group of the result has the indexes of its
    pieces. A reading without a station (`맑음 14.1℃`) is not joined with a station before it,
    because the number of that station may be missing.
    """
    groups: list[Group] = []
    for index, kinds in enumerate(pieces):
        if groups:
            before = groups[-1]
            nameless = _has(kinds, NUMBERS) and _has(kinds, CONDITION) and not _has(kinds, _NAMES)
            joined = before.kinds + kinds
            if fits(joined, order) and not (nameless and before.kinds not in (BULLET, DASH)):
                groups[-1] = Group(joined, before.first, index)
                continue
        groups.append(Group(kinds, index, index))
    return groups


def _has(kinds: str, any_of: str) -> bool:
    return any(kind in any_of for kind in kinds)


def is_reading(group: Group) -> bool:
    """Return whether a group has a known station and a temperature as KMA prints it."""
    return STATION in group.kinds and TEMPERATURE in group.kinds and UNKNOWN_NAME not in group.kinds


def has_condition(group: Group) -> bool:
    """Return whether a group has a condition, or a hyphen that may be a condition."""
    return CONDITION in group.kinds or DASH in group.kinds


def is_part_of_list(group: Group) -> bool:
    """Return whether a group can be between two readings of a list.

    Such a group is a reading, or a reading that lacks its number, its name or its condition. Any
    group with a bullet can be.
    """
    kinds = group.kinds
    if BULLET in kinds:
        return True
    if _has(kinds, NUMBERS):
        return _has(kinds, CONDITION + DASH + STATION + UNKNOWN_NAME)
    return has_condition(group) and STATION in kinds


def find_order(
    pieces: Sequence[str], *, has_end_mark: bool, following: Sequence[str] = ()
) -> Order | None:
    """Return the order of condition, name and number that makes the most readings complete.

    `pieces` are the kinds of the tokens of a list. The result is None if tokens at the start of the
    list belong to no reading in that order. `has_end_mark` is True if the end mark follows the
    list. `following` are the kinds of the tokens after the list. They are used only if names come
    last, because the last name may be among them.
    """
    usual = _usual_order(pieces, has_end_mark=has_end_mark)
    kinds = "".join(pieces).replace(COMMA, "")
    with_number = [piece for piece in pieces if _has(piece, NUMBERS)]
    if BULLET in kinds or 2 * sum(_has(piece, _NAMES) for piece in with_number) > len(with_number):
        return usual
    rare = _NUMBER_FIRST if kinds[:1] in NUMBERS else _NAME_LAST
    usual_groups = group_pieces(pieces, usual)
    usual_count = _count_complete(usual_groups)
    groups = {order: group_pieces([*pieces, *following], order) for order in rare}
    better = [
        order
        for order in rare
        if _is_whole(groups[order]) and _count_complete(groups[order]) > usual_count
    ]
    if better and all(groups[order] == groups[better[0]] for order in better):
        return better[0]
    nameless = not _has(usual_groups[0].kinds, _NAMES)
    rare_count = max(map(_count_complete, groups.values()))
    if nameless and (rare == _NUMBER_FIRST or rare_count >= usual_count):
        return None
    return usual


def _count_complete(groups: Sequence[Group]) -> tuple[int, int]:
    """Return the number of readings with a condition, and the number of all readings, in groups."""
    readings = [group for group in groups if is_reading(group)]
    return sum(map(has_condition, readings)), len(readings)


def _is_whole(groups: Sequence[Group]) -> bool:
    """Return whether the first and the last group of a list are complete readings.

    If any group has a condition, these two must have one too. In a wrong order of condition, name
    and number, the groups at the ends lack a part.
    """
    ends = (groups[0], groups[-1])
    any_condition = any(map(has_condition, groups))
    return all(is_reading(group) and (has_condition(group) or not any_condition) for group in ends)


def _usual_order(pieces: Sequence[str], *, has_end_mark: bool) -> Order:
    """Return the order of `USUAL_ORDERS` that makes the most readings of a list complete.

    `pieces` are the kinds of the tokens of the list. `강릉 13.1℃ 흐림 속초 4.0℃` fits two orders.
    Without an end mark, the list may be cut off before its last condition, so the condition is
    last. With an end mark, the list is whole: 강릉 has no condition, and the condition is first.
    """
    complete = {}
    for order in USUAL_ORDERS:
        groups = group_pieces(pieces, order)
        # a malformed number with its name and condition also shows the order
        full = sum(
            has_condition(group) and _has(group.kinds, NUMBERS) and STATION in group.kinds
            for group in groups
        )
        complete[order] = _count_complete(groups)[0], full
    if not has_end_mark and complete[NAME_NUMBER_CONDITION] == max(complete.values()):
        groups = group_pieces(pieces, NAME_NUMBER_CONDITION)
        if is_reading(groups[0]) and all(map(has_condition, groups[:-1])):
            return NAME_NUMBER_CONDITION
    return max(USUAL_ORDERS, key=lambda order: complete[order])


def is_ticker(groups: Sequence[Group], stations: set[str], *, has_end_mark: bool) -> bool:
    """Return whether consecutive groups of tokens are a ticker.

    `stations` are their distinct stations; `has_end_mark` is True if the end mark follows. A ticker
    has enough readings, stations and conditions: conditions in half of its readings if commas
    separate its cells. Prose, forecasts and records also print stations and numbers, but no
    conditions. With the end mark, a list without commas needs no conditions, if at least half of
    its groups are readings.
    """
    readings = [group for group in groups if is_reading(group)]
    if len(readings) < FEWEST_READINGS or len(stations) < FEWEST_READINGS:
        return False
    conditions = sum(map(has_condition, readings))
    if any(COMMA in group.kinds for group in groups):
        return conditions * 2 >= len(readings)
    if conditions and conditions >= _SMALLEST_SHARE_WITH_CONDITION * len(readings):
        return True
    return has_end_mark and 2 * len(readings) >= len(groups)
