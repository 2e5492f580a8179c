"""Reader of hourly ASOS files as downloaded from KMA's data portal (data.kma.go.kr, 시간자료).

A row is a station and an hour: `지점,지점명,일시,기온(°C),기온 QC플래그,…`. What varies:

- CP949, or UTF-8 with or without a byte order mark; `\\n` or `\\r\\n`;
- the columns chosen for the download, with or without QC flags, fields quoted or not;
- `2022-08-08 01:00` or `2006-01-01 0:00`: Korean time (UTC+9, no summer time), and midnight is
  0:00 of the day that begins (`24:00` does not occur);
- `.1` for 0.1, `-.5`, `28` for 28.0; an empty field for a missing value.

KMA's flags: 0 or empty is good, 1 is an error, 9 is missing. A value with flag 9 is not trusted
(it occurs), nor one with a flag that KMA does not define.

Files are read in blocks of bytes, so memory does not grow with them. Fields are cut at commas
without decoding: in CP949 no second byte of a character is a comma, a quote or a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from schemas.vocabulary import station_ids

BLOCK_BYTES = 4 << 20
LONGEST_LINE = 1 << 16
MOST_COLUMNS = 256
"""KMA's files have some 40 columns and 300 bytes a line; what has more is none of them."""
KST = pl.duration(hours=9)
COLUMNS = {
    "station": re.compile(r"지점"),
    "time": re.compile(r"일시"),
    "temperature": re.compile(r"기온\s*\(.*\)"),  # not 지면온도(°C), nor 평균기온(°C)
    "flag": re.compile(r"기온\s*QC\s*플래그"),
}
REQUIRED = {"station": "지점", "time": "일시", "temperature": "기온(°C)"}
TEMPERATURE = r"^-?(?:[0-9]{1,3}(?:\.[0-9])?|\.[0-9])$"
HIGHEST_C = 60.0


class AsosError(ValueError):
    """A file is no hourly ASOS file; the message names the file, the line and the cause."""


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
    """Where the columns of a file are, how many there are, and how its text is encoded."""

    encoding: str
    width: int
    places: dict[str, int]


def read_asos(path: Path) -> Iterator[Block]:
    """The rows of a file, block by block. Raises AsosError for a file that cannot be used."""
    try:
        if path.exists() and not path.is_file():  # a pipe may never end
            raise AsosError(f"{path}: cannot be read: no file")
        with path.open("rb") as file:
            layout = _layout(path, file.readline(LONGEST_LINE))
            line = 2
            for raw in _blocks(path, file):
                texts = raw.decode(layout.encoding, errors="replace").split("\n")
                whole = texts[-1] == ""
                texts = texts[:-1] if whole else texts
                yield _block(texts, line, layout, last_is_whole=whole)
                line += len(texts)
    except OSError as error:
        raise AsosError(f"{path}: cannot be read: {error.strerror or error}") from error


def _blocks(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """Pieces of a file that end where lines end."""
    while raw := file.read(BLOCK_BYTES):
        rest = b"" if raw.endswith(b"\n") else file.readline(LONGEST_LINE)
        if len(rest) == LONGEST_LINE:
            raise AsosError(f"{path}: a line of more than {LONGEST_LINE >> 10} KiB")
        yield raw + rest


def _layout(path: Path, raw: bytes) -> Layout:
    if not raw.strip():
        raise AsosError(f"{path}, line 1: no header")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            header = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise AsosError(f"{path}, line 1: neither UTF-8 nor CP949 text")
    if header.count(",") >= MOST_COLUMNS:
        raise AsosError(f"{path}, line 1: more than {MOST_COLUMNS} columns")
    names = [name.strip().strip('"').strip() for name in header.split(",")]
    places = {
        column: place
        for place, name in reversed(list(enumerate(names)))
        for column, pattern in COLUMNS.items()
        if pattern.fullmatch(name)
    }
    if absent := [name for column, name in REQUIRED.items() if column not in places]:
        raise AsosError(
            f"{path}, line 1: no column {', '.join(absent)};"
            " an hourly ASOS file begins 지점,지점명,일시,기온(°C)"
        )
    return Layout(encoding, len(names), places)


def _block(texts: list[str], first_line: int, layout: Layout, *, last_is_whole: bool) -> Block:
    rows = pl.DataFrame({"text": texts}, schema={"text": pl.String}).with_row_index(
        "line", offset=first_line
    )
    rows = rows.with_columns(pl.col("text").str.strip_chars_end("\r").str.strip_chars_end(" "))
    last = rows.select(pl.col("line").max()).item() if not last_is_whole else None
    rows = rows.filter(pl.col("text") != "").with_columns(*_fields(layout))
    rows = rows.with_columns(
        observed_at=_instant(pl.col("time")),
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
    split = pl.col("text").str.splitn(",", furthest + 2)
    fields = [
        split.struct.field(f"field_{place}").str.strip_chars(' "').fill_null("").alias(column)
        for column, place in layout.places.items()
    ]
    return fields if "flag" in layout.places else [*fields, pl.lit("").alias("flag")]


def _instant(time: pl.Expr) -> pl.Expr:
    local = time.str.to_datetime("%Y-%m-%d %H:%M", strict=False, time_unit="us")
    return (local - KST).dt.replace_time_zone("UTC")


def _reason(layout: Layout, cut_line: int | None) -> pl.Expr:
    """Why a row is no observation, "missing" if it just has no value, null if it is one."""
    temperature = pl.col("temperature")
    too_short = pl.col("text").str.count_matches(",", literal=True) < layout.width - 1
    # A file cut off inside its last number: KMA prints at most one decimal, so `27.4` is whole.
    perhaps_cut = (
        (pl.col("line") == (cut_line or 0))
        & (layout.places["temperature"] == layout.width - 1)
        & ~temperature.str.contains(r"\.[0-9]$")
        & (temperature != "")
    )
    unflagged = pl.col("flag").is_in(["", "0"])
    causes = {
        "cut_row": too_short | perhaps_cut,
        "unknown_station": ~pl.col("station_id").is_in(station_ids()).fill_null(False),
        "unreadable_time": pl.col("observed_at").is_null(),
        "not_on_the_hour": pl.col("observed_at").dt.minute() != 0,
        "missing": (pl.col("flag") == "9") | ((temperature == "") & unflagged),
        "flagged_error": pl.col("flag") == "1",
        "unknown_flag": ~unflagged,
        "unreadable_temperature": ~temperature.str.contains(TEMPERATURE),
        "impossible_temperature": pl.col("temperature_c").abs() > HIGHEST_C,
    }
    return pl.coalesce(pl.when(test).then(pl.lit(name)) for name, test in causes.items())
