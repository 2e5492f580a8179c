"""Read the rows of hourly ASOS tables as downloaded from KMA's portal (data.kma.go.kr, 시간자료).

A row is a station and an hour: `지점,지점명,일시,기온(°C),기온 QC플래그,…`. Tables vary in:

- the separator (comma, tab, semicolon), quotes and line ends;
- the columns chosen for the download, with or without QC flags;
- numbers: `.1` for 0.1, `-.5`, `28` for 28.0, `25.30`; an empty field for a missing value. pandas
  writes whole numbers with `.0` if their column has a gap: `108.0`, flag `9.0`. Programs that
  compute write `25.299999999999997` for 25.3. Word processors write `−1.4` with U+2212.

KMA's flags: 0 or empty is good, 1 is an error, 9 is missing. A value with flag 9 (it occurs) or
with a flag that KMA does not define is not used. A table is read in blocks of lines, so its size
does not matter for memory. Files are opened by `asos_files`, hours are read by `asos_hours`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import polars as pl

from nalssi.observations.asos_files import (
    MAX_LINE,
    MAX_TABLE_BYTES,
    AsosError,
    NoTableError,
    Table,
    open_lines,
    tables_of,
)
from nalssi.observations.asos_header import HEADER_LINES, REQUIRED, Layout, find_header, rows_of
from nalssi.observations.asos_hours import hours
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import station_ids

BLOCK_CHARACTERS = 4 << 20
MAX_COLUMNS = 256
"""The largest number of columns of a table. KMA's files have about 40."""
TEMPERATURE = r"^-?(?:[0-9]{1,3}(?:\.[0-9]?0*)?|\.[0-9]0*)$"
NOTE_SUFFIXES = (".txt", ".md", ".rtf")
"""A file with such a name and none of the columns is a note. Other files should be tables."""
MINUS_SIGNS = ("\u2212", "\uff0d")
FLOAT_NOISE = r"^-?[0-9]{0,3}\.[0-9]{10,}$"
MAX_NOISE_C = 4e-6
"""The largest difference (°C) from a value in tenths that is a rounding error: that of a 32-bit
float below 60."""


@dataclass(frozen=True)
class Block:
    """Some rows of an official-hours table: observations, rejected rows and missing values.

    `observations` has the columns `line, station_id, observed_at, temperature_c`, and may repeat a
    station-hour. `rejected` has `line, text, reason`. `missing` is the number of rows without a
    value. `rows` is the number of all rows: observations + rejected + missing.
    """

    rows: int
    missing: int
    observations: pl.DataFrame
    rejected: pl.DataFrame


def read_asos(path: Path, **limits: int) -> Iterator[Block]:
    """Read an official-hours file in blocks of rows. Raises AsosError if it cannot be used.

    `limits` are keyword arguments of `read_table`.
    """
    for table in tables_of(path):
        yield from read_table(table, **limits)


def read_table(
    table: Table,
    *,
    block_characters: int = BLOCK_CHARACTERS,
    max_bytes: int = MAX_TABLE_BYTES,
) -> Iterator[Block]:
    """Read an official-hours table in blocks of rows of about `block_characters` characters.

    Raises AsosError if the table cannot be used or has more than `max_bytes`.
    """
    with open_lines(table, max_bytes=max_bytes) as lines:
        head = _head(lines)
        layout, line = _layout(table.name, head)
        for text in _blocks(table.name, "".join(head[line:]), lines, block_characters):
            texts = text.split("\n")
            is_complete = texts[-1] == ""
            texts = texts[:-1] if is_complete else texts
            yield _block(texts, line + 1, layout, last_is_complete=is_complete)
            line += len(texts)


def _head(lines: TextIO) -> list[str]:
    """Return the first HEADER_LINES lines of a table, in which the header must begin.

    After a line that is too long, no more lines are read.
    """
    head: list[str] = []
    while len(head) < HEADER_LINES and (line := lines.readline(MAX_LINE)):
        head.append(line)
        if len(line) == MAX_LINE:
            break
    return head


def _blocks(name: str, start: str, lines: TextIO, characters: int) -> Iterator[str]:
    """Yield the text of a table in blocks of whole lines, with about `characters` each.

    The first block begins with `start`, the lines that were read together with the header. Raises
    AsosError for a line at the end of a block that is longer than MAX_LINE.
    """
    while text := start + lines.read(max(characters - len(start), 0)):
        rest = "" if text.endswith("\n") else lines.readline(MAX_LINE)
        if len(rest) == MAX_LINE:
            raise AsosError(f"{name}: a line of more than {MAX_LINE >> 10} KiB")
        yield text + rest
        start = ""


def _layout(name: str, head: list[str]) -> tuple[Layout, int]:
    """Return the layout of a table, and the number of lines up to the end of its header.

    Raises AsosError if the table has no usable header.
    """
    header = find_header(head)
    if header is None:
        raise NoTableError(f"{name}, line 1: no header")
    position = f"{name}, line {header.begin + 1}"
    if header.layout.absent:
        has_no_column = len(header.layout.absent) == len(REQUIRED)
        is_note = has_no_column and name.lower().endswith(NOTE_SUFFIXES)
        raise (NoTableError if is_note else AsosError)(
            f"{position}: no column {', '.join(header.layout.absent)};"
            " an hourly ASOS file begins 지점,지점명,일시,기온(°C)"
        )
    if header.layout.width > MAX_COLUMNS:
        raise AsosError(f"{position}: more than {MAX_COLUMNS} columns")
    return header.layout, header.end


def _block(texts: list[str], first_line: int, layout: Layout, *, last_is_complete: bool) -> Block:
    rows = pl.DataFrame({"text": texts}, schema={"text": pl.String}).with_row_index(
        "line", offset=first_line
    )
    rows = rows.with_columns(pl.col("text").str.strip_chars_end(" "))
    last = rows.select(pl.col("line").max()).item() if not last_is_complete else None
    written = pl.col("text").str.strip_chars(" " + layout.separator) != ""
    rows = _without_quotes(rows.filter(written), layout.separator).with_columns(*_fields(layout))
    rows = rows.with_columns(
        _without_zeros(pl.col("station", "flag")),
        _with_ascii_minus(rows["temperature"]),
    )
    rows = rows.join(hours(rows["time"]), on="time", how="left", maintain_order="left")
    rows = rows.with_columns(
        celsius=pl.col("temperature").cast(pl.Float64, strict=False),
        station_id=pl.col("station").cast(pl.Int16, strict=False),
    )
    rows = rows.with_columns(temperature_c=pl.col("celsius").round(1))
    rows = rows.with_columns(reason=_reason(layout, last))
    good = pl.col("reason").is_null()
    missing = pl.col("reason") == "missing"
    return Block(
        rows=rows.height,
        missing=rows.select(missing.sum()).item() or 0,
        observations=rows.filter(good).select("line", "station_id", "observed_at", "temperature_c"),
        rejected=rows.filter(~good & ~missing).select("line", "text", "reason"),
    )


def _without_quotes(rows: pl.DataFrame, separator: str) -> pl.DataFrame:
    """Add the column `row`: the text of each row, without separators inside quoted fields.

    Only rows with a separator or a doubled quote inside quotes are parsed by `csv`, which is slow.
    """
    if not rows["text"].str.contains('"', literal=True).any():
        return rows.with_columns(row="text")
    plain = rf' *(?:"[^"{separator}]*"|[^"{separator}]*) *'
    slow = ~rows["text"].str.contains(f"^{plain}(?:{separator}{plain})*$")
    if not slow.any():
        return rows.with_columns(row="text")
    split = rows_of(rows["text"].filter(slow).to_list(), separator)
    joined = [separator.join(field.replace(separator, " ") for field in row) for row in split]
    return rows.with_columns(row=rows["text"].scatter(slow.arg_true(), pl.Series(joined)))


def _fields(layout: Layout) -> list[pl.Expr]:
    """Return expressions for the columns of `layout`, as text without outer quotes and spaces.

    The text is empty if the row or the table does not have the column.
    """
    last = max(layout.indices.values())
    split = pl.col("row").str.splitn(layout.separator, last + 2)
    fields = [
        split.struct.field(f"field_{index}").str.strip_chars(' "').fill_null("").alias(column)
        for column, index in layout.indices.items()
    ]
    return fields if "flag" in layout.indices else [*fields, pl.lit("").alias("flag")]


def _without_zeros(number: pl.Expr) -> pl.Expr:
    """Remove the `.0` that pandas writes after whole numbers: `108.0` becomes `108`."""
    return number.str.replace(r"^([0-9]+)\.0+$", "$1")


def _with_ascii_minus(temperatures: pl.Series) -> pl.Series:
    signs = [sign for sign in MINUS_SIGNS if temperatures.str.starts_with(sign).any()]
    return temperatures.str.replace_many(signs, ["-"] * len(signs)) if signs else temperatures


def _reason(layout: Layout, cut_line: int | None) -> pl.Expr:
    """Return an expression for the reason why a row is not an observation; null if it is one.

    The reason is `missing` if the row has no value or KMA's flag 9. `cut_line` is the number of a
    last line without a line end, which may be incomplete; None if there is no such line.
    """
    temperature = pl.col("temperature")
    too_short = pl.col("row").str.count_matches(layout.separator, literal=True) < layout.width - 1
    # The file may end inside the last number. `27.4` is complete: KMA prints one decimal at most.
    may_be_cut = (
        (pl.col("line") == (cut_line or 0))
        & (layout.indices["temperature"] == layout.width - 1)
        & ~temperature.str.contains(r"\.[0-9]$")
        & (temperature != "")
    )
    noise = temperature.str.contains(FLOAT_NOISE) & (
        (pl.col("celsius") - pl.col("temperature_c")).abs() < MAX_NOISE_C
    )
    unflagged = pl.col("flag").is_in(["", "0"])
    before = {
        "cut_row": too_short | may_be_cut,
        "unknown_station": ~pl.col("station_id").is_in(station_ids()).fill_null(False),
    }
    after = {
        "missing": (pl.col("flag") == "9") | ((temperature == "") & unflagged),
        "flagged_error": pl.col("flag") == "1",
        "unknown_flag": ~unflagged,
        "unreadable_temperature": ~(temperature.str.contains(TEMPERATURE) | noise),
        "impossible_temperature": ~pl.col("temperature_c").is_between(
            LOWEST_TEMPERATURE_C, HIGHEST_TEMPERATURE_C
        ),
    }
    return pl.coalesce(*_named(before), "time_fault", *_named(after))


def _named(causes: dict[str, pl.Expr]) -> list[pl.Expr]:
    """Return an expression for each possible cause: its name in rows where it applies, else null.

    `causes` has the condition of each cause by its name. The first name that is not null becomes
    the reason of the row.
    """
    return [pl.when(test).then(pl.lit(name)) for name, test in causes.items()]
