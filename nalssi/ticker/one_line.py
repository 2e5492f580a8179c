"""A line that holds a whole list → a line a reading.

Extractors that join all text with blanks (`get_text(" ")`) print a list, or the whole page, as one
line. The line is cut into pieces, each as it would stand on a line of its own: readings, dates, the
end mark; all other text becomes `…`, which fits no ticker. A line in which no list is found stays.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from nalssi.common.symbols import LONGEST_LINE_BYTES, one_spelling_with_places
from nalssi.ticker.groups import (
    FEWEST,
    FORWARD,
    NUMBERS,
    REVERSED,
    Group,
    Order,
    fits,
    in_groups,
    is_list,
    is_part,
    is_reading,
    is_worded,
)
from nalssi.ticker.nearby import FAR, tokens_near_numbers
from nalssi.ticker.row_order import of_list_in, order_in
from nalssi.ticker.tokens import (
    BULLET,
    COMMA,
    DATE,
    END,
    FORECAST,
    NAME,
    OTHER,
    SEPARATORS,
    STRANGE,
    Token,
    as_line,
    kinds_of,
    tokens_of,
)

FEWEST_UNITS = 2
_LEFT_OVER = 40  # signs that a text cut inside its last reading can end with
_SENTENCE = re.compile(r"다\.")
_BARE_DATE = re.compile(r"[^가-힣a-z]*[0-9]{4}[0-9.\-/년월일\s:시분]*", re.I)


class Piece(NamedTuple):
    """A part of a line: as printed, and spelled as a line of a ticker."""

    text: str
    clean: str


PROSE = Piece("…", "…")


class _Part(NamedTuple):
    """Tokens between two dates or end marks, and what ends them."""

    tokens: list[Token]
    marked: bool
    """By the end mark."""
    cut: bool
    """By the end of the text."""
    dated: bool = False
    """A date stands before them."""


Span = tuple[int, int]


def pieces_of(text: str, *, last: bool) -> list[Piece] | None:
    """A line that holds a list, in pieces; None if it holds none. `last`: the text ends with it."""
    clean, printed = one_spelling_with_places(text)
    tokens = tokens_near_numbers(clean)
    lists = [found for part in _parts(tokens, last=last) for found in _lists_in(clean, part)]
    if not lists:
        return None
    fixed = deque(token for token in tokens if token.kind in (END, DATE))
    spans: list[Span | None] = []
    behind = 0
    for found in lists:
        spans += _beside(clean, fixed, behind, found[0][0])
        spans += found
        behind = found[-1][1]
    spans += _beside(clean, fixed, behind, len(clean))
    return [
        Piece(printed(*span).strip(), _as_usual(clean[slice(*span)])) if span else PROSE
        for span in spans
    ]


def _as_usual(text: str) -> str:
    """A piece with its name before its number, as on a line of its own."""
    kinds = kinds_of(tokens_of(text))
    number = next((n for n, kind in enumerate(kinds) if kind in NUMBERS), len(kinds))
    return as_line(text, turned=NAME in kinds[number:] and NAME not in kinds[:number])


def _parts(tokens: list[Token], *, last: bool) -> Iterator[_Part]:
    begin, dated = 0, False
    for number, token in enumerate(tokens):
        if token.kind in (END, DATE):
            yield _Part(tokens[begin:number], token.kind == END, cut=False, dated=dated)
            begin, dated = number + 1, token.kind == DATE
    yield _Part(tokens[begin:], marked=False, cut=last, dated=dated)


def _lists_in(clean: str, part: _Part) -> list[list[Span]]:
    tokens = part.tokens
    if sum(token.kind in NUMBERS for token in tokens) < FEWEST_UNITS:
        return []
    groups, order = _bulleted(tokens) or (None, FORWARD)
    if groups is not None:
        return _lists_of(clean, part, tokens, groups, order)
    found = []
    begin = 0
    for number, token in enumerate([*tokens, Token(OTHER, 0, 0)]):
        if token.kind == OTHER:
            row = tokens[begin:number]
            begin_of_row, begin = begin, number + 1
            kinds = [token.kind for token in row]
            if sum(kind in NUMBERS for kind in kinds) < FEWEST_UNITS:
                continue
            of_list = of_list_in(kinds)
            if COMMA not in of_list or _in_cells(of_list):
                ended = _Part(
                    row,
                    marked=part.marked and number == len(tokens),
                    cut=part.cut and len(clean) - (row[-1].end if row else 0) <= _LEFT_OVER,
                )
                order_found = order_in(
                    kinds, of_list, marked=ended.marked, dated=part.dated and begin_of_row == 0
                )
                if order_found:
                    groups = in_groups(kinds, order_found)
                    found += _lists_of(clean, ended, row, groups, order_found)
    return found


def _bulleted(tokens: list[Token]) -> tuple[list[Group], Order] | None:
    """Tokens in groups that each begin with a bullet; None if it is not bullets that part them."""
    starts = [number for number, token in enumerate(tokens) if token.kind == BULLET]
    if len(starts) < FEWEST:
        return None
    groups = [
        Group(kinds_of(tokens[start:stop]), start, stop - 1)
        for start, stop in pairwise([*starts, len(tokens)])
    ]
    holding = [group for group in groups if any(kind in NUMBERS for kind in group.kinds)]
    units = sum(token.kind in NUMBERS for token in tokens)
    if len(holding) < FEWEST or 2 * len(holding) < units:
        return None
    behind = sum(
        fits(group.kinds, REVERSED) and not fits(group.kinds, FORWARD) for group in holding
    )
    return groups, REVERSED if 2 * behind > len(holding) else FORWARD


def _in_cells(kinds: Sequence[str]) -> bool:
    """Commas stand between conditions and stations, too, as `get_text(", ")` prints them.

    `서울 맑음 3.2℃, 부산 흐림 4.1℃` is prose: its commas part readings.
    """
    return not any(
        COMMA not in pair and not any(kind in NUMBERS for kind in pair) for pair in pairwise(kinds)
    )


def _lists_of(
    clean: str, part: _Part, tokens: list[Token], groups: list[Group], order: Order
) -> list[list[Span]]:
    """The lists among groups: the longest rows of readings and of what stands between them."""
    found = []
    for whole_row in _rows(groups):
        at_end = (part.marked or part.cut) and whole_row[-1] is groups[-1]
        row = _trimmed(whole_row, order, at_end=at_end)
        marked = part.marked and bool(row) and row[-1].last == groups[-1].last
        names = {
            "".join(clean[token.start : token.end].split())
            for group in row
            if is_reading(group)
            for token in tokens[group.first : group.last + 1]
            if token.kind == NAME
        }
        spans = [(tokens[group.first].start, tokens[group.last].end) for group in row]
        if not is_list(row, names, marked=marked) and not _two_alone(clean, row, names, spans):
            continue
        start, end = spans[0][0], spans[-1][1]
        if FORECAST.search(clean, max(0, start - _LEFT_OVER), start):
            continue
        if any(len(clean[slice(*span)].encode()) > LONGEST_LINE_BYTES for span in spans):
            continue
        if part.cut and len(clean) - end <= _LEFT_OVER and clean[end:].strip():
            if order == REVERSED and not is_worded(row[-1]):
                spans[-1] = spans[-1][0], len(clean)
            else:
                spans.append((end, len(clean)))
        found.append(spans)
    return found


def _rows(groups: list[Group]) -> Iterator[list[Group]]:
    row: list[Group] = []
    for group in groups:
        if is_part(group):
            row.append(group)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _trimmed(row: list[Group], order: Order, *, at_end: bool) -> list[Group]:
    """A row from the first to the last group with a number, or to the end of the list."""
    first = next((n for n, group in enumerate(row) if _begins(group)), len(row))
    last = next((n for n in range(len(row) - 1, -1, -1) if _begins(row[n])), -1)
    if at_end:
        last = len(row) - 1
    row = row[first : last + 1]
    if not row:
        return row
    tail = row[-1]
    kept = len(tail.kinds)
    while (
        kept > 1
        and not (
            fits(tail.kinds[:kept], order)
            # what follows the last number is no condition that nobody knows
            and not (order == REVERSED and tail.kinds[:kept].rstrip(COMMA).endswith(STRANGE))
        )
    ):
        kept -= 1
    return [*row[:-1], Group(tail.kinds[:kept], tail.first, tail.first + kept - 1)]


def _begins(group: Group) -> bool:
    """Can stand at either end of a list: a number beside a name or a condition."""
    kinds = group.kinds
    return any(kind in NUMBERS for kind in kinds) and any(kind in "NWD" for kind in kinds)


def _two_alone(clean: str, row: list[Group], names: set[str], spans: list[Span]) -> bool:
    """A line of two complete readings and nothing else: a list printed in two columns."""
    if len(row) != FEWEST_UNITS or len(names) != FEWEST_UNITS:
        return False
    rest = clean[: spans[0][0]] + clean[spans[-1][1] :]
    return all(map(is_worded, row)) and all(map(is_reading, row)) and not rest.strip(SEPARATORS)


def _beside(clean: str, fixed: deque[Token], start: int, end: int) -> list[Span | None]:
    """What counts of the text before, between and behind lists: end marks and dates of lists."""
    spans: list[Span | None] = []
    at = start
    while fixed and fixed[0].end <= end:
        token = fixed.popleft()
        if token.start < start:
            continue
        touches = start > 0 and not clean[at : token.start].strip(SEPARATORS)
        text = clean[token.start : token.end]
        if token.kind == DATE and not touches:
            behind = clean[token.end : end]
            touches = end < len(clean) and not (
                behind.strip(SEPARATORS)
                and (_BARE_DATE.fullmatch(text) or len(behind) > FAR or _SENTENCE.search(behind))
            )
        elif token.kind == DATE and _BARE_DATE.fullmatch(text) and end == len(clean):
            touches = not clean[token.end : end].strip(SEPARATORS)
        if touches:
            if clean[at : token.start].strip(SEPARATORS):
                spans.append(None)
            spans.append((token.start, token.end))
            at = token.end
    if clean[at:end].strip(SEPARATORS):
        spans.append(None)
    return spans
