"""Reader of hourly ASOS files as downloaded from KMA's data portal (data.kma.go.kr, 시간자료).

A row is a station and an hour: `지점,지점명,일시,기온(°C),기온 QC플래그,…`. What varies:

- the form of the file and its encoding (see `forms`), and the spelling of the hour (see `hours`);
- fields separated by commas, tabs or semicolons, quoted or not; `\\n` or `\\r\\n`;
- lines above the header (see `columns`);
- the columns chosen for the download, with or without QC flags;
- `.1` for 0.1, `-.5`, `28` for 28.0, `25.30`; an empty field for a missing value. pandas writes
  whole numbers with `.0` where its column has a gap: `108.0`, flag `9.0`. Programs that compute
  write `25.299999999999997` for 25.3, word processors `−1.4` with a minus sign (U+2212).

KMA's flags: 0 or empty is good, 1 is an error, 9 is missing. A value with flag 9 is not trusted
(it occurs), nor one with a flag that KMA does not define.

Files are read in blocks of lines, so memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import polars as pl

from nalssi.observations.asos_files import (
    LONGEST_LINE,
    AsosError,
    NoTableError,
    Table,
    lines_of,
    tables_of,
)
from nalssi.observations.asos_header import HEADER_LINES, REQUIRED, Layout, find_header, rows_of
from nalssi.observations.asos_hours import hours
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from schemas.vocabulary import station_ids

BLOCK_CHARACTERS = 4 << 20
MOST_COLUMNS = 256
"""KMA's files have some 40 columns and 300 bytes a line; what has more is none of them."""
TEMPERATURE = r"^-?(?:[0-9]{1,3}(?:\.[0-9]?0*)?|\.[0-9]0*)$"
NOTES = (".txt", ".md", ".rtf")
"""Names of what is a note if it has none of the columns; any other file should be a table."""
MINUS = ("\u2212", "\uff0d")
FLOAT_NOISE = r"^-?[0-9]{0,3}\.[0-9]{10,}$"
NOISE_C = 4e-6
"""How far a 32-bit float below 60 can be from its tenth; a 64-bit one is nearer."""


@dataclass(frozen=True)
class Block:
    """Some rows of a file: rows = observations + refused + missing.

    `observations`: `line, station_id, observed_at, temperature_c`, station-hours perhaps repeated.
    `refused`: `line, text, reason`.
    """

    rows: int
    missing: int
    observations: pl.DataFrame
    refused: pl.DataFrame


def read_asos(path: Path) -> Iterator[Block]:
    """The rows of a file, block by block. Raises AsosError for a file that cannot be used."""
    for table in tables_of(path):
        yield from read_table(table)


def read_table(table: Table) -> Iterator[Block]:
    """The rows of a table, block by block. Raises AsosError for one that cannot be used."""
    with lines_of(table) as lines:
        head = _head(lines)
        layout, line = _layout(table.name, head)
        for text in _blocks(table.name, "".join(head[line:]), lines):
            texts = text.split("\n")
            whole = texts[-1] == ""
            texts = texts[:-1] if whole else texts
            yield _block(texts, line + 1, layout, last_is_whole=whole)
            line += len(texts)


def _head(lines: TextIO) -> list[str]:
    """The lines in which the header is looked for, up to one that is too long."""
    head: list[str] = []
    while len(head) < HEADER_LINES and (line := lines.readline(LONGEST_LINE)):
        head.append(line)
        if len(line) == LONGEST_LINE:
            break
    return head


def _blocks(name: str, begun: str, lines: TextIO) -> Iterator[str]:
    """Pieces of a table that end where lines end; the first begins with `begun`."""
    while text := begun + lines.read(max(BLOCK_CHARACTERS - len(begun), 0)):
        rest = "" if text.endswith("\n") else lines.readline(LONGEST_LINE)
        if len(rest) == LONGEST_LINE:
            raise AsosError(f"{name}: a line of more than {LONGEST_LINE >> 10} KiB")
        yield text + rest
        begun = ""


def _layout(name: str, head: list[str]) -> tuple[Layout, int]:
    """The layout of a table, and how many of its lines are the header and what is above it."""
    header = find_header(head)
    if header is None:
        raise NoTableError(f"{name}, line 1: no header")
    place = f"{name}, line {header.begin + 1}"
    if header.layout.absent:
        is_text = name.lower().endswith(NOTES) and len(header.layout.absent) == len(REQUIRED)
        raise (NoTableError if is_text else AsosError)(
            f"{place}: no column {', '.join(header.layout.absent)};"
            " an hourly ASOS file begins 지점,지점명,일시,기온(°C)"
        )
    if header.layout.width > MOST_COLUMNS:
        raise AsosError(f"{place}: more than {MOST_COLUMNS} columns")
    return header.layout, header.end


def _block(texts: list[str], first_line: int, layout: Layout, *, last_is_whole: bool) -> Block:
    rows = pl.DataFrame({"text": texts}, schema={"text": pl.String}).with_row_index(
        "line", offset=first_line
    )
    rows = rows.with_columns(pl.col("text").str.strip_chars_end(" "))
    last = rows.select(pl.col("line").max()).item() if not last_is_whole else None
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
        refused=rows.filter(~good & ~missing).select("line", "text", "reason"),
    )


def _without_quotes(rows: pl.DataFrame, separator: str) -> pl.DataFrame:
    """With a column `row`: `text` in which a separator stands between fields alone.

    Only a row that has a separator or a doubled quote inside quotes takes the slow way.
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
    """The fields in use, as text without quotes and spaces around; "" where there is none."""
    furthest = max(layout.places.values())
    split = pl.col("row").str.splitn(layout.separator, furthest + 2)
    found = [
        split.struct.field(f"field_{place}").str.strip_chars(' "').fill_null("").alias(column)
        for column, place in layout.places.items()
    ]
    return found if "flag" in layout.places else [*found, pl.lit("").alias("flag")]


def _without_zeros(number: pl.Expr) -> pl.Expr:
    """`108` for pandas' `108.0`."""
    return number.str.replace(r"^([0-9]+)\.0+$", "$1")


def _with_ascii_minus(temperatures: pl.Series) -> pl.Series:
    found = [sign for sign in MINUS if temperatures.str.starts_with(sign).any()]
    return temperatures.str.replace_many(found, ["-"] * len(found)) if found else temperatures


def _reason(layout: Layout, cut_line: int | None) -> pl.Expr:
    """Why a row is no observation, "missing" if it just has no value, null if it is one."""
    temperature = pl.col("temperature")
    too_short = pl.col("row").str.count_matches(layout.separator, literal=True) < layout.width - 1
    # A file cut off inside its last number: KMA prints at most one decimal, so `27.4` is whole.
    perhaps_cut = (
        (pl.col("line") == (cut_line or 0))
        & (layout.places["temperature"] == layout.width - 1)
        & ~temperature.str.contains(r"\.[0-9]$")
        & (temperature != "")
    )
    noise = temperature.str.contains(FLOAT_NOISE) & (
        (pl.col("celsius") - pl.col("temperature_c")).abs() < NOISE_C
    )
    unflagged = pl.col("flag").is_in(["", "0"])
    before = {
        "cut_row": too_short | perhaps_cut,
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
    return [pl.when(test).then(pl.lit(name)) for name, test in causes.items()]
