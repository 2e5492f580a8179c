"""Readings that stand on several lines → a line a reading.

Extractors that put a line end between all texts (`get_text("\\n", strip=True)`) print condition and
station, or bullet and reading, on lines of their own. Such lines are joined where they make a list;
a reading has the number of its first line. All other lines stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import polars as pl

from nalssi.common.names import known_texts, squeeze
from nalssi.common.symbols import BULLETS, MARKED
from nalssi.ticker.groups import (
    FEWEST,
    NUMBERS,
    RARE_ORDERS,
    in_groups,
    is_list,
    is_reading,
    order_of,
)
from nalssi.ticker.tokens import (
    BULLET,
    CELLS,
    COMMA,
    DATE,
    END,
    FORECAST,
    NAME,
    OTHER,
    SEPARATORS,
    STRANGE,
    as_line,
    kinds_of,
    tokens_of,
)

_LONGEST_BYTES = 120  # of a line that can be part of a reading
_ENDS = (OTHER, END, DATE)


class _Line(NamedTuple):
    """A line of a page, and the kinds of its tokens; none if it can be no part of a reading."""

    line: int
    pos: int
    last: bool
    text: str
    clean: str
    kinds: str = ""
    parts: int = 1
    """Lines of the page that it consists of."""


def join_parts(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines (`doc, line, pos, last, text, clean, unit`), joined where several make one reading."""
    pages = _pages_in_parts(lines)
    lines = lines.drop("unit")
    if pages.is_empty():
        return lines
    in_parts = pl.col("doc").is_in(pages.implode())
    joined = []
    for (doc,), page in lines.filter(in_parts).group_by("doc", maintain_order=True):
        rows = _joined([_Line(*row) for row in page.drop("doc").iter_rows()])
        joined += [(doc, *row[:5]) for row in rows]
    return pl.concat(
        [lines.filter(~in_parts), pl.DataFrame(joined, schema=lines.schema, orient="row")]
    ).sort("doc", maintain_order=True)


def _pages_in_parts(lines: pl.DataFrame) -> pl.Series:
    """The documents in which several lines near a temperature are but a part of a reading."""
    clean, unit = pl.col("clean"), pl.col("unit")
    lines = lines.select("doc", "pos", "unit", "clean")
    bare = lines.filter(~unit).filter(clean.str.len_bytes() <= _LONGEST_BYTES)
    body = clean.str.strip_chars(SEPARATORS + BULLETS + MARKED + "-")
    parts = bare.filter((body == "") | squeeze(body).is_in(_names().implode()))
    pages = parts.group_by("doc").len().filter(pl.col("len") >= FEWEST)["doc"]
    # if one line of a list prints signs between its cells, all do
    first = lines.filter(unit & (~unit.shift(fill_value=False) | (pl.col("pos").diff() != 1)))
    apart = first.filter(clean.str.contains(rf"[{CELLS}]|^[,/]|[,/]$"))["doc"]
    return pl.concat([pages, apart]).unique().sort()


@cache
def _names() -> pl.Series:
    return pl.Series(sorted(known_texts()))


def _joined(page: list[_Line]) -> list[_Line]:
    """The lines of a page, joined where they make a list; `pos` counts what is left."""
    rows = list(_with_kinds(_with_parentheses(page)))
    found: list[_Line] = []
    begin = 0
    for number in range(len(rows) + 1):
        if number == len(rows) or not rows[number].kinds:
            found += _list_or_lines(rows, begin, number)
            found += rows[number : number + 1]
            begin = number + 1
    gone = 0
    numbered = []
    for row in found:
        numbered.append(row._replace(pos=row.pos - gone))
        gone += row.parts - 1
    return numbered


def _with_parentheses(page: list[_Line]) -> Iterator[_Line]:
    """`진도` and `(첨찰산)` on two lines are one name."""
    held: _Line | None = None
    for printed in page:
        row = printed._replace(clean=printed.clean.strip(SEPARATORS))
        if held is not None and row.clean.startswith("("):
            name = kinds_of(tokens_of(_start_of(held.clean + row.clean)))
            if NAME in name and name.endswith((NAME, *NUMBERS)) and OTHER not in name:
                held = _as_one([held, row], between="")
                continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def _with_kinds(rows: Iterable[_Line]) -> Iterator[_Line]:
    """Lines with their kinds, as far as they can be parts of readings where they stand."""
    told = [row._replace(kinds=_kinds(row.clean)) for row in rows]
    bullets = sum(row.kinds == BULLET for row in told)
    for before, row, behind in zip([None, *told], told, [*told[1:], None], strict=False):
        kinds = row.kinds
        numbers = sum(kind in NUMBERS for kind in kinds)
        after_bullet = before is not None and before.kinds == BULLET and bullets >= FEWEST
        if set(kinds) & set(_ENDS):
            kinds = STRANGE if after_bullet and OTHER in kinds else ""
        elif kinds == STRANGE:
            # a name that nobody knows, between its condition and its number
            number = behind is not None and set(behind.kinds) <= set(NUMBERS) and behind.kinds
            named = before is not None and before.kinds and not before.kinds.endswith(STRANGE)
            kinds = kinds if after_bullet or (named and (number or row.last)) else ""
        elif numbers > 1 or (STRANGE in kinds and (kinds.count(STRANGE) > 1 or not numbers)):
            kinds = ""
        clean = as_line(row.clean) if kinds else row.clean
        yield row._replace(kinds=kinds.replace(COMMA, ""), clean=clean)


def _kinds(clean: str) -> str:
    if len(clean.encode()) > _LONGEST_BYTES:
        return OTHER
    return kinds_of(tokens_of(clean))


def _start_of(clean: str) -> str:
    return clean[:_LONGEST_BYTES]


def _list_or_lines(rows: list[_Line], begin: int, stop: int) -> list[_Line]:
    """Lines in a row that can be parts of readings: joined if they make a list."""
    part = rows[begin:stop]
    if len(part) < FEWEST:
        return part
    kinds = [row.kinds for row in part]
    marked = stop < len(rows) and END in _kinds(rows[stop].clean)
    order = order_of(kinds, marked=marked)
    if order is None:
        return part
    groups = in_groups(kinds, order)
    joined = [group for group in groups if group.last > group.first]
    names = {
        "".join(row.clean[token.start : token.end].split())
        for group in joined
        if is_reading(group)
        for row in part[group.first : group.last + 1]
        for token in tokens_of(row.clean)
        if token.kind == NAME
    }
    if not is_list(joined, names, marked=marked):
        return part
    if begin and FORECAST.search(rows[begin - 1].clean):
        return part
    turned = order in RARE_ORDERS
    return [_as_one(part[group.first : group.last + 1], turned=turned) for group in groups]


def _as_one(rows: list[_Line], between: str = " ", *, turned: bool = False) -> _Line:
    first, last = rows[0], rows[-1]
    clean = between.join([row.clean for row in rows])
    return first._replace(
        last=last.last,
        text=" ".join([row.text.strip() for row in rows]) if rows[1:] else first.text,
        clean=as_line(clean, turned=True) if turned else clean,
        parts=sum(row.parts for row in rows),
    )
