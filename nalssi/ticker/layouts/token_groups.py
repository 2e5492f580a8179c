"""Tokens → groups: which condition, station and temperature belong to one reading.

A list prints them in one order throughout. In `맑음 서울 3.2℃ 흐림 부산 4.1℃` only the list as a
whole shows the order: the one that makes the most readings complete. If that order leaves over the
start of the list, values would go to the wrong stations, and the text is not read as a list.
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
"""A list in which fewer readings have a condition is not a ticker. In each of 86 real lists, more
than half of the readings had one."""

_BULLETS, _WORDS, _NAMES, NUMBERS = (
    BULLET + DASH,
    CONDITION + DASH + UNKNOWN_NAME,
    STATION + UNKNOWN_NAME,
    TEMPERATURE + WHOLE_NUMBER + WRONG_NUMBER,
)
KNOWN = BULLET + DASH + CONDITION + STATION + COMMA
Order = tuple[str, str, str, str]
"""The parts of a reading in the order in which a list prints them, each as its possible kinds."""
CONDITION_NAME_NUMBER: Order = (_BULLETS, _WORDS, _NAMES, NUMBERS)
NAME_CONDITION_NUMBER: Order = (_BULLETS, _NAMES, _WORDS, NUMBERS)
NAME_NUMBER_CONDITION: Order = (_BULLETS, _NAMES, NUMBERS, _WORDS)
USUAL_ORDERS = (CONDITION_NAME_NUMBER, NAME_CONDITION_NUMBER, NAME_NUMBER_CONDITION)
_NUMBER_FIRST = ((_BULLETS, NUMBERS, _WORDS, _NAMES), (_BULLETS, NUMBERS, _NAMES, _WORDS))
_NAME_LAST = ((_BULLETS, _WORDS, NUMBERS, _NAMES),)
RARE_ORDERS = (*_NUMBER_FIRST, *_NAME_LAST)
"""Orders in which the number comes before the name. Only the start of a list can show them."""


class Group(NamedTuple):
    """Consecutive pieces that make one reading, or a part of one."""

    kinds: str
    first: int
    last: int
    """The index of its last piece; `first` is the index of its first one."""


def fits(kinds: str, order: Order) -> bool:
    """Tell whether the kinds, as they stand, are parts of one reading."""
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
    """Join pieces, given by their kinds, to readings, from left to right.

    A piece that is a reading without a station (`맑음 14.1℃`) is not joined with a station before
    it: that station's own number may be missing.
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
    """Tell whether a group is a known station with a temperature as KMA prints it."""
    return STATION in group.kinds and TEMPERATURE in group.kinds and UNKNOWN_NAME not in group.kinds


def has_condition(group: Group) -> bool:
    """Tell whether a group has a condition, or a hyphen that may be one."""
    return CONDITION in group.kinds or DASH in group.kinds


def is_part_of_list(group: Group) -> bool:
    """Tell whether a group can stand between two readings: a reading that lacks something."""
    kinds = group.kinds
    if BULLET in kinds:
        return True
    if _has(kinds, NUMBERS):
        return _has(kinds, CONDITION + DASH + STATION + UNKNOWN_NAME)
    return has_condition(group) and STATION in kinds


def find_order(
    pieces: Sequence[str], *, has_end_mark: bool, following: Sequence[str] = ()
) -> Order | None:
    """Return the order that makes the most readings complete.

    The result is None if that order leaves over the start of the list. `has_end_mark`: the end mark
    follows the pieces. `following`: the kinds after the pieces, which belong to the list only if it
    prints its names last.
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
    """Count the complete readings, and the readings with at least a station and a temperature."""
    readings = [group for group in groups if is_reading(group)]
    return sum(map(has_condition, readings)), len(readings)


def _is_whole(groups: Sequence[Group]) -> bool:
    """Tell whether nothing is left over at either end of a list."""
    ends = (groups[0], groups[-1])
    any_condition = any(map(has_condition, groups))
    return all(is_reading(group) and (has_condition(group) or not any_condition) for group in ends)


def _usual_order(pieces: Sequence[str], *, has_end_mark: bool) -> Order:
    """Return the usual order that makes the most readings complete.

    `강릉 13.1℃ 흐림 속초 4.0℃` fits two orders. Without an end mark, the list may be cut off before
    its last condition. With one, the first station has no condition.
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
    """Tell whether consecutive groups, with these stations, are a ticker.

    Prose, forecasts and records also print stations and numbers, but no conditions.
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
