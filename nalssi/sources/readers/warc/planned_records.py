"""Read the records of web archives that a plan lists, and only their bytes.

A plan is a Parquet file with a row for each record (`PLAN_COLUMNS`, the names of Common Crawl's
columnar index). `nalssi crawl plan` writes plans; a query of the index gives one too. Records that
are near each other in an archive are fetched together, as long as few bytes between them are
fetched for nothing.
"""

from __future__ import annotations

import errno
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

import polars as pl

from nalssi.sources import remote_objects
from nalssi.sources.open_input import open_input
from nalssi.sources.partition import NO_OPTIONS, Batch, Options, SourceFile
from nalssi.sources.problems import FileProblems, Problem, UnreadableError, problem_of
from nalssi.sources.readers.page_documents import PageBatch
from nalssi.sources.readers.read_limits import DEFAULT_LIMITS, ReadLimits
from nalssi.sources.readers.warc.archive_members import decode_members
from nalssi.sources.readers.warc.archive_record import MAX_HEAD_BYTES, Loss, Record
from nalssi.sources.readers.warc.fetched_ranges import FetchedRanges
from nalssi.sources.readers.warc.split_records import split_records
from nalssi.sources.readers.warc.warc_archive import MAX_LISTED_PROBLEMS, RecordReader

PLAN_COLUMNS: Final = ("warc_filename", "warc_record_offset", "warc_record_length")
"""The archive of a record (an address or a path), and the position and size of its bytes in it."""
PARTITION_BYTES: Final = 16 * 2**20
"""The approximate size of a partition: the bytes of its records."""
FETCH_BYTES: Final = 2**20
"""The largest number of bytes that one request fetches, unless a record is larger. An interrupted
run sends at most the last request of each worker again."""
WASTE: Final = 0.15
"""The most bytes between records that one request fetches, as a share of the records' bytes."""
PAUSE_S: Final = 0.05
"""Seconds between two requests of a worker, so that a server is never flooded."""
DENIED_PAUSES_S: Final = (1.0, 4.0, 16.0, 64.0)
"""Seconds before each further attempt after a denied request (status 401 or 403). Archives slow
clients down with 403."""


@dataclass(frozen=True)
class FetchPauses:
    """The pauses of a worker, in seconds. Commands use the defaults; tests use shorter pauses."""

    between_s: float = PAUSE_S
    after_denied_s: tuple[float, ...] = DENIED_PAUSES_S


DEFAULT_PAUSES: Final = FetchPauses()


@dataclass(frozen=True)
class _Range:
    """Bytes `start` to `end` of an archive, and the positions of the records in them."""

    archive: str
    start: int
    end: int
    records: tuple[tuple[int, int], ...]
    """The offset in the archive and the length of each record, in bytes."""


def record_ranges(path: str, _target_bytes: int = 0) -> list[tuple[int, int, int]]:
    """Divide a plan into ranges of rows, each with records of about PARTITION_BYTES.

    Returns for each range its first row, its number of rows and the bytes of its records.
    `_target_bytes` is not used; other formats need it. Raises ValueError for a plan with impossible
    values, and OSError or PolarsError for one that cannot be read.
    """
    lengths = _plan(path)["warc_record_length"]
    part = (lengths.cum_sum() - 1) // PARTITION_BYTES
    counts = pl.DataFrame({"part": part, "length": lengths}).group_by("part", maintain_order=True)
    ranges, start = [], 0
    for rows, size in counts.agg(rows=pl.len(), size=pl.sum("length"))["rows", "size"].iter_rows():
        ranges.append((start, rows, size))
        start += rows
    return ranges


def read_planned_records(
    file: SourceFile,
    _options: Options = NO_OPTIONS,
    limits: ReadLimits = DEFAULT_LIMITS,
    pauses: FetchPauses = DEFAULT_PAUSES,
    fetched_ranges: FetchedRanges | None = None,
) -> Iterator[Batch]:
    """Yield the pages of the records in the rows `file.rows` of a plan, in batches.

    Without `file.rows`, all rows are read. The documents are the same as if the whole archives were
    read. An archive that cannot be read is a problem: its remaining records are not read, those of
    other archives are. The last batch has all problems. Bytes in `fetched_ranges` are not fetched
    again, and bytes that are fetched are added to it. `pauses` are those between requests. The
    options of corpora do not apply.
    """
    problems = FileProblems(file.source, MAX_LISTED_PROBLEMS)
    try:
        plan = _plan(file.path, file.etag)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        yield PageBatch(limits).finish([problem_of(file.source, error)])
        return
    failures: dict[str, Problem] = {}
    batch = PageBatch(limits)
    for fetched in fetch_ranges(plan.slice(*file.rows) if file.rows else plan):
        batch.bytes_on_disk += sum(length for _, length in fetched.records)
        if fetched.archive in failures:
            continue
        try:
            content = _content(fetched, pauses, fetched_ranges)
        except OSError as error:
            failures[fetched.archive] = problem_of(fetched.archive, error)
            continue
        reader = RecordReader(_uri(fetched.archive), limits.page_bytes, problems)
        for offset, length in fetched.records:
            data = content[offset - fetched.start : offset - fetched.start + length]
            _add_pages(batch, reader, data, f"{fetched.archive} byte {offset:,}", limits, problems)
        if batch.is_full:
            yield batch.finish()
            batch = PageBatch(limits)
    batch.search()  # may add problems, so it comes before they are listed
    yield batch.finish([*problems.all(), *failures.values()])


def fetch_ranges(plan: pl.DataFrame) -> Iterator[_Range]:
    """Yield the byte ranges that are fetched with one request each, for the records of a plan.

    The ranges are sorted by archive and position. Records of an archive that are near to each other
    share a range. `plan` has PLAN_COLUMNS. A record that is listed twice is read once.
    """
    rows = plan.select(PLAN_COLUMNS).unique().sort(PLAN_COLUMNS)
    waiting: _Range | None = None
    for archive, offset, length in rows.iter_rows():
        if waiting and waiting.archive == archive and _joins(waiting, offset, length):
            end = max(waiting.end, offset + length)
            waiting = _Range(archive, waiting.start, end, (*waiting.records, (offset, length)))
            continue
        if waiting:
            yield waiting
        waiting = _Range(archive, offset, offset + length, ((offset, length),))
    if waiting:
        yield waiting


def _joins(fetched: _Range, offset: int, length: int) -> bool:
    """Return whether a record is fetched in the same request as the range of records before it.

    That is so if the range with the record is at most FETCH_BYTES long, and the bytes between
    records in it are at most the share WASTE of the records' bytes. `offset` and `length` (bytes)
    are those of the record.
    """
    end = max(fetched.end, offset + length)
    wanted = sum(size for _, size in fetched.records) + length
    return end - fetched.start <= FETCH_BYTES and end - fetched.start <= wanted * (1 + WASTE)


def _content(fetched: _Range, pauses: FetchPauses, kept: FetchedRanges | None) -> bytes:
    """Return the bytes of a range: from a local file, from `kept`, or by a request.

    `kept` has the bytes that an earlier attempt fetched (None: nothing is kept). Raises OSError.
    """
    archive, start, end = fetched.archive, fetched.start, fetched.end
    if not remote_objects.is_remote(archive):
        with Path(archive).open("rb") as file:
            file.seek(start)
            return _whole(file.read(end - start), fetched)
    if kept:
        return kept.read(archive, start, end, partial(_fetch, fetched, pauses))
    return _fetch(fetched, pauses)


def _fetch(fetched: _Range, pauses: FetchPauses) -> bytes:
    """Request the bytes of a range, with a pause before each attempt.

    Status 403 may ask for a slower client, so a denied request is repeated after longer pauses.
    Raises OSError if the request fails or the archive ends within the range.
    """
    for pause in (*pauses.after_denied_s, None):
        time.sleep(pauses.between_s)
        try:
            content = remote_objects.read_range(fetched.archive, fetched.start, fetched.end)
            return _whole(content, fetched)
        except OSError as error:
            if error.errno != errno.EACCES or pause is None:
                raise
            time.sleep(pause)
    raise AssertionError  # the last attempt returns or raises


def _whole(content: bytes, fetched: _Range) -> bytes:
    if len(content) < fetched.end - fetched.start:
        raise OSError(errno.EIO, f"the archive ends before byte {fetched.end:,}")
    return content


def _add_pages(
    batch: PageBatch,
    reader: RecordReader,
    data: bytes,
    position: str,
    limits: ReadLimits,
    problems: FileProblems,
) -> None:
    """Add the pages in the bytes of a record to a batch.

    `position` names the record in problems.
    """
    events = decode_members(io.BytesIO(data))
    for record in split_records(events, limits.page_bytes + MAX_HEAD_BYTES, len(data)):
        if isinstance(record, Loss):
            problems.add(record.cause, position)
        if not isinstance(record, Record):
            continue
        try:
            page = reader.page_of(record)
        except UnreadableError as error:
            problems.add(error, position)
            continue
        if page is not None:
            batch.add(page.kind, page.data, page.verified_page)


def _uri(archive: str) -> str:
    return archive if remote_objects.is_remote(archive) else Path(archive).resolve().as_uri()


def _plan(path: str, etag: str | None = None) -> pl.DataFrame:
    """Return the PLAN_COLUMNS of a plan, sorted by archive and position.

    A process keeps the plan that it read last: a plan has many partitions, and each of them needs
    the order of all rows. `etag` is the entity tag that a plan in a store must have.
    """
    if remote_objects.is_remote(path):
        return _read_plan(path, etag or remote_objects.find_object(path).etag)
    found = Path(path).stat()
    return _read_plan(path, None, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _read_plan(path: str, etag: str | None, *_version: int) -> pl.DataFrame:
    """Read and check a plan. Relative paths in it are relative to the plan.

    Raises ValueError if a row names no archive or no bytes of it; OSError or PolarsError if the
    plan cannot be read.

    `_version` is the modification time and the size of a file: a changed plan is read again.
    """
    with open_input(path, etag) as file:
        plan = pl.read_parquet(file.read(), columns=list(PLAN_COLUMNS)).sort(PLAN_COLUMNS)
    offset, length = pl.col(PLAN_COLUMNS[1]), pl.col(PLAN_COLUMNS[2])
    bad = plan.filter(
        ~((offset >= 0) & (length > 0)).fill_null(False) | pl.col(PLAN_COLUMNS[0]).is_null()
    )
    if not bad.is_empty():
        raise ValueError(f"{bad.height:,} rows name no archive, or no bytes of it")
    archives = {name: _resolved(name, path) for name in plan[PLAN_COLUMNS[0]].unique()}
    return plan.with_columns(pl.col(PLAN_COLUMNS[0]).replace_strict(archives)) if archives else plan


def _resolved(archive: str, plan: str) -> str:
    if remote_objects.is_remote(archive) or Path(archive).is_absolute():
        return archive
    if remote_objects.is_remote(plan):
        return f"{plan.rpartition('/')[0]}/{archive}"
    return str(Path(plan).resolve().parent / archive)
