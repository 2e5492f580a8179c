"""What passes between planning, reading and staging: partitions, batches, problems.

A partition is a piece of the input that one task reads: some small files together, a run of
row groups of a big Parquet file, an archive. It is small and picklable (it names files, it
does not hold them), and its fingerprint tells whether the same piece was staged before.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import zstandard

from nalssi.common.errors import cause_without_file
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text

Kind = Literal[
    "text", "html", "xml", "jsonl", "parquet", "warc", "mhtml", "webarchive", "docx", "xlsx"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAGES: tuple[Kind, ...] = ("text", "html", "xml")
WRAPPED: tuple[Kind, ...] = ("mhtml", "webarchive", "docx", "xlsx")
"""Files that wrap pages or text in another format; see `embedded_page`."""
MEDIA_TYPES: dict[Kind, str] = {
    "text": "text/plain",
    "html": "text/html",
    "xml": "application/xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

DOCUMENTS = pl.Schema(
    {
        "document_id": pl.String(),
        "uri": pl.String(),
        "site": pl.String(),
        "media_type": pl.String(),
        "captured_at": pl.Datetime("us", "UTC"),
        "text": pl.String(),
    }
)
"""The columns of a batch's documents, all candidates: their raw content prints a unit."""

NOT_READ = "not read: "
"""How the line begins that counts the files that were not read."""

READ_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What opening, reading and unpacking a file can raise."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user says about the input; None: found by common names."""

    text_column: str | None = None
    url_column: str | None = None
    date_column: str | None = None
    date_timezone: str | None = None
    """Time zone of a corpus's dates that name none. Without it such dates are not used."""

    def __post_init__(self) -> None:
        if self.date_timezone is not None:
            try:
                ZoneInfo(self.date_timezone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(f"no time zone {self.date_timezone!r}") from None


@dataclass(frozen=True, slots=True)
class Item:
    """A file, or some rows of a Parquet file."""

    kind: Kind
    path: str
    """Where every worker can open it."""
    source: str
    """What to call it in front of the user."""
    uri: str
    size: int
    """Bytes on disk of what is read of it."""
    charset: str | None = None
    """What the web server said, for a page that was fetched."""
    captured_at: datetime | None = None
    rows: tuple[int, int] | None = None
    """First row and number of rows, for a part of a Parquet file."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A piece of the input; equal fingerprints mean equal content, places and options."""

    items: tuple[Item, ...]
    fingerprint: str
    options: Options = Options()

    @property
    def size(self) -> int:
        """Bytes on disk, for progress."""
        return sum(item.size for item in self.items)

    @property
    def label(self) -> str:
        """A short name for logs."""
        first, count = self.items[0], len(self.items)
        if count > 1:
            return f"{first.source} and {count - 1} more"
        if first.rows:
            start, number = first.rows
            return f"{first.source} rows {start + 1}-{start + number}"
        return first.source

    def problems_of(self, unreadable: Iterable[tuple[str, str]]) -> list[Problem]:
        """Documents (address, cause) that are no use; of a file the name that its user gave it."""
        names = {item.uri: item.source for item in self.items}
        return [Problem(names.get(uri, uri), cause) for uri, cause in unreadable]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something asked for that could not be used; the rest went on."""

    source: str
    """What to call it in front of the user; empty if `cause` counts several files."""
    cause: str
    place: str = ""
    passing: bool = False
    """The system's fault, not the content's: trying again may help."""

    def __post_init__(self) -> None:
        """Names and causes are others' words: problems go to terminals, logs and Parquet."""
        for name in ("source", "cause", "place"):
            object.__setattr__(self, name, safe_text(getattr(self, name), MAX_MESSAGE_LENGTH))

    def __str__(self) -> str:
        return ": ".join(part for part in (self.source, self.place, self.cause) if part)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a format that is not read."""

    source: str
    format: str
    """The name of the format, such as `PDF`."""
    cause: str
    named: bool = False
    """The user named this file itself, not a folder or pattern that it is in."""
    asset: bool = False
    """The file is a part of a page's decoration, an image for example."""


def not_read(skipped: Iterable[Skipped]) -> str | None:
    """One line that counts, by format, the files in folders and patterns that were not read."""
    counts = Counter(file.format for file in skipped if not file.named)
    most_first = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    formats = ", ".join(f"{count:,} {name}" for name, count in most_first)
    return f"{NOT_READ}{formats}" if formats else None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of what a partition holds."""

    documents: pl.DataFrame
    read: int
    """Documents read, candidates or not."""
    bytes: int
    """Bytes of the partition on disk that this batch has used up."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The partitions of an input, and what of it could not be used."""

    partitions: list[Partition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """A problem for each source, and one for all files in `skipped` that nobody named."""
    skipped: list[Skipped] = field(default_factory=list)


def problem(source: str, error: BaseException, place: str = "") -> Problem:
    """What an exception means to the user."""
    passing = isinstance(error, OSError) and error.errno is not None
    return Problem(source, cause_without_file(error), place, passing)


def file_uri(path: Path) -> str:
    return path.resolve().as_uri()
