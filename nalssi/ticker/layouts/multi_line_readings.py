"""Join readings that are printed on several lines, so that each reading is on one line.

Extractors that print a line break between all texts (`get_text("\\n", strip=True)`) put condition
and station, or bullet and reading, on separate lines. If lines of a page make up a list, the lines
of each reading become one line, which keeps the number of the first. All other lines stay as they
are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import polars as pl

from nalssi.common.known_names import known_texts, without_spaces
from nalssi.common.ticker_symbols import BULLETS, HYPHEN, QUESTION_MARK_BULLET
from nalssi.ticker.layouts.text_tokens import (
    BULLET,
    CELL_BORDERS,
    COMMA,
    DATE,
    END,
    FORECAST,
    OTHER,
    SEPARATORS,
    STATION,
    UNKNOWN_NAME,
    as_ticker_line,
    kinds_of,
    tokenize,
)
from nalssi.ticker.layouts.token_groups import (
    NUMBERS,
    RARE_ORDERS,
    find_order,
    group_pieces,
    is_reading,
    is_ticker,
)
from nalssi.ticker.ticker_lines import FEWEST_READINGS

_LONGEST_BYTES = 120
"""The largest length in bytes of a line that can be a part of a reading."""
_NOT_IN_READINGS = (OTHER, END, DATE)


class _Line(NamedTuple):
    """A line of a page, with the columns of `candidate_lines`.

    `kinds` has a letter per token if the line can be a part of a reading; else it is empty.
    """

    line: int
    pos: int
    last: bool
    text: str
    clean: str
    kinds: str = ""
    parts: int = 1
    """The number of printed lines that were joined to this line."""


def join_multi_line_readings(lines: pl.DataFrame) -> pl.DataFrame:
    """Join the lines of each reading that is printed on several lines.

    `lines` has the columns of `candidate_lines`, and `unit`: whether the text contains a unit. The
    result has the columns of `candidate_lines`.
    """
    pages = _pages_to_join(lines)
    lines = lines.drop("unit")
    if pages.is_empty():
        return lines
    to_join = pl.col("doc").is_in(pages.implode())
    joined = []
    for (doc,), page in lines.filter(to_join).group_by("doc", maintain_order=True):
        rows = _join_page([_Line(*row) for row in page.drop("doc").iter_rows()])
        joined += [(doc, *row[:5]) for row in rows]
    return pl.concat(
        [lines.filter(~to_join), pl.DataFrame(joined, schema=lines.schema, orient="row")]
    ).sort("doc", maintain_order=True)


def _pages_to_join(lines: pl.DataFrame) -> pl.Series:
    """Return the indexes (`doc`) of documents that print a reading on several lines, or may do so.

    In such a document, several lines are only a part of a reading, or lines have cell borders.
    """
    clean, unit = pl.col("clean"), pl.col("unit")
    lines = lines.select("doc", "pos", "unit", "clean")
    without_unit = lines.filter(~unit).filter(clean.str.len_bytes() <= _LONGEST_BYTES)
    body = clean.str.strip_chars(SEPARATORS + BULLETS + QUESTION_MARK_BULLET + HYPHEN)
    parts = without_unit.filter((body == "") | without_spaces(body).is_in(_known_texts().implode()))
    pages = parts.group_by("doc").len().filter(pl.col("len") >= FEWEST_READINGS)["doc"]
    # if one line of a list has borders between its cells, all have
    first = lines.filter(unit & (~unit.shift(fill_value=False) | (pl.col("pos").diff() != 1)))
    with_borders = first.filter(clean.str.contains(rf"[{CELL_BORDERS}]|^[,/]|[,/]$"))["doc"]
    return pl.concat([pages, with_borders]).unique().sort()


@cache
def _known_texts() -> pl.Series:
    return pl.Series(sorted(known_texts()))


def _join_page(page: list[_Line]) -> list[_Line]:
    """Join the lines of each reading of a page, and number the lines (`pos`) without gaps again."""
    rows = list(_add_kinds(_join_parentheses(page)))
    joined: list[_Line] = []
    begin = 0
    for index in range(len(rows) + 1):
        if index == len(rows) or not rows[index].kinds:
            joined += _join_list(rows, begin, index)
            joined += rows[index : index + 1]
            begin = index + 1
    removed = 0
    renumbered = []
    for row in joined:
        renumbered.append(row._replace(pos=row.pos - removed))
        removed += row.parts - 1
    return renumbered


def _join_parentheses(page: list[_Line]) -> Iterator[_Line]:
    """Yield the lines of a page, with names of stations that stand on two lines joined.

    Such a name has a part in parentheses on the next line: `진도`, `(첨찰산)`. In every line,
    separators at both ends of `clean` are removed.
    """
    held: _Line | None = None
    for printed in page:
        row = printed._replace(clean=printed.clean.strip(SEPARATORS))
        if held is not None and row.clean.startswith("("):
            kinds = kinds_of(tokenize((held.clean + row.clean)[:_LONGEST_BYTES]))
            if STATION in kinds and kinds.endswith((STATION, *NUMBERS)) and OTHER not in kinds:
                held = _join_rows([held, row], between="")
                continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def _add_kinds(rows: Iterable[_Line]) -> Iterator[_Line]:
    """Set `kinds` of each line that can be a part of a reading, given the lines around it.

    `kinds` is the kinds of the line's tokens. It is empty for all other lines.
    """
    all_rows = [row._replace(kinds=_kinds(row.clean)) for row in rows]
    bullets = sum(row.kinds == BULLET for row in all_rows)
    neighbours = zip([None, *all_rows], all_rows, [*all_rows[1:], None], strict=False)
    for before, row, after in neighbours:
        kinds = row.kinds
        numbers = sum(kind in NUMBERS for kind in kinds)
        after_bullet = before is not None and before.kinds == BULLET and bullets >= FEWEST_READINGS
        if set(kinds) & set(_NOT_IN_READINGS):
            kinds = UNKNOWN_NAME if after_bullet and OTHER in kinds else ""
        elif kinds == UNKNOWN_NAME:
            # an unknown name counts between its condition and its number
            number_next = after is not None and after.kinds and not after.kinds.strip(NUMBERS)
            after_name = (
                before is not None and before.kinds and not before.kinds.endswith(UNKNOWN_NAME)
            )
            kinds = kinds if after_bullet or (after_name and (number_next or row.last)) else ""
        elif numbers > 1 or (
            UNKNOWN_NAME in kinds and (kinds.count(UNKNOWN_NAME) > 1 or not numbers)
        ):
            kinds = ""
        clean = as_ticker_line(row.clean) if kinds else row.clean
        yield row._replace(kinds=kinds.replace(COMMA, ""), clean=clean)


def _kinds(clean: str) -> str:
    if len(clean.encode()) > _LONGEST_BYTES:
        return OTHER
    return kinds_of(tokenize(clean))


def _join_list(rows: list[_Line], begin: int, stop: int) -> list[_Line]:
    """Return `rows[begin:stop]`; if they make up a list, with the lines of each reading joined."""
    part = rows[begin:stop]
    if len(part) < FEWEST_READINGS:
        return part
    kinds = [row.kinds for row in part]
    has_end_mark = stop < len(rows) and END in _kinds(rows[stop].clean)
    order = find_order(kinds, has_end_mark=has_end_mark)
    if order is None:
        return part
    groups = group_pieces(kinds, order)
    joined = [group for group in groups if group.last > group.first]
    stations = {
        "".join(row.clean[token.start : token.end].split())
        for group in joined
        if is_reading(group)
        for row in part[group.first : group.last + 1]
        for token in tokenize(row.clean)
        if token.kind == STATION
    }
    if not is_ticker(joined, stations, has_end_mark=has_end_mark):
        return part
    if begin and FORECAST.search(rows[begin - 1].clean):
        return part
    reorder = order in RARE_ORDERS
    return [_join_rows(part[group.first : group.last + 1], reorder=reorder) for group in groups]


def _join_rows(rows: list[_Line], between: str = " ", *, reorder: bool = False) -> _Line:
    """Join lines to one line, which keeps the position of the first line.

    `between` is the text between two lines. `reorder` moves the number after the name.
    """
    first, last = rows[0], rows[-1]
    clean = between.join([row.clean for row in rows])
    return first._replace(
        last=last.last,
        text=" ".join([row.text.strip() for row in rows]) if rows[1:] else first.text,
        clean=as_ticker_line(clean, reorder=True) if reorder else clean,
        parts=sum(row.parts for row in rows),
    )
