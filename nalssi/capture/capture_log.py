"""The log of captures, `captures.ndjson`: one JSON line per attempt to fetch a source.

The functions here turn attempts into lines and lines into a frame. `landing` reads and writes the
file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import polars as pl

Outcome = Literal["new", "unchanged", "failed"]

LOG_COLUMNS = pl.Schema(
    {
        "at": pl.Datetime("us", "UTC"),
        "source": pl.String(),
        "url": pl.String(),
        "interval_s": pl.Float64(),
        "outcome": pl.String(),
        "status": pl.Int32(),
        "bytes": pl.Int64(),
        "uri": pl.String(),
        "digest": pl.String(),
        "file": pl.String(),
        "etag": pl.String(),
        "last_modified": pl.String(),
        "error": pl.String(),
        "passing": pl.Boolean(),
        "retry_at": pl.Datetime("us", "UTC"),
    }
)
_REQUIRED = ("at", "source", "url", "interval_s", "outcome")
"""The columns of the log that are never null."""


@dataclass(frozen=True)
class Attempt:
    """An attempt to fetch a source, as a line of the log."""

    at: datetime
    source: str
    url: str
    interval_s: float
    """The source's interval at the time of the attempt, in seconds. With it, the log alone shows
    whether a source is late."""
    outcome: Outcome
    status: int | None = None
    bytes: int | None = None
    """The size of the body in bytes, as the server sent it."""
    uri: str | None = None
    """The address of the page after redirects: the WARC-Target-URI of its record."""
    digest: str | None = None
    """The SHA-256 digest of the unpacked body, in hexadecimal digits."""
    file: str | None = None
    """The file in the landing that contains the body. This attempt or an earlier one stored it."""
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None
    passing: bool | None = None
    """For a failed attempt: whether the cause is temporary."""
    retry_at: datetime | None = None


def log_line(attempt: Attempt) -> bytes:
    """Return an attempt as a line of the log."""
    values = asdict(attempt)
    for name in ("at", "retry_at"):
        values[name] = values[name] and utc_text(values[name])
    # Servers can send half a surrogate pair, which has no UTF-8. Replace it, so that the line is
    # written.
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def utc_text(instant: datetime) -> str:
    """Write an instant, which must be in UTC, with microseconds, as in WARC files and the log."""
    return f"{instant:%Y-%m-%dT%H:%M:%S.%f}Z"


def parse_log(content: bytes) -> tuple[pl.DataFrame, list[str]]:
    """Return the valid lines of a log (`LOG_COLUMNS`), and a message for each damaged line."""
    try:
        return _frame(content), []
    except pl.exceptions.PolarsError:
        lines = [line + b"\n" for line in content.split(b"\n")[:-1]]
    frames, damaged = [pl.DataFrame(schema=LOG_COLUMNS)], []
    blocks = [(1, lines)]
    while blocks:  # halve the blocks until each damaged line is alone
        first, lines = blocks.pop()
        try:
            frames.append(_frame(b"".join(lines)))
        except pl.exceptions.PolarsError:
            if len(lines) == 1:
                damaged.append(f"line {first:,} {_damage(lines[0])}")
            else:
                half = len(lines) // 2
                blocks += [(first + half, lines[half:]), (first, lines[:half])]
    return pl.concat(frames), damaged


def _damage(line: bytes) -> str:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return "is not JSON"
    return "is not an attempt"


def _frame(lines: bytes) -> pl.DataFrame:
    """Return lines of a log as a frame. Raises PolarsError if a line is damaged."""
    if not lines.strip():
        return pl.DataFrame(schema=LOG_COLUMNS)
    written = pl.Schema(LOG_COLUMNS | {"at": pl.String(), "retry_at": pl.String()})
    instants = pl.col("at", "retry_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.6fZ", time_zone="UTC")
    frame = pl.read_ndjson(lines, schema=written).with_columns(instants)
    if frame.select(pl.any_horizontal(pl.col(_REQUIRED).is_null().any())).item():
        raise pl.exceptions.ComputeError(f"a line without {', '.join(_REQUIRED)}")
    return frame
