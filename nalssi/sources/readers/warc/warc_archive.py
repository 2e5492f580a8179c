"""Web archives: WARC (HTML as the crawler met it) and WET (its text).

`members` decodes the file, `records` splits it, and this module takes the pages out of the records.
Every record that may hold a page is read, or reported with its position and the cause.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nalssi.sources.partition import READ_ERRORS, Batch, Item, Kind, Problem, problem
from nalssi.sources.readers.corpora.corpus_columns import Problems, capture_time
from nalssi.sources.readers.page_documents import Block, Page
from nalssi.sources.readers.text_encoding import may_be_wide, wide_encoding
from nalssi.sources.readers.ticker_prefilter import may_hold_ticker
from nalssi.sources.readers.unpacked_file import HEAD, MAX_PAGE, NotReadError, is_feed, kind_of
from nalssi.sources.readers.warc.archive_members import decode as decode_members
from nalssi.sources.readers.warc.content_types import kind_said
from nalssi.sources.readers.warc.header_fields import (
    CommonHead,
    Fields,
    charset,
    end_of_head,
    media_type,
    tokens,
)
from nalssi.sources.readers.warc.http_codings import (
    CodingError,
    TooLargeError,
    decode,
    ends_as_page,
)
from nalssi.sources.readers.warc.record_checks import verify_block, verify_length
from nalssi.sources.readers.warc.split_records import split
from nalssi.sources.readers.warc.warc_record import MAX_HEAD, Loss, Record

MOST_PROBLEMS = 1000
"""Records of one archive that are reported one by one."""

_TYPES = frozenset({b"response", b"conversion", b"resource"})
_OTHER_TYPES = frozenset({b"warcinfo", b"request", b"metadata", b"revisit", b"continuation"})
_HTTP = "application/http"
_TRANSFER, _CONTENT = b"transfer-encoding", b"content-encoding"
_COMMON = CommonHead(rb"HTTP/\S+ [2-9]\d\d\b.*+\n", b"content-type", _TRANSFER, _CONTENT)
_STATUS = re.compile(rb"(?i:HTTP)/|ICY ")
_INTERIM = re.compile(rb"(?i:HTTP)/\S+ 1\d\d\b")
_GZIP = b"\x1f\x8b"
_PACKED = Fields(b"\nContent-Encoding: gzip\n")
_FIELD = re.compile(rb"[!#-'*+.0-9A-Z^-z|~-]+[ \t]*:")
_SEGMENT_OF = (b"warc-record-id", b"warc-target-uri")  # some writers leave out the id
_LIST_END = 4096  # bytes behind its last unit by which a list is over


def read_warc(item: Item) -> Iterator[Batch]:
    """The pages of an archive; `WARC-Date` is their time of capture."""
    block = Block()
    begun = position = 0
    records = pages = 0
    lost = Problems(item.source, MOST_PROBLEMS)
    reader = _Reader(item.uri, lost)
    failure: Problem | None = None
    try:
        with Path(item.path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            for met in split(decode_members(file), MAX_PAGE + MAX_HEAD, size):
                if isinstance(met, Loss):
                    lost.add(met.cause, str(met.place))
                    continue
                records += 1
                position = met.place.offset
                if block.full:
                    block.used = position - begun
                    yield block.batch()
                    block, begun = Block(), position
                try:
                    page = reader.page(met)
                except NotReadError as error:
                    lost.add(error, str(met.place))
                    continue
                if page is not None:
                    pages += 1
                    block.add(page.kind, page.data, page.page)
    except READ_ERRORS as error:
        failure = problem(item.source, error, f"after the record at byte {position:,}")
    if failure is None and not pages and not lost.all():
        cause = "no page in this archive" if records else "no record of a web archive in it"
        failure = Problem(item.source, cause)
    block.sift()  # which may find more losses
    block.used = item.size - begun
    yield block.batch([*lost.all(), *([failure] if failure else [])])


def holds_record(path: str | Path) -> bool:
    """Whether a whole record stands anywhere in a file. Raises OSError."""
    with Path(path).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        met = split(decode_members(file), MAX_HEAD, size)
        return any(isinstance(found, Record) for found in met)


class _Met(NamedTuple):
    """A record that holds a page, from `start` to `end` of `data`; it is cut out, and its address
    and time are looked up, if it is a candidate. It is then verified, too."""

    kind: Kind
    data: bytes
    start: int
    end: int
    charset: bytes
    record: Record
    archive: str
    lost: Problems
    head: Fields | None
    """The head of the HTTP message, if its body is as it was sent and whole."""

    def page(self) -> Page | None:
        """The page; None, and a problem, if it is not what its record's heads say."""
        place, found = self.record.place, self.record.fields
        try:
            verify_block(self.record)
            if self.head is not None:
                verify_length(self.head, self.data, self.start, self.end)
        except NotReadError as error:
            self.lost.add(error, str(place))
            return None
        uri = found.get(b"warc-target-uri").decode("utf-8", "replace").strip("<> ")
        within = f"+{place.within}" if place.within else ""
        uri = uri or f"{self.archive}#byte={place.offset}{within}"
        raw = self.data[self.start : self.end]
        return Page(self.kind, uri, raw, charset(self.charset), _instant(found))


def _instant(found: Fields) -> datetime | None:
    """WARC-Date, which is UTC whether it says so or not (ISO 28500 §5.4)."""
    date = found.get(b"warc-date").decode("ascii", "replace")
    return capture_time(date) or capture_time(date, "UTC")


class _Reader:
    """The pages of one archive's records."""

    def __init__(self, archive: str, lost: Problems) -> None:
        self._archive = archive
        self._lost = lost
        self._segmented: set[bytes] = set()

    def page(self, record: Record) -> _Met | None:
        """The page that a record holds; None if it holds something else.

        Raises NotReadError if it holds a page that cannot be used.
        """
        kind = record.fields.get(b"warc-type").lower()
        if kind == b"continuation":
            self._continuation(record)
        if kind not in _TYPES:
            if kind not in _OTHER_TYPES:
                name = kind.decode("ascii", "replace")
                raise NotReadError(f"passed over: its WARC-Type is none of ISO 28500 ({name})")
            return None
        if b"warc-segment-number" in record.fields:
            self._segmented |= {record.fields.get(name) for name in _SEGMENT_OF}
        said = media_type(record.fields.get(b"content-type"))
        if said == _HTTP or (
            kind == b"response" and record.data.startswith(b"HTTP/", record.start)
        ):
            return self._met(record, *_http(record))
        return self._met(record, record.fields, record.start)

    def _met(self, record: Record, head: Fields, start: int) -> _Met | None:
        """The page that begins at byte `start` of the record's data, under this head."""
        declared = head.get(b"content-type")
        kind, by_content = kind_said(declared)
        if kind is None and not by_content:
            return None
        data, end, is_http = record.data, record.end, head is not record.fields
        if not record.whole or b"warc-segment-number" in record.fields:
            _refuse(record, kind or _kind_by_content(data[start : min(end, start + HEAD)]))
            return None
        cut = record.fields.get(b"warc-truncated") if b"warc-truncated" in record.fields else None
        as_sent = head if is_http and cut is None else None
        if is_http and (_TRANSFER in head or _CONTENT in head):
            as_sent = None
            data = _decoded(data[start:end], head, cut=cut is not None)
            start, end = 0, len(data)
        if kind and data.startswith(_GZIP, start, end):  # packed, whatever its head says
            as_sent = None
            data = _decoded(data[start:end], _PACKED, cut=cut is not None)
            start, end = 0, len(data)
        if end - start > MAX_PAGE:
            raise _too_large()
        kind = kind or _kind_by_content(data[start : min(end, start + HEAD)])
        if kind is None:
            return None
        if is_feed(data, start):  # whatever its server calls it
            kind = "xml"
        elif kind == "xml":
            return None
        if cut is not None and _cut_within_a_list(data[start:end]):
            reason = cut.decode("ascii", "replace")
            raise NotReadError(f"passed over: cut off by the crawler within a list ({reason})")
        if may_be_wide(data, start, end) and wide_encoding(data[start : min(end, start + HEAD)]):
            # `may_hold_ticker` sees it only where it stands first.
            data, start, end = data[start:end], 0, end - start
        says = declared if is_http else b""
        return _Met(kind, data, start, end, says, record, self._archive, self._lost, as_sent)

    def _continuation(self, record: Record) -> None:
        """Its first segment is reported where it stands; if that is elsewhere, here."""
        origin = record.fields.get(b"warc-segment-origin-id")
        origin = origin or record.fields.get(b"warc-target-uri")
        if origin not in self._segmented:
            raise NotReadError("passed over: it continues a record that is not in this archive")


def _http(record: Record) -> tuple[Fields, int]:
    """The fields of an HTTP message and where its content begins."""
    data, start, limit = record.data, record.start, record.end
    if common := _COMMON.read(data, start, min(limit, start + MAX_HEAD)):
        return common
    first = b""
    if not _STATUS.match(data, start, limit):
        if not _FIELD.match(data, start, limit):
            if start < limit and _kind_by_content(data[start : min(limit, start + HEAD)]) is None:
                raise NotReadError("passed over: it begins with no status line of HTTP")
            return Fields(b""), start
        first = b"\n"  # in place of the status line, which `Fields` passes over
    while (end := end_of_head(data, start, min(limit, start + MAX_HEAD))) >= 0:
        if not (_STATUS.match(data, end, limit) and _INTERIM.match(data, start)):
            return Fields(first + data[start:end]), end
        start = end
    if limit - start > MAX_HEAD:
        raise NotReadError("passed over: its HTTP head does not end")
    return Fields(first + data[start:limit]), limit


def _decoded(body: bytes, head: Fields, *, cut: bool) -> bytes:
    """The content of a body, decoded."""
    try:
        transfer, content = tokens(head.get(_TRANSFER)), tokens(head.get(_CONTENT))
        return decode(body, transfer, content, MAX_PAGE, cut=cut)
    except TooLargeError:
        raise _too_large() from None
    except CodingError as error:
        raise NotReadError(f"passed over: {error}") from None


def _cut_within_a_list(raw: bytes) -> bool:
    """Whether a page that was cut off prints a unit so near its end that its list may go on."""
    return not ends_as_page(raw) and any(may_hold_ticker([raw[-_LIST_END:]]))


def _too_large() -> NotReadError:
    return NotReadError(f"larger than {MAX_PAGE >> 20} MiB: passed over")


def _refuse(record: Record, kind: Kind | None) -> None:
    """Raise NotReadError if this record, of which only a part is at hand, may be a page."""
    if kind is None:
        return
    if not record.whole:
        raise _too_large()
    number = record.fields.get(b"warc-segment-number").decode("ascii", "replace")
    raise NotReadError(f"passed over: it is one segment of a record (WARC-Segment-Number {number})")


def _kind_by_content(head: bytes) -> Kind | None:
    """Which page an answer that does not say its type begins; only markup can be told from code."""
    try:
        kind = kind_of("", head)
    except NotReadError:
        return None
    return kind if kind in ("html", "xml") else None
