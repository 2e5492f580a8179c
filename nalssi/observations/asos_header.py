"""The header of an official-hours table: which row it is, and where the columns in use are.

KMA's portal writes the header in the first line. Excel puts `sep=,` above it, people a title and
blank lines. A name may be quoted and then contain a separator or a line end: `"기온⏎(°C)"`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

HEADER_LINES = 20
"""The header begins in one of so many lines, or rows of an HTML page."""
SEPARATORS = (",", "\t", ";")
COLUMNS = {
    "station": re.compile(r"지점(?:\s*번호)?"),
    "time": re.compile(r"일시"),
    # Not 지면온도(°C), nor 평균기온(°C). KMA has one unit: it may be left out.
    "temperature": re.compile(r"기온\s*(?:\([^F℉]*\))?"),
    "flag": re.compile(r"기온\s*QC\s*플래그"),
}
REQUIRED = {"station": "지점", "time": "일시", "temperature": "기온(°C)"}


@dataclass(frozen=True)
class Layout:
    """Where the columns of a table are, how many there are, and what separates them."""

    separator: str
    width: int
    places: dict[str, int]

    @property
    def absent(self) -> list[str]:
        """Titles of the columns that are needed and not there."""
        return [title for column, title in REQUIRED.items() if column not in self.places]


@dataclass(frozen=True)
class Header:
    """The row of a table that comes nearest to a header: lines `begin` to `end` (behind it)."""

    begin: int
    end: int
    layout: Layout


def layout_of(names: Sequence[str], separator: str) -> Layout:
    """The layout of a row of names; of two columns with the same name the first counts."""
    places = {
        column: place
        for place, name in reversed(list(enumerate(names)))
        for column, pattern in COLUMNS.items()
        if pattern.fullmatch(name.strip(' "\n\t'))
    }
    return Layout(separator, len(names), places)


def find_header(lines: Sequence[str]) -> Header | None:
    """The first row with all columns needed, else that with most of them; None if all are blank."""
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
    """The fields of lines of which each is a row; a quote that is not closed ends with its line."""
    rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    if len(rows) < len(lines):  # an open quote has drawn the next line into its row
        return [_fields(line, separator) for line in lines]
    return rows


def _fields(row: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(row), delimiter=separator, skipinitialspace=True), [])


def _layout(row: str) -> Layout:
    layouts = [layout_of(_fields(row, separator), separator) for separator in SEPARATORS]
    return min(layouts, key=lambda layout: len(layout.absent))


def _end_of_row(lines: Sequence[str], begin: int) -> int:
    """The line behind a row: a quote that is open at a line's end is closed in a later one."""
    quotes = 0
    for end, line in enumerate(lines[begin:], begin + 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return end
    return begin + 1  # no later one closes it: it is no quote
