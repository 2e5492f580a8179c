"""Reader of hourly ASOS files as downloaded from KMA's data portal (data.kma.go.kr, 시간자료).

A row is a station and an hour: `지점,지점명,일시,기온(°C),기온 QC플래그,…`. What varies:

- the form of the file and its encoding (see `forms`), and the spelling of the hour (see `hours`);
- fields separated by commas, tabs or semicolons, quoted or not; `\\n` or `\\r\\n`;
- the columns chosen for the download, with or without QC flags;
- `.1` for 0.1, `-.5`, `28` for 28.0, `25.30`; an empty field for a missing value. pandas writes
  whole numbers with `.0` where its column has a gap: `108.0`, flag `9.0`.

KMA's flags: 0 or empty is good, 1 is an error, 9 is missing. A value with flag 9 is not trusted
(it occurs), nor one with a flag that KMA does not define.

Files are read in blocks of lines, so memory does not grow with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import polars as pl

from nalssi.reconcile.forms import LONGEST_LINE, AsosError, Table, lines_of, tables_of
from nalssi.reconcile.hours import hours
from schemas.vocabulary import station_ids

BLOCK_CHARACTERS = 4 << 20
MOST_COLUMNS = 256
"""KMA's files have some 40 columns and 300 bytes a line; what has more is none of them."""
SEPARATORS = (",", "\t", ";")
COLUMNS = {
    "station": re.compile(r"지점"),
    "time": re.compile(r"일시"),
    "temperature": re.compile(r"기온\s*\(.*\)"),  # not 지면온도(°C), nor 평균기온(°C)
    "flag": re.compile(r"기온\s*QC\s*플래그"),
}
REQUIRED = {"station": "지점", "time": "일시", "temperature": "기온(°C)"}
TEMPERATURE = r"^-?(?:[0-9]{1,3}(?:\.[0-9]?0*)?|\.[0-9]0*)$"
HIGHEST_C = 60.0


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


@dataclass(frozen=True)
class Layout:
    """Where the columns of a table are, how many there are, and what separates them."""

    separator: str
    width: int
    places: dict[str, int]


def read_asos(path: Path) -> Iterator[Block]:
    """The rows of a file, block by block. Raises AsosError for a file that cannot be used."""
    for table in tables_of(path):
        yield from read_table(table)


def read_table(table: Table) -> Iterator[Block]:
    """The rows of a table, block by block. Raises AsosError for one that cannot be used."""
    with lines_of(table) as lines:
        layout = _layout(table.name, lines.readline(LONGEST_LINE))
        line = 2
        for text in _blocks(table.name, lines):
            texts = text.split("\n")
            whole = texts[-1] == ""
            texts = texts[:-1] if whole else texts
            yield _block(texts, line, layout, last_is_whole=whole)
            line += len(texts)


def _blocks(name: str, lines: TextIO) -> Iterator[str]:
    """Pieces of a table that end where lines end."""
    while text := lines.read(BLOCK_CHARACTERS):
        rest = "" if text.endswith("\n") else lines.readline(LONGEST_LINE)
        if len(rest) == LONGEST_LINE:
            raise AsosError(f"{name}: a line of more than {LONGEST_LINE >> 10} KiB")
        yield text + rest


def _layout(name: str, header: str) -> Layout:
    if not header.strip():
        raise AsosError(f"{name}, line 1: no header")
    layouts = [_split(header, separator) for separator in SEPARATORS]
    layout = max(layouts, key=lambda layout: len(REQUIRED.keys() & layout.places.keys()))
    if absent := [title for column, title in REQUIRED.items() if column not in layout.places]:
        raise AsosError(
            f"{name}, line 1: no column {', '.join(absent)};"
            " an hourly ASOS file begins 지점,지점명,일시,기온(°C)"
        )
    if layout.width > MOST_COLUMNS:
        raise AsosError(f"{name}, line 1: more than {MOST_COLUMNS} columns")
    return layout


def _split(header: str, separator: str) -> Layout:
    names = [name.strip().strip('"').strip() for name in header.split(separator)]
    places = {
        column: place
        for place, name in reversed(list(enumerate(names)))
        for column, pattern in COLUMNS.items()
        if pattern.fullmatch(name)
    }
    return Layout(separator, len(names), places)


def _block(texts: list[str], first_line: int, layout: Layout, *, last_is_whole: bool) -> Block:
    rows = pl.DataFrame({"text": texts}, schema={"text": pl.String}).with_row_index(
        "line", offset=first_line
    )
    rows = rows.with_columns(pl.col("text").str.strip_chars_end(" "))
    last = rows.select(pl.col("line").max()).item() if not last_is_whole else None
    written = pl.col("text").str.strip_chars(" " + layout.separator) != ""
    rows = rows.filter(written).with_columns(*_fields(layout))
    rows = rows.with_columns(_without_zeros(pl.col("station", "flag")))
    rows = rows.join(hours(rows["time"]), on="time", how="left", maintain_order="left")
    rows = rows.with_columns(
        temperature_c=pl.col("temperature").cast(pl.Float64, strict=False).round(1),
        station_id=pl.col("station").cast(pl.Int16, strict=False),
    ).with_columns(reason=_reason(layout, last))
    good = pl.col("reason").is_null()
    missing = pl.col("reason") == "missing"
    return Block(
        rows=rows.height,
        missing=rows.select(missing.sum()).item() or 0,
        observations=rows.filter(good).select("line", "station_id", "observed_at", "temperature_c"),
        refused=rows.filter(~good & ~missing).select("line", "text", "reason"),
    )


def _fields(layout: Layout) -> list[pl.Expr]:
    """The fields in use, as text without quotes and spaces around; "" where there is none."""
    furthest = max(layout.places.values())
    split = pl.col("text").str.splitn(layout.separator, furthest + 2)
    fields = [
        split.struct.field(f"field_{place}").str.strip_chars(' "').fill_null("").alias(column)
        for column, place in layout.places.items()
    ]
    return fields if "flag" in layout.places else [*fields, pl.lit("").alias("flag")]


def _without_zeros(number: pl.Expr) -> pl.Expr:
    """`108` for pandas' `108.0`."""
    return number.str.replace(r"^([0-9]+)\.0+$", "$1")


def _reason(layout: Layout, cut_line: int | None) -> pl.Expr:
    """Why a row is no observation, "missing" if it just has no value, null if it is one."""
    temperature = pl.col("temperature")
    too_short = pl.col("text").str.count_matches(layout.separator, literal=True) < layout.width - 1
    # A file cut off inside its last number: KMA prints at most one decimal, so `27.4` is whole.
    perhaps_cut = (
        (pl.col("line") == (cut_line or 0))
        & (layout.places["temperature"] == layout.width - 1)
        & ~temperature.str.contains(r"\.[0-9]$")
        & (temperature != "")
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
        "unreadable_temperature": ~temperature.str.contains(TEMPERATURE),
        "impossible_temperature": pl.col("temperature_c").abs() > HIGHEST_C,
    }
    return pl.coalesce(*_named(before), "time_fault", *_named(after))


def _named(causes: dict[str, pl.Expr]) -> list[pl.Expr]:
    return [pl.when(test).then(pl.lit(name)) for name, test in causes.items()]
