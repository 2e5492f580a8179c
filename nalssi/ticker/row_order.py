"""The order in which a list on one line prints its conditions, stations and temperatures."""

from __future__ import annotations

from itertools import takewhile

from nalssi.ticker.groups import KNOWN, NUMBERS, Order, order_of
from nalssi.ticker.tokens import COMMA, STRANGE, WORD


def of_list_in(kinds: list[str]) -> list[str]:
    """The kinds of a row from the first name or condition to the last."""
    first = next(n for n, kind in enumerate(kinds) if kind in NUMBERS)
    last = next(n for n in range(len(kinds) - 1, -1, -1) if kinds[n] in NUMBERS)
    while first and kinds[first - 1] in KNOWN:
        first -= 1
    behind = next((n for n in range(last + 1, len(kinds)) if kinds[n] != COMMA), last)
    return kinds[first : (behind if kinds[behind] in KNOWN else last) + 1]


def order_in(kinds: list[str], of_list: list[str], *, marked: bool, dated: bool) -> Order | None:
    """The order of a list among the kinds of a row; None if several are as likely.

    `dated`: a date stands before the row.
    """
    last = max(n for n, kind in enumerate(kinds) if kind in NUMBERS)
    behind = takewhile(KNOWN.__contains__, kinds[last + 1 :])
    beyond = [kind for kind in behind if kind != COMMA][1:2]
    first = next(n for n, kind in enumerate(kinds) if kind in NUMBERS)
    name = kinds[max(0, first - 2) : first]
    if of_list[0] not in NUMBERS or STRANGE not in name[-1:]:
        return order_of(of_list, marked=marked, beyond=beyond)
    # the number of a station that nobody knows, or the first of a list behind a menu
    of_list = [STRANGE, *of_list]
    begins = (dated and first == 1) or name[0] == WORD
    return order_of(of_list, marked=marked) if begins else None
