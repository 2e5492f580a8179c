"""Find the lists of readings in a long line that is split into tokens.

The result is the start and the end of each reading in the line. `one_line_lists` cuts the line at
these positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from nalssi.common.ticker_symbols import LONGEST_LINE_BYTES
from nalssi.ticker.layouts.text_tokens import (
    BULLET,
    COMMA,
    CONDITION,
    DASH,
    DATE,
    END,
    FORECAST,
    OTHER,
    SEPARATORS,
    STATION,
    UNKNOWN_NAME,
    Token,
    kinds_of,
)
from nalssi.ticker.layouts.token_groups import (
    CONDITION_NAME_NUMBER,
    KNOWN,
    NAME_NUMBER_CONDITION,
    NUMBERS,
    Group,
    Order,
    find_order,
    fits,
    group_pieces,
    has_condition,
    is_part_of_list,
    is_reading,
    is_ticker,
)
from nalssi.ticker.ticker_lines import FEWEST_READINGS

FEWEST_UNITS = 2
"""The smallest number of temperatures in a list on one line. A row of a two-column list has two."""
_LONGEST_REST = 40
"""A document may be cut off inside a reading. If at most this number of characters follow its last
whole reading, they are that reading."""

Span = tuple[int, int]
"""The positions in a line at which a piece of text starts and ends."""


class _Section(NamedTuple):
    """The tokens of a line between two dates or end marks."""

    tokens: list[Token]
    has_end_mark: bool
    """True if the end mark follows the section."""
    cut: bool
    """True if the section is the end of the document, which may be cut off inside a reading."""
    after_date: bool = False
    """True if a date is directly before the section."""


def find_lists(line: str, tokens: list[Token], *, last: bool) -> list[list[Span]]:
    """Return the lists of a line. Each list is the start and the end of each of its readings.

    `tokens` are the tokens of the line. `last` is True for the last line of a document.
    """
    return [
        spans
        for section in _sections(tokens, last=last)
        for spans in _lists_in_section(line, section)
    ]


def _sections(tokens: list[Token], *, last: bool) -> Iterator[_Section]:
    """Split the tokens of a line into sections at dates and end marks.

    `last` is True for the last line of a document.
    """
    begin, after_date = 0, False
    for index, token in enumerate(tokens):
        if token.kind in (END, DATE):
            yield _Section(tokens[begin:index], token.kind == END, cut=False, after_date=after_date)
            begin, after_date = index + 1, token.kind == DATE
    yield _Section(tokens[begin:], has_end_mark=False, cut=last, after_date=after_date)


def _lists_in_section(line: str, section: _Section) -> list[list[Span]]:
    tokens = section.tokens
    if _count_numbers(kinds_of(tokens)) < FEWEST_UNITS:
        return []
    bulleted = _group_at_bullets(tokens)
    if bulleted is not None:
        groups, order = bulleted
        return _lists_of_groups(line, section, groups, order)
    lists = []
    begin = 0
    ends = [index for index, token in enumerate(tokens) if token.kind == OTHER]
    for index in (*ends, len(tokens)):
        row = tokens[begin:index]
        starts_section, begin = begin == 0, index + 1
        kinds = [token.kind for token in row]
        if _count_numbers(kinds) < FEWEST_UNITS:
            continue
        list_kinds = _trim_to_names(kinds)
        if COMMA in list_kinds and not _commas_separate_cells(list_kinds):
            continue
        row_section = _Section(
            row,
            has_end_mark=section.has_end_mark and index == len(tokens),
            cut=section.cut and len(line) - row[-1].end <= _LONGEST_REST,
            after_date=section.after_date and starts_section,
        )
        row_order = _order_of_row(kinds, list_kinds, row_section)
        if row_order:
            lists += _lists_of_groups(line, row_section, group_pieces(kinds, row_order), row_order)
    return lists


def _count_numbers(kinds: Sequence[str]) -> int:
    return sum(kind in NUMBERS for kind in kinds)


def _group_at_bullets(tokens: list[Token]) -> tuple[list[Group], Order] | None:
    """Group tokens so that each group begins with a bullet.

    Returns the groups and the order of the parts within a reading, or None if the readings are not
    separated by bullets.
    """
    starts = [index for index, token in enumerate(tokens) if token.kind == BULLET]
    if len(starts) < FEWEST_READINGS:
        return None
    groups = [
        Group(kinds_of(tokens[start:stop]), start, stop - 1)
        for start, stop in pairwise([*starts, len(tokens)])
    ]
    with_number = [group for group in groups if _count_numbers(group.kinds)]
    numbers = _count_numbers(kinds_of(tokens))
    if len(with_number) < FEWEST_READINGS or 2 * len(with_number) < numbers:
        return None
    condition_last = sum(
        fits(group.kinds, NAME_NUMBER_CONDITION) and not fits(group.kinds, CONDITION_NAME_NUMBER)
        for group in with_number
    )
    if 2 * condition_last > len(with_number):
        return groups, NAME_NUMBER_CONDITION
    return groups, CONDITION_NAME_NUMBER


def _commas_separate_cells(kinds: Sequence[str]) -> bool:
    """Return whether there is a comma between every condition, station and number of a list.

    `kinds` has the kind of each token of the list. `get_text(", ")` prints such lists:
    `서울, 맑음, 3.2℃, 부산, 흐림, 4.1℃`. In prose, commas are only between readings:
    `서울 맑음 3.2℃, 부산 흐림 4.1℃`.
    """
    return not any(COMMA not in pair and not _count_numbers(pair) for pair in pairwise(kinds))


def _trim_to_names(kinds: list[str]) -> list[str]:
    """Return the kinds of the tokens that belong to the list in a row of tokens.

    `kinds` are the kinds of all tokens of the row. Before the first number, the tokens directly
    before it that occur in lists are kept: names, conditions, bullets and commas. After the last
    number, one such token is kept, with the commas before it.
    """
    first = next(n for n, kind in enumerate(kinds) if kind in NUMBERS)
    last = _last_number(kinds)
    while first and kinds[first - 1] in KNOWN:
        first -= 1
    after = next((n for n in range(last + 1, len(kinds)) if kinds[n] != COMMA), last)
    return kinds[first : (after if kinds[after] in KNOWN else last) + 1]


def _order_of_row(kinds: list[str], list_kinds: list[str], section: _Section) -> Order | None:
    """Return the order in which a list prints condition, station and number; None if it is unclear.

    `kinds` has the token kind of every token of a row, `list_kinds` of the tokens that belong to
    the list. `section` is the part of the line that holds the row.
    """
    has_end_mark = section.has_end_mark
    after_last = takewhile(KNOWN.__contains__, kinds[_last_number(kinds) + 1 :])
    following = [kind for kind in after_last if kind != COMMA][1:2]
    first = next(n for n, kind in enumerate(kinds) if kind in NUMBERS)
    before_first = kinds[max(0, first - 2) : first]
    if list_kinds[0] not in NUMBERS or UNKNOWN_NAME not in before_first[-1:]:
        return find_order(list_kinds, has_end_mark=has_end_mark, following=following)
    # The first number is that of an unknown station, or of the first reading after a menu.
    is_station = (section.after_date and first == 1) or before_first[0] == CONDITION
    if not is_station:
        return None
    return find_order([UNKNOWN_NAME, *list_kinds], has_end_mark=has_end_mark)


def _last_number(kinds: list[str]) -> int:
    return max(n for n, kind in enumerate(kinds) if kind in NUMBERS)


def _lists_of_groups(
    line: str, section: _Section, groups: list[Group], order: Order
) -> list[list[Span]]:
    """Return the lists that groups of tokens make up. A list is the positions of its readings.

    `groups` are the groups of tokens of `section`, in order. `order` is the order in which they
    print condition, station and number. `line` is the text of the whole line.
    """
    tokens = section.tokens
    lists = []
    for whole_row in _rows_of_parts(groups):
        at_end = (section.has_end_mark or section.cut) and whole_row[-1] is groups[-1]
        row = _trim_row(whole_row, order, at_end=at_end)
        has_end_mark = section.has_end_mark and bool(row) and row[-1].last == groups[-1].last
        stations = {
            "".join(line[token.start : token.end].split())
            for group in row
            if is_reading(group)
            for token in tokens[group.first : group.last + 1]
            if token.kind == STATION
        }
        spans = [(tokens[group.first].start, tokens[group.last].end) for group in row]
        if not (
            is_ticker(row, stations, has_end_mark=has_end_mark)
            or _is_row_of_two_columns(line, row, stations, spans)
        ):
            continue
        start, end = spans[0][0], spans[-1][1]
        if FORECAST.search(line, max(0, start - _LONGEST_REST), start):
            continue
        if any(len(line[slice(*span)].encode()) > LONGEST_LINE_BYTES for span in spans):
            continue
        if section.cut and len(line) - end <= _LONGEST_REST and line[end:].strip():
            if order == NAME_NUMBER_CONDITION and not has_condition(row[-1]):
                spans[-1] = spans[-1][0], len(line)
            else:
                spans.append((end, len(line)))
        lists.append(spans)
    return lists


def _rows_of_parts(groups: list[Group]) -> Iterator[list[Group]]:
    """Split groups of tokens into rows. A row is consecutive groups that can all be in one list.

    Groups that cannot be in a list are dropped.
    """
    row: list[Group] = []
    for group in groups:
        if is_part_of_list(group):
            row.append(group)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _trim_row(row: list[Group], order: Order, *, at_end: bool) -> list[Group]:
    """Remove the groups of tokens before the first reading of a row and after its last reading.

    Also remove the tokens at the end of the last group that fit no reading with its parts in this
    `order`. If `at_end`, the list ends where the row ends, so no group is removed after the last
    reading.
    """
    ends = [n for n, group in enumerate(row) if _can_be_first_or_last(group)]
    if not ends:
        return []
    row = row[ends[0] : len(row) if at_end else ends[-1] + 1]
    tail = row[-1]
    kept = len(tail.kinds)
    while (
        kept > 1
        and not (
            fits(tail.kinds[:kept], order)
            # an unknown name after the last number is not a condition
            and not (
                order == NAME_NUMBER_CONDITION
                and tail.kinds[:kept].rstrip(COMMA).endswith(UNKNOWN_NAME)
            )
        )
    ):
        kept -= 1
    return [*row[:-1], Group(tail.kinds[:kept], tail.first, tail.first + kept - 1)]


def _can_be_first_or_last(group: Group) -> bool:
    """Return whether a group has a number, and also a known station or a condition."""
    kinds = group.kinds
    return _count_numbers(kinds) > 0 and any(kind in (STATION, CONDITION, DASH) for kind in kinds)


def _is_row_of_two_columns(
    line: str, row: list[Group], stations: set[str], spans: list[Span]
) -> bool:
    """Return whether a line is a row of a two-column list: two complete readings and no other text.

    `row` are the readings of the line, `spans` their positions, `stations` their distinct names.
    """
    if len(row) != FEWEST_UNITS or len(stations) != FEWEST_UNITS:
        return False
    rest = line[: spans[0][0]] + line[spans[-1][1] :]
    return all(map(has_condition, row)) and all(map(is_reading, row)) and not rest.strip(SEPARATORS)
