"""Web archives: WARC (HTML as the crawler met it) and WET (its text).

FastWARC reads an archive that was cut off as if it ended there, and hands out what is left
of the last record. So the end of every archive is looked at once more, from the last record
on: what is not whole is not used, and the user is told where the archive breaks.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from nalssi.sources.corpora import Problems
from nalssi.sources.files import HEAD, MAX_PAGE, NotReadError, is_feed, kind_of
from nalssi.sources.pages import Block, Page
from nalssi.sources.partition import READ_ERRORS, Batch, Item, Kind, Problem, cause, problem

_RECORDS = WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource
_KINDS: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/xml": "xml",
    "application/xml": "xml",
}


def read_warc(item: Item) -> Iterator[Batch]:
    """The pages of an archive; `WARC-Date` is their time of capture."""
    block = Block()
    begun = position = 0
    last: _Met | None = None  # stays out until it is known that the archive goes on behind it
    nothing = True
    failure: Problem | None = None
    passed_over = Problems(item.source)
    met_records = _records(item)
    while True:
        try:
            found = next(met_records, None)
        except (*READ_ERRORS, ValueError) as error:
            failure = problem(item.source, error, f"after the record at byte {position:,}")
            break
        if found is None:
            break
        at, met = found
        if isinstance(met, NotReadError):
            passed_over.add(met, f"record at byte {at:,}")
            met = None
        if last is not None:
            block.add(last.kind, last.raw, last.page)
        if block.full:
            block.used = at - begun
            yield block.batch()
            block, begun = Block(), at
        last, position = met, at
        nothing = nothing and met is None
    broken = _broken_record(Path(item.path), position) if failure is None else None
    if broken is not None:
        cut = "the archive is cut off here; all records before were read"
        failure = Problem(item.source, cut, f"record at byte {broken:,}")
    if last is not None and broken != position:
        block.add(last.kind, last.raw, last.page)
    if not failure and nothing:
        failure = Problem(item.source, "no page in this archive")
    block.used = item.size - begun
    yield block.batch([*passed_over.all(), *([failure] if failure else [])])


def _records(item: Item) -> Iterator[tuple[int, _Met | NotReadError | None]]:
    """Where each record begins and what it holds; raises where the archive itself is damaged.

    FastWARC goes no further than an answer that is not packed as its head says, which is common:
    some crawlers unpack what they keep and keep the head. The archive is whole all the same.
    """
    records = iter(ArchiveIterator(item.path, record_types=_RECORDS, auto_decode="all"))
    position: int | None = None
    with Path(item.path).open("rb") as file:
        while True:
            try:
                record = next(records, None)
                if record is None:
                    return
                found = record.stream_pos, _met(record, item.uri)
            except (*READ_ERRORS, ValueError) as error:
                found, behind = _as_it_came(file, position, item.uri, error)
                if behind is None:
                    records = iter(())
                else:
                    file.seek(behind)
                    records = iter(ArchiveIterator(file, record_types=_RECORDS, auto_decode="all"))
            position = found[0]
            yield found


def _as_it_came(
    file: BinaryIO, after: int | None, archive: str, error: Exception
) -> tuple[tuple[int, _Met | NotReadError | None], int | None]:
    """The record behind the one at `after` without unpacking it, and where the next one begins.

    Raises `error` if the archive cannot be read here even so.
    """
    try:
        file.seek(after or 0)
        records = iter(ArchiveIterator(file, record_types=_RECORDS, auto_decode="none"))
        if after is not None:
            next(records)
        record = next(records)
        position = record.stream_pos
        met = _met(record, archive)
        if isinstance(met, _Met) and not met.raw.lstrip().startswith(b"<"):
            met = NotReadError(f"passed over: {cause(error)}")
        following = next(records, None)
    except (*READ_ERRORS, ValueError, StopIteration):
        raise error from None
    return (position, met), None if following is None else following.stream_pos


class _Met(NamedTuple):
    """A record that holds a page. Headers are looked up when it turns out to be a candidate."""

    kind: Kind
    raw: bytes
    record: Any
    archive: str

    def page(self) -> Page:
        record = self.record
        uri = record.headers.get("WARC-Target-URI", "").strip("<> ")
        uri = uri or f"{self.archive}#byte={record.stream_pos}"
        charset = record.http_charset if record.is_http else None
        return Page(self.kind, uri, self.raw, charset, _instant(record.record_date))


def _instant(date: datetime | None) -> datetime | None:
    try:
        return date and date.astimezone(UTC)
    except OverflowError:  # before the first or after the last year that a clock knows
        return None


def _met(record: Any, archive: str) -> _Met | NotReadError | None:
    """The page that a record holds; None if it holds something else, an error if too much."""
    if record.record_type != WarcRecordType.response:
        content_type = record.headers.get("Content-Type", "")
    elif record.is_http:
        content_type = record.http_content_type
    else:
        return None
    said = (content_type or "").partition(";")[0].strip().lower()
    head = b"" if said else record.reader.read(HEAD)
    kind = _KINDS.get(said) if said else _kind_by_content(head)
    if kind is None:
        return None
    raw = _payload(record, head)
    if raw is None:
        return NotReadError(f"larger than {MAX_PAGE >> 20} MiB: passed over")
    if is_feed(raw):  # whatever its server calls it
        kind = "xml"
    elif kind == "xml":
        return None
    return _Met(kind, raw, record, archive)


def _kind_by_content(head: bytes) -> Kind | None:
    """Which page an answer that does not say its type begins; only markup can be told from code."""
    try:
        kind = kind_of("", head)
    except NotReadError:
        return None
    return kind if kind in ("html", "xml") else None


def _payload(record: Any, head: bytes) -> bytes | None:
    """A record's content, unpacked, of which `head` was read; None if it is larger than any page.

    FastWARC provides as much room as is asked for, so as much is asked for as the record says
    that it has: content that the server had compressed is longer.
    """
    said = min(record.content_length, MAX_PAGE)
    raw: bytes = head + record.reader.read(max(said + 1 - len(head), 1))
    if len(raw) == record.content_length:
        return raw
    pieces, size = [raw], len(raw)
    while (piece := record.reader.read(2**16)) and size <= MAX_PAGE:
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces) if size <= MAX_PAGE else None


def _broken_record(path: Path, start: int) -> int | None:
    """Where the first record that is not whole begins, looking from `start`; None if all are."""
    with path.open("rb") as file:
        packed = file.read(4)
        file.seek(start)
        if packed.startswith(b"\x1f\x8b"):
            return _broken_member(file, start)
        if packed == b"\x28\xb5\x2f\xfd":
            return _broken_frame(file, start)
        return _broken_plain(file, start)


def _broken_member(file: BinaryIO, start: int) -> int | None:
    """In a gzipped archive each record is a member of its own."""
    rest = b""
    while block := rest or file.read(2**16):
        begin = file.tell() - len(block)
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            try:
                member.decompress(block)
            except zlib.error:
                # No member begins here: someone packed the whole archive as one.
                return start
            if not member.eof and not (block := file.read(2**16)):
                return begin
        rest = member.unused_data
    return None


def _broken_frame(file: BinaryIO, start: int) -> int | None:
    try:
        with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as reader:
            while reader.read(2**20):
                pass
    except zstandard.ZstdError:
        return start
    return None


def _broken_plain(file: BinaryIO, start: int) -> int | None:
    end = file.seek(0, 2)
    while start < end:
        file.seek(start)
        length = None
        while (line := file.readline(2**16)).strip():
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        body = file.tell()
        # A record ends with two line ends of its own.
        if length is None or body + length + 4 > end:
            return start
        start = body + length + 4
    return None
