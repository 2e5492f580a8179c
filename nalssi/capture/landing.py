"""The landing: the folder of fetched pages, as servers sent them, and the log of captures.

Each new content becomes a WARC file with one response record,
`landing/<source>/<month>/<time>-<digest>.warc.gz`, written atomically. Every tool for web archives
reads it, and `nalssi ingest <warehouse>/landing` extracts it again with a newer parser. A content
that a source has printed before is not stored again. The line of the log is written after the file
is stored. Lines are only appended to the log, until `log_rotation` moves old ones.
"""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from nalssi.capture.capture_log import (
    LOG_COLUMNS,
    Attempt,
    log_line,
    parse_log,
)
from nalssi.capture.warc_record import warc_record
from nalssi.common.atomic_files import (
    atomic_write,
    complete_lines,
    remove_stale_temporary_files,
)
from nalssi.common.errors import naming_file
from nalssi.warehouse import Warehouse
from nalssi.warehouse.writer_lock import writer_lock

if TYPE_CHECKING:  # importing the fetcher imports httpx, which reading the log does not need
    from nalssi.capture.fetched_response import FetchedResponse

_MOST_NAMED = 5
"""The largest number of damaged lines that get a message each. One message counts the others."""


class Landing:
    """The landing of a warehouse and its log. Only one run at a time can hold its lock."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.folder = warehouse.landing
        self.log = warehouse.folder / "captures.ndjson"
        self.older_logs = warehouse.folder / "captures"
        """The folder with the log lines of former months; see `log_rotation.rotate_log`."""
        self.lock = self.folder / ".lock"
        self.load_mark = self.folder / ".loaded"
        self._lock = threading.Lock()
        self._log_to_mark: int | None = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock during the `with` block. Other runs wait for it.

        Incomplete files of killed runs, and an incomplete last line of the log, are removed first.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(self.lock):
            remove_stale_temporary_files(self.folder)
            remove_stale_temporary_files(self.log.parent)  # of a rotation of the log
            if self.log.exists():
                os.truncate(self.log, len(complete_lines(self.log)))
            yield

    def complete_log(self) -> bytes:
        """Return the content of the log file, without an incomplete last line."""
        return complete_lines(self.log)

    def attempts(self) -> pl.DataFrame:
        """Return the attempts in the log (`LOG_COLUMNS`), oldest first, without damaged lines."""
        return self.read_log()[0]

    def read_log(self) -> tuple[pl.DataFrame, list[str]]:
        """Return the log, like `attempts`, and a message for each damaged line.

        Damaged lines after the first `_MOST_NAMED` share one message, which counts them.
        """
        if not self.log.exists():
            return pl.DataFrame(schema=LOG_COLUMNS), []
        attempts, damaged = parse_log(complete_lines(self.log))
        problems = [f"{self.log}: damaged: {line}" for line in damaged[:_MOST_NAMED]]
        if more := damaged[_MOST_NAMED:]:
            problems.append(f"{self.log}: damaged: {len(more):,} more lines")
        return attempts.sort("at", maintain_order=True), problems

    def log_attempt(self, attempt: Attempt) -> None:
        """Append a line to the log. If that fails, no part of the line remains."""
        line = log_line(attempt)
        with self._lock, naming_file(self.log), self.log.open("ab") as file:
            end = file.seek(0, os.SEEK_END)
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(self.log, end)
                raise

    def store(self, source: str, response: FetchedResponse, media_type: str) -> str:
        """Store a response as a WARC file, and return the path of the file in the landing.

        `source` is the name of the source, `media_type` the type that the record states.
        """
        digest = content_digest(response)
        name = f"{response.at:%Y%m%dT%H%M%SZ}-{digest[:16]}.warc.gz"
        path = self.folder / source / f"{response.at:%Y-%m}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path, self.folder) as partial, partial.open("wb") as file:
            file.write(gzip.compress(warc_record(response, media_type), mtime=0))
            file.flush()
            os.fsync(file.fileno())
        return path.relative_to(self.folder).as_posix()

    def files_to_load(self) -> tuple[list[Path], int]:
        """Return the files stored since the last load, and the log's size in bytes.

        When the files are loaded, give this size to `mark_loaded`.
        """
        if not self.log.exists():
            return [], 0
        self._log_to_mark = self.log.stat().st_ino
        end = len(complete_lines(self.log))
        fresh, _ = parse_log(self._lines_since_load())
        stored = fresh.filter(pl.col("outcome") == "new")["file"].to_list()
        files = [self.folder / file for file in stored]
        return [file for file in files if file.exists()], end

    def mark_loaded(self, end: int) -> None:
        """Record that the log up to the byte position `end` is in the warehouse.

        Nothing is recorded if the log was rotated since `files_to_load` read it. Its pages are then
        loaded again, which changes nothing.
        """
        if self._log_to_mark in (None, self.log.stat().st_ino if self.log.exists() else None):
            self.write_mark(end)

    def write_mark(self, end: int) -> None:
        """Write the mark of loaded pages: the log up to byte position `end` is in the warehouse."""
        with atomic_write(self.load_mark) as partial:
            partial.write_text(str(end))

    def _lines_since_load(self) -> bytes:
        """Return the lines of the log that `mark_loaded` has not marked as loaded.

        If the mark does not fit the log, for example after the log was replaced, return all lines.
        """
        lines, mark = complete_lines(self.log), self.loaded_up_to()
        return lines[mark:] if lines[mark - 1 : mark] == b"\n" else lines

    def loaded_up_to(self) -> int:
        """Return the byte position that `mark_loaded` recorded, or 0 if there is none."""
        try:
            return int(self.load_mark.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):  # all is loaded again, which changes nothing
            return 0


def content_digest(response: FetchedResponse) -> str:
    """Return the SHA-256 digest (hex digits) of the unpacked body of a response.

    So it does not depend on the server's compression.
    """
    return sha256(response.body).hexdigest()
