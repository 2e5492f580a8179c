"""The types that planning, readers and extraction share: `Partition`, `Batch`, `Plan`.

A partition is a share of the input that one task reads: some small files, a run of row groups of a
large Parquet file, or a web archive. It contains the names of files but not their content, so it is
small and can be pickled. `planning` makes the partitions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nalssi.common.command_option import CommandOption
from nalssi.sources.formats import Kind
from nalssi.sources.problems import Problem, Skipped

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Options:
    """The columns of a corpus that the user names, and the time zone of its dates.

    If a column is None, the readers look for the usual column names.
    """

    text_column: Annotated[
        str | None, CommandOption("Column of a corpus that holds the text.", heading="Corpora")
    ] = None
    url_column: Annotated[
        str | None, CommandOption("Column of a corpus that holds the address.", heading="Corpora")
    ] = None
    date_column: Annotated[
        str | None,
        CommandOption("Column of a corpus that holds the capture time.", heading="Corpora"),
    ] = None
    date_timezone: Annotated[
        str | None,
        CommandOption("Time zone of capture times that do not state one.", heading="Corpora"),
    ] = None
    """The time zone of capture times that do not state one. None: such capture times are not
    used."""

    def __post_init__(self) -> None:
        if self.date_timezone is not None:
            try:
                ZoneInfo(self.date_timezone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                zone = self.date_timezone
                raise ValueError(f"unknown time zone {zone!r} (--date-timezone)") from None


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, or a range of rows of a Parquet file."""

    kind: Kind
    path: str
    """An absolute path, or the address of an object, that every worker can open."""
    source: str
    """The name to show to the user."""
    uri: str
    """The address of the file's documents that have none of their own, such as a `file:` URI."""
    size: int
    """The number of bytes on disk that are read of the file."""
    charset: str | None = None
    """The charset that the web server named, for a page that was fetched."""
    captured_at: datetime | None = None
    """The time (UTC) when the page was fetched; None for other files."""
    etag: str | None = None
    """The entity tag of a remote object, by which a reader notices that the object changed."""
    rows: tuple[int, int] | None = None
    """First row and number of rows, for a part of a Parquet file."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A share of the input that one task reads.

    Two partitions with the same fingerprint have the same content, addresses and options. So a
    partition need not be read if one with its fingerprint was extracted before.
    """

    files: tuple[SourceFile, ...]
    fingerprint: str
    options: Options = NO_OPTIONS

    @property
    def size(self) -> int:
        """The number of bytes of the partition on disk, for progress displays."""
        return sum(file.size for file in self.files)

    @property
    def label(self) -> str:
        """A short name for logs: the first file, and its rows or the number of other files."""
        first, count = self.files[0], len(self.files)
        if count > 1:
            return f"{first.source} and {count - 1} more"
        if first.rows:
            start, number = first.rows
            return f"{first.source} rows {start + 1}-{start + number}"
        return first.source

    def problems_of(self, unusable: Iterable[tuple[str, str]]) -> list[Problem]:
        """Return a Problem for each unusable document. `unusable` has pairs of URI and cause.

        If the document is a file of this partition, the Problem shows the name that the user gave
        to the file.
        """
        names = {file.uri: file.source for file in self.files}
        return [Problem(names.get(uri, uri), cause) for uri, cause in unusable]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of the documents of a partition, with counts and problems."""

    documents: pl.DataFrame
    """Only documents that may contain a ticker; see `page_documents.DOCUMENTS` for the columns."""
    read: int
    """The number of documents read, with and without a possible ticker."""
    bytes: int
    """The number of the partition's bytes on disk that were read for this batch."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The result of planning: the partitions of an input, its problems and its skipped files."""

    partitions: list[Partition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """One for each unusable source, and one that counts the skipped files by format."""
    skipped: list[Skipped] = field(default_factory=list)


def file_uri(path: Path) -> str:
    """Return the `file:` URI of a path. A relative path is made absolute first."""
    return path.resolve().as_uri()
