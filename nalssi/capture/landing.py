"""The landing: what arrived, as it came, and the log of every attempt.

Each new content is a WARC file of one response record, `landing/<source>/<month>/<time>-<digest>
.warc.gz`, put in place by a rename: every tool for web archives reads it, and `nalssi ingest
<warehouse>/landing` does again when a better parser has come. A content that a source has printed
before is not stored again. `captures.ndjson` beside the landing has a line for every attempt; it
is only ever appended to, after what it tells of is in place.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

import polars as pl

from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.warehouse import Warehouse
from nalssi.warehouse.writer_lock import writer_lock

if TYPE_CHECKING:  # fetching brings httpx, which whoever only reads the log does without
    from nalssi.capture.fetch import Answer

Outcome = Literal["new", "unchanged", "failed"]

LOG = pl.Schema(
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
"""The columns of the log."""


_NEEDED = ("at", "source", "url", "interval_s", "outcome")
"""What every line has."""
_NAMED = 5
"""Damaged lines that are named; more are counted."""


@dataclass(frozen=True)
class Attempt:
    """A line of the log: a source was asked for its page."""

    at: datetime
    source: str
    url: str
    interval_s: float
    """The source's interval at that time, so that the log alone tells when one is late."""
    outcome: Outcome
    status: int | None = None
    bytes: int | None = None
    """Of the body as it came."""
    uri: str | None = None
    """Where the page came from, after redirects: the record's WARC-Target-URI."""
    digest: str | None = None
    """SHA-256 of the unpacked body."""
    file: str | None = None
    """The file in the landing that has the body, stored now or before."""
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None
    passing: bool | None = None
    """Of a failure: whether trying again soon may help."""
    retry_at: datetime | None = None


class Landing:
    """A warehouse's landing and its log, open for one run at a time."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.folder = warehouse.landing
        self.log = warehouse.folder / "captures.ndjson"
        self._loaded = self.folder / ".loaded"
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out, which wait; what a killed run left unfinished goes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(self.folder / ".lock"):
            remove_stale_temporary_files(self.folder)
            if self.log.exists():
                os.truncate(self.log, len(_whole_lines(self.log)))
            yield

    def attempts(self) -> pl.DataFrame:
        """The log, oldest first, without its damaged lines."""
        return self.read()[0]

    def read(self) -> tuple[pl.DataFrame, list[str]]:
        """The log, oldest first, and a message for each damaged line, which is left out."""
        if not self.log.exists():
            return pl.DataFrame(schema=LOG), []
        attempts, damaged = _parsed(_whole_lines(self.log))
        problems = [f"{self.log}: damaged: {line}" for line in damaged[:_NAMED]]
        if more := damaged[_NAMED:]:
            problems.append(f"{self.log}: damaged: {len(more):,} more lines")
        return attempts.sort("at", maintain_order=True), problems

    def add(self, attempt: Attempt) -> None:
        """Append a line to the log; where that fails, none of it stays."""
        values = asdict(attempt)
        for name in ("at", "retry_at"):
            values[name] = values[name] and _iso(values[name])
        # Half a surrogate pair has no UTF-8; nothing that a server sends may stop the line.
        line = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        with self._lock, self.log.open("ab") as file:
            end = file.seek(0, os.SEEK_END)
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(self.log, end)
                raise

    def store(self, source: str, answer: Answer, media_type: str) -> str:
        """Put an answer in place; its file's name in the landing."""
        digest = digest_of(answer)
        name = f"{answer.at:%Y%m%dT%H%M%SZ}-{digest[:16]}.warc.gz"
        place = self.folder / source / f"{answer.at:%Y-%m}" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(place, self.folder) as partial, partial.open("wb") as file:
            file.write(gzip.compress(_record(answer, media_type), mtime=0))
            file.flush()
            os.fsync(file.fileno())
        return place.relative_to(self.folder).as_posix()

    def unloaded(self) -> tuple[list[Path], int]:
        """Files stored since the last load, and where the log ends, for `mark_loaded`."""
        if not self.log.exists():
            return [], 0
        end = len(_whole_lines(self.log))
        fresh, _ = _parsed(self._since_load())
        stored = fresh.filter(pl.col("outcome") == "new")["file"].to_list()
        files = [self.folder / file for file in stored]
        return [file for file in files if file.exists()], end

    def _mark(self) -> int:
        """How far into the log a load has come."""
        try:
            return int(self._loaded.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):  # then all is loaded again, which changes nothing
            return 0

    def _since_load(self) -> bytes:
        """The log's lines from the mark on; all of them if this is not the log that it is of."""
        lines, mark = _whole_lines(self.log), self._mark()
        return lines[mark:] if lines[mark - 1 : mark] == b"\n" else lines

    def mark_loaded(self, end: int) -> None:
        """Remember that everything up to there in the log is in the warehouse."""
        with atomic_write(self._loaded) as partial:
            partial.write_text(str(end))


def digest_of(answer: Answer) -> str:
    """What a content is known by, however the server packed it this time."""
    return sha256(answer.body).hexdigest()


def _whole_lines(log: Path) -> bytes:
    content = log.read_bytes()
    return content[: content.rfind(b"\n") + 1]


def _parsed(content: bytes) -> tuple[pl.DataFrame, list[str]]:
    """The good lines of a log, and what is wrong with each of the others."""
    try:
        return _frame(content), []
    except pl.exceptions.PolarsError:
        lines = [line + b"\n" for line in content.split(b"\n")[:-1]]
    frames, damaged = [pl.DataFrame(schema=LOG)], []
    parts = [(1, lines)]
    while parts:  # halved until the damaged lines stand alone
        first, lines = parts.pop()
        try:
            frames.append(_frame(b"".join(lines)))
        except pl.exceptions.PolarsError:
            if len(lines) == 1:
                damaged.append(f"line {first:,} {_damage(lines[0])}")
            else:
                half = len(lines) // 2
                parts += [(first + half, lines[half:]), (first, lines[:half])]
    return pl.concat(frames), damaged


def _damage(line: bytes) -> str:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return "is no JSON"
    return "is no attempt"


def _frame(lines: bytes) -> pl.DataFrame:
    """Lines of a log as a frame; PolarsError if one of them is none."""
    if not lines.strip():
        return pl.DataFrame(schema=LOG)
    written = pl.Schema(LOG | {"at": pl.String(), "retry_at": pl.String()})
    instants = pl.col("at", "retry_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.6fZ", time_zone="UTC")
    frame = pl.read_ndjson(lines, schema=written).with_columns(instants)
    if frame.select(pl.any_horizontal(pl.col(_NEEDED).is_null().any())).item():
        raise pl.exceptions.ComputeError(f"a line without {', '.join(_NEEDED)}")
    return frame


def _iso(instant: datetime) -> str:
    """An instant in UTC to the microsecond, as WARC and the log write it."""
    return f"{instant:%Y-%m-%dT%H:%M:%S.%f}Z"


def _record(answer: Answer, media_type: str) -> bytes:
    """A WARC response record."""
    http = b"%s %d %s\r\n" % (
        answer.http_version.encode(),
        answer.status,
        answer.reason.encode("ascii", "replace"),
    )
    for name, value in _kept_headers(answer, media_type):
        http += b"%s: %s\r\n" % (name, value)
    content = http + b"\r\n" + answer.raw
    head = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{UUID(bytes=secrets.token_bytes(16), version=4)}>",
        "WARC-Date": _iso(answer.at),
        "WARC-Target-URI": answer.url,
        "WARC-IP-Address": answer.address,
        "WARC-Payload-Digest": f"sha256:{sha256(answer.raw).hexdigest()}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(content)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + content + b"\r\n\r\n"


def _kept_headers(answer: Answer, media_type: str) -> Iterator[tuple[bytes, bytes]]:
    """The headers as they came. What the body is not (any more) is kept under another name."""
    for name, value in answer.headers:
        match name.lower():
            case b"transfer-encoding":  # the chunks are gone
                yield b"X-Crawler-Transfer-Encoding", value
                yield b"Content-Length", b"%d" % len(answer.raw)
            case b"content-encoding" if value.strip().lower() == b"x-gzip":
                yield name, b"gzip"
            case b"content-type":
                pass
            case _:
                yield name, value
    said = answer.header("content-type") or ""
    kind, semicolon, parameters = said.partition(";")
    if kind.strip().lower() != media_type:
        yield b"X-Crawler-Content-Type", said.encode("latin-1", "replace")
    yield b"Content-Type", f"{media_type}{semicolon}{parameters}".encode("latin-1", "replace")
