"""Find the header of an official-hours table, and the positions of its columns.

KMA's portal writes the header in the first line. Excel adds `sep=,` above it, and people add a
title or blank lines. A quoted name may contain a separator or a line end: `"기온⏎(°C)"`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

HEADER_LINES = 20
"""The header must begin within this many lines (or rows of an HTML page)."""
SEPARATORS = (",", "\t", ";")
COLUMNS = {
    "station": re.compile(r"지점(?:\s*번호)?"),
    "time": re.compile(r"일시"),
    # Not 지면온도(°C) or 평균기온(°C). The unit may be left out, because KMA uses only one.
    "temperature": re.compile(r"기온\s*(?:\([^F℉]*\))?"),
    "flag": re.compile(r"기온\s*QC\s*플래그"),
}
REQUIRED = {"station": "지점", "time": "일시", "temperature": "기온(°C)"}


@dataclass(frozen=True)
class Layout:
    """The columns of an official-hours table.

    `separator` separates the fields, `width` is the number of columns, and `indices` has the index
    of each column that nalssi uses, by its key in COLUMNS.
    """

    separator: str
    width: int
    indices: dict[str, int]

    @property
    def absent(self) -> list[str]:
        """The titles of the required columns that the table does not have."""
        return [title for column, title in REQUIRED.items() if column not in self.indices]


@dataclass(frozen=True)
class Header:
    """The row of a table that is the header or, if no row has all required columns, most like one.

    The row is in the lines from `begin` up to, but not including, `end`. A quoted name may contain
    a line end, so a header can have several lines.
    """

    begin: int
    end: int
    layout: Layout


def layout_of(names: Sequence[str], separator: str) -> Layout:
    """Return the layout of a header row. If two columns have the same name, the first is used."""
    indices = {
        column: index
        for index, name in reversed(list(enumerate(names)))
        for column, pattern in COLUMNS.items()
        if pattern.fullmatch(name.strip(' "\n\t'))
    }
    return Layout(separator, len(names), indices)


def find_header(lines: Sequence[str]) -> Header | None:
    """Return the first row with all required columns, or else the first row with most of them.

    Only rows that begin in the first HEADER_LINES of `lines` count. Returns None if these are all
    blank.
    """
    best: Header | None = None
    for begin, line in enumerate(lines[:HEADER_LINES]):
        if not line.strip():
            continue
        end = _end_of_row(lines, begin)
        header = Header(begin, end, _layout("".join(lines[begin:end]).rstrip("\n")))
        if best is None or len(header.layout.absent) < len(best.layout.absent):
            best = header
        if not best.layout.absent:
            return best
    return best


def rows_of(lines: Sequence[str], separator: str) -> list[list[str]]:
    """Split each line into its fields. A quote that is not closed ends at the end of its line."""
    rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    if len(rows) < len(lines):  # csv has joined lines at an open quote
        return [_fields(line, separator) for line in lines]
    return rows


def _fields(row: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(row), delimiter=separator, skipinitialspace=True), [])


def _layout(row: str) -> Layout:
    layouts = [layout_of(_fields(row, separator), separator) for separator in SEPARATORS]
    return min(layouts, key=lambda layout: len(layout.absent))


def _end_of_row(lines: Sequence[str], begin: int) -> int:
    """Return the index of the line after the row that begins at line `begin`.

    A row has several lines if a quote is open at a line end and closes in a later line.
    """
    quotes = 0
    for end, line in enumerate(lines[begin:], begin + 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return end
    return begin + 1  # no later line closes it, so it is no quote
