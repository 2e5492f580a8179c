"""Write the result of a query: table, csv, json, ndjson, parquet, markdown, xlsx.

Numbers stay numbers (14.1), lists stay lists if the format has lists, dates and times are ISO 8601,
instants with their offset. Formulas are escaped in CSV (`nalssi.common.spreadsheet`). Only parquet
needs pyarrow, so the other formats start fast.

To add a format, write a function like `_write_json` and add it to `FORMATS`.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TextIO

from rich.cells import cell_len

from nalssi.common.safe_text import data_stream, safe_terminal_stream, safe_text
from nalssi.common.spreadsheet import byte_order_mark, escape_formula
from nalssi.common.tables import fit_cell, hidden_note, table_lines, terminal_width
from nalssi.common.workbook import Sheet, WorkbookError, about_sheet, write_workbook

if TYPE_CHECKING:
    from nalssi.warehouse.query import Result

MAX_TABLE_ROWS = 1000
"""The largest number of rows in a printed table. A note below it names a format for more rows."""
MAX_DECIMALS = 4
"""The largest number of decimals of a number in a printed table."""

FORMATS_FOR_PEOPLE = ("table", "markdown")
"""Formats that are written in the encoding of the terminal or locale. Other formats are UTF-8."""

BINARY_FORMATS = ("parquet", "xlsx")
"""Formats that cannot be shown on a terminal."""

Cells = list[list[str]]


class OutputError(ValueError):
    """A result cannot be written in this format to this stream."""


@dataclass(frozen=True)
class _Settings:
    """Settings that only some formats use.

    `width` is the width of a table in terminal cells, or None for the default. `about` returns the
    rows of a workbook's sheet `about`, by key.
    """

    width: int | None
    about: Callable[[], Mapping[str, Any]]


def write_result(
    result: Result,
    form: str,
    stream: TextIO,
    *,
    width: int | None = None,
    about: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    """Write `result` to `stream` in one of FORMATS.

    A table is at most `width` cells wide: by default as wide as the terminal, or as needed if the
    stream is not a terminal. Parquet and xlsx are binary, so they go to the stream's buffer.
    `about` returns the facts of a workbook's sheet `about`, which states the query too. On standard
    output, tables and markdown have the encoding of the terminal or locale, other formats UTF-8.
    Text is escaped for terminals and unchanged for files and programs, apart from formulas in CSV.

    Raises OutputError for parquet and xlsx on a terminal or with values that they cannot hold.
    """
    refuse_terminal(form, stream)
    prepared = safe_terminal_stream(stream) if form in FORMATS_FOR_PEOPLE else data_stream(stream)
    FORMATS[form](result, prepared, _Settings(width, about))


def refuse_terminal(form: str, stream: TextIO, name: str = "result") -> None:
    """Raise OutputError if a binary format would be written to a terminal.

    `name` is the name of a file, without its suffix, for the advice in the message.
    """
    if form in BINARY_FORMATS and stream.isatty():
        raise OutputError(f"{form} is binary: send it to a file, as in `> {name}.{form}`")


def _write_table(result: Result, stream: TextIO, settings: _Settings) -> None:
    width = terminal_width(stream) if settings.width is None else settings.width
    rows = list(islice(chain.from_iterable(result.batches()), MAX_TABLE_ROWS + 1))
    shown = rows[:MAX_TABLE_ROWS]
    head, *body = zip(*_columns(result, shown), strict=True)
    lines, hidden = table_lines(
        head,
        body,
        right_aligned=[_is_number(type_) for type_ in result.types],
        width=width,
        rule=_rule(stream),
    )
    stream.writelines(line + "\n" for line in lines)
    notes = ["1 row" if len(shown) == 1 else f"{len(shown)} rows"]
    if len(rows) > MAX_TABLE_ROWS:
        notes = [f"the first {MAX_TABLE_ROWS} rows; --format csv prints all"]
    if hidden:
        notes.append(hidden_note(hidden))
    stream.write(f"({'; '.join(notes)})\n")


def _rule(stream: TextIO) -> str:
    """Return the character of a table's horizontal lines: `─`, or `-` if the encoding lacks it."""
    try:
        "─".encode(stream.encoding or "utf-8")
    except UnicodeError:
        return "-"
    return "─"


def _write_markdown(result: Result, stream: TextIO, _: _Settings) -> None:
    columns = _columns(result, list(chain.from_iterable(result.batches())))
    columns = [[_escaped(cell) for cell in column] for column in columns]
    widths = [max(3, *map(cell_len, column)) for column in columns]
    right = [_is_number(type_) for type_ in result.types]
    rule = [
        "-" * (size - 1) + (":" if number else "-")
        for size, number in zip(widths, right, strict=True)
    ]
    lines = [list(line) for line in zip(*columns, strict=True)]
    for line in [lines[0], rule, *lines[1:]]:
        stream.write("| " + " | ".join(map(fit_cell, line, widths, right)) + " |\n")


def _write_csv(result: Result, stream: TextIO, _: _Settings) -> None:
    writer = csv.writer(_LineFeedStream(stream), lineterminator="\r\n")
    stream.write(byte_order_mark(stream))
    writer.writerow(map(escape_formula, result.columns))
    for rows in result.batches():
        writer.writerows([[_csv_cell(value) for value in row] for row in rows])


class _LineFeedStream:
    """A stream for `csv.writer` that ends lines with LF, although the writer ends them with CRLF.

    With LF as its line end the writer would not quote a CR in a text, which begins a new line for
    many readers.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        return self._stream.write(line.removesuffix("\r\n") + "\n")


def _write_json(result: Result, stream: TextIO, _: _Settings) -> None:
    names = _distinct(result.columns)
    separator = "[\n"
    for rows in result.batches():
        for row in rows:
            stream.write(separator + _object(names, row))
            separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def _write_ndjson(result: Result, stream: TextIO, _: _Settings) -> None:
    names = _distinct(result.columns)
    for rows in result.batches():
        stream.writelines(_object(names, row) + "\n" for row in rows)


def _write_parquet(result: Result, stream: TextIO, _: _Settings) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    batches = result.record_batches()
    first = next(batches)
    try:
        writer = pq.ParquetWriter(stream.buffer, first.schema, compression="zstd")
    except pa.ArrowException as error:
        raise OutputError(f"parquet cannot hold such values ({error}): cast them") from error
    with writer:
        for batch in chain([first], batches):
            writer.write_batch(batch)


def _write_xlsx(result: Result, stream: TextIO, settings: _Settings) -> None:
    about = settings.about()
    facts = {**about, "query": result.sql, **result.parameters}
    rows = chain.from_iterable(result.batches())
    sheets = [Sheet("result", result.columns, rows), about_sheet(facts.items())]
    try:
        write_workbook(stream.buffer, sheets, str(about.get("generator", "")))
    except WorkbookError as error:
        raise OutputError(str(error)) from error


FORMATS = {
    "table": _write_table,
    "csv": _write_csv,
    "json": _write_json,
    "ndjson": _write_ndjson,
    "parquet": _write_parquet,
    "markdown": _write_markdown,
    "xlsx": _write_xlsx,
}


def jsonable(value: Any) -> Any:
    """Convert a value of DuckDB to a value that JSON can represent."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [jsonable(item) for item in value]
    return str(value)


def _object(names: Sequence[str], row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(names, map(jsonable, row), strict=True)), ensure_ascii=False)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names, with a number added to repeated names, because JSON needs distinct keys."""
    distinct: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in distinct:
            number, candidate = number + 1, f"{name}_{number + 1}"
        distinct.append(candidate)
    return distinct


def _field(value: Any) -> Any:
    """Convert a value to a field of CSV or of a table.

    Null, NaN and infinity become None, which is written as an empty field. Booleans, lists and
    mappings become JSON; other values are as `jsonable` returns them.
    """
    plain = jsonable(value)
    if isinstance(plain, bool | list | dict):
        return json.dumps(plain, ensure_ascii=False)
    return plain


def _csv_cell(value: Any) -> Any:
    """Convert a value to a field of CSV. A text that a spreadsheet would run is escaped.

    All other values are as `_field` returns them.
    """
    return escape_formula(value) if isinstance(value, str) else _field(value)


def _columns(result: Result, rows: Sequence[Sequence[Any]]) -> Cells:
    """Return the cells of a printed table as text: a list for each column, its name first."""
    values = list(zip(*rows, strict=True)) or [()] * len(result.columns)
    return [
        [safe_text(name), *_texts(column)]
        for name, column in zip(result.columns, values, strict=True)
    ]


def _texts(values: Sequence[Any]) -> list[str]:
    """Return a column's values as text, all fractions with the same number of decimals."""
    decimals = min(MAX_DECIMALS, max(map(_decimals, values), default=0))
    return [f"{value:.{decimals}f}" if _decimals(value) else _text(value) for value in values]


def _decimals(value: Any) -> int:
    """Return the number of digits after the point in `str(value)` of a float or Decimal.

    The number is 0 if the text has an exponent, and for values of other types.
    """
    if not isinstance(value, float | Decimal):
        return 0
    return len(str(value).partition(".")[2]) if "e" not in str(value).lower() else 0


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    field = _field(value)
    text = "" if field is None else str(field).strip("\n")
    return "\n".join(map(safe_text, text.split("\n")))


def _is_number(type_: str) -> bool:
    return type_.startswith(("DECIMAL", "DOUBLE", "FLOAT", "BIGINT")) or "INT" in type_


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
