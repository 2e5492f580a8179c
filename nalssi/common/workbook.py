"""Workbooks for spreadsheets (xlsx): typed cells, a frozen header, and a sheet `about` with facts.

A spreadsheet's numbers have 15 digits, its times have no time zone, and its cells hold at most
32,767 characters. So longer integers are written as text, instants as the time in Korea, and a text
that is too long is an error. Texts stay texts: `=1+1` is not a formula, and an address is not a
link.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import unescape
from zipfile import BadZipFile, ZipFile

from nalssi.common.korea_time import KST

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_575
"""The largest number of rows in a sheet, below its header."""
MAX_TEXT = 32_767
"""The largest number of characters in a cell."""
MAX_EXACT_INTEGER = 10**15 - 1
"""The largest integer that a spreadsheet shows without changing digits."""
FIRST_DAY = date(1900, 3, 1)
"""The first day that spreadsheets count correctly: for them, 1900 has a 29 February."""
MIN_WIDTH, MAX_WIDTH = 8, 40
"""The smallest and the largest width of a column, in characters."""
MAX_PROPERTIES = 2**16
"""The number of bytes that `generator_of` reads of a workbook's properties."""
_COMMENTS = re.compile("<dc:description>([^<]*)</dc:description>")
SAMPLED_ROWS = 200
"""The number of rows from which the width of a column is estimated."""


class WorkbookError(ValueError):
    """Rows do not fit into a sheet: too many, or a text is too long. The message says which."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the names of its columns, and its rows.

    The values of a row are None, bool, int, float, Decimal, str, bytes, date, datetime, time,
    timedelta, or lists and mappings of these.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    filtered: bool = True
    """Whether readers of the sheet can filter its rows by the values of columns."""


def about_sheet(facts: Iterable[tuple[str, Any]]) -> Sheet:
    """Return the sheet `about` with the columns `key, value`; its rows are the pairs in `facts`."""
    return Sheet("about", ("key", "value"), facts, filtered=False)


def write_workbook(target: IO[bytes] | str, sheets: Sequence[Sheet], generator: str) -> None:
    """Write sheets to `target`, an open binary file or the name of a file.

    Sheets are written one after the other, and their rows are not kept in memory. `generator` is
    the comment in the properties of the workbook.

    Raises WorkbookError if a sheet has more than `MAX_ROWS` rows, or a text more than `MAX_TEXT`
    characters, and OSError if the file cannot be written.
    """
    from xlsxwriter.exceptions import FileCreateError

    try:
        _write_workbook(target, sheets, generator)
    except FileCreateError as error:  # XlsxWriter's own, around the system's
        system = error.__context__
        raise (system if isinstance(system, OSError) else error) from error


def _write_workbook(target: IO[bytes] | str, sheets: Sequence[Sheet], generator: str) -> None:
    from xlsxwriter import Workbook

    with Workbook(target, {"constant_memory": True}) as workbook:
        workbook.set_properties({"comments": generator})
        formats = {
            "header": workbook.add_format({"bold": True, "bottom": 1}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "time": workbook.add_format({"num_format": "hh:mm:ss"}),
        }
        for sheet in sheets:
            _write_sheet(workbook.add_worksheet(sheet.name), sheet, formats)


def _write_sheet(worksheet: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    worksheet.freeze_panes(1, 0)
    rows = iter(sheet.rows)
    first = list(islice(rows, SAMPLED_ROWS))
    for column, name in enumerate(sheet.columns):
        shown = [name, *(str(row[column]) for row in first if row[column] is not None)]
        width = max(MIN_WIDTH, min(MAX_WIDTH, max(map(len, shown)) + 2))
        worksheet.set_column(column, column, width)
        worksheet.write_string(0, column, name, formats["header"])
    number = 0
    for number, row in enumerate(chain(first, rows), start=1):
        if number > MAX_ROWS:
            raise WorkbookError(
                f"a sheet holds at most {MAX_ROWS:,} rows: use csv or parquet, or filter"
            )
        for column, value in enumerate(row):
            _write_cell(worksheet, number, column, value, formats)
    if number and sheet.filtered:
        worksheet.autofilter(0, 0, number, len(sheet.columns) - 1)


def _write_cell(
    worksheet: Worksheet, row: int, column: int, value: Any, formats: dict[str, Format]
) -> None:
    match value:
        case None:
            return
        case bool():
            worksheet.write_boolean(row, column, value)
        case int() if abs(value) <= MAX_EXACT_INTEGER:
            worksheet.write_number(row, column, value)
        case float() | Decimal() if math.isfinite(value):
            worksheet.write_number(row, column, float(value))
        case float() | Decimal():  # a spreadsheet has no infinity; DuckDB's formats write null
            return
        case datetime():
            local = value.astimezone(KST).replace(tzinfo=None) if value.tzinfo else value
            _write_time(worksheet, row, column, local, local.date(), formats["datetime"])
        case date():
            _write_time(worksheet, row, column, value, value, formats["date"])
        case time():
            _write_time(worksheet, row, column, value.replace(tzinfo=None), None, formats["time"])
        case _:
            text = _text(value)
            if len(text) > MAX_TEXT:
                raise WorkbookError(
                    f"row {row}, column {column + 1}: a cell holds at most {MAX_TEXT:,} characters,"
                    f" and the text has {len(text):,}: use csv or parquet"
                )
            worksheet.write_string(row, column, text)


def _write_time(
    worksheet: Worksheet,
    row: int,
    column: int,
    value: date | datetime | time,
    on: date | None,
    cell_format: Format,
) -> None:
    """Write a date or time as a number with a format, or as text if it is before FIRST_DAY.

    `on` is the date of the value; None for a time of day.
    """
    if on is not None and on < FIRST_DAY:
        worksheet.write_string(row, column, value.isoformat())
        return
    worksheet.write_datetime(row, column, value, cell_format)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | timedelta):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def generator_of(path: Path) -> str:
    """Return the argument `generator` with which `write_workbook` wrote the file at `path`.

    For other workbooks, return their comment. Return an empty text if there is none, or if the file
    is not a workbook or cannot be read.
    """
    try:
        with ZipFile(path) as archive, archive.open("docProps/core.xml") as file:
            match = _COMMENTS.search(file.read(MAX_PROPERTIES).decode("utf-8", "replace"))
    except (OSError, KeyError, BadZipFile, zlib.error):
        return ""
    return unescape(match[1]) if match else ""
